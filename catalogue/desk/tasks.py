"""What is done in the background: planning and doing imports, publishing, AVIF. docs/decisions/0017."""

import subprocess
import sys
import threading
import time
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django_tasks import task
from django_tasks.base import Task

from catalogue.curation import undoing
from catalogue.curation.bulk import carry_out
from catalogue.curation.links import check_again
from catalogue.curation.pictures import make_avif
from catalogue.curation.publishing import publish_due
from catalogue.desk.keeping import drop
from catalogue.desk.planning import Sketch
from catalogue.desk.sources import job_of
from catalogue.importers.run import StoppedError, plan_import, run_import
from catalogue.models import BulkChange, ImportRun, RunUndo
from catalogue.vocabulary import RunState

WORKER = ["manage.py", "db_worker", "--batch", "--no-reload", "--no-startup-delay", "--verbosity", "0"]
TOLD_EVERY = 1.0  # seconds between two notes of how far a plan is


@task()
def plan_upload(key: int) -> None:
    """Read the files of a run and keep the plan with it."""
    run = ImportRun.objects.filter(pk=key, state=RunState.PLANNING).first()
    if run is None:
        return
    sketch = Sketch()
    try:
        report = plan_import(job_of(run), progress=_Progress(run).tell, listen=sketch.hear)
    except (ValueError, StoppedError) as error:
        _end(run, RunState.FAILED, str(error))
        return
    except Exception:
        _end(run, RunState.FAILED, "The files could not be read; the log of the site says why.")
        raise
    if report.message and not report.counts["read"]:
        _end(run, RunState.FAILED, report.message)
        return
    plan = sketch.as_json(report)
    ImportRun.objects.filter(pk=key).update(state=RunState.PLANNED, plan=plan, moved_at=timezone.now())


@task()
def apply_upload(key: int) -> None:
    """Import what a run's plan says, from where it was stopped."""
    run = ImportRun.objects.select_related("started_by").filter(pk=key, state=RunState.WAITING).first()
    if run is None:
        return
    try:
        run_import(job_of(run), run=run)
    except (RuntimeError, ValueError) as error:
        # Before it began: another import is at work, or the files are gone. Later on the engine has said why.
        ImportRun.objects.filter(pk=key, state=RunState.WAITING).update(state=RunState.STOPPED, message=str(error))
        return
    if ImportRun.objects.filter(pk=key, state=RunState.FINISHED).update(folder=""):
        drop(run.folder)


@task()
def publish_movies() -> None:
    """Publish the drafts whose time has come; one that is asked for too early or twice does no harm."""
    publish_due()


@task()
def make_renditions(digest: str) -> None:
    """Make the further formats of a picture; one that has them, or is gone meanwhile, is left alone."""
    make_avif([digest])


class _Progress:
    """Says in the database how far a plan is, and stops it when asked to."""

    def __init__(self, run: ImportRun) -> None:
        self.run, self.read, self.told = run, 0, 0.0

    def tell(self, number: int) -> None:
        """Called after each batch."""
        self.read += number
        if time.monotonic() - self.told < TOLD_EVERY:
            return
        self.told = time.monotonic()
        mine = ImportRun.objects.filter(pk=self.run.pk)
        if mine.filter(stop_asked=True).exists():
            raise StoppedError("Stopped while the files were read. Nothing was written.")
        mine.update(plan={"counts": {"read": self.read}}, moved_at=timezone.now())


def _end(run: ImportRun, state: RunState, message: str) -> None:
    ImportRun.objects.filter(pk=run.pk).update(state=state, message=message, ended_at=timezone.now())


@task()
def ask_again(keys: list[int]) -> None:
    """Ask for links again that were dead."""
    check_again(keys)


@task()
def apply_bulk(key: int) -> None:
    """Do one thing to many movies, from where it broke off."""
    mine = BulkChange.objects.filter(pk=key, state__in=[RunState.WAITING, RunState.RUNNING])
    if not mine.update(state=RunState.RUNNING):
        return
    try:
        carry_out(BulkChange.objects.get(pk=key))
    except Exception:
        text = "It stopped; the log of the site says why. What was changed until then is in the edit."
        mine.update(state=RunState.FAILED, message=text)
        raise


@task()
def undo_run(key: int) -> None:
    """Take back what an import changed, from where that broke off."""
    try:
        undoing.carry_out(key)
    except Exception:
        RunUndo.objects.filter(pk=key).update(state=RunState.FAILED)
        raise


def send(work: Task[[Any], None], key: Any) -> None:
    """Have a task done with a row, by the worker that waits for some, else by a process that is started for it."""
    work.enqueue(key)
    if not settings.TASK_WORKER:
        transaction.on_commit(_start_worker)


def _start_worker() -> None:
    """A process that outlives this one: a restart of the site stops no import."""
    process = subprocess.Popen(  # noqa: S603 -- our own command
        [sys.executable, *WORKER], cwd=settings.BASE_DIR, stdin=subprocess.DEVNULL, start_new_session=True
    )
    threading.Thread(target=process.wait, daemon=True).start()  # so that it leaves no zombie
