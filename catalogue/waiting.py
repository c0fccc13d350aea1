"""What waits for the staff: each app adds queues, and the desk's first page prints those somebody may see. A leaf."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.timesince import timesince

MOST = 1_000  # counted; beyond it is "more than 1,000"


@dataclass(frozen=True, slots=True)
class Waiting:
    """One queue: how many, since when the first of it waits, and where they are."""

    label: str
    number: int
    url: str
    oldest: date | datetime | None = None

    @property
    def many(self) -> str:
        """The number in words that a page prints.

        >>> Waiting("Reports", 1001, "/").many, Waiting("Reports", 12, "/").many
        ('more than 1,000', '12')
        """
        return f"{self.number:,}" if self.number <= MOST else f"more than {MOST:,}"

    @property
    def age(self) -> str:
        """For how long the oldest waits, "" for none: a day is older by whole days, since its hour is not known.

        >>> Waiting("Doubts", 1, "/", timezone.localdate()).age
        'today'
        """
        if self.oldest is None:
            return ""
        now = timezone.now() if isinstance(self.oldest, datetime) else timezone.localdate()
        return "today" if now == self.oldest else f"{timesince(self.oldest, now)} ago"


Queue = Callable[[Any], Waiting | None]  # given a member: None for those who may not see it
QUEUES: list[Queue] = []


def queue(right: str) -> Callable[[Callable[[], Waiting]], Callable[[], Waiting]]:
    """Add a queue for members with this right."""

    def add(make: Callable[[], Waiting]) -> Callable[[], Waiting]:
        QUEUES.append(lambda member: make() if member.has_perm(right) else None)
        return make

    return add


def waiting(label: str, url: str, rows: QuerySet[Any], since: str = "") -> Waiting:
    """A queue of rows in the order they came, by the name of the column with their time: 1 query, of a bounded size."""
    found = list(rows.values_list(since or "pk", flat=True)[: MOST + 1])
    return Waiting(label, len(found), url, found[0] if since and found else None)
