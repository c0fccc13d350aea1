import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from catalogue.doctor import Options, examine


class Command(BaseCommand):
    """Changes nothing. Ends with 1 when something is wrong."""

    help = "Say what is wrong with this installation, and how to mend it."
    requires_system_checks: list[str] = []  # what they would stop at is what is to be explained

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--url", default="", help="Ask the site itself, from outside: https://films.example.org")
        parser.add_argument("--mail", default="", help="Send a mail to this address.")
        parser.add_argument("--json", action="store_true", help="For machines.")

    def handle(self, *args: Any, **options: Any) -> None:
        found = list(examine(Options(url=options["url"], mail=options["mail"])))
        if options["json"]:
            said = [
                {"check": about, "problem": finding.problem, "remedy": finding.remedy}
                for about, findings in found
                for finding in findings
            ]
            self.stdout.write(json.dumps({"checks": len(found), "problems": said}, indent=1))
        else:
            for about, findings in found:
                self.stdout.write(f"{'WRONG' if findings else 'ok   '} {about}")
                for finding in findings:
                    self.stdout.write(f"      {finding.problem}\n      -> {finding.remedy}")
        if any(findings for _, findings in found):
            sys.exit(1)
