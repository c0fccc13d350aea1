from typing import Any

from django.core.management.base import BaseCommand

from catalogue.curation.presence import forget_old
from catalogue.quality import remember_quality


class Command(BaseCommand):
    """A part of housekeeping."""

    help = "Forget who had which movie open at the desk long ago, and make the numbers of /about/quality/ anew."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{forget_old()} editors left without a word.")
        self.stdout.write(f"The {remember_quality().movies:,} movies are measured.")
