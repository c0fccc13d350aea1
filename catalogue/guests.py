"""What another app hangs on movies, and how it comes along when they are merged. Installed when the site starts."""

from collections.abc import Iterable
from typing import Any, Protocol


class Guest(Protocol):
    """An app with rows of its own that name movies."""

    def rows(self, movies: list[int]) -> dict[str, dict[str, set[Any]]]:
        """Which of its rows a merge of these movies may write: table -> column -> keys."""

    def affected(self, loser: int, winner: int) -> list[str]:
        """What a merge would do to its rows, in sentences for the editor."""

    def merge(self, loser: int, winner: int) -> None:
        """Give everything of ``loser`` to ``winner``."""

    def settle(self, movies: Iterable[int]) -> None:
        """Make anew what follows from its rows, after they were written by their columns."""


GUESTS: list[Guest] = []
