from typing import Any

from django.core.management.base import BaseCommand

from catalogue.desk.keeping import drop_old


class Command(BaseCommand):
    """Part of housekeeping."""

    help = "Remove the files of uploads that were not imported to their end within IMPORT_KEEP_DAYS."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{drop_old()} uploads removed.")
