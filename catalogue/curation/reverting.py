"""Taking edits back, as one more edit. A conflict is left out unless it is chosen."""

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db import IntegrityError, transaction
from django.utils import timezone

from catalogue.curation.courses import STAYS, Only, Step, label_of_model, left_out, plan
from catalogue.curation.following import follow
from catalogue.curation.history import write
from catalogue.curation.snapshots import Key, Row, change_row
from catalogue.curation.tables import KINDS, every_table, extra
from catalogue.guests import GUESTS
from catalogue.models import Change, Edit, ImportRun
from catalogue.vocabulary import EditKind, RunState

WHOLE = frozenset({EditKind.MERGE, EditKind.SPLIT})  # undone as one, or not at all


class RefusedError(ValueError):
    """An edit cannot be taken back; the sentences say why."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__(" ".join(reasons))
        self.reasons = reasons


@dataclass(frozen=True, slots=True)
class Reverted:
    """The edit that took others back, and what it left as it is, with the reasons."""

    edit: Edit
    left: list[tuple[Step, str]]


def revert(
    edits: list[Edit], actor: Any, note: str, *, only: Only | None = None, chosen: frozenset[str] = frozenset()
) -> Reverted | None:
    """Take edits back, as one edit; None when there was nothing to put back.

    Conflicts are left out unless ``chosen`` names them. Raises RefusedError for a merge or split that cannot be undone
    as a whole, and when there is nothing but what stands in the way.
    """
    if _is_added_to(edits):
        raise RefusedError(["The import is still at work and adds to it. Stop it first, or let it end."])
    with transaction.atomic():
        _lock(Change.objects.filter(edit__in=edits).values_list("about", flat=True).distinct())
        changes = list(Change.objects.filter(edit__in=edits).order_by("pk"))
        steps = plan(changes, only)
        strict = any(edit.kind in WHOLE for edit in edits)
        done, refused = carry_out(steps, chosen)
        own = [reason for step, reason in refused if step.table not in extra() and reason != STAYS]
        if own and (strict or not done):
            raise RefusedError(list(dict.fromkeys(own)))
        if not done:
            return None
        first = edits[0]
        record = (first.record_kind, first.record_id)
        edit = write(EditKind.REVERT, actor, note, record, first.label, done)
        follow(done)
        if only is None:
            _mark(edits, edit, {step.key for step, _ in refused}, changes)
    return Reverted(edit, [(step, reason) for step, reason in refused if reason != STAYS])


def _is_added_to(edits: list[Edit]) -> bool:
    """Whether an import at work may write more into one of them."""
    runs = {edit.run_id for edit in edits if edit.run_id}
    going = ImportRun.objects.filter(pk__in=runs, state=RunState.RUNNING) if runs else ()
    return any(not run.is_broken_off for run in going)


def _lock(abouts: Iterable[str]) -> None:
    abouts = set(abouts)
    movies = [int(about.partition(":")[2]) for about in abouts if about.startswith("movie:")]
    for guest in GUESTS:
        guest.lock(movies)
    for kind, model in KINDS.items():
        keys = sorted(about.partition(":")[2] for about in abouts if about.startswith(f"{kind}:"))
        if keys:
            list(model._default_manager.select_for_update(no_key=True).filter(pk__in=keys).order_by("pk").values("pk"))


def _mark(edits: list[Edit], by: Edit, left: set[Key], changes: list[Change]) -> None:
    """An edit of which nothing was left out is undone; the edits that it had undone are in force again."""
    partly = {change.edit_id for change in changes if (change.table, change.row) in left}
    whole = [edit.pk for edit in edits if edit.pk not in partly]
    Edit.objects.filter(undone_by__in=whole).update(undone_by=None)
    Edit.objects.filter(pk__in=whole).update(undone_by=by)


def carry_out(steps: list[Step], chosen: frozenset[str]) -> tuple[list[Change], list[tuple[Step, str]]]:
    """Write the steps; return what was written, and what was not with the reason.

    A record that turns out to be named by what stays is tried no more, and its rows stay with it.
    """
    while True:
        with transaction.atomic():
            done, refused, named = _try(steps, chosen)
            if not named:
                return done, refused
            transaction.set_rollback(True)
        for step in named:
            step.blocked = "Something names it still."


def _try(steps: list[Step], chosen: frozenset[str]) -> tuple[list[Change], list[tuple[Step, str]], list[Step]]:
    """Write the steps: what was written, what was not, and which records could not go.

    Rows of lists that go make room first. Then all others, as often as that moves anything, since one may hold a
    unique value that another gets; records that go are deleted once nothing that stays names them.
    """
    reasons = left_out(steps, chosen)
    refused = [(step, reasons[step.key]) for step in steps if step.key in reasons]
    out = {step.key for step, _ in refused if step.then is None or step.now is None or step.blocked}
    order = {each.name: place for place, each in enumerate(every_table())}
    free = sorted((step for step in steps if step.key not in out), key=lambda step: order[step.key[0]])
    done = [_delete(step) for step in reversed(free) if step.then is None and not step.table.kind]
    going = [step for step in reversed(free) if step.then is None and step.table.kind]
    waiting = [step for step in free if step.then is not None]
    absent = {step.key for step in steps if step.now is None}
    while waiting or going:
        written, failed = _pass(waiting, absent, chosen)
        done += written
        waiting = [step for step, _ in failed]
        named = {(label_of_model(model), str((step.now or {}).get(column))) for step in waiting
                 for column, model in step.table.links.items()}  # fmt: skip
        gone = [step for step in going if step.key not in named]
        done += [_delete(step) for step in gone]
        going = [step for step in going if step.key in named]
        if not written and not gone:
            return done, [*refused, *failed], going
    return done, refused, []


def _pass(waiting: list[Step], absent: set[Key], chosen: frozenset[str]) -> tuple[list[Change], list[tuple[Step, str]]]:
    """Try every row once; ``absent`` loses those that came back."""
    written: list[Change] = []
    failed: list[tuple[Step, str]] = []

    def attempt(steps: Iterable[Step]) -> None:
        for step in steps:
            if _names(step, absent):
                failed.append((step, "What it belongs to is not there."))
                continue
            change, problem = _attempt(step, chosen)
            if problem:
                failed.append((step, problem))
            elif change:
                written.append(change)
                absent.discard(step.key)

    attempt(step for step in waiting if step.table.kind)
    rows = [step for step in waiting if not step.table.kind]
    written += _together([step for step in rows if not _names(step, absent)])
    moved = {(change.table, change.row) for change in written}
    attempt(step for step in rows if step.key not in moved)
    return written, failed


def _together(waiting: list[Step]) -> list[Change]:
    """Rows of lists that get the same values, such as another owner, at one go: 1 statement a table and value."""
    alike: dict[tuple[str, str], list[Step]] = defaultdict(list)
    for step in waiting:
        if step.now is not None and step.then and not step.table.kind and not step.conflicts:
            alike[step.key[0], json.dumps(step.then, sort_keys=True)].append(step)
    done: list[Change] = []
    for steps in alike.values():
        of, then = steps[0].table, steps[0].then or {}
        fields = {field.attname: field for field in of.fields}
        values = {fields[name].name: fields[name].to_python(value) for name, value in then.items()}
        try:
            with transaction.atomic():
                of.model._default_manager.filter(pk__in=[step.key[1] for step in steps]).update(**values)
        except IntegrityError:
            continue  # one by one, then, and say which cannot be
        done += [_written(step, {name: (step.now or {}).get(name) for name in then}, then) for step in steps]
    return done


def _delete(step: Step) -> Change:
    step.table.model._default_manager.filter(pk=step.key[1]).delete()
    return _written(step, step.now, None)


def _names(step: Step, absent: set[Key]) -> bool:
    """Whether a row names one that has not come back."""
    then = step.then or {}
    return any((label_of_model(model), str(then.get(column))) in absent for column, model in step.table.links.items())


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
