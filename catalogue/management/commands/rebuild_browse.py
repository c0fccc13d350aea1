from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from tqdm import tqdm

from catalogue.browse import fold_changes, rebuild_browse
from catalogue.models import BrowseChange, Movie


class Command(BaseCommand):
    """Builds the browse index anew while the site serves."""

    help = "Build the index of the browse pages and charts anew from the whole catalogue."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--changes", action="store_true", help="Only the movies changed since the last time.")

    def handle(self, *args: Any, **options: Any) -> None:
        quiet = options["verbosity"] == 0 or None
        rows, work = (BrowseChange, fold_changes) if options["changes"] else (Movie, rebuild_browse)
        with tqdm(total=rows.objects.count(), unit="movies", disable=quiet) as bar:
            number = work(bar.update)
        what = "changed movies worked into the browse index" if options["changes"] else "movies can be browsed"
        self.stdout.write(f"{number} {what}.")
