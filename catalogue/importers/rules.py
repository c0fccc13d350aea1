"""Whose value stands. Pure: the one rule by which imports never lose an editor's work, told in docs/importing.md."""

import enum
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from catalogue.models.source import EDITOR, UNKNOWN

_DATE = re.compile(r"\d{4}(-\d\d){0,2}")
EMPTY: tuple[Any, ...] = (None, "", [])
LAST_RANK = 99


class Verdict(enum.Enum):
    """What becomes of a source's value."""

    SAME = "same"
    WRITE = "write"
    LEAVE = "leave"  # a source of lower or the same rank wrote what is there
    DISAGREE = "disagree"  # an editor answers for what is there


@dataclass(frozen=True, slots=True)
class Standing:
    """Who speaks, and how much each source's word counts (the lower the more)."""

    source: str
    ranks: Mapping[str, int]

    def outranks(self, other: str) -> bool:
        """Whether this source may replace what ``other`` wrote."""
        return self._rank(self.source) < self._rank(other)

    def _rank(self, code: str) -> int:
        # "spreadsheet:archive" counts as "spreadsheet" unless it has a rank of its own.
        return self.ranks.get(code, self.ranks.get(code.partition(":")[0], LAST_RANK))


def decide(ours: Any, theirs: Any, *, owner: str, is_locked: bool, standing: Standing) -> Verdict:
    """Judge one field. Values are compared in their canonical form.

    >>> standing = Standing("imdb", {"tmdb": 40, "imdb": 50, "demo": 90})
    >>> decide(97, 98, owner="imdb", is_locked=False, standing=standing)
    <Verdict.WRITE: 'write'>
    >>> decide(97, 98, owner="tmdb", is_locked=False, standing=standing)
    <Verdict.LEAVE: 'leave'>
    >>> decide(97, 98, owner="imdb", is_locked=True, standing=standing)
    <Verdict.DISAGREE: 'disagree'>
    >>> decide(97, None, owner="editor", is_locked=True, standing=standing)
    <Verdict.LEAVE: 'leave'>
    """
    if ours == theirs or (owner != standing.source and _says_less(theirs, ours)):
        return Verdict.SAME
    if theirs in EMPTY:
        # Only the source that said it may take it back; that it does not know is no disagreement with an editor.
        return Verdict.WRITE if owner == standing.source and not is_locked else Verdict.LEAVE
    if is_locked:
        return Verdict.DISAGREE
    if ours in EMPTY or owner == standing.source:
        return Verdict.WRITE
    if owner in (EDITOR, UNKNOWN):
        return Verdict.DISAGREE
    return Verdict.WRITE if standing.outranks(owner) else Verdict.LEAVE


def _says_less(theirs: Any, ours: Any) -> bool:
    """Whether a date is only less precise than the one that is there.

    >>> _says_less("1952", "1952-10-09"), _says_less("1953", "1952-10-09"), _says_less("Heat", "Heat-Wave")
    (True, False, False)
    """
    are_dates = isinstance(theirs, str) and isinstance(ours, str) and _DATE.fullmatch(ours) and _DATE.fullmatch(theirs)
    return bool(are_dates) and ours.startswith(f"{theirs}-")
