from typing import Any

from django.core.management.base import BaseCommand

from reviews.services import recount_ratings


class Command(BaseCommand):
    """For every night: popularity follows, and a rating that drifted is a defect to report."""

    help = "Compute ratings, review counts and popularity anew and report how many movies had drifted."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{recount_ratings()} movies had drifted.")
