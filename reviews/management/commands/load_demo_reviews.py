from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.urls import reverse

from reviews.demo import ACCOUNTS, create_accounts, load_reviews


class Command(BaseCommand):
    """The second half of load_demo: what belongs to members."""

    help = "Load the demo's members and reviews, or (--accounts) its two staff accounts."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", nargs="?", type=Path, help="Where members.json and movies/ are.")
        parser.add_argument("--accounts", action="store_true", help="Create and print the staff accounts.")

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.SECURE:
            raise CommandError("The demo has accounts with known passwords: it is for `make run` and DEBUG only.")
        if options["folder"]:
            created, total = load_reviews(options["folder"])
            self.stdout.write(f"{created} reviews created, {total - created} unchanged.")
        if options["accounts"]:
            create_accounts()
            for username, password in ACCOUNTS.items():
                self.stdout.write(f"Admin ({reverse('admin:index')}): {username} / {password}")
