"""manage.py find_duplicates: which movies and people may be there twice. For every week, or after imports."""

from typing import Any

from django.core.management.base import BaseCommand

from catalogue.curation.duplicates import find_duplicates

EVERY = 100_000


class Command(BaseCommand):
    help = "Look for movies and people that may be one, for editors to merge or tell apart."

    def handle(self, *args: Any, **options: Any) -> None:
        told = 0

        def progress(passed: int) -> None:
            nonlocal told
            if passed // EVERY > told:
                told = passed // EVERY
                self.stdout.write(f"{passed} records looked at.")

        number = find_duplicates(progress)
        waiting = "possible duplicate waits" if number == 1 else "possible duplicates wait"
        self.stdout.write(f"{number} {waiting} for an editor.")
