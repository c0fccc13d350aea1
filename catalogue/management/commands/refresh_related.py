from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from tqdm import tqdm

from catalogue.models import Movie
from catalogue.related import refresh_related


class Command(BaseCommand):
    """Computes related movies ahead of their first view, the most popular first."""

    help = "Compute the related movies of the published movies that need it, or of all of them."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--all", action="store_true", help="Those computed before, too.")
        parser.add_argument("--limit", type=int, help="At most so many movies, the most popular first.")

    def handle(self, *args: Any, **options: Any) -> None:
        movies = Movie.objects.published().order_by("-popularity", "pk")
        if not options["all"]:
            movies = movies.filter(related_at=None)
        keys = list(movies.values_list("pk", flat=True)[: options["limit"]])
        done = refresh_related(tqdm(keys, unit="movies", disable=options["verbosity"] == 0 or None))
        self.stdout.write(f"{done} movies related.")
