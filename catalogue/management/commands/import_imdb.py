import argparse
import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from catalogue.dates import PartialDate
from catalogue.importers.imdb.fast import FastImport, is_filled
from catalogue.importers.imdb.files import find
from catalogue.importers.imdb.job import finished, job_of, remember
from catalogue.importers.imdb.options import TITLE_TYPES, Options
from catalogue.importers.imdb.report import Report, StrictError
from catalogue.importers.reading import BrokenFileError
from catalogue.importers.run import StoppedError, plan_import, run_import


class Command(BaseCommand):
    """IMDb's non-commercial datasets, read from local files; docs/importing.md says what becomes of each column."""

    help = (
        "Import IMDb's non-commercial datasets (title.basics.tsv.gz and the others). "
        "IMDb allows personal and non-commercial use of them; you load your own copy."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("paths", nargs="+", type=Path, help="A folder with the files, or some of the files.")
        parser.add_argument(
            "--types", default="movie", help=f"Types of titles, with commas: {','.join(TITLE_TYPES)}. Default: movie."
        )
        parser.add_argument("--adult", action="store_true", help="Adult titles, too.")
        parser.add_argument("--minimum-votes", type=_natural, default=0, help="Only titles with so many votes.")
        parser.add_argument("--maximum-billing", type=_natural, help="Only the first so many of each cast.")
        parser.add_argument("--dry-run", action="store_true", help="Say what would be imported; write nothing.")
        parser.add_argument("--strict", action="store_true", help="Stop at the first row that cannot be used.")
        parser.add_argument("--report", type=Path, help="Where to list rejected rows. Default: var/import_imdb.tsv.")

    def handle(self, *args: Any, **options: Any) -> None:
        path = options["report"] or Path(settings.BASE_DIR) / "var" / "import_imdb.tsv"
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            files = find(options["paths"])
            chosen = Options(
                frozenset(options["types"].split(",")), options["adult"], options["minimum_votes"],
                options["maximum_billing"],
            )  # fmt: skip
            with path.open("w", encoding="utf-8") as file:
                report = Report(file, strict=options["strict"])
                dataset = FastImport(files, chosen, report, _date(files), progress=options["verbosity"] > 0)
                if is_filled():
                    self._compare(dataset, is_dry=options["dry_run"], strict=options["strict"])
                else:
                    dataset.rehearse() if options["dry_run"] else dataset.run(lambda: remember(dataset))
        except (BrokenFileError, StrictError, StoppedError, ValueError) as error:
            raise CommandError(f"{error} Nothing was written.") from error
        except KeyboardInterrupt:
            raise CommandError("Stopped. A run of the same files goes on from here.", returncode=130) from None
        self._print(report, path, is_dry=options["dry_run"])

    def _compare(self, dataset: FastImport, *, is_dry: bool, strict: bool) -> None:
        """The catalogue has records: what the files say is compared with them, and editors' work is left alone."""
        job = job_of(dataset)
        with tqdm(desc="Records", unit="", disable=None if dataset.progress else True) as bar:
            if is_dry:
                done = plan_import(job, progress=bar.update)
            elif run := finished(job):
                self.stdout.write(
                    f"These files were imported on {run.ended_at:%Y-%m-%d}; there is nothing new in them."
                )
                return
            else:
                done = run_import(job, strict=strict, progress=bar.update)[1]
        self.stdout.write(f"Catalogue: {done.line}")

    def _print(self, report: Report, path: Path, *, is_dry: bool) -> None:
        for tally in report.tallies.values():
            skipped = ", ".join(f"{number:,} {reason}" for reason, number in tally.skipped.items() if number)
            self.stdout.write(
                f"{tally.name}: {tally.read:,} read = {tally.created:,} created + {tally.skipped.total():,} skipped"
                f" + {tally.rejected:,} rejected" + (f" ({skipped})" if skipped else "")
            )
        for rejected in report.rejections:
            self.stdout.write(f"  {rejected.origin}: {rejected.reason}")
        mended = sum(tally.mended for tally in report.tallies.values())
        if mended or report.rejections:
            self.stdout.write(f"{mended:,} values were mended. All of it is listed in {path}.")
        if is_dry:
            self.stdout.write("This was a dry run: nothing was written.")


def _natural(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise argparse.ArgumentTypeError(f"“{text}” is no number from 0.")
    return int(text)


def _date(files: dict[str, Path]) -> PartialDate:
    """The day of the ratings: that of their file, since the files do not say."""
    path = files.get("title.ratings", files["title.basics"])
    day = datetime.datetime.fromtimestamp(path.stat().st_mtime, tz=datetime.UTC).date()
    return PartialDate(day.year, day.month, day.day)
