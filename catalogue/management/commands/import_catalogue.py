from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from catalogue.transfer.loading import import_catalogue
from catalogue.transfer.parts import PARTS


class Command(BaseCommand):
    """What export_catalogue wrote; docs/data-format.md describes the files."""

    help = "Read an export into an empty catalogue: all of it, or nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        with tqdm(total=len(PARTS), unit="parts", disable=options["verbosity"] == 0 or None) as bar:
            try:
                rows = import_catalogue(options["folder"], lambda _: bar.update())
            except ValueError as error:
                raise CommandError(f"{error} Nothing was written.") from error
        self.stdout.write(f"{rows:,} rows read from {options['folder']}.")
