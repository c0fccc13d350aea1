"""The sources whose files can be uploaded, and how an upload becomes a job of the import engine."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from catalogue.dates import PartialDate
from catalogue.desk.keeping import place_of
from catalogue.importers import movielens, spreadsheet, tmdb, wikidata
from catalogue.importers.imdb.fast import FastImport
from catalogue.importers.imdb.files import find
from catalogue.importers.imdb.job import job_of as imdb_job
from catalogue.importers.imdb.options import Options
from catalogue.importers.imdb.report import Report
from catalogue.importers.records import Parsed
from catalogue.importers.run import Job
from catalogue.models import ImportRun
from catalogue.text import slugify

LABELS = {
    "spreadsheet": "Our own list (CSV, TSV, XLSX, XLS, ODS, JSON)",
    "imdb": "IMDb datasets (title.basics.tsv.gz and others)",
    "tmdb": "TMDB (exports, saved records, mirrors)",
    "movielens": "MovieLens (movies, links, ratings)",
    "wikidata": "Wikidata (results of a query)",
}


def code_of(kind: str, name: str) -> str:
    """The source's code: lists of several names are sources of their own."""
    return f"{kind}:{slugify(name, 'list')}"[:40] if name and kind == "spreadsheet" else kind


def job_of(run: ImportRun) -> Job:
    """What the run imports. Raises ValueError when its files are not what the source publishes, or gone."""
    folder = place_of(run.folder)
    if not run.folder or not folder.is_dir():
        raise ValueError("The files are not kept any more: upload them again.")
    job = _imdb(run, folder) if run.source == "imdb" else _plain(run, folder)
    job.label, job.publish = run.label, not run.choices["drafts"]
    job.name = run.choices.get("name", "")
    job.only, job.started_by = run.choices.get("only", ""), run.started_by
    return job


def _plain(run: ImportRun, folder: Path) -> Job:
    files = movielens.find_files(folder) if run.source == "movielens" else sorted(folder.iterdir())
    if not files:
        raise ValueError("None of the files is one of this source.")
    options = {"adult": run.choices["adult"]} if run.source == "tmdb" else {}  # as the commands have them
    return Job(run.source, run.label, files, lambda: _parse(run, files), options)


def _parse(run: ImportRun, files: list[Path]) -> Iterator[Parsed]:
    if run.source == "tmdb":
        return tmdb.parse(files, include_adult=run.choices["adult"])
    if run.source == "movielens":
        return movielens.parse(files)
    return wikidata.parse(files) if run.source == "wikidata" else spreadsheet.parse(files, source=run.source)


def _imdb(run: ImportRun, folder: Path) -> Job:
    chosen: dict[str, Any] = run.choices
    options = Options(frozenset(chosen["types"]), chosen["adult"], chosen["minimum_votes"], chosen["maximum_billing"])
    day = run.started_at.date()  # the files do not say of when their ratings are
    return imdb_job(FastImport(find([folder]), options, Report(), PartialDate(day.year, day.month, day.day)))
