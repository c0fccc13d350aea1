"""Credits of a source that knows some of them only: a column of directors says nothing about the cast."""

from collections.abc import Collection, Iterable
from typing import Any

from catalogue.importers.records import MovieRecord
from catalogue.models import Movie
from catalogue.vocabulary import Department

Row = list[Any]  # as in state.py: person, department, job, character, billing order, credited as, ...
CREW = [department.value for department in Department if department != Department.ACTING]
# Jobs that a source gives to whoever works in a department, whatever each of them did there.
_GENERAL = {"Director", "Writer"}


def in_place(theirs: list[Row], ours: list[Row], groups: Iterable[str], own: Collection[str]) -> list[Row]:
    """``theirs`` in the place of those of ``ours`` that ``groups`` speak of; just ``ours`` when they say the same.

    A group is a department ("acting") or one job of it ("directing/Director"), of which the source knows everybody.
    One of which it knows nobody is emptied when it is among its ``own``, and left when others filled it.
    Theirs of no group come beside ours: the source knows some of those.

    >>> cast, old, new = [7, "acting", "", "", 0, ""], [1, "directing", "Director"], [2, "directing", "Director"]
    >>> in_place([new], [cast, old], ["directing/Director"], [])
    [[7, 'acting', '', '', 0, ''], [2, 'directing', 'Director']]
    >>> in_place([new], [cast, old], [], [])[1:]
    [[1, 'directing', 'Director'], [2, 'directing', 'Director']]
    """
    spoken = [group for group in groups if group in own or any(_is_of(row, group) for row in theirs)]
    old = [row for row in ours if any(_is_of(row, group) for group in spoken)]
    kept = [row for row in ours if row not in old]
    fresh = [row for row in theirs if not any(_is_said(row, known) for known in kept)]
    if old == fresh:
        return ours
    return sorted(kept + _billed_behind(kept, fresh), key=lambda row: row[1] != Department.ACTING)


def _is_of(row: Row, group: str) -> bool:
    return group in (row[1], f"{row[1]}/{row[2]}")


def _is_said(row: Row, known: Row) -> bool:
    """Whether a credit of ours says what theirs does, perhaps more exactly: a screenplay is a writer's work."""
    same_person = row[:2] == known[:2] and (row[0] is not None or row[5] == known[5])
    return same_person and (row[2] == known[2] or row[2] in _GENERAL)


def _billed_behind(kept: list[Row], fresh: list[Row]) -> list[Row]:
    """Cast of theirs comes behind the cast that stays."""
    last = max((row[4] or 0 for row in kept if row[1] == Department.ACTING), default=-1)
    if last < 0:
        return fresh
    places = iter(range(last + 1, last + 1 + len(fresh)))
    return [[*row[:4], next(places), *row[5:]] if row[1] == Department.ACTING else row for row in fresh]


def own_groups(row: Movie | None, source: str, groups: Iterable[str]) -> list[str]:
    """The groups whose credits this source wrote: the movie came from it, or provenance says so of the group."""
    if row is None or row.source_of("credits")[0] != source:
        return []
    return [group for group in groups if row.source_of(mark(group))[0] == source]


def filled_groups(record: MovieRecord) -> list[str]:
    """The groups of which a record names somebody."""
    credits = record.credits if isinstance(record.credits, list) else []
    filled = {name for credit in credits for name in (credit.department, f"{credit.department}/{credit.job}")}
    return [group for group in record.credited or [] if group in filled]


def mark(group: str) -> str:
    """The name by which provenance knows a group beside the whole list."""
    return f"credits/{group}"
