"""Dates of which only the year, or the year and month, may be known. A leaf: no models, no settings."""

import calendar
import datetime
import re
from dataclasses import dataclass
from functools import total_ordering

PATTERN = r"^[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?$"
LENGTH = 10


@total_ordering
@dataclass(frozen=True, slots=True)
class PartialDate:
    """A year, a month of a year, or a day. Written as ISO 8601 does: "1954", "1954-04", "1954-04-26".

    The text sorts as the dates do; a less exact date comes before the more exact ones it contains.
    """

    year: int
    month: int | None = None
    day: int | None = None

    @classmethod
    def parse(cls, text: str) -> "PartialDate":
        """Read ISO text. Raises ValueError for anything that is no date of the calendar.

        >>> PartialDate.parse("1954-04")
        PartialDate(year=1954, month=4, day=None)
        """
        if not re.fullmatch(PATTERN, text, re.ASCII):
            raise ValueError(f"“{text[:40]}” is no date: write YYYY, YYYY-MM or YYYY-MM-DD.")
        parts = [int(part) for part in text.split("-")]
        if parts[0] == 0 or (len(parts) == 3 and parts[2] > calendar.monthrange(parts[0], parts[1])[1]):
            raise ValueError(f"“{text}” is no day of the calendar.")
        return cls(*parts)

    def __str__(self) -> str:
        text = f"{self.year:04}"
        if self.month:
            text += f"-{self.month:02}"
        if self.day:
            text += f"-{self.day:02}"
        return text

    def __lt__(self, other: object) -> bool:
        if not isinstance(other, PartialDate):
            return NotImplemented
        return str(self) < str(other)

    def __len__(self) -> int:
        return len(str(self))

    @property
    def words(self) -> str:
        """The date as it is read: "26 April 1954", "April 1954" or "1954".

        >>> PartialDate(1954, 4, 26).words
        '26 April 1954'
        """
        if not self.month:
            return str(self.year)
        month = f"{calendar.month_name[self.month]} {self.year}"
        return f"{self.day} {month}" if self.day else month

    @property
    def latest(self) -> datetime.date:
        """The last day it can mean."""
        month = self.month or 12
        return datetime.date(self.year, month, self.day or calendar.monthrange(self.year, month)[1])
