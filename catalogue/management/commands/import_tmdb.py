from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from catalogue.importers.records import Parsed
from catalogue.importers.tmdb import parse
from catalogue.management.importing import ImportCommand


class Command(ImportCommand):
    """TMDB's exports, saved records and mirrors; docs/importing.md says what becomes of each field."""

    help = "Import TMDB's daily exports, saved API records (JSON) or mirrors (CSV): movies first, then credits."
    source = "tmdb"

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--adult", action="store_true", help="Adult titles, too.")

    def read(self, paths: list[Path], options: dict[str, Any]) -> Iterator[Parsed]:
        return parse(paths, include_adult=options["adult"])

    def choices(self, options: dict[str, Any]) -> dict[str, Any]:
        return {"adult": options["adult"]}
