"""What a run counts, and how it says so."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from catalogue.curation.wording import label
from catalogue.importers.plan import CREATED, REJECTED, SKIPPED, UNCHANGED, UPDATED, Plan
from catalogue.importers.records import COLUMN, SHEET, UNREAD, Mended, MovieRecord, Rejected, Skipped

OUTCOMES = (CREATED, UPDATED, UNCHANGED, SKIPPED, REJECTED)
KEPT = 1000  # rejections and mended values of a run that are kept; all are counted


@dataclass(slots=True)
class Report:
    """The totals of a run: ``read`` is always the sum of the outcomes."""

    counts: Counter[str] = field(default_factory=Counter)
    fields: Counter[str] = field(default_factory=Counter)  # changed values of updated records, by field
    why_skipped: Counter[str] = field(default_factory=Counter)
    made: list[int] = field(default_factory=list)  # the least and the greatest key of movies that were created
    made_people: list[int] = field(default_factory=list)  # the same of people, with those who came with credits
    problems: list[tuple[str, str, bool]] = field(default_factory=list)  # origin, text, is rejected: of this batch
    message: str = ""

    def add(self, item: Plan | Rejected | Skipped) -> None:
        """Count one item of the parser."""
        self.counts["read"] += 1
        if isinstance(item, Rejected):
            self._reject(item)
        elif isinstance(item, Skipped):
            self.counts[SKIPPED] += 1
            self.why_skipped[item.reason] += 1
        else:
            self._add_plan(item)

    def _reject(self, item: Rejected) -> None:
        self.counts[REJECTED] += 1
        self.problems.append((str(item.origin), item.reason, True))

    def _add_plan(self, plan: Plan) -> None:
        if plan.outcome == REJECTED:
            self._reject(Rejected(plan.record.origin, plan.reason))
        else:
            self.counts[plan.outcome] += 1
        if plan.outcome == CREATED:
            self.counts["movies" if isinstance(plan.record, MovieRecord) else "people"] += 1
            if plan.key and isinstance(plan.record, MovieRecord):
                self.made = _around(plan.key, self.made)
            elif plan.key:
                self.add_person(plan.key)
        if plan.outcome == SKIPPED:
            self.why_skipped["asked" if plan.question else plan.reason] += 1
        if plan.outcome == UPDATED:
            self.fields.update(change.field for change in plan.changes)
        self.counts["disagreements"] += len(plan.disagreements)
        self.counts["mended"] += sum(note.field not in UNREAD for note in plan.record.mended)
        self.problems += [(str(note.origin), told(note), False) for note in plan.record.mended]

    def add_person(self, key: int) -> None:
        """Note the key of a person who was created."""
        self.made_people = _around(key, self.made_people)

    def as_json(self) -> dict[str, Any]:
        """For ImportRun.counts."""
        return {
            "counts": dict(self.counts),
            "fields": dict(self.fields),
            "why_skipped": dict(self.why_skipped.most_common(50)),
            "made": self.made,
            "made_people": self.made_people,
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Report":
        """What ``as_json`` wrote."""
        counts, fields, skipped = (Counter(data.get(name, {})) for name in ("counts", "fields", "why_skipped"))
        return cls(counts, fields, skipped, data.get("made", []), data.get("made_people", []))

    @property
    def line(self) -> str:
        """The totals in one line: read = created + updated + unchanged + skipped + rejected."""
        parts = ", ".join(f"{self.counts[name]:,} {name}" for name in OUTCOMES)
        more = [f"{self.counts[name]:,} {words}" for name, words in _MORE.items() if self.counts[name]]
        asked = [f"{self.why_skipped['asked']:,} questions for an editor"] if self.why_skipped["asked"] else []
        return f"{self.counts['read']:,} read: {parts}{'; ' if more or asked else ''}{', '.join(more + asked)}."


def _around(key: int, known: list[int]) -> list[int]:
    """The least and the greatest key, with this one.

    >>> _around(4, []), _around(4, [7, 9])
    ([4, 4], [4, 9])
    """
    return [min([key, *known]), max([key, *known])]


def told(note: Mended, most: int = 200) -> str:
    """A note in words, with at most so many characters of each value."""
    if note.field == COLUMN:
        why = f": a column before it is the {note.became} already" if note.became else ""
        return f"The column “{note.was[:most]}” is not read{why}."
    if note.field == SHEET:
        return f"The sheet “{note.was[:most]}” is not read."
    became = f"read as “{note.became[:most]}”" if note.became else "left out"
    return f"{label(note.field)}: “{note.was[:most]}” {became}"


_MORE = {"mended": "values mended", "disagreements": "disagreements with editors"}
