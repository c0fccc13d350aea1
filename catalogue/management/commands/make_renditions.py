from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from catalogue.curation.pictures import make_missing


class Command(BaseCommand):
    """For pictures from before IMAGE_AVIF was set. Can be broken off and run again."""

    help = "Make the AVIF renditions of all pictures that have none."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.IMAGE_AVIF:
            raise CommandError("IMAGE_AVIF is false: there are no renditions but WebP, which are made on arrival.")
        self.stdout.write(f"Renditions of {make_missing()} pictures made.")
