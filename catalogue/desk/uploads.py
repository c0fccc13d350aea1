"""What editors do with an upload: have it planned, apply, stop, resume and discard it. Each is done once."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone

from catalogue.desk.keeping import drop, keep
from catalogue.desk.sources import code_of
from catalogue.desk.tasks import apply_upload, plan_upload, send
from catalogue.exclusive import IMPORT, is_at_work
from catalogue.models import ImportRun, RunUndo
from catalogue.models.importing import AT_WORK
from catalogue.vocabulary import RunState

ENDED = (RunState.STOPPED, RunState.FAILED)
ANOTHER = "Another import is at work. Apply this one when that has ended."


def begin_upload(files: Iterable[UploadedFile], kind: str, choices: dict[str, Any], by: Any) -> ImportRun:
    """Keep the files and have them planned. Raises RefusedError for files that are not kept."""
    folder, names = keep(files)
    run = ImportRun.objects.create(
        source=code_of(kind, choices.get("name", "")), label=", ".join(names)[:120], state=RunState.PLANNING,
        folder=folder, choices=choices, started_by=by,
    )  # fmt: skip
    send(plan_upload, run.pk)
    return run


def apply(run: ImportRun, only: str = "") -> str:
    """Have a plan carried out; return why not, or "". ``only``: see Job."""
    return _start(run, [RunState.PLANNED], {**run.choices, "only": only})


def resume(run: ImportRun) -> str:
    """Have a stopped or broken off run go on; return why not, or ""."""
    if run.state == RunState.PLANNING and run.is_broken_off:
        ImportRun.objects.filter(pk=run.pk).update(moved_at=timezone.now())
        send(plan_upload, run.pk)
        return ""
    if "only" not in run.choices:
        return "There is no plan to go on with."
    return _start(run, AT_WORK if run.is_broken_off else ENDED, run.choices)


def _start(run: ImportRun, states: Iterable[RunState], choices: dict[str, Any]) -> str:
    if ImportRun.objects.filter(state=RunState.WAITING).exclude(pk=run.pk).exists() or is_at_work(IMPORT):
        return ANOTHER
    if any(undo.is_at_work for undo in RunUndo.objects.filter(run=run)):
        return "It is being taken back. Let that end, or stop it first."
    mine = ImportRun.objects.filter(pk=run.pk, state__in=states).exclude(folder="")
    facts = {"state": RunState.WAITING, "stop_asked": False, "message": "", "moved_at": timezone.now()}
    if not mine.update(choices=choices, **facts):
        return "It was started already, or its files are gone."
    send(apply_upload, run.pk)
    return ""


def stop(run: ImportRun) -> None:
    """Stop after the batch at hand; what waits is stopped at once."""
    mine = ImportRun.objects.filter(pk=run.pk)
    if not mine.filter(state=RunState.WAITING).update(state=RunState.STOPPED, message="Stopped before it began."):
        mine.filter(state__in=AT_WORK).update(stop_asked=True)


def discard(run: ImportRun) -> None:
    """Forget an upload: its files, and the run itself when nothing of it was written."""
    drop(run.folder)
    mine = ImportRun.objects.filter(pk=run.pk)
    mine.filter(done=0, key="").delete()
    mine.filter(state__in=AT_WORK).update(state=RunState.STOPPED, ended_at=timezone.now())  # its process has gone
    mine.update(folder="", plan={})


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an import is. ``rate`` in rows a second and ``left`` in seconds are None while nobody can say."""

    done: int
    total: int
    rate: float | None = None
    left: int | None = None

    @classmethod
    def of(cls, run: ImportRun) -> "Progress":
        """No query. Rows that a stopped run had written before do not make the rate look better."""
        total = max(run.plan.get("counts", {}).get("read", 0), run.done)
        seconds = (run.moved_at - run.going_since).total_seconds() if run.going_since else 0
        went = run.done - run.going_from
        if run.state != RunState.RUNNING or seconds < 1 or went < 1:
            return cls(run.done, total)
        return cls(run.done, total, went / seconds, round((total - run.done) * seconds / went))
