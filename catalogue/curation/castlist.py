"""Reads a cast list as people paste it: from a web page, an end roll, a table. Pure: no models.

A line is a name, or a name and a part. A name stands before "as", a bar, a tab, a dash or three dots, as IMDb prints
them; behind a longer row of dots, as end rolls do. "Director: ..." and "Directed by ..." are crew.
"""

import re
from dataclasses import dataclass, field

from catalogue.text import fold
from catalogue.vocabulary import Department

# Usual jobs, with their department.
JOBS = {
    "Director": Department.DIRECTING,
    "Writer": Department.WRITING,
    "Screenplay": Department.WRITING,
    "Story": Department.WRITING,
    "Producer": Department.PRODUCTION,
    "Executive Producer": Department.PRODUCTION,
    "Casting": Department.PRODUCTION,
    "Director of Photography": Department.CAMERA,
    "Editor": Department.EDITING,
    "Original Music Composer": Department.SOUND,
    "Sound Designer": Department.SOUND,
    "Production Design": Department.ART,
    "Art Direction": Department.ART,
    "Costume Design": Department.COSTUME_MAKEUP,
    "Makeup Artist": Department.COSTUME_MAKEUP,
    "Visual Effects Supervisor": Department.VISUAL_EFFECTS,
    "Stunt Coordinator": Department.CREW,
}
# Folded: other words for these jobs, in English, German, French, Spanish and Italian.
_JOB_WORDS = {
    "Director": "directors | directed by | regie | regisseur | regisseurin | realisation | realisateur | "
    "realisatrice | mise en scene | direccion | director a | directora | regia | regista",
    "Writer": "writers | written by | drehbuch | drehbuchautor | buch | scenariste | guionista | sceneggiatore",
    "Screenplay": "screenplay by | screenwriter | scenario | guion | sceneggiatura",
    "Story": "story by | geschichte | histoire | historia | argumento | soggetto",
    "Producer": "producers | produced by | produzent | produzentin | producteur | productrice | productor | produttore",
    "Executive Producer": "executive producers",
    "Casting": "casting by",
    "Director of Photography": "cinematography | cinematography by | cinematographer | kamera | bildgestaltung | "
    "image | photographie | directeur de la photographie | fotografia | direccion de fotografia",
    "Editor": "editors | editing | edited by | film editor | schnitt | montage | montaje | montaggio",
    "Original Music Composer": "music | music by | composer | musik | komponist | musique | compositeur | musica | "
    "compositor | musiche",
    "Sound Designer": "sound design | sounddesign",
    "Production Design": "production designer | production design by | szenenbild | ausstattung | decors | "
    "diseno de produccion | scenografia",
    "Art Direction": "art director | direccion artistica | direction artistique",
    "Costume Design": "costume designer | costumes | kostume | kostumbild | vestuario | costumi",
    "Makeup Artist": "makeup | maske | maquillage | maquillaje | trucco",
}
_WORDS = {fold(job): job for job in JOBS} | {
    word: job for job, words in _JOB_WORDS.items() for word in words.split(" | ")
}
_STARRING = {
    "starring", "stars", "cast", "with", "darsteller", "besetzung", "mit", "avec", "distribution", "reparto", "con",
    "interpreti",
}  # fmt: skip
_HEADINGS = _STARRING | {"the cast", "full cast", "crew", "cast and crew", "actor", "name", "character", "stab"}
_BLANKS = re.compile(r"\s+")
_BULLET = re.compile(r"^\s*(?:[-*•·‣–—]\s+|\(?\d{1,3}[.)]\s*|\d{1,3}\s*\t\s*)")
_NOTE = re.compile(r"\s*[(\[](uncredited|voice)[)\]]", re.IGNORECASE)
_BY = re.compile(r"^((?:\w+ ){1,2}by)\s+(?=\S)", re.IGNORECASE)
_LABEL = re.compile(r"^([^:]{2,40}):\s*(\S.*)$")
_NAMES = re.compile(r"\s*[,;/&]\s*(?:(?:and|und|et)\s+)?|\s+(?:and|und|et)\s+", re.IGNORECASE)
_AS = re.compile(r"\s+as\s+", re.IGNORECASE)
_ROLL = re.compile(r"\s*(?:\.\s?){4,}\s*|\s*…{2,}\s*")
_APART = re.compile(r"\s*\t+\s*|\s*\|\s*|\s*\.\.\.\s*|\s*…\s*|\s+[-–—]\s+")
_NO_NAME = re.compile(r"[\d:;!?<>{}=@/\\|\t]|\.\s*$|\x00")
LONGEST_NAME, LONGEST_CHARACTER, MOST_WORDS = 200, 300, 7


@dataclass(frozen=True, slots=True)
class Part:
    """One credit as it was read: cast has a character or none, crew a job."""

    name: str
    character: str = ""
    job: str = ""
    is_uncredited: bool = False
    is_voice: bool = False

    @property
    def department(self) -> Department:
        return JOBS[self.job] if self.job else Department.ACTING


@dataclass(slots=True)
class Reading:
    """What a text holds, in its order, and the lines that could not be read, as they were."""

    parts: list[Part] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)


def read_cast_list(text: str) -> Reading:
    """Read a pasted list line by line. Never raises; no line is lost but headings and empty ones.

    >>> for part in read_cast_list("1. Vince Corazza as Matt\\nKryla ..... Cherilee Taylor (uncredited)").parts:
    ...     print(part.name, "|", part.character, "|", part.is_uncredited)
    Vince Corazza | Matt | False
    Cherilee Taylor | Kryla | True
    >>> [(part.name, part.job) for part in read_cast_list("Directed by Brad Fraser").parts]
    [('Brad Fraser', 'Director')]
    >>> [(part.name, part.job) for part in read_cast_list("Réalisation : Jacques Demy").parts]
    [('Jacques Demy', 'Director')]
    >>> read_cast_list("This is the best movie I ever saw. Watch it!").unread
    ['This is the best movie I ever saw. Watch it!']
    """
    reading = Reading()
    for line in text.splitlines():
        # One blank or tab for a run of them, or the patterns would read a long one again from each of its characters.
        single = _BLANKS.sub(lambda run: "\t" if "\t" in run[0] else " ", line)
        plain = _BULLET.sub("", single).strip()
        if not plain or fold(plain) in _HEADINGS:
            continue
        parts = _read_line(plain)
        if parts:
            reading.parts += parts
        else:
            reading.unread.append(line.strip())
    return reading


def _read_line(line: str) -> list[Part]:
    notes = {note.lower() for note in _NOTE.findall(line)}
    plain = _NOTE.sub("", line).strip()
    found = _crew(plain) or _starring(plain) or _cast(plain)
    if not all(_is_name(name) and len(character) <= LONGEST_CHARACTER for name, character, _ in found):
        return []
    return [
        Part(name, character, job, "uncredited" in notes, "voice" in notes and not job)
        for name, character, job in found
    ]


def _crew(line: str) -> list[tuple[str, str, str]]:
    if match := _BY.match(line) or _LABEL.match(line):
        label = fold(match.group(1))
        names = line[match.end() :] if match.re is _BY else match.group(2)
        return [(name, "", _WORDS[label]) for name in _NAMES.split(names) if name] if label in _WORDS else []
    halves = [half.strip() for half in _APART.split(line)]
    if len(halves) != 2:
        return []
    for label, names in (halves, reversed(halves)):
        if (label := fold(label)) in _WORDS:
            return [(name, "", _WORDS[label]) for name in _NAMES.split(names) if name]
    return []


def _starring(line: str) -> list[tuple[str, str, str]]:
    match = _LABEL.match(line)
    if not match or fold(match.group(1)) not in _STARRING:
        return []
    return [(name, "", "") for name in _NAMES.split(match.group(2)) if name]


def _cast(line: str) -> list[tuple[str, str, str]]:
    if len(halves := _ROLL.split(line, maxsplit=1)) == 2 and all(halves):
        return [(halves[1].strip(), halves[0].strip(), "")]
    for pattern in (_AS, _APART):
        if len(halves := pattern.split(line, maxsplit=1)) == 2 and all(halves):
            return [(halves[0].strip(), " ".join(halves[1].split()), "")]
    return [(line, "", "")]


def _is_name(text: str) -> bool:
    return (
        0 < len(text) <= LONGEST_NAME
        and len(text.split()) <= MOST_WORDS
        and any(letter.isalpha() for letter in text)
        and not _NO_NAME.search(text.removesuffix("Jr.").removesuffix("Sr."))
    )
