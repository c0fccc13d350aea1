"""People as cells of a table name them: several in one cell, with ids, characters and remarks. Pure.

What may be one name or several is never cut by guess: it stays whole, as ``credited_as`` without a person.
"""

import re
from dataclasses import dataclass

from catalogue.dates import PartialDate
from catalogue.importers.records import CreditRecord, Origin, PersonRecord
from catalogue.text import clean
from catalogue.vocabulary import Department

LONGEST_NAME, LONGEST_CHARACTER = 200, 300
_STRONG = re.compile(r" ?[;|\n] ?| / ")
_WEAK = re.compile(r", (?:and |& )?| & | (?:and|und|et|y|e) ")
_AND = re.compile(r" & | (?:and|und|et|y|e) ")
# "Coen, Joel", "De Sica, Vittorio", "von der Heide, Ann". Not Al, Ben or Della, which are first names, too.
_BEFORE = "de|da|di|do|dos|du|del|des|la|le|van|von|vom|zu|zum|zur|der|den|ter|ten|af"
_FILED = re.compile(rf"((?:(?:{_BEFORE}) )*[^ ,]+), ([^,]+)", re.IGNORECASE)
_SUFFIXES = {"jr", "jr.", "sr", "sr.", "ii", "iii", "iv"}
_ID = re.compile(r"(?:\[|\()\s*(nm[0-9]{7,10}|Q[1-9][0-9]{0,14}|tmdb:? ?[0-9]{1,9})\s*(?:\]|\))", re.ASCII)
_BARE_ID = re.compile(r"(nm[0-9]{7,10}|Q[1-9][0-9]{0,14})", re.ASCII)
_REMARK = re.compile(r"\(([^()]*)\)\s*$")
_YEARS = re.compile(r"(?:(?:born|b\.|\*|geb\.|né|née) ?)?([0-9]{4})(?: ?[-–] ?([0-9]{4})?)?", re.ASCII | re.IGNORECASE)
_PART = re.compile(r" (?:as|als|\.\.\.|…|—) | (?:\.\.\.|…)(?=\S)")
_NOBODY = re.compile(
    r"(?:and|or|with|voices?|voice of|voices of|n/?a|unknown|various|none|null|cast|crew|others?|the)", re.I
)


@dataclass(slots=True)
class Remarks:
    """What stands in parentheses behind a name."""

    voice: bool = False
    uncredited: bool = False
    credited_as: str = ""
    others: tuple[str, ...] = ()


def split_people(cell: str) -> tuple[list[str], list[str]]:
    """Cut a cell into entries: those that name one person each, and those that may name several.

    >>> split_people("Joel Coen; Ethan Coen"), split_people("Joel Coen & Ethan Coen")
    ((['Joel Coen', 'Ethan Coen'], []), (['Joel Coen', 'Ethan Coen'], []))
    >>> split_people("Robert Downey, Jr."), split_people("Joel and Ethan Coen")
    ((['Robert Downey, Jr.'], []), ([], ['Joel and Ethan Coen']))
    """
    single: list[str] = []
    unclear: list[str] = []
    parts = _outside(cell.replace("\r", ""), _STRONG)
    for part in parts:
        names = _weakly(part, _WEAK if len(parts) == 1 else _AND)
        is_one = len(names) > 1 or (len(_names_in(part, _AND)) == 1 and (len(parts) > 1 or _is_one_name(part)))
        (single if is_one else unclear).extend(names)
    return [part for part in single if part], [part for part in unclear if part]


def _is_one_name(text: str) -> bool:
    return len(_names_in(text, _WEAK)) == 1 or _FILED.fullmatch(text) is not None


def _weakly(text: str, separator: re.Pattern[str]) -> list[str]:
    """Cut at commas and "and", where each piece is a whole name; in a longer list one may be of a single word."""
    pieces = _names_in(text, separator)
    parts = [bool(_PART.search(piece) or _REMARK.search(piece)) for piece in pieces]
    if any(parts):
        return pieces if all(parts) else [text]
    short = sum(" " not in piece for piece in pieces)
    return pieces if short == 0 or (short == 1 and len(pieces) > 2 and text.count(", ") >= len(pieces) - 1) else [text]


def _names_in(text: str, separator: re.Pattern[str]) -> list[str]:
    pieces: list[str] = []
    for piece in _outside(text, separator):
        if pieces and piece.lower() in _SUFFIXES:
            pieces[-1] += f", {piece}"
        elif piece:
            pieces.append(piece)
    return pieces


def _outside(text: str, separator: re.Pattern[str]) -> list[str]:
    """Cut ``text`` at a separator, never inside parentheses or brackets."""
    found, depth, begin, place = [], 0, 0, 0
    while place < len(text):
        depth = max(0, depth + (text[place] in "([") - (text[place] in ")]"))
        match = separator.match(text, place) if not depth else None
        if match:
            found.append(text[begin:place].strip(" ,"))
            begin = place = match.end()
        else:
            place += 1
    return [*found, text[begin:].strip(" ,")]


def read_person(written: str, origin: Origin) -> PersonRecord | None:
    """A person of "Name", "Name (1946)", "Name (editor)", "Name [nm0000001]" or an id alone; None for no name.

    >>> read_person("Jane Smith (1946) [nm0000123]", Origin("x")).imdb_id
    'nm0000123'
    """
    person = PersonRecord(origin)
    for found in [
        *_ID.findall(written),
        *_BARE_ID.findall(written.strip() if _BARE_ID.fullmatch(written.strip()) else ""),
    ]:
        _set_id(person, found)
    text = _ID.sub("", written)
    text = "" if _BARE_ID.fullmatch(text.strip()) else text
    while (remark := _REMARK.search(text)) and text[: remark.start()].strip():
        text, inside = text[: remark.start()], " ".join(remark[1].split())
        person.disambiguation = inside[:120]
        if years := _YEARS.fullmatch(inside):
            person.born_on = PartialDate(int(years[1])) if int(years[1]) else None
    name = _name(text)
    has_id = person.imdb_id or person.wikidata_id or person.tmdb_id
    if not name and not has_id:
        return None
    person.name = name
    return person


def take_ids(written: str) -> tuple[str, str]:
    """Take the ids in brackets out of an entry; they come back as they stood, to be put behind the name.

    >>> take_ids("Jane Smith [nm0000123] (novel)")
    ('Jane Smith  (novel)', ' [nm0000123]')
    """
    return _ID.sub("", written).strip(), "".join(f" [{found}]" for found in _ID.findall(written))


def _set_id(person: PersonRecord, found: str) -> None:
    if found.startswith("nm"):
        person.imdb_id = found
    elif found.startswith("Q"):
        person.wikidata_id = found
    else:
        person.tmdb_id = int(found.removeprefix("tmdb").strip(": "))


def _name(text: str) -> str:
    """The name as it is read, "" for what is none: "Coen, Joel" becomes "Joel Coen"."""
    name = " ".join(clean(text).split()).strip(' ,;:-–*•"“”')
    if (filed := _FILED.fullmatch(name)) and filed[2].lower() not in _SUFFIXES:
        name = f"{filed[2]} {filed[1]}"
    letters = sum(char.isalpha() for char in name)
    is_name = letters and len(name) <= LONGEST_NAME and "://" not in name and name.count("(") == name.count(")")
    return name if is_name and not _NOBODY.fullmatch(name) and not re.fullmatch(r"Q[0-9]+", name) else ""


def read_remarks(text: str) -> tuple[str, Remarks]:
    """Take "(voice)", "(uncredited)", "(as J. Doe)" and others off the end of a name or character.

    >>> read_remarks("Woody (voice)")
    ('Woody', Remarks(voice=True, uncredited=False, credited_as='', others=()))
    """
    remarks = Remarks()
    while remark := _REMARK.search(text):
        inside = remark[1].strip()
        folded = inside.lower()
        if folded in {"voice", "voices", "stimme", "voix", "voz"} or folded.startswith("voice:"):
            remarks.voice = True
        elif folded in {"uncredited", "unbilled"}:
            remarks.uncredited = True
        elif folded.startswith("as "):
            remarks.credited_as = inside[3:].strip()[:LONGEST_NAME]
        else:
            remarks.others = (inside, *remarks.others)
        text = text[: remark.start()].strip()
    return text, remarks


def read_cast(written: str, origin: Origin, place: int) -> CreditRecord | None:
    """A part of "Actor as Character", "Actor ... Character", "Actor (Character)" or "Actor"; None for no name."""
    name, divided, character = written, None, ""
    if divided := _PART.search(written):
        name, character = written[: divided.start()], written[divided.end() :]
        character, remarks = read_remarks(character)
        character = " ".join([character, *(f"({other})" for other in remarks.others)])
    else:
        name, ids = take_ids(written)
        name, remarks = read_remarks(name)
        years = [other for other in remarks.others if _YEARS.fullmatch(other)]
        character = " / ".join(other for other in remarks.others if other not in years)
        name = name + "".join(f" ({year})" for year in years) + ids
    person = read_person(name, origin)
    if person is None:
        return None
    character = " ".join(clean(character).split())[:LONGEST_CHARACTER]
    return CreditRecord(
        person, Department.ACTING, character=character, billing_order=place, credited_as=remarks.credited_as,
        is_voice=remarks.voice, is_uncredited=remarks.uncredited,
    )  # fmt: skip
