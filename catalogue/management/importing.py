"""What the import commands share: their options, the bar of progress, and how the outcome is told."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from catalogue.importers.plan import REJECTED, Plan
from catalogue.importers.reading import BrokenFileError
from catalogue.importers.records import Parsed, Rejected
from catalogue.importers.report import Report
from catalogue.importers.run import Job, StoppedError, plan_import, run_import

BRIEF = 120  # characters of a value that are printed
SHOWN = 20  # rejections and plans that are printed; --verbosity 2 prints all plans


class ImportCommand(BaseCommand):
    """Reads files of one source. Subclasses say which (``source``) and how (``read``)."""

    source = ""
    left: int | None = None  # plans still to be printed; None: all

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("paths", nargs="*", type=Path, help="The files, or a folder of them.")
        parser.add_argument("--dry-run", action="store_true", help="Say what would change; write nothing.")
        parser.add_argument("--strict", action="store_true", help="Write nothing if any row would be rejected.")
        parser.add_argument("--limit", type=int, help="Only the first so many rows.")
        parser.add_argument("--drafts", action="store_true", help="New movies are not published.")

    def read(self, paths: list[Path], options: dict[str, Any]) -> Iterator[Parsed]:
        """The items of the files, the same ones on every call."""
        raise NotImplementedError

    def files(self, paths: list[Path]) -> list[Path]:
        """The files meant by the arguments. A folder means its files by name."""
        found = [file for path in paths for file in (sorted(path.iterdir()) if path.is_dir() else [path])]
        return [file for file in found if file.is_file()]

    def choices(self, options: dict[str, Any]) -> dict[str, Any]:
        """The options that decide what is read, by which an interrupted run is known again."""
        return {}

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["paths"]:
            raise CommandError("Name the files to import.")
        if (options["limit"] or 0) < 0:
            raise CommandError("--limit is a number of rows, from 0.")
        if missing := [str(path) for path in options["paths"] if not path.exists()]:
            raise CommandError(f"There is no {', '.join(missing)}. Nothing was written.")
        try:
            files = self.files(options["paths"])
            if not files:
                raise CommandError("There is no file to import.")
            self._tell(self._run(self._job(files, options), options), is_dry=options["dry_run"])
        except (StoppedError, BrokenFileError) as error:
            raise CommandError(f"{error} Nothing was written.") from error
        except (RuntimeError, ValueError) as error:
            raise CommandError(str(error)) from error
        except KeyboardInterrupt:
            raise CommandError("Stopped. The same command goes on from here.", returncode=130) from None

    def _job(self, files: list[Path], options: dict[str, Any]) -> Job:
        return Job(
            source=self.source,
            label=", ".join(file.name for file in files),
            files=files,
            parse=lambda: self.read(files, options),
            options=self.choices(options),
            publish=not options["drafts"],
            limit=options["limit"],
            name=options.get("name") or "",
        )

    def _run(self, job: Job, options: dict[str, Any]) -> Report:
        # None: no bar where there is no terminal.
        with tqdm(unit=" rows", disable=None if options["verbosity"] else True) as bar:
            if options["dry_run"]:
                self.left = None if options["verbosity"] > 1 else SHOWN
                report = plan_import(job, progress=bar.update, listen=self._show)
                self.stdout.write("This was a dry run: nothing was written.")
                return report
            return run_import(job, strict=options["strict"], progress=bar.update)[1]

    def _show(self, item: Plan | Rejected) -> None:
        """Print one plan, field by field, as long as there are few."""
        if self.left == 0:
            return
        self.left = self.left and self.left - 1
        if isinstance(item, Rejected):
            self.stdout.write(f"rejected  {item.origin}: {item.reason}")
            return
        told = f": {item.reason}" if item.outcome == REJECTED or item.reason else ""
        self.stdout.write(f"{item.outcome:9} {item.record.origin}: {_brief(item.name)}{told}")
        for change in item.changes if item.key else []:
            self.stdout.write(f"    {change.field}: {_brief(change.old)} → {_brief(change.new)}")
        for change in item.disagreements:
            self.stdout.write(f"    {change.field}: an editor says {_brief(change.old)}, the file {_brief(change.new)}")

    def _tell(self, report: Report, *, is_dry: bool) -> None:
        self.stdout.write(report.line)
        for reason, number in report.why_skipped.most_common(SHOWN):
            self.stdout.write(f"  {number:,} skipped: {reason}")
        if report.message:
            is_written = report.counts["read"] and not is_dry
            told = "What stood before is imported." if is_written else "Nothing was written."
            raise CommandError(f"{report.message} {told}")


def _brief(value: Any) -> str:
    text = value if isinstance(value, str) else repr(value)
    return text if len(text) <= BRIEF else f"{text[: BRIEF - 1]}…"
