"""Opens the tables people keep: CSV and TSV in any encoding, workbooks (XLSX, XLS, ODS), and JSON lists as tables.

The header is the first row, of the first ten, that names a column we know; what stands above it is passed over.
"""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import chain, islice
from pathlib import Path
from typing import Any

from catalogue.importers.columns import is_header
from catalogue.importers.decoding import Lines
from catalogue.importers.nested import json_items
from catalogue.importers.reading import LAST, BrokenFileError, unclosed
from catalogue.importers.records import Mended, Origin, Rejected
from catalogue.importers.workbooks import WORKBOOKS, workbook_sheets

HEADER_WITHIN = 10  # rows
MOST_ROWS = 1_000_000
MOST_COLUMNS = 500
NUL = "The row holds NUL characters."
LONGEST_CELL = 1024 * 1024  # characters
SEPARATORS = "\t;,|"
Cells = tuple[Origin, list[str], list[Mended]]


@dataclass(frozen=True, slots=True)
class Table:
    """Column names as written, the rows below them with as many cells, and the sheets beside that are not read."""

    columns: list[str]
    rows: Iterator[Cells | Rejected] = field(repr=False)
    header: Origin  # where the names stand
    sheets: list[str] = field(default_factory=list)


def open_table(path: Path) -> Table:
    """Open a table. Raises BrokenFileError for a file that is none, or has no header that names a title or an id."""
    ending = path.name.lower().removesuffix(".gz").rpartition(".")[2]
    if ending in WORKBOOKS:
        return _of_workbook(path)
    if ending in ("json", "jsonl", "ndjson"):
        return _json_table(path)
    return _with_header(path, _text_rows(path))


def _of_workbook(path: Path) -> Table:
    """The first sheet with a header; in front of it may stand a cover or notes."""
    passed: list[str] = []
    for name, rows, later in workbook_sheets(path):
        try:
            table = _with_header(path, ((origin, cells, []) for origin, cells in rows))
        except BrokenFileError:
            passed.append(name)
        else:
            return replace(table, sheets=passed + later)
    raise _headless(path, " of any sheet" if len(passed) > 1 else "")


def _with_header(path: Path, rows: Iterator[Cells | Rejected]) -> Table:
    for row in islice(rows, HEADER_WITHIN):
        if not isinstance(row, Rejected) and len(row[1]) <= MOST_COLUMNS and is_header(row[1]):
            return Table([cell.strip() for cell in row[1]], _fitted(path, rows, len(row[1])), row[0])
    raise _headless(path)


def _headless(path: Path, where: str = "") -> BrokenFileError:
    rows = f"none of the first {HEADER_WITHIN} rows{where}"
    return BrokenFileError(f"{path.name}: {rows} names a column of titles or ids (IMDb, TMDB, Wikidata).")


def _fitted(path: Path, rows: Iterator[Cells | Rejected], wanted: int) -> Iterator[Cells | Rejected]:
    """Rows of the header's length: shorter ones are filled up, longer ones and torn ones (of one cell) rejected."""
    for number, row in enumerate(rows):
        if number >= MOST_ROWS:
            raise BrokenFileError(f"{path.name} has more than {MOST_ROWS:,} rows: cut it into several.")
        if isinstance(row, Rejected):
            yield row
            continue
        origin, cells, notes = row
        if not any(cell.strip() for cell in cells):
            continue
        while len(cells) > wanted and not cells[-1].strip():
            cells.pop()
        if len(cells) > wanted or (len(cells) == 1 and wanted > 2):
            yield Rejected(origin, f"{wanted} columns are expected, the row has {len(cells)}.")
            continue
        if len(cells) * 2 < wanted:
            notes = [*notes, Mended(origin, "row", f"{len(cells)} of {wanted} columns", "the rest is empty")]
        yield origin, cells + [""] * (wanted - len(cells)), notes


def _text_rows(path: Path) -> Iterator[Cells | Rejected]:
    lines = Lines(path)
    separator = _separator(lines.peek())
    if separator == "\t":
        yield from _tab_rows(path, lines)
        return
    csv.field_size_limit(LONGEST_CELL)
    reader = csv.reader(chain(lines, [LAST]), delimiter=separator)
    while True:
        origin = Origin(path.name, lines.number + 1)
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            lines.take_notes(origin)
            yield Rejected(origin, f"This is no row of a CSV file: {error}.")
            continue
        notes = lines.take_notes(origin)
        if cells == [LAST]:
            return
        problem = unclosed(cells) or (NUL if "\0" in "".join(cells) else "")
        yield Rejected(origin, problem) if problem else (origin, cells, notes)


def _tab_rows(path: Path, lines: Lines) -> Iterator[Cells | Rejected]:
    """Every line as a row of its own."""
    for line in lines:
        origin = Origin(path.name, lines.number)
        notes = lines.take_notes(origin)
        yield Rejected(origin, NUL) if "\0" in line else (origin, _tab_cells(line), notes)


def _separator(lines: list[str]) -> str:
    """What cuts one of the first lines into a header of ours with most columns; without one, a comma."""
    headers = [
        (line.count(sign), sign)
        for line in lines
        for sign in SEPARATORS
        if is_header(line.replace('"', "").split(sign))
    ]
    return max(headers)[1] if headers else ","


def _tab_cells(line: str) -> list[str]:
    """Cells between tabs. A quotation mark is a character like others, but a cell quoted as a whole is unquoted."""
    cells = line.rstrip("\n").split("\t")
    whole = re.compile(r'"((?:[^"]|"")*)"')
    return [found[1].replace('""', '"') if (found := whole.fullmatch(cell)) else cell for cell in cells]


def _json_table(path: Path) -> Table:
    """The columns are the names used by the first hundred objects."""
    items = json_items(path)
    first = list(islice(items, 100))
    columns = list(dict.fromkeys(name for item in first if not isinstance(item, Rejected) for name in item[1]))
    if not is_header(columns):
        raise BrokenFileError(f"{path.name}: its objects have no “title” and no id.")

    def rows() -> Iterator[Cells | Rejected]:
        for source in (first, items):
            for item in source:
                yield (
                    item
                    if isinstance(item, Rejected)
                    else (item[0], [_text(item[1].get(name)) for name in columns], [])
                )

    return Table(columns, _fitted(path, rows(), len(columns)), Origin(path.name))


def _text(value: Any) -> str:
    """
    >>> _text([{"name": "Ann Lee", "character": "Eve"}, {"name": "Bo Ng"}, {"id": 1}, 7])
    'Ann Lee as Eve\\nBo Ng\\n\\n7'
    """
    if isinstance(value, dict) and isinstance(value.get("name"), str):
        return f"{value['name']} as {value['character']}" if value.get("character") else value["name"]
    if isinstance(value, list):
        return "\n".join(_text(part) for part in value)
    return "" if value is None or isinstance(value, dict) else str(value)
