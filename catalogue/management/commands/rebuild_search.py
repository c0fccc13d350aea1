from typing import Any

from django.core.management.base import BaseCommand

from catalogue.search.build import rebuild


class Command(BaseCommand):
    """Writes every search document anew while the site serves."""

    help = "Write the search documents of the whole catalogue anew."

    def handle(self, *args: Any, **options: Any) -> None:
        total = rebuild(progress=options["verbosity"] > 0)
        self.stdout.write(f"{total} records indexed.")
