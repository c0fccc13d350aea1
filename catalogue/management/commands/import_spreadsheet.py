from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from catalogue.importers.records import Parsed
from catalogue.importers.spreadsheet import parse
from catalogue.importers.template import template_csv
from catalogue.management.importing import ImportCommand
from catalogue.text import slugify


class Command(ImportCommand):
    """An archive's or festival's own list; docs/importing.md has its columns."""

    help = "Import your own list of movies: CSV, TSV, XLSX, XLS, ODS, or a JSON list."
    source = "spreadsheet"

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--name", default="", help="Whose list it is, where there are several: “archive”.")
        parser.add_argument("--template", action="store_true", help="Print an empty list (CSV) instead.")
        parser.add_argument("--example", action="store_true", help="Print a list of one movie instead.")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["template"] or options["example"]:
            self.stdout.write(template_csv(is_filled=options["example"]).decode(), ending="")
            return
        if options["name"]:
            self.source = f"spreadsheet:{slugify(options['name'], 'list')}"[:40]
        super().handle(*args, **options)

    def read(self, paths: list[Path], options: dict[str, Any]) -> Iterator[Parsed]:
        return parse(paths, source=self.source)
