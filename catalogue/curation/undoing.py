"""Taking back what an import changed of records that were there: edit by edit, the last one first.

Each edit is a transaction with the place that was reached: whatever ends the work, it goes on below the last edit
that was looked at. What was changed again since stays as it is, and is counted.
"""

import time
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from catalogue.curation.reverting import RefusedError, revert
from catalogue.models import Edit, ImportRun, Movie, RunUndo
from catalogue.models.bulk import BUSY
from catalogue.models.importing import AT_WORK
from catalogue.vocabulary import EditKind, RunState

MOST_REASONS = 10
PAUSE = 0.15  # seconds between two edits: on SQLite others wait for their turn, and look for it as seldom


def edits_of(run: ImportRun) -> QuerySet[Edit]:
    """What of an import is in force, the last edit first."""
    return Edit.objects.filter(run=run, kind=EditKind.IMPORT, undone_by=None).order_by("-pk")


def created_by(run: ImportRun) -> QuerySet[Movie]:
    """The movies that an import created, as far as they are there."""
    first, last = run.counts.get("made") or (0, 0)
    return Movie.objects.filter(pk__range=(first, last), source=run.source).order_by("pk")


@transaction.atomic
def begin(run: ImportRun, member: Any, note: str) -> RunUndo | None:
    """Note that a run is to be taken back; None while the run, or somebody who takes it back, is at work."""
    run = ImportRun.objects.select_for_update().get(pk=run.pk)
    known = RunUndo.objects.select_for_update().filter(run=run).first()
    if (run.state in AT_WORK and not run.is_broken_off) or (known and known.is_at_work):
        return None
    RunUndo.objects.filter(run=run).delete()
    return RunUndo.objects.create(run=run, made_by=member, note=note, edits=edits_of(run).count())


def resume(undo: RunUndo) -> bool:
    """Whether it goes on from here: it was stopped, or broke off."""
    if not undo.is_broken_off and undo.state != RunState.STOPPED:
        return False
    mine = RunUndo.objects.filter(pk=undo.pk, state=undo.state, moved_at=undo.moved_at)  # nobody did so meanwhile
    return bool(mine.update(state=RunState.WAITING, stop_asked=False, moved_at=timezone.now()))


def carry_out(key: int) -> None:
    """Take the edits back from where it stands, until nothing is left or it is asked to stop."""
    while _next(key):
        if connection.vendor == "sqlite":
            time.sleep(PAUSE)


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
