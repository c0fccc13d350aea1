"""Taking back what an import changed of records that were there: edit by edit, the last one first.

Each edit is a transaction with the place that was reached: whatever ends the work, it goes on below the last edit
that was looked at. What was changed again since stays as it is, and is counted.
"""

from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from catalogue.curation.reverting import RefusedError, revert
from catalogue.models import Edit, ImportRun, RunUndo
from catalogue.models.bulk import BUSY
from catalogue.vocabulary import EditKind, RunState

MOST_REASONS = 10
_AT_WORK = (RunState.PLANNING, *BUSY)


def edits_of(run: ImportRun) -> QuerySet[Edit]:
    """What of an import is in force, the last edit first."""
    return Edit.objects.filter(run=run, kind=EditKind.IMPORT, undone_by=None).order_by("-pk")


@transaction.atomic
def begin(run: ImportRun, member: Any, note: str) -> RunUndo | None:
    """Note that a run is to be taken back; None while the run, or somebody who takes it back, is at work."""
    run = ImportRun.objects.select_for_update().get(pk=run.pk)
    known = RunUndo.objects.select_for_update().filter(run=run).first()
    if run.state in _AT_WORK or (known and known.state in BUSY and not known.is_broken_off):
        return None
    RunUndo.objects.filter(run=run).delete()
    return RunUndo.objects.create(run=run, made_by=member, note=note, edits=edits_of(run).count())


def resume(undo: RunUndo) -> bool:
    """Whether it goes on from here: it was stopped, or broke off."""
    if not undo.is_broken_off and undo.state != RunState.STOPPED:
        return False
    undo.state, undo.stop_asked = RunState.WAITING, False
    undo.save()
    return True


def carry_out(key: int) -> None:
    """Take the edits back from where it stands, until nothing is left or it is asked to stop."""
    while _next(key):
        pass


@transaction.atomic
def _next(key: int) -> bool:
    undo = (
        RunUndo.objects.select_for_update(of=("self",))
        .select_related("run", "made_by")
        .filter(pk=key, state__in=BUSY)
        .first()
    )
    if undo is None:
        return False
    left = edits_of(undo.run)
    edit = (left.filter(pk__lt=undo.below) if undo.below else left).first()
    if edit is None or undo.stop_asked:
        undo.state = RunState.STOPPED if edit else RunState.FINISHED
        undo.save()
        return False
    undo.state, undo.below, undo.done = RunState.RUNNING, edit.pk, undo.done + 1
    _take_back(edit, undo)
    undo.save()
    return True


def _take_back(edit: Edit, undo: RunUndo) -> None:
    try:
        made = revert([edit], undo.made_by, undo.note or f"Import taken back: {undo.run.label}")
    except RefusedError as error:
        undo.kept += 1
        undo.reasons = [*undo.reasons, *(f"{edit.label}: {reason}" for reason in error.reasons)][:MOST_REASONS]
        return
    if made is None:
        undo.kept += 1
    elif Edit.objects.filter(pk=edit.pk, undone_by=None).exists():
        undo.partly += 1
    else:
        undo.whole += 1
