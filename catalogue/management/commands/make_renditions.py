from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from catalogue.curation.pictures import make_missing, make_sizes


class Command(BaseCommand):
    """For pictures from before a release with another size, or before IMAGE_AVIF was set; can be broken off."""

    help = "Make the renditions that pictures lack: sizes that came with a release, and AVIF where IMAGE_AVIF is set."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"Missing sizes of {make_sizes()} pictures made.")
        if settings.IMAGE_AVIF:
            self.stdout.write(f"AVIF of {make_missing()} pictures made.")
