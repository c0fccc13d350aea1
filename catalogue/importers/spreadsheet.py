"""An archive's or festival's own list: CSV, TSV, XLSX, XLS, ODS or a JSON list, with the columns of ``columns``.

Empty cells mean unknown; columns that are not there say nothing. What can be read in two ways is left out and noted.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from catalogue.importers.columns import our_column, our_columns
from catalogue.importers.long_rows import character_column, put_together
from catalogue.importers.mending import Mender
from catalogue.importers.reading import BrokenFileError
from catalogue.importers.records import COLUMN, SHEET, Mended, MovieRecord, Origin, Parsed, Rejected, Skipped
from catalogue.importers.spreadsheet_cells import Row
from catalogue.importers.spreadsheet_people import read_credits
from catalogue.importers.spreadsheet_row import read_movie
from catalogue.importers.tables import Table, open_table
from catalogue.importers.titles import split_year
from catalogue.text import fold

SOURCE = "spreadsheet"
LONGEST_NUMBER = 60
Seen = dict[tuple[str, ...], tuple[int, bool]]  # of what a row is known by: its line, and whether it had an id
_SLASHED = re.compile(r"\s*([0-9]{1,2})[/-]([0-9]{1,2})[/-][0-9]{4}\s*", re.ASCII)


def parse(paths: Iterable[Path], *, source: str = SOURCE) -> Iterator[Parsed]:
    """One record a row; a row that names a movie listed before in the same file is rejected with that line.

    A row is known again, under the name of its ``source``, by its inventory number; one that has neither that nor ids
    of others by title, date and director. Raises BrokenFileError for a file that is no table or has no column of a
    title or an id.
    """
    for path in paths:
        yield from _parse(path, source)


def _parse(path: Path, source: str) -> Iterator[Parsed]:
    table = open_table(path)
    places = our_columns(table.columns)
    day_first = day_order(path, places["Release date"]) if "Release date" in places else None
    seen: Seen = {}
    notes = _unread(path, table)
    character = character_column(table.columns, places)
    rows = table.rows if character is None else put_together(table.rows, places, character)
    for item in rows:
        if isinstance(item, (Rejected, Skipped)):
            yield item
            continue
        origin, cells, mended = item
        mender = Mender(origin, [*notes, *mended])
        row = Row(mender, {name: cells[place] for name, place in places.items()}, day_first)
        record = _movie(row)
        if isinstance(record, MovieRecord):
            notes = []
            record = _once(record, row, source, seen)
        yield record


def _once(record: MovieRecord, row: Row, source: str, seen: Seen) -> MovieRecord | Rejected:
    """The record by what it is known again, unless its movie was seen before in the file.

    Of two rows with one inventory number and different ids each is a movie, and the number the first one's.
    """
    identities, line = _identities(record, row), record.origin.line
    has_id = any(len(identity) == 1 for identity in identities)
    for identity in identities:
        before, had_id = seen.setdefault(identity, (line, has_id))
        if before == line:
            if len(identity) > 1:
                record.external_ids = {source: _key(identity)}
        elif len(identity) > 1 and has_id and had_id:
            record.mended.append(Mended(record.origin, "Inventory number", f"{identity[1]}, which line {before} has"))
        else:
            return Rejected(record.origin, f"This movie is listed already, in line {before}.")
    return record


def _movie(row: Row) -> MovieRecord | Rejected | Skipped:
    record = read_movie(row)
    if isinstance(record, MovieRecord):
        read_credits(row, record)
    return record


def _unread(path: Path, table: Table) -> list[Mended]:
    """Notes on the first record: the other sheets, and each column that we do not know or that another says, too."""
    known = our_columns(table.columns).values()
    named = ((place, name) for place, name in enumerate(table.columns) if name)
    sheets = [Mended(Origin(path.name), SHEET, name, "") for name in table.sheets]
    return sheets + [
        Mended(table.header, COLUMN, name, our_column(name) or "") for place, name in named if place not in known
    ]


def _identities(record: MovieRecord, row: Row) -> list[tuple[str, ...]]:
    """What two rows of one list share only when they mean one movie: an id, of one part, and the list's own name."""
    known = record.imdb_id or record.wikidata_id or record.tmdb_id
    found: list[tuple[str, ...]] = [(str(known),)] if known else []
    if number := row.cell("Inventory number"):
        found.append(("inventory", number))
    if not found:
        title, _ = split_year(row.cells.get("Title", ""))
        found.append((fold(title) or title, str(record.release_date), fold(row.cells.get("Director", ""))))
    return found


def _key(identity: tuple[str, ...]) -> str:
    """An inventory number as it is where it is short, else a digest."""
    kind, number, *_ = identity
    if kind == "inventory" and len(number) <= LONGEST_NUMBER:
        return number
    return f"row {hashlib.sha256(repr(identity).encode()).hexdigest()[:24]}"


def day_order(path: Path, place: int) -> bool | None:
    """Whether dates as 3/4/1995 put the day first: what the file's unambiguous ones show; None when they show nothing.

    Reads the whole file once, or what there is of one that breaks off.
    """
    firsts = seconds = 0
    with suppress(BrokenFileError):
        for item in open_table(path).rows:
            found = None if isinstance(item, Rejected) else _SLASHED.fullmatch(item[1][place])
            if found:
                firsts += int(found[1]) > 12
                seconds += int(found[2]) > 12
    return None if bool(firsts) == bool(seconds) else bool(firsts)
