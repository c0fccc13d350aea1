from typing import Any

from django.core.management.base import BaseCommand

from catalogue.curation.presence import forget_old


class Command(BaseCommand):
    """A part of housekeeping."""

    help = "Forget who had which movie open at the desk long ago."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{forget_old()} editors left without a word.")
