from collections.abc import Iterator
from pathlib import Path
from typing import Any

from catalogue.importers.records import Parsed
from catalogue.importers.wikidata import parse
from catalogue.management.importing import ImportCommand


class Command(ImportCommand):
    """Results of a query of Wikidata; docs/importing.md has the query."""

    help = "Import results of a query of Wikidata (CSV, TSV, JSON) or films a line (JSON lines), and files of labels."
    source = "wikidata"

    def read(self, paths: list[Path], options: dict[str, Any]) -> Iterator[Parsed]:
        return parse(paths)
