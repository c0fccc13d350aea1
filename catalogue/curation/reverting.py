"""Taking edits back: what it would do, what stands in the way, and doing it, as one more edit.

The changes of the edits are folded into one course a row, from what it was before the first to what it was after the
last. A value is put back where the row still holds what the course ended with; where it does not, or where somebody
else wrote in between, that is a conflict, and left out unless it is chosen.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db import IntegrityError, transaction
from django.db.models import SET_NULL
from django.utils import timezone

from catalogue.curation.following import follow
from catalogue.curation.history import write
from catalogue.curation.snapshots import LOCKED, PROVENANCE, Key, Row, Rows, change_row, read_keys
from catalogue.curation.tables import KINDS, Table, every_table, extra, table
from catalogue.guests import GUESTS
from catalogue.models import Change, Edit, RelatedMovie
from catalogue.vocabulary import EditKind, Placing

WHOLE = frozenset({EditKind.MERGE, EditKind.SPLIT})  # undone as one, or not at all
Only = Callable[[Change, str], bool]


class RefusedError(ValueError):
    """An edit cannot be taken back; the sentences say why."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__(" ".join(reasons))
        self.reasons = reasons


@dataclass(slots=True)
class Course:
    """What became of one row over some edits: None where it was not there. ``broken``: others wrote in between."""

    about: str
    start: Row | None
    end: Row | None
    broken: set[str] = field(default_factory=set)

    def go_on(self, change: Change) -> None:
        """Add the next change of the row."""
        before, after = change.before, change.after
        for name, value in (before or {}).items():
            if self.end is not None and name in self.end and self.end[name] != value:
                self.broken.add(name)
            if self.start is not None and name not in self.start and (self.end is None or name not in self.end):
                self.start[name] = value
        self.end = {**(self.end or {}), **after} if after is not None else None
        self.about = change.about


@dataclass(slots=True)
class Step:
    """One row to be put back. ``blocked``: why that cannot be; ``conflicts``: columns somebody wrote since."""

    key: Key
    about: str
    now: Row | None
    then: Row | None
    conflicts: dict[str, Any] = field(default_factory=dict)  # column -> what it holds now
    blocked: str = ""

    @property
    def table(self) -> Table:
        return table(self.key[0])

    def name(self, column: str) -> str:
        """What a form calls the choice of a conflict."""
        return "|".join((*self.key, column))


def courses(changes: Iterable[Change], only: Only | None = None) -> dict[Key, Course]:
    """The course of each row, from changes in their order. ``only``: which columns of updates are meant."""
    found: dict[Key, Course] = {}
    for change in changes:
        key = change.table, change.row
        if only and change.before is not None and change.after is not None:
            names = [name for name in change.after if only(change, name)]
            before, after = ({name: row[name] for name in names} for row in (change.before, change.after))
            change = Change(table=change.table, row=change.row, about=change.about, before=before, after=after)
        elif only and not only(change, ""):
            continue
        if key in found:
            found[key].go_on(change)
        elif change.before or change.after:
            start, end = (dict(row) if row is not None else None for row in (change.before, change.after))
            found[key] = Course(change.about, start, end)
    return found


def plan(changes: Iterable[Change], only: Only | None = None) -> list[Step]:
    """What taking these changes back means now. A query or two a table; nothing is written."""
    found = courses(changes, only)
    now = read_keys(found)
    steps = [step for key, course in found.items() if (step := _step(key, course, now.get(key)))]
    _block_missing(steps)
    _block_named(steps)
    return steps


def _step(key: Key, course: Course, now: Row | None) -> Step | None:
    start, end = course.start, course.end
    if start is None and end is None:
        return None
    if start is None:  # it was made by these edits, so it goes
        if now is None:
            return None
        differs = {name: value for name, value in now.items() if end and end.get(name) != value}
        return Step(key, course.about, now, None, differs)
    if now is None:
        if end is None:
            return Step(key, course.about, None, start)
        return Step(key, course.about, None, start, blocked="It has been deleted since.")
    if end is None:
        same = all(now.get(name) == value for name, value in start.items())
        return None if same else Step(key, course.about, now, start, blocked="It is there again, with other values.")
    names = [name for name in start if now.get(name) != start[name]]
    conflicts = {name: now.get(name) for name in names if now.get(name) != end.get(name) or name in course.broken}
    then = {name: start[name] for name in names}
    return Step(key, course.about, now, then, conflicts) if names else None


def _block_missing(steps: list[Step]) -> None:
    """Rows that name something that is gone. A member who is gone is simply not named any more."""
    coming = {step.key for step in steps if step.now is None and step.then}
    wanted: dict[type, set[Any]] = {}
    for step in steps:
        for column, model in step.table.links.items():
            if step.then and step.then.get(column) is not None:
                wanted.setdefault(model, set()).add(step.then[column])
    there: dict[type, set[Any]] = {
        model: set(model._default_manager.filter(pk__in=keys).values_list("pk", flat=True))  # type: ignore[attr-defined]
        for model, keys in wanted.items()
    }
    for step in steps:
        for column, model in step.table.links.items():
            value = step.then.get(column) if step.then else None
            if value is None or value in there[model] or (_label(model), str(value)) in coming:
                continue
            if (
                step.table.model._meta.get_field(column).remote_field.on_delete is SET_NULL
                and model not in KINDS.values()
            ):
                step.then = {**(step.then or {}), column: None}
            else:
                step.blocked = f"The {model._meta.verbose_name} it names is gone."


def _block_named(steps: list[Step]) -> None:
    """Rows that were made then and that others name by now."""
    going: dict[type, list[Step]] = {}
    written = {step.key: step for step in steps}
    for step in steps:
        if step.then is None:
            going.setdefault(step.table.model, []).append(step)
    for model, gone in going.items():
        keys = {step.key[1]: step for step in gone}
        for relation in model._meta.get_fields(include_hidden=True):  # type: ignore[attr-defined]
            if not (relation.auto_created and not relation.concrete and (relation.one_to_many or relation.one_to_one)):
                continue
            column, other = relation.field.attname, relation.related_model
            rows = other._default_manager.filter(**{f"{column}__in": list(keys)})
            if other is RelatedMovie:
                rows = rows.exclude(placing=Placing.COMPUTED)
            for row, key in rows.values_list("pk", column):
                mine = written.get((_label(other), str(row)))
                if mine is None or (mine.then is not None and column not in mine.then):
                    keys[str(key)].blocked = f"A {other._meta.verbose_name} names it by now."


def _label(model: Any) -> str:
    return str(model._meta.label_lower)


def revert(
    edits: list[Edit], actor: Any, note: str, *, only: Only | None = None, chosen: frozenset[str] = frozenset()
) -> Edit | None:
    """Take edits back, as one edit; None when there was nothing to put back.

    Conflicts are left out unless ``chosen`` names them. Raises RefusedError for a merge or split that cannot be undone
    as a whole, and when there is nothing but what stands in the way.
    """
    with transaction.atomic():
        _lock(Change.objects.filter(edit__in=edits).values_list("about", flat=True).distinct())
        changes = list(Change.objects.filter(edit__in=edits).order_by("pk"))
        steps = plan(changes, only)
        strict = any(edit.kind in WHOLE for edit in edits)
        done, refused = carry_out(steps, chosen)
        own = [reason for step, reason in refused if step.table not in extra()]
        if own and (strict or not done):
            raise RefusedError(own)
        if not done:
            return None
        first = edits[0]
        record = (first.record_kind, first.record_id)
        edit = write(EditKind.REVERT, actor, note, record, first.label, done)
        follow(done)
        if only is None:
            _mark(edits, edit, {step.key for step, _ in refused}, changes)
    return edit


def _lock(abouts: Iterable[str]) -> None:
    abouts = set(abouts)
    movies = [int(about.partition(":")[2]) for about in abouts if about.startswith("movie:")]
    for guest in GUESTS:
        guest.lock(movies)
    for kind, model in KINDS.items():
        keys = sorted(about.partition(":")[2] for about in abouts if about.startswith(f"{kind}:"))
        if keys:
            list(model._default_manager.select_for_update(no_key=True).filter(pk__in=keys).order_by("pk").values("pk"))


def _mark(edits: list[Edit], by: Edit, left_out: set[Key], changes: list[Change]) -> None:
    """An edit of which nothing was left out is undone; the edits that it had undone are in force again."""
    partly = {change.edit_id for change in changes if (change.table, change.row) in left_out}
    whole = [edit.pk for edit in edits if edit.pk not in partly]
    Edit.objects.filter(undone_by__in=whole).update(undone_by=None)
    Edit.objects.filter(pk__in=whole).update(undone_by=by)


def carry_out(steps: list[Step], chosen: frozenset[str]) -> tuple[list[Change], list[tuple[Step, str]]]:
    """Write the steps; return what was written, and what was not with the reason.

    Rows of lists that go make room first. Then all others, as often as that moves anything, since one may hold a
    unique value that another gets; records that go are deleted once nothing that stays names them.
    """
    refused = [(step, reason) for step in steps if (reason := _reason(step, chosen))]
    left_out = {step.key for step, _ in refused if step.then is None or step.now is None or step.blocked}
    order = {each.name: place for place, each in enumerate(every_table())}
    free = sorted((step for step in steps if step.key not in left_out), key=lambda step: order[step.key[0]])
    done = [_delete(step) for step in reversed(free) if step.then is None and not step.table.kind]
    going = [step for step in reversed(free) if step.then is None and step.table.kind]
    waiting = [step for step in free if step.then is not None]
    absent = {step.key for step in steps if step.now is None}
    while waiting or going:
        written, failed = _pass(waiting, absent, chosen)
        done += written
        waiting = [step for step, _ in failed]
        named = {(_label(model), str((step.now or {}).get(column))) for step in waiting
                 for column, model in step.table.links.items()}  # fmt: skip
        gone = [step for step in going if step.key not in named]
        done += [_delete(step) for step in gone]
        going = [step for step in going if step.key in named]
        if not written and not gone:
            return done, [*refused, *failed, *((step, "Something names it still.") for step in going)]
    return done, refused


def _pass(waiting: list[Step], absent: set[Key], chosen: frozenset[str]) -> tuple[list[Change], list[tuple[Step, str]]]:
    """Try every row once; ``absent`` loses those that came back."""
    written: list[Change] = []
    failed: list[tuple[Step, str]] = []
    for step in waiting:
        change, problem = (None, "What it belongs to is not there.") if _names(step, absent) else _attempt(step, chosen)
        if problem:
            failed.append((step, problem))
        elif change:
            written.append(change)
            absent.discard(step.key)
    return written, failed


def _delete(step: Step) -> Change:
    step.table.model._default_manager.filter(pk=step.key[1]).delete()
    return _written(step, step.now, None)


def _reason(step: Step, chosen: frozenset[str]) -> str:
    """Why a step, or a part of it, is left out; "" when it is not."""
    if step.blocked:
        return step.blocked
    missing = [name for name in step.conflicts if step.name(name) not in chosen]
    if step.then is None:
        missing = [name for name in missing if step.name("") not in chosen]
    names = ", ".join(dict.fromkeys(field_of(step.table, name).replace("_", " ") for name in missing))
    return f"Changed since: {names}." if missing else ""


def _names(step: Step, absent: set[Key]) -> bool:
    """Whether a row names one that has not come back."""
    then = step.then or {}
    return any((_label(model), str(then.get(column))) in absent for column, model in step.table.links.items())


def _attempt(step: Step, chosen: frozenset[str]) -> tuple[Change | None, str]:
    """Insert or update one row: the change, or why the database refused it."""
    model, key = step.table.model, step.key[1]
    values = {
        name: value
        for name, value in (step.then or {}).items()
        if step.now is None or name not in step.conflicts or step.name(name) in chosen
    }
    if not values:
        return None, ""
    try:
        with transaction.atomic():
            if step.now is None:
                record = model(pk=model._meta.pk.to_python(key))
                change_row(record, step.table, values)
                if "updated_at" in _derive(record):
                    record.updated_at = timezone.now()
                record.save_base(raw=True, force_insert=True)  # raw: created_at stays what it was
                return _written(step, None, values), ""
            record = model._default_manager.get(pk=key)
            names = change_row(record, step.table, values)
            record.save(update_fields=names | _derive(record))
            return _written(step, {name: step.now.get(name) for name in values}, values), ""
    except IntegrityError:
        return None, f"Another {model._meta.verbose_name} has taken its place."
    except ObjectDoesNotExist:
        return None, "It has been deleted since."


def _written(step: Step, before: Row | None, after: Row | None) -> Change:
    return Change(table=step.key[0], row=step.key[1], about=step.about, before=before, after=after)


def _derive(record: Any) -> set[str]:
    """Set the columns that follow from others; return their names."""
    if hasattr(record, "derive"):
        record.derive()
    columns = {field.name for field in record._meta.concrete_fields}
    return {"sort_title", "sort_name", "slug", "updated_at"} & columns


def field_of(of: Table, column: str) -> str:
    """The field of the record that a column of a row belongs to: "poster", "synopsis" with its lock, "credits"."""
    if not of.kind:
        return of.section
    name = column.removeprefix(LOCKED).removeprefix(PROVENANCE)
    return name.removesuffix("_id") if name in of.links else name


__all__ = ["Course", "Only", "RefusedError", "Rows", "Step", "carry_out", "courses", "field_of", "plan", "revert"]
