"""The history of the catalogue: every edit, row by row, as what was there before and after.

    with recording(EditKind.FORM, request.user, why) as edit:
        edit.watch("movie", [movie.pk])
        ...

Rows that a record consists of are read before and after, 1 query a table each time, however many rows there are; only
differences are written, and nothing where there are none.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import F

from catalogue.curation.snapshots import Row, Rows, difference, read, read_keys
from catalogue.curation.tables import KINDS, Record, Scope, parts_of, table, traces_of
from catalogue.models import Change, Edit, ImportRun
from catalogue.text import clean
from catalogue.vocabulary import EditKind

BATCH = 500
MOST_NOTE = 500


@dataclass(slots=True)
class Recording:
    """An edit while it is made. ``edit`` is its row once it is over, with ``changes``; None when nothing changed.

    ``part_of``: an edit that this goes on with; ``ignored``: columns that are no news.
    """

    kind: EditKind
    actor: Any
    note: str
    part_of: Edit | None = None
    run: ImportRun | None = None
    ignored: frozenset[str] = frozenset()
    edit: Edit | None = None
    changes: list[Change] = field(default_factory=list)
    records: list[Record] = field(default_factory=list)  # the first is what the edit is mainly about
    _scope: Scope = field(default_factory=dict)
    _before: Rows = field(default_factory=dict)

    def watch(self, kind: str, keys: Iterable[Any], *, everywhere: bool = False) -> None:
        """Lock these records and remember what they are now, before anything is written.

        ``everywhere``: with all rows that name them, for a deletion or a merge.
        """
        model = KINDS[kind]
        found = sorted(model._meta.pk.to_python(key) for key in keys)
        locked = model._default_manager.select_for_update(no_key=not everywhere).filter(pk__in=found).order_by("pk")
        there = list(locked.values_list("pk", flat=True))
        self.records += [(kind, key) for key in there]
        self.watch_rows(traces_of(kind, there) if everywhere else parts_of(kind, there))

    def watch_rows(self, scope: Scope) -> None:
        """Remember other rows, too."""
        self._widen(scope)
        self._before = read(scope) | self._before

    def add(self, kind: str, key: Any) -> None:
        """A record that was made just now: nothing of it was there before."""
        self.records.append((kind, key))
        self._widen(parts_of(kind, [key]))

    def _widen(self, scope: Scope) -> None:
        for name, lookups in scope.items():
            known = self._scope.setdefault(name, {})
            for column, keys in lookups.items():
                known[column] = known.get(column, set()) | keys

    def finish(self) -> None:
        """Write what changed."""
        after = read(self._scope)
        after |= read_keys(self._before.keys() - after.keys())  # still there, but of another record now, or of none
        changes = difference(self._before, after, self.ignored)
        if not changes:
            return
        self.changes = [
            Change(
                table=name,
                row=row,
                about=table(name).about(row, after.get((name, row)) or self._before[name, row]),
                before=old,
                after=new,
            )
            for (name, row), (old, new) in changes.items()
        ]
        if self.part_of:
            self.edit = _go_on(self.part_of, self.changes)
            return
        (kind, key), *_ = self.records
        root = f"catalogue.{kind}", str(key)
        label = label_of(kind, after.get(root) or self._before.get(root) or {}, key)
        self.edit = write(self.kind, self.actor, self.note, (kind, key), label, self.changes, self.run)


@contextmanager
def recording(kind: EditKind, actor: Any = None, note: str = "", **more: Any) -> Iterator[Recording]:
    """A transaction whose changes of the records it watches become one Edit by ``actor``, a member or None.

    ``more``: further attributes of the Recording.
    """
    with transaction.atomic():
        edit = Recording(kind, actor, note, **more)
        yield edit
        if edit.records:
            edit.finish()


def write(
    kind: EditKind, actor: Any, note: str, record: Record, label: str, rows: list[Change], run: ImportRun | None = None
) -> Edit:
    """One edit with its changes: 2 queries and 1 for every further ``BATCH``."""
    is_member = bool(actor and actor.pk)
    edit = Edit.objects.create(
        kind=kind,
        made_by=actor if is_member else None,
        made_by_name=actor.get_username() if is_member else "",
        note=clean(note)[:MOST_NOTE],
        record_kind=record[0],
        record_id=str(record[1]),
        label=label[:200],
        records=_records(rows) or 1,
        run=run,
    )
    _keep(edit, rows)
    return edit


def _go_on(edit: Edit, rows: list[Change]) -> Edit:
    Edit.objects.filter(pk=edit.pk).update(records=F("records") + _records(rows))
    _keep(edit, rows)
    return edit


def _records(rows: list[Change]) -> int:
    return len({row.about for row in rows if row.about})


def _keep(edit: Edit, rows: list[Change]) -> None:
    for row in rows:
        row.edit = edit
    Change.objects.bulk_create(rows, batch_size=BATCH)


def label_of(kind: str, row: Row, key: Any) -> str:
    """What a record is called, by its row: "Ran (1985)", "Steve McQueen (the director)"."""
    if kind == "movie":
        year = str(row.get("release_date") or "")[:4]
        return f"{row.get('title', '')} ({year})" if year else str(row.get("title", ""))
    if kind == "image":
        return str(row.get("alt") or f"{row.get('kind', 'image')} {str(key)[:8]}")
    name = str(row.get("name") or row.get("kicker") or key)
    return f"{name} ({row['disambiguation']})" if row.get("disambiguation") else name
