from collections.abc import Iterator
from pathlib import Path
from typing import Any

from catalogue.importers.movielens import find_files, parse
from catalogue.importers.records import Parsed
from catalogue.management.importing import ImportCommand


class Command(ImportCommand):
    """MovieLens; ratings become one external rating a movie."""

    help = "Import a folder of MovieLens, or some of its files: movies, links, ratings (.csv, .csv.gz, .dat)."
    source = "movielens"

    def files(self, paths: list[Path]) -> list[Path]:
        return [file for path in paths for file in (find_files(path) if path.is_dir() else [path])]

    def read(self, paths: list[Path], options: dict[str, Any]) -> Iterator[Parsed]:
        return parse(paths)
