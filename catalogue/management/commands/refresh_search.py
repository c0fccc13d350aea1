from typing import Any

from django.core.management.base import BaseCommand
from django.db import connection

from catalogue.search import postgresql
from catalogue.search.index import index_moved


class Command(BaseCommand):
    """Search goes in the order of popularity, which new ratings change in the night, and by ranges, which fill."""

    help = "Bring movies to their new place in the order of search results."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{index_moved()} movies moved in the search.")
        if connection.vendor == "postgresql" and postgresql.are_uneven():
            postgresql.renew()
            self.stdout.write("The ranges of the search index were made anew.")
