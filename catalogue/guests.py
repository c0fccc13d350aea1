"""What another app hangs on movies, and how it comes along when they are merged. Installed when the site starts."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Protocol


class Guest(Protocol):
    """An app with rows of its own that name movies."""

    @property
    def tables(self) -> Mapping[str, bool]:
        """Those a merge may write -> whether their column ``movie_id`` says whose they are."""

    def lock(self, movies: Iterable[int]) -> None:
        """Lock its rows of these movies, before the movies themselves are locked."""

    def rows(self, loser: int, winner: int) -> dict[str, dict[str, set[Any]]]:
        """Which rows a merge would write: table -> column -> keys."""

    def affected(self, loser: int, winner: int) -> list[str]:
        """What a merge would do to them, in sentences for the editor."""

    def merge(self, loser: int, winner: int) -> None:
        """Give everything of ``loser`` to ``winner``."""

    def settle(self, movies: Iterable[int]) -> None:
        """Make anew what follows from its rows, after they were written by their columns."""


GUESTS: list[Guest] = []
# Told of every suggestion that an editor has decided about, in the transaction of the decision.
TOLD_OF_SUGGESTIONS: list[Callable[[Any], None]] = []
