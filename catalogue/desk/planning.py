"""The plan of an upload as its page shows it: the totals, and the first rows of each kind, field by field."""

from dataclasses import dataclass, field
from typing import Any

from catalogue.desk.wording import names_of, tell
from catalogue.importers.plan import CREATED, REJECTED, SKIPPED, UPDATED, Plan
from catalogue.importers.records import UNREAD, MovieRecord, Rejected
from catalogue.importers.report import Report, told
from catalogue.text import clean

SHOWN = 50  # rows of each kind; all are counted
FIELDS = 12  # of a row that would be made
MOST_OF_VALUE = 80  # characters of a value that was mended


@dataclass(slots=True)
class Sketch:
    """Listens to a plan and keeps the first rows of each kind."""

    rows: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    def hear(self, item: Plan | Rejected) -> None:
        """Take note of one item."""
        if isinstance(item, Rejected):
            self._note(REJECTED, {"origin": str(item.origin), "reason": item.reason})
            return
        row = {"origin": str(item.record.origin), "name": item.name[:200], "reason": item.reason}
        row["kind"] = "movie" if isinstance(item.record, MovieRecord) else "person"
        if item.outcome in (CREATED, UPDATED):
            self._note(item.outcome, row | {"key": item.key, "changes": item.changes[:FIELDS]})
        elif item.outcome in (REJECTED, SKIPPED) and item.reason:
            self._note(REJECTED if item.outcome == REJECTED else "asked", row)
        if item.disagreements:
            self._note("disagreements", row | {"key": item.key, "changes": item.disagreements})
        for note in item.record.mended:
            kind = "unread" if note.field in UNREAD else "mended"
            self._note(kind, {"origin": str(note.origin), "reason": told(note, MOST_OF_VALUE)})

    def _note(self, kind: str, row: dict[str, Any]) -> None:
        rows = self.rows.setdefault(kind, [])
        if len(rows) < SHOWN:
            # JSON can write NUL and halves of characters, which neither databases nor pages hold.
            rows.append({name: clean(value) if isinstance(value, str) else value for name, value in row.items()})

    def as_json(self, report: Report) -> dict[str, Any]:
        """For ImportRun.plan; names of people, genres and studios are looked up: up to 3 queries."""
        shown = [row for rows in self.rows.values() for row in rows if "changes" in row]
        names = names_of(change for row in shown for change in row["changes"])
        for row in shown:
            row["fields"] = [tell(change, names) for change in row.pop("changes")]
        return {**report.as_json(), "message": report.message, "rows": self.rows}
