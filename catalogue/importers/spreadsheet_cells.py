"""The cells of one row of a list, by our names of the columns, and the lists in them."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from catalogue.codes import country_code
from catalogue.importers.mending import UNKNOWN, Mender
from catalogue.importers.records import ReleaseRecord, StudioRecord, TitleRecord
from catalogue.importers.values import mend_mojibake

_Value = TypeVar("_Value")
_LIST = re.compile(r"[;|\n,/]")  # of words none of which holds a comma or stroke
_NAMES = re.compile(r"[;|\n]| / ")
_NOT_KNOWN = UNKNOWN | {"#n/a", "#value!", "#ref!", "tba", "tbd", "unbekannt", "inconnu", "\\n"}


@dataclass(frozen=True, slots=True)
class Row:
    """The cells by our names of the columns, where notes go, and how slashed dates are read."""

    mender: Mender
    cells: Mapping[str, str]
    day_first: bool | None = None

    def cell(self, name: str) -> str:
        """A cell, "" when it says unknown; UTF-8 that was read as Windows-1252 is put right."""
        written = self.cells.get(name, "").strip()
        if written.lower() in _NOT_KNOWN and name not in ("Title", "Original title"):
            return ""
        mended = mend_mojibake(written)
        if mended != written:
            self.mender.note(name.lower(), written, mended)
        return mended

    def parts(self, name: str, separator: re.Pattern[str] = _LIST) -> list[str]:
        """The parts of a cell; lists of Python or JSON, "['a', 'b']", count as such."""
        text = self.cell(name)
        if text.startswith("[") and text.endswith("]"):
            text = re.sub(r"""['"]\s*,\s*['"]""", ";", text[1:-1]).strip("'\" ")
        return [part for part in (part.strip() for part in separator.split(text)) if part]

    def read(self, field: str, name: str, how: Callable[[str], _Value]) -> _Value | None:
        """A cell read by a function of ``values``; what it cannot read is noted and unknown."""
        text = self.cell(name)
        try:
            return how(text) if text else None
        except ValueError:
            self.mender.note(field, text)
            return None


def known(row: Row, field: str, name: str, find: Callable[[str], str | None]) -> list[str]:
    """The codes or words of ours that the parts of a cell mean, each once."""
    whole = row.cell(name)
    found = [find(whole)] if find(whole) else []
    for part in [] if found else row.parts(name):
        found.append(find(part))
        if found[-1] is None:
            row.mender.note(field, part)
    return list(dict.fromkeys(code for code in found if code))


def read_studios(row: Row) -> list[StudioRecord]:
    """Studios by name; what stands in parentheses tells two of one name apart."""
    found: list[StudioRecord] = []
    for part in row.parts("Studio", _NAMES):
        name, _, rest = row.mender.text("studios", part, 200).partition(" (")
        studio = (
            StudioRecord(name, disambiguation=rest.rstrip(")")[:120])
            if rest.endswith(")")
            else StudioRecord(part[:200])
        )
        if studio.name and studio not in found:
            found.append(studio)
    return found


def read_titles(row: Row) -> list[TitleRecord]:
    """The other titles, each once."""
    titles = [row.mender.text("alternative_titles", part, 500) for part in row.parts("Other titles", _NAMES)]
    return [TitleRecord(title) for title in dict.fromkeys(titles) if title]


def read_releases(row: Row) -> list[ReleaseRecord]:
    """Certifications with their countries: "US: PG-13; DE: 12"."""
    found: list[ReleaseRecord] = []
    for part in row.parts("Certification"):
        country, _, certification = part.partition(":")
        code = country_code(country)
        if code and 0 < len(certification.strip()) <= 20:
            found.append(ReleaseRecord(code, certification=certification.strip()))
        else:
            row.mender.note("releases", part)
    return list(dict.fromkeys(found))
