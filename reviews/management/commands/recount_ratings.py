from typing import Any

from django.core.management.base import BaseCommand

from reviews.services import recount_ratings, recount_votes


class Command(BaseCommand):
    """A rating or vote that drifted is a defect to report; after a change of the prior, all weighted ratings do."""

    help = "Compute ratings, review counts, popularity and votes anew and report how many had drifted."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{recount_ratings()} movies and {recount_votes()} reviews had drifted.")
