from typing import Any

from django.core.management.base import BaseCommand

from catalogue.curation.publishing import publish_due


class Command(BaseCommand):
    """For every few minutes, where no worker does it."""

    help = "Publish the drafts whose time has come."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{publish_due()} movies published.")
