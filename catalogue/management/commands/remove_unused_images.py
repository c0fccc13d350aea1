from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from catalogue.curation.pictures import remove_unused


class Command(BaseCommand):
    """A part of housekeeping."""

    help = "Remove pictures that neither a record nor the history of IMAGE_KEEP_DAYS names, and files of none."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="only count")

    def handle(self, *args: Any, **options: Any) -> None:
        removed = remove_unused(settings.IMAGE_KEEP_DAYS, is_rehearsal=options["dry_run"])
        verb = "would be removed" if options["dry_run"] else "removed"
        self.stdout.write(f"{removed.pictures} unused pictures and {removed.files} files {verb}.")
