"""One row of the dataset as the catalogue keeps it. Pure.

Every function raises ValueError, whose text is the reason, for a row that cannot be used. What is odd in a row goes
through ``Mender`` and leaves a note; the many rows that are as they should be take a short cut to the same result.
"""

import datetime
import json
from collections.abc import Callable, Sequence
from typing import NamedTuple

from catalogue.importers.imdb.files import WIDTH
from catalogue.importers.imdb.options import LANGUAGES, REGIONS, genres_of
from catalogue.importers.mending import FIRST_YEAR, LONGEST_RUNTIME, YEARS_AHEAD, Mender
from catalogue.vocabulary import TitleKind

NULL = "\\N"
_LAST_YEAR = datetime.date.today().year + YEARS_AHEAD
_KINDS = {
    "working": TitleKind.WORKING,
    "festival": TitleKind.FESTIVAL,
    "romanized title": TitleKind.ROMANIZED,
    "transliterated title": TitleKind.ROMANIZED,
}
Make = Callable[[], Mender]


class Title(NamedTuple):
    """What title.basics says of a movie."""

    title: str
    original_title: str
    year: str | None
    runtime_minutes: int | None
    genres: list[str]


class Name(NamedTuple):
    """What name.basics says of a person."""

    name: str
    born_on: str | None
    died_on: str | None


class Aka(NamedTuple):
    """What title.akas says of a title; None where it is no country or language of ours."""

    title: str
    kind: TitleKind
    country: str | None
    language: str | None


def cells_of(line: bytes, file: str) -> list[str]:
    """The cells of a row of ``file``, as text."""
    try:
        text = line.decode()
    except UnicodeDecodeError as error:
        raise ValueError(f"Byte {error.start + 1} of the line is not UTF-8.") from None
    if "\0" in text:
        raise ValueError("The line holds NUL characters.")
    cells = text.split("\t")
    if len(cells) != WIDTH[file]:
        raise ValueError(f"{WIDTH[file]} columns are expected, the row has {len(cells)}.")
    return cells


def number_of(written: bytes, letters: bytes) -> int:
    """The number of an id: 111161 of "tt0111161"."""
    digits = written[2:]
    if digits.isdigit() and 7 <= len(digits) <= 10 and written[:2] == letters:
        return int(digits)
    text = written[:40].decode("utf-8", "replace")
    raise ValueError(f"“{text}” is no id: it looks like {letters.decode()}0000001.")


def text_of(name: str, value: str, most: int, make: Make) -> str:
    """One line of text, "" for none."""
    if (
        value.isprintable()
        and len(value) <= most
        and not ("<" in value or "&" in value or "  " in value or value == NULL)
        and value[:1] != " "
        and value[-1:] != " "
    ):
        return value
    return make().text(name, value, most)


def title_of(cells: Sequence[str], make: Make) -> Title:
    """A row of title.basics."""
    title = text_of("title", cells[2], 500, make)
    original = title if cells[3] == cells[2] else text_of("original_title", cells[3], 500, make)
    title = title or original
    if not title:
        raise ValueError("The movie has no title.")
    year, runtime = cells[5], cells[7]
    minutes: int | None
    if len(year) == 4 and year.isascii() and year.isdigit() and FIRST_YEAR <= int(year) <= _LAST_YEAR:
        released: str | None = year
    else:
        released = None if year == NULL else _text(make().year("release_date", year))
    if len(runtime) <= 4 and runtime.isascii() and runtime.isdigit() and 0 < int(runtime) <= LONGEST_RUNTIME:
        minutes = int(runtime)
    else:
        minutes = None if runtime == NULL else make().runtime(runtime)
    genres = [] if cells[8] == NULL else genres_of(cells[8])
    return Title(title, "" if original == title else original, released, minutes, genres)


def name_of(cells: Sequence[str], make: Make) -> Name:
    """A row of name.basics."""
    name = text_of("name", cells[1], 200, make)
    if not name:
        raise ValueError("The person has no name.")
    born = None if cells[2] == NULL else _text(make().year("born_on", cells[2], first=1))
    died = None if cells[3] == NULL else _text(make().year("died_on", cells[3], first=1))
    if born and died and died < born:
        make().note("died_on", f"{born}-{died}")
        born = died = None
    return Name(name, born, died)


def aka_of(cells: Sequence[str], make: Make, countries: frozenset[str], languages: frozenset[str]) -> Aka | None:
    """A row of title.akas; None for the original title, which title.basics says already."""
    if cells[7] == "1":
        return None
    title = text_of("alternative_titles", cells[2], 500, make)
    if not title:
        raise ValueError("The title is empty.")
    kind = TitleKind.ALTERNATIVE
    if cells[5] != NULL or cells[6] != NULL:
        # "\x02" stands between several, and once stood before one.
        words = [*cells[5].split("\x02"), *cells[6].split("\x02")]
        kind = next((_KINDS[word] for word in words if word in _KINDS), kind)
    region, spoken = REGIONS.get(cells[3], cells[3]), LANGUAGES.get(cells[4], cells[4])
    return Aka(title, kind, region if region in countries else None, spoken if spoken in languages else None)


def rating_of(cells: Sequence[str]) -> tuple[int, int]:
    """A row of title.ratings: tenths of the mean, votes."""
    value, votes = cells[1], cells[2]
    if not (votes.isascii() and votes.isdigit() and len(votes) < 10):
        raise ValueError(f"“{votes[:40]}” is no number of votes.")
    whole, _, tenth = value.partition(".")
    if not (whole.isascii() and whole.isdigit() and (not tenth or (len(tenth) == 1 and tenth.isdigit()))):
        raise ValueError(f"“{value[:40]}” is no mean of ratings.")
    tenths = int(whole) * 10 + int(tenth or 0)
    if not 10 <= tenths <= 100:
        raise ValueError(f"A mean lies between 1 and 10, not at {value[:40]}.")
    return tenths, int(votes)


def people_of(cell: str) -> list[int]:
    """The numbers of a list of people in title.crew."""
    return [] if cell in (NULL, "") else [number_of(part.encode(), b"nm") for part in cell.split(",")]


def character_of(cell: str, make: Make) -> str:
    """The characters of title.principals, "" for none; several are joined."""
    if cell == NULL or not cell:
        return ""
    if cell[:2] == '["' and cell[-2:] == '"]' and '"' not in cell[2:-2] and "\\" not in cell:
        return text_of("character", cell[2:-2], 300, make)
    try:
        names = json.loads(cell)
    except ValueError:
        names = None
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        make().note("character", cell)
        return ""
    return text_of("character", " / ".join(dict.fromkeys(filter(None, map(str.strip, names)))), 300, make)


def _text(value: object) -> str | None:
    return None if value is None else str(value)
