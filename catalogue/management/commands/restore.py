from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from catalogue.backup import BackupError, restore_backup


class Command(BaseCommand):
    """Stop the site before, or its readers see the change in the middle of their visit."""

    help = "Put back database and pictures of a backup. A backup that is not whole changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--force", action="store_true", help="Replace movies and members that are there.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            manifest = restore_backup(options["file"], force=options["force"])
        except (BackupError, OSError) as error:
            raise CommandError(str(error)) from error
        rows = sum(manifest.counts.values())
        self.stdout.write(
            f"Restored as of {manifest.created}: {len(manifest.counts)} tables with {rows} rows, "
            f"{manifest.pictures} pictures. Now run: manage.py migrate"
        )
