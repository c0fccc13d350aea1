from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from tqdm import tqdm

from catalogue.curation.pictures import make_sizes
from catalogue.importers.demo import load_movies
from catalogue.models import Movie, SearchDocument


class Command(BaseCommand):
    """The demo: 166 movies, their reviewers, and two accounts for the admin."""

    help = "Load the demo catalogue. Creates what is missing, changes nothing that is there."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="Do nothing when the catalogue has movies.")

    @transaction.atomic  # stopped half-way, the next start begins anew instead of serving half a catalogue
    def handle(self, *args: Any, **options: Any) -> None:
        if settings.SECURE:
            raise CommandError("The demo has accounts with known passwords: it is for `make run` and DEBUG only.")
        folder = Path(settings.BASE_DIR) / "fixtures"
        quiet = options["verbosity"] == 0
        if not (options["once"] and Movie.objects.exists()):
            self.stdout.write("Loading the demo catalogue ...")
            try:
                loaded = load_movies(folder, lambda files: tqdm(files, unit="movies", disable=quiet or None))
            except ValueError as error:
                raise CommandError(str(error)) from error
            self.stdout.write(f"{loaded.created} movies created, {loaded.unchanged} unchanged.")
            # By name, since catalogue does not know reviews.
            call_command("load_demo_reviews", str(folder), verbosity=options["verbosity"], stdout=self.stdout)
            call_command("rebuild_search", verbosity=0, stdout=self.stdout)
            call_command("rebuild_browse", verbosity=0, stdout=self.stdout)
            call_command("refresh_related", verbosity=0, stdout=self.stdout)
        else:
            make_sizes()  # those that came with an upgrade
            if not SearchDocument.objects.exists():
                call_command("rebuild_search", verbosity=0, stdout=self.stdout)  # an upgrade has emptied it
        call_command("load_demo_reviews", "--accounts", stdout=self.stdout)
