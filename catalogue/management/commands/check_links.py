"""manage.py check_links: which homepages, trailers and places to watch are gone. For every night, with --limit."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from catalogue.curation.links import PAUSE, check_links, number_of_links


class Command(BaseCommand):
    help = (
        "Ask for the links of movies, people and studios, for editors to mend those that are dead. It goes on where it "
        "was stopped; behind the last link it begins anew."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--limit", type=int, help="Links to ask for at most; default: all that are left.")
        parser.add_argument("--pause", type=float, default=PAUSE, help="Seconds between two requests to one host.")

    def handle(self, *args: Any, **options: Any) -> None:
        most = options["limit"]
        if most is not None and most < 1:
            raise CommandError("--limit is a number from 1.")
        if options["pause"] < 0:
            raise CommandError("--pause is a number of seconds.")
        total = number_of_links()
        is_quiet = options["verbosity"] == 0
        with tqdm(total=min(total, most or total), unit="", disable=True if is_quiet else None) as bar:
            try:
                told = check_links(most, options["pause"], bar.update)
            except RuntimeError as error:
                raise CommandError(str(error)) from error
        if not is_quiet:
            self.stdout.write(f"{told['fine']} links work, {told['failing']} fail, {told['gone']} are gone.")
