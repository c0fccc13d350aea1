from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand

from reviews.outbox import send_due
from reviews.services.writing import purge_unconfirmed


class Command(BaseCommand):
    """For every night. What it deletes, nobody can reach any more."""

    help = (
        "Recount ratings, votes and popularity, let search and the browse index follow, send what waits, and delete "
        "guests' unconfirmed reviews, uploads nobody imported, unused pictures, and sessions that have ended."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("recount_ratings", stdout=self.stdout)
        call_command("refresh_search", stdout=self.stdout)  # popularity is set by the recount
        self.stdout.write(f"{purge_unconfirmed()} unconfirmed reviews deleted.")
        call_command("rebuild_browse", "--changes", stdout=self.stdout)  # by name: it is the catalogue's
        call_command("purge_imports", stdout=self.stdout)
        call_command("remove_unused_images", stdout=self.stdout)
        call_command("publish_due", stdout=self.stdout)
        call_command("tidy_desk", stdout=self.stdout)
        self.stdout.write(f"{send_due()} waiting mails sent.")
        call_command("prune_db_task_results", verbosity=0)
        call_command("clearsessions")
