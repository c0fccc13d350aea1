"""Runs an import: batch after batch, each one transaction, with a checkpoint in it.

Stopped at any moment, the next run of the same files and options goes on behind the last batch and ends as if nothing
had happened. A batch is small, so that editors wait for less than a second and readers never.
"""

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from django.db import DataError, IntegrityError, transaction
from django.utils import timezone

from catalogue.exclusive import IMPORT, one_at_a_time
from catalogue.importers.plan import REJECTED, Plan, Planner
from catalogue.importers.reading import BrokenFileError
from catalogue.importers.records import Parsed, Record, Rejected, Skipped
from catalogue.importers.report import KEPT, Report
from catalogue.importers.rules import Standing
from catalogue.importers.seen import Seen, keys_of
from catalogue.importers.writing import Writer
from catalogue.models import ImportProblem, ImportRun, Movie, Source
from catalogue.related import refresh_related
from catalogue.text import clean
from catalogue.vocabulary import RunState

BATCH = 100
TOP = 100  # popular movies whose related ones are computed at once; the others' on their first view
Item = Record | Rejected | Skipped


class StoppedError(Exception):
    """A strict run that met a rejection; nothing was written. The text is the rejection."""


@dataclass(slots=True)
class Job:
    """What to import: whose, which files, and how to read them. ``parse`` gives the same items on every call."""

    source: str
    label: str
    files: list[Path]
    parse: Callable[[], Iterator[Parsed]]
    options: dict[str, Any] = field(default_factory=dict)
    publish: bool = True
    limit: int | None = None
    only: str = ""  # CREATED or UPDATED: the others are skipped
    started_by: Any = None
    name: str = ""  # what a list of its own is called


Progress = Callable[[int], Any]
Listener = Callable[[Plan | Rejected], Any]


def plan_import(job: Job, *, progress: Progress | None = None, listen: Listener | None = None) -> Report:
    """What ``job`` would do; writes nothing. ``listen`` hears of every plan and rejection."""
    planner = Planner(_standing(job.source), timezone.now().date(), write=False)
    report, seen = Report(), Seen()
    for batch in _batches(_items(job), report):
        for item in _planned(planner, _admit(seen, batch)):
            report.add(item)
            if listen and not isinstance(item, Skipped):
                listen(item)
        report.problems = report.problems[:KEPT]
        if progress:
            progress(len(batch))
    return report


def run_import(
    job: Job, *, strict: bool = False, progress: Progress | None = None, run: ImportRun | None = None
) -> tuple[ImportRun, Report]:
    """Import for good, from where an interrupted run of the same files and options stopped; ``run``: from this one.

    ``strict``: plan first, and write nothing if a row would be rejected. Raises StoppedError then, RuntimeError when
    another import is at work. A file that breaks off ends the run as failed, with everything before the break written.
    """
    with one_at_a_time(IMPORT):
        if strict:
            plan_import(job, listen=_refuse)
        run, report = _begin(job, run)
        try:
            _work(job, run, report, progress)
        except (KeyboardInterrupt, SystemExit):
            _end(run, RunState.STOPPED, "Stopped; the next run of the same files goes on from here.")
            raise
        except Exception as error:
            _end(run, RunState.FAILED, str(error))
            raise
        return run, report


def _refuse(item: Plan | Rejected) -> None:
    if isinstance(item, Rejected):
        raise StoppedError(f"{item.origin}: {item.reason}")
    if item.outcome == REJECTED:
        raise StoppedError(f"{item.record.origin}: {item.reason}")


def _standing(source: str) -> Standing:
    return Standing(source, dict(Source.objects.values_list("code", "rank")))


def _begin(job: Job, run: ImportRun | None) -> tuple[ImportRun, Report]:
    files, key = identity(job)
    last = run or ImportRun.objects.filter(key=key).first()
    if last is None or last.state == RunState.FINISHED:
        last = ImportRun(source=job.source, label=job.label[:120], started_by=job.started_by)
    _name_source(job.source, job.name)
    last.key, last.files, last.options = key, files, job.options
    last.state, last.message, last.stop_asked, last.ended_at = RunState.RUNNING, "", False, None
    last.going_since, last.going_from = timezone.now(), last.done
    last.save()
    return last, Report.from_json(last.counts)


def identity(job: Job) -> tuple[list[dict[str, Any]], str]:
    """The files as ImportRun has them, and the key by which a run of the same files and options is known again."""
    files = [_describe(path) for path in job.files]
    facts = [job.source, files, job.options, job.publish, job.limit, *([job.only] if job.only else [])]
    return files, hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()


def _describe(path: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return {"name": path.name, "size": path.stat().st_size, "sha256": digest}


def _name_source(code: str, name: str) -> None:
    """Give a source of its own name ("spreadsheet:archive") a row, with the rank of its kind."""
    kind, _, slug = code.partition(":")
    parent = Source.objects.filter(code=kind).first()
    rank = parent.rank if parent else 50
    Source.objects.get_or_create(code=code, defaults={"name": name or slug or code, "rank": rank})


def _items(job: Job) -> Iterator[Parsed]:
    return islice(job.parse(), job.limit)


def _batches(items: Iterator[Parsed], report: Report) -> Iterator[list[Parsed]]:
    """Up to ``BATCH`` items of one kind, none of them about the same record twice; a broken file ends them."""
    batch: list[Parsed] = []
    names: set[str] = set()
    kind: type | None = None
    try:
        for item in items:
            keys = [] if isinstance(item, (Rejected, Skipped)) else keys_of(item)
            if len(batch) >= BATCH or names.intersection(keys) or (keys and kind not in (None, type(item))):
                yield batch
                batch, names, kind = [], set(), None
            batch.append(item)
            names.update(keys)
            kind = type(item) if keys else kind
    except BrokenFileError as error:
        report.message = str(error)
    if batch:
        yield batch


Done = Plan | Rejected | Skipped


def _planned(planner: Planner, batch: list[Parsed]) -> list[Done]:
    """The batch with plans in the place of records, those behind the rows that are none."""
    plans = planner.plan([item for item in batch if not isinstance(item, (Rejected, Skipped))])
    return [*(item for item in batch if isinstance(item, (Rejected, Skipped))), *plans]


def _work(job: Job, run: ImportRun, report: Report, progress: Progress | None) -> None:
    planner = Planner(_standing(job.source), timezone.now().date(), write=True, only=job.only, since=run.started_at)
    writer = Writer(job.source, planner.today, job.publish, run)
    seen, passed = Seen(), 0
    for batch in _batches(_items(job), report):
        passed += len(batch)
        admitted = _admit(seen, batch)
        if passed > run.done:  # else a run before this one wrote it; batches are cut alike every time
            _write_batch(planner, writer, admitted, run, report)
        if progress:
            progress(len(batch))
        if ImportRun.objects.filter(pk=run.pk, stop_asked=True).exists():
            _end(run, RunState.STOPPED, "Stopped on request.")
            return
    _finish(run, report)


def _write_batch(planner: Planner, writer: Writer, batch: list[Parsed], run: ImportRun, report: Report) -> None:
    people: list[int] = []
    try:
        with transaction.atomic():
            fresh = _checkpoint(run, report, _apply(planner, writer, batch, people), people)
    except (IntegrityError, DataError):
        # One of them is refused by the database: find it by writing them one by one.
        with transaction.atomic():
            done = [result for item in batch for result in _apply_alone(planner, writer, item, people)]
            fresh = _checkpoint(run, report, done, people)
    run.done += len(batch)
    report.counts, report.fields, report.why_skipped = fresh.counts, fresh.fields, fresh.why_skipped
    report.made, report.made_people = fresh.made, fresh.made_people


def _admit(seen: Seen, batch: list[Parsed]) -> list[Parsed]:
    done: list[Parsed] = []
    for item in batch:
        reason = "" if isinstance(item, (Rejected, Skipped)) else seen.admit(item)
        done.append(Rejected(item.origin, reason) if reason else item)
    return done


def _apply(planner: Planner, writer: Writer, batch: list[Parsed], people: list[int]) -> list[Done]:
    """Write a batch; the keys of whom its credits made are added to ``people`` once it is written."""
    done = _planned(planner, batch)
    assert planner.finder
    writer.write([item for item in done if isinstance(item, Plan)], planner.finder)
    people += [person.pk for person in planner.finder.made]
    return done


def _apply_alone(planner: Planner, writer: Writer, item: Parsed, people: list[int]) -> list[Done]:
    try:
        with transaction.atomic():
            return _apply(planner, writer, [item], people)
    except (IntegrityError, DataError) as error:
        return [Rejected(item.origin, f"The database refuses it: {str(error).splitlines()[0]}")]


def _checkpoint(run: ImportRun, report: Report, done: list[Done], people: list[int]) -> Report:
    """Count the batch and say that it is done, in its own transaction; the totals with it."""
    kept = report.counts[REJECTED] + report.counts["mended"]
    fresh = Report.from_json(report.as_json())
    for item in done:
        fresh.add(item)
    for key in people:
        fresh.add_person(key)
    ImportProblem.objects.bulk_create(
        ImportProblem(run=run, origin=origin[:200], text=clean(text)[:500], is_rejected=is_rejected)
        for origin, text, is_rejected in fresh.problems[: max(0, KEPT - kept)]
    )
    ImportRun.objects.filter(pk=run.pk).update(
        done=run.done + len(done), counts=fresh.as_json(), moved_at=timezone.now()
    )
    return fresh


def _finish(run: ImportRun, report: Report) -> None:
    top = Movie.objects.published().order_by("-popularity", "sort_title")[:TOP].values_list("pk", "related_at")
    refresh_related([pk for pk, related_at in top if related_at is None])
    _end(run, RunState.FAILED if report.message else RunState.FINISHED, report.message)


def _end(run: ImportRun, state: RunState, message: str) -> None:
    run.state, run.message, run.ended_at = state, message, timezone.now()
    run.save(update_fields=["state", "message", "ended_at"])
