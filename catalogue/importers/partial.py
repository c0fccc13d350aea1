"""Credits of a source that knows some of them only: a column of directors says nothing about the cast. Pure."""

from collections.abc import Iterable
from typing import Any

from catalogue.vocabulary import Department

Row = list[Any]  # as in state.py: person, department, job, ...


def in_place(theirs: list[Row], ours: list[Row], groups: Iterable[str], *, is_own: bool) -> list[Row]:
    """``theirs`` in the place of those of ``ours`` that ``groups`` speak of; just ``ours`` when they say the same.

    A group is a department ("acting") or one job of it ("directing/Director"). One of which the source knows nobody
    takes back what this source said itself (``is_own``), and leaves what others said.

    >>> cast, old, new = [7, "acting", ""], [1, "directing", "Director"], [2, "directing", "Director"]
    >>> in_place([new], [cast, old], ["directing/Director"], is_own=False)
    [[7, 'acting', ''], [2, 'directing', 'Director']]
    """
    spoken = [group for group in groups if is_own or any(_is_of(row, group) for row in theirs)]
    old = [row for row in ours if any(_is_of(row, group) for group in spoken)]
    if old == theirs:
        return ours
    kept = [row for row in ours if row not in old]
    return sorted(kept + theirs, key=lambda row: row[1] != Department.ACTING)


def _is_of(row: Row, group: str) -> bool:
    return group in (row[1], f"{row[1]}/{row[2]}")
