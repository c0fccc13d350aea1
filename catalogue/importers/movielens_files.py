"""The files of a MovieLens set: which is which, and their rows."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from catalogue.importers.reading import BrokenFileError, Row, csv_table, raw_lines
from catalogue.importers.records import Origin, Rejected

# By the columns of the header; the old files have none and are known by their names.
KINDS = {
    ("movieid", "title", "genres"): "movies",
    ("movieid", "imdbid", "tmdbid"): "links",
    ("userid", "movieid", "rating", "timestamp"): "ratings",
    ("userid", "movieid", "tag", "timestamp"): "tags",
}
_OLD = re.compile(r"(movies|ratings|tags)\.dat(\.gz)?")
OLD_SEPARATOR = "::"


@dataclass(frozen=True, slots=True)
class MovieLensFile:
    """A file, what it holds, and how its cells are told apart."""

    path: Path
    kind: str
    separator: str

    def rows(self) -> Iterator[Row | Rejected]:
        """Its rows without the header."""
        if self.separator != OLD_SEPARATOR:
            return csv_table(self.path, separator=self.separator).rows
        return self._old_rows()

    def _old_rows(self) -> Iterator[Row | Rejected]:
        wanted = {"movies": 3, "ratings": 4, "tags": 4}[self.kind]
        for number, line in enumerate(raw_lines(self.path), 1):
            origin = Origin(self.path.name, number)
            cells = _decode(line).split(OLD_SEPARATOR)
            if len(cells) == wanted:
                yield Row(origin, cells)
            elif line.strip():
                yield Rejected(origin, f"{wanted} columns are expected, the row has {len(cells)}.")


def _decode(line: bytes) -> str:
    # ml-1m is Latin-1, ml-10m UTF-8.
    try:
        return line.decode()
    except UnicodeDecodeError:
        return line.decode("latin-1")


def open_file(path: Path) -> MovieLensFile:
    """Find out what a file holds. Raises BrokenFileError for one that is not of MovieLens."""
    if old := _OLD.fullmatch(path.name.lower()):
        return MovieLensFile(path, old[1], OLD_SEPARATOR)
    header = next(raw_lines(path), b"").decode("utf-8", "replace")
    for separator in (",", ";", "\t"):
        columns = tuple(cell.strip(' "').lower() for cell in header.split(separator))
        if columns in KINDS:
            return MovieLensFile(path, KINDS[columns], separator)
    raise BrokenFileError(f"{path.name} is no file of MovieLens: its first line is “{header[:60]}”.")
