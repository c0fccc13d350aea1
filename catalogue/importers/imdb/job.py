"""The dataset as a job of the import engine, and the memory of what was imported."""

from dataclasses import asdict, replace
from typing import Any

from django.utils import timezone

from catalogue.importers.imdb.fast import FastImport
from catalogue.importers.imdb.known import Movies, People
from catalogue.importers.imdb.options import SOURCE, SOURCE_CODE
from catalogue.importers.imdb.records import records_of
from catalogue.importers.run import Job, identity
from catalogue.models import ImportRun
from catalogue.vocabulary import RunState


def job_of(dataset: FastImport) -> Job:
    """For plan_import and run_import, which may read it more than once."""
    options: dict[str, Any] = {name: _plain(value) for name, value in asdict(dataset.options).items()}
    return Job(SOURCE_CODE, SOURCE, sorted(dataset.files.values()), lambda: records_of(_afresh(dataset)), {**options})


def _afresh(dataset: FastImport) -> FastImport:
    """The same files with nothing read of them."""
    dataset.report.tallies.clear()
    dataset.report.rejections.clear()
    return replace(dataset, movies=Movies(), people=People(), genres={}, ratings={})


def _plain(value: Any) -> Any:
    return sorted(value) if isinstance(value, frozenset) else value


def finished(job: Job) -> ImportRun | None:
    """The last run of these very files and options, if it came to its end and no other of this source followed it."""
    last = ImportRun.objects.filter(source=job.source).exclude(key="").first()  # "": a plan that nobody applied
    is_same = last and last.state == RunState.FINISHED and last.key == identity(job)[1]
    return last if is_same else None


def remember(dataset: FastImport) -> None:
    """Note a run of the fast path, so that the next one of the same files knows. Within its transaction."""
    job = job_of(dataset)
    files, key = identity(job)
    counts = {"read": sum(tally.read for tally in dataset.report.tallies.values())}
    counts["created"] = sum(tally.created for tally in dataset.report.tallies.values())
    counts["skipped"] = sum(tally.skipped.total() for tally in dataset.report.tallies.values())
    counts["rejected"] = sum(tally.rejected for tally in dataset.report.tallies.values())
    ImportRun.objects.create(
        source=job.source, label=job.label, key=key, files=files, options=job.options, state=RunState.FINISHED,
        counts={"counts": counts}, ended_at=timezone.now(),
    )  # fmt: skip
