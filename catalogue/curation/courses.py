"""What taking edits back means: which rows would be what again, and what stands in the way. Nothing is written here.

The changes of the edits are folded into one course a row, from what it was before the first to what it was after the
last. A value is put back where the row still holds what the course ended with; where it does not, or where somebody
else wrote in between, that is a conflict.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import SET_NULL, Q

from catalogue.curation.snapshots import LOCKED, PROVENANCE, Key, Row, read_keys
from catalogue.curation.tables import KINDS, Table, table
from catalogue.models import Change, Disagreement, MatchQuestion, Presence, RelatedMovie
from catalogue.vocabulary import Answer, Placing

Only = Callable[[Change, str], bool]
# Rows that nobody wrote: they go with the record they name.
HOUSEKEEPING: dict[Any, Q] = {
    Presence: Q(pk__isnull=False),
    MatchQuestion.candidates.through: Q(pk__isnull=False),
    RelatedMovie: Q(placing=Placing.COMPUTED),
    Disagreement: Q(state=Answer.OPEN),
}
STAYS = "What it belongs to stays."


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
            if value is None or value in there[model] or (label_of_model(model), str(value)) in coming:
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
            if other in HOUSEKEEPING:
                rows = rows.exclude(HOUSEKEEPING[other])
            for row, key in rows.values_list("pk", column):
                mine = written.get((label_of_model(other), str(row)))
                if mine is None or (mine.then is not None and column not in mine.then):
                    keys[str(key)].blocked = f"A {other._meta.verbose_name} names it by now."


def left_out(steps: list[Step], chosen: frozenset[str] = frozenset()) -> dict[Key, str]:
    """Why steps, or parts of them, are left out. Conflicts are, unless ``chosen`` names them.

    A record that stays keeps its rows, and what a row that stays names stays, too.
    """
    found = {step.key: reason for step in steps if (reason := _reason(step, chosen))}
    while more := _held(steps, found, chosen):
        found |= more
    return found


def _reason(step: Step, chosen: frozenset[str]) -> str:
    if step.blocked:
        return step.blocked
    missing = [name for name in step.conflicts if step.name(name) not in chosen]
    if step.then is None:
        missing = [name for name in missing if step.name("") not in chosen]
    names = ", ".join(dict.fromkeys(field_of(step.table, name).replace("_", " ") for name in missing))
    return f"Changed since: {names}." if missing else ""


def _held(steps: list[Step], found: dict[Key, str], chosen: frozenset[str]) -> dict[Key, str]:
    """Steps that cannot be because those of ``found`` are left out."""
    named: dict[Key, Step] = {}
    for step in steps:
        for column, model in step.table.links.items() if step.key in found and step.now else ():
            if step.then is None or step.blocked or (column in step.conflicts and step.name(column) not in chosen):
                named[label_of_model(model), str((step.now or {})[column])] = step
    staying = {step.key for step in steps if step.then is None and step.key in found}
    more: dict[Key, str] = {}
    for step in steps:
        if step.then is not None or step.key in found:
            continue
        owners = {(f"catalogue.{kind}", str((step.now or {}).get(column))) for column, kind in step.table.owners}
        if owners & staying:
            more[step.key] = STAYS
        elif step.key in named:
            more[step.key] = f"A {named[step.key].table.model._meta.verbose_name} that stays names it."
    return more


def label_of_model(model: Any) -> str:
    return str(model._meta.label_lower)


def field_of(of: Table, column: str) -> str:
    """The field of the record that a column of a row belongs to: "poster", "synopsis" with its lock, "credits"."""
    if not of.kind:
        return of.section
    name = column.removeprefix(LOCKED).removeprefix(PROVENANCE)
    return name.removesuffix("_id") if name in of.links else name
