"""What is made of values that are not quite right: one rule a kind of value, the same for every source.

docs/importing.md lists the rules for editors. Nothing is guessed: what cannot be read becomes unknown, with a note.
"""

import datetime
import re
from dataclasses import dataclass, field

from catalogue.dates import PartialDate
from catalogue.importers.records import Mended, Origin
from catalogue.text import clean, plain, shorten

FIRST_YEAR = 1874  # "Passage de Vénus", the oldest work any source lists
YEARS_AHEAD = 10  # announced movies; a year behind that is a typing error or "to be announced"
LONGEST_RUNTIME = 60_000  # minutes; "Logistics" lasts 51,420
MOST_MONEY = 100_000_000_000
PLACEHOLDERS = {"1900-01-01", "1899-12-30", "1970-01-01", "1901-01-01"}  # empty, as spreadsheets and programs write it
NULLS = {"", "\\n"}  # \\N of IMDb and PostgreSQL; "Unknown" and "None" are titles of movies
UNKNOWN = NULLS | {"n/a", "na", "none", "null", "nan", "unknown", "-", "–", "?"}


def is_plausible(year: int, first: int = FIRST_YEAR) -> bool:
    """Whether a year lies between ``first`` and ``YEARS_AHEAD`` from now."""
    return first <= year <= datetime.date.today().year + YEARS_AHEAD


@dataclass(slots=True)
class Mender:
    """Reads the values of one row; what it had to mend stands in ``notes``, for the record's ``mended``."""

    origin: Origin
    notes: list[Mended] = field(default_factory=list)

    def note(self, name: str, was: object, became: object = "") -> None:
        """Say that ``was`` was not taken as it is."""
        self.notes.append(Mended(self.origin, name, str(was)[:200], str(became)[:200]))

    def text(self, name: str, value: str, most: int) -> str:
        """One line of text: no markup, no control characters, one space between words, ``most`` characters at most."""
        plain_text = " ".join(clean(plain(value)).split())
        if plain_text.lower() in NULLS:
            return ""
        short = plain_text if len(plain_text) <= most else shorten(plain_text, most)
        short = short.removeprefix("…") or plain_text[:most]
        if plain_text != " ".join(value.split()) or short != plain_text:
            self.note(name, value, short)
        return short

    def prose(self, name: str, value: str) -> str:
        """Paragraphs: markup dropped, its line breaks kept."""
        plain_text = clean(plain(value))
        if plain_text.lower() in UNKNOWN:
            return ""
        if plain_text != value.strip().replace("\r\n", "\n"):
            self.note(name, value, plain_text)
        return plain_text

    def number(self, name: str, value: str | int | None, most: int) -> int | None:
        """A whole number from 1 to ``most``; 0 is how many sources write unknown, and needs no note."""
        written = "" if value is None else str(value).strip()
        digits = written.removesuffix(".0").replace(",", "")
        if written.lower() in UNKNOWN or digits == "0":
            return None
        if not (re.fullmatch(r"[0-9]{1,18}", digits, re.ASCII) and 1 <= int(digits) <= most):
            self.note(name, written)
            return None
        return int(digits)

    def runtime(self, value: str | int | None, name: str = "runtime_minutes") -> int | None:
        """Whole minutes; more than ``LONGEST_RUNTIME`` are unknown."""
        return self.number(name, value, LONGEST_RUNTIME)

    def money(self, name: str, value: str | int | None) -> int | None:
        """Whole dollars; less than 1,000 are millions left out, which is unknown."""
        amount = self.number(name, value, MOST_MONEY)
        if amount is not None and amount < 1000:
            self.note(name, amount)
            return None
        return amount

    def year(self, name: str, value: str | int | None, *, first: int = FIRST_YEAR) -> PartialDate | None:
        """A year from ``first`` to ``YEARS_AHEAD`` from now; "20O1" is unknown, not 2001. Of people: ``first`` 1."""
        found = self.number(name, value, 9999)
        return self._plausible(name, PartialDate(found), first) if found else None

    def date(self, name: str, value: str | None, *, first: int = FIRST_YEAR) -> PartialDate | None:
        """ISO text, of a year, month or day. Placeholders as 1900-01-01 are unknown; people's dates: ``first`` 1."""
        written = (value or "").strip()
        written = written[:10] if re.match(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ]", written) else written
        if written.lower() in UNKNOWN or written.startswith("0000"):
            return None
        try:
            found = None if written in PLACEHOLDERS else PartialDate.parse(written)
        except ValueError:
            found = None
        if found is None:
            self.note(name, value)
        return self._plausible(name, found, first) if found else None

    def external_id(self, name: str, value: str | None, letters: str) -> str | None:
        """An id as "tt0000001" (``letters`` "tt"); bare digits get the letters and zeros they lost."""
        written = (value or "").strip()
        digits = written.removeprefix(letters)
        if written.lower() in UNKNOWN:
            return None
        if not re.fullmatch(r"0*[1-9][0-9]{0,9}", digits, re.ASCII) or len(digits) > 10:
            self.note(name, value)
            return None
        return f"Q{int(digits)}" if letters == "Q" else f"{letters}{digits.zfill(7)}"

    def _plausible(self, name: str, found: PartialDate, first: int) -> PartialDate | None:
        if is_plausible(found.year, first):
            return found
        self.note(name, found)
        return None
