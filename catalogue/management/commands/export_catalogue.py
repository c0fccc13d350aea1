from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from catalogue.transfer.exporting import export_catalogue
from catalogue.transfer.parts import PARTS


class Command(BaseCommand):
    """The whole catalogue without members' data; docs/data-format.md describes the files."""

    help = "Write the catalogue as JSON lines and CSV into a new folder. Reviews and accounts are not part of it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        with tqdm(total=len(PARTS), unit="parts", disable=options["verbosity"] == 0 or None) as bar:
            try:
                rows = export_catalogue(options["folder"], lambda _: bar.update())
            except OSError as error:
                raise CommandError(f"{options['folder']} cannot be written: {error.strerror or error}.") from error
        self.stdout.write(f"{rows:,} rows written to {options['folder']}.")
