"""What became of the rows of each file. The totals add up: read = created + skipped + rejected."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TextIO

from catalogue.importers.mending import Mender
from catalogue.importers.records import Mended, Origin, Rejected

SHOWN = 10  # rejections that are kept for the screen


class StrictError(ValueError):
    """The first row that cannot be used, when none may be."""


@dataclass(slots=True)
class Tally:
    """The rows of one file. ``skipped`` by reason; ``created`` are those that are in the catalogue now."""

    name: str
    report: "Report"
    read: int = 0
    created: int = 0
    rejected: int = 0
    mended: int = 0
    skipped: Counter[str] = field(default_factory=Counter)

    def reject(self, line: int, reason: object) -> None:
        """Count a row that cannot be used."""
        self.rejected += 1
        self.report.rejection(Rejected(Origin(self.name, line), str(reason)))

    def mender(self, line: int) -> "_Noting":
        """A mender whose notes go to the report."""
        return _Noting(Origin(self.name, line), self)

    @property
    def is_balanced(self) -> bool:
        """Whether every row is accounted for."""
        return self.read == self.created + self.skipped.total() + self.rejected


@dataclass(slots=True)
class Report:
    """The tallies of a run. Every rejection and mended value goes to ``file``, a few rejections are kept."""

    file: TextIO | None = None
    strict: bool = False
    tallies: dict[str, Tally] = field(default_factory=dict)
    rejections: list[Rejected] = field(default_factory=list)
    listen: Callable[[Rejected], object] | None = None  # hears of every one

    def of(self, name: str) -> Tally:
        """The tally of a file, by its name."""
        if name not in self.tallies:
            self.tallies[name] = Tally(name, self)
        return self.tallies[name]

    def rejection(self, rejected: Rejected) -> None:
        """Keep it. Raises StrictError when the run is strict."""
        if self.strict:
            raise StrictError(f"{rejected.origin}: {rejected.reason}")
        if self.listen:
            self.listen(rejected)
        if len(self.rejections) < SHOWN:
            self.rejections.append(rejected)
        self._print("rejected", rejected.origin, rejected.reason)

    def mending(self, tally: Tally, mended: Mended) -> None:
        """Count it, and say what became of the value."""
        tally.mended += 1
        became = f"became “{mended.became}”" if mended.became else "was left out"
        self._print("mended", mended.origin, f"{mended.field}: “{mended.was}” {became}")

    def _print(self, what: str, origin: Origin, text: str) -> None:
        if self.file:
            self.file.write(f"{what}\t{origin.file}\t{origin.line}\t{text}\n")


class _Noting(Mender):
    """A mender that reports what it mends at once."""

    def __init__(self, origin: Origin, tally: Tally) -> None:
        super().__init__(origin)
        self.tally = tally

    def note(self, name: str, was: object, became: object = "") -> None:
        self.tally.report.mending(self.tally, Mended(self.origin, name, str(was)[:200], str(became)[:200]))
