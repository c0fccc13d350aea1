from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from catalogue.backup import BackupError, make_backup


class Command(BaseCommand):
    """For every night, while the site serves."""

    help = "Write database and pictures into one file, and prove it by restoring it into a scratch place."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, help="Where backups are kept; best on another disk.")
        parser.add_argument("--keep", type=int, default=0, help="Remove all but the newest of this many.")
        parser.add_argument("--no-rehearsal", action="store_true", help="Only check its checksums, do not restore it.")
        parser.add_argument(
            "--no-pictures", action="store_true", help="The database alone; a bucket can keep versions."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["keep"] < 0:
            raise CommandError("--keep is the number of backups that stay.")
        try:
            made = make_backup(
                options["folder"],
                keep=options["keep"],
                rehearse=not options["no_rehearsal"],
                pictures=not options["no_pictures"],
            )
        except (BackupError, OSError) as error:
            raise CommandError(str(error)) from error
        rows, megabytes = sum(made.manifest.counts.values()), made.path.stat().st_size / 1_000_000
        self.stdout.write(
            f"{made.path}: {len(made.manifest.counts)} tables with {rows} rows, {made.manifest.pictures} pictures, "
            f"{megabytes:.1f} MB{'' if options['no_rehearsal'] else ', restored for a test'}."
        )
        if made.missing:
            self.stderr.write(f"{len(made.missing)} pictures are not in the storage, among them {made.missing[0]}.")
        for file in made.removed:
            self.stdout.write(f"Removed {file.name}.")
