"""Reads the sheets of a workbook: XLSX, XLS and ODS, by calamine.

Formulas give the values they had when the file was saved; macros never run.
"""

import datetime
import functools
import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetVisibleEnum

from catalogue.importers.reading import BrokenFileError
from catalogue.importers.records import Origin

WORKBOOKS = ("xlsx", "xlsm", "xls", "ods")
LARGEST_FILE = 32 * 1024 * 1024  # bytes
MOST_CELLS = 20_000_000  # between the first and the last filled one: a reader lays the sheet out whole, 32 bytes a cell
LARGEST_UNPACKED = 256 * 1024 * 1024  # bytes; a list of 100,000 movies is 60 MB
_CHUNK = 1024 * 1024
# A cell of a sheet, and where it says that it stands. Tags first, then what is in them: no byte is read a third time.
_CELL = re.compile(rb"<(?:\w+:)?c\s([^<>]*)>")
_PLACE = re.compile(rb"""\br\s*=\s*["']([A-Za-z]{1,7})([0-9]{1,10})["']""")
# Rows and cells of ODS, and how often they say that they stand there.
_TABLE = re.compile(rb"<(?:\w+:)?(?:covered-)?table-(row|cell)(?=[\s/>])([^<>]*)>")
_REPEATED = re.compile(rb"""\bnumber-\w+-repeated\s*=\s*["'](\d{1,10})""")
_LONGEST_TAG = 64 * 1024  # bytes; what of it stands in the chunk before
Cell = str | int | float | bool | datetime.date | datetime.time | datetime.timedelta | None


class Sheet(NamedTuple):
    """A filled sheet: its name, its rows with cells as text and dates in ISO form, and the names of later sheets."""

    name: str
    rows: Iterator[tuple[Origin, list[str]]]
    later: list[str]


def workbook_sheets(path: Path) -> Iterator[Sheet]:
    """Every sheet that has a filled row, in order; each is laid out as it is asked for.

    Raises BrokenFileError for a file that is no workbook, is locked by a password, or unpacks to more than the limit.
    """
    _refuse_bombs(path)
    is_empty = True
    try:
        book = CalamineWorkbook.from_path(path)
        names = book.sheet_names
        shown = [one.visible == SheetVisibleEnum.Visible for one in book.sheets_metadata]
        for number, name in enumerate(names):
            sheet = book.get_sheet_by_index(number)
            if sheet.height:
                is_empty = False
                later = [names[place] for place in range(number + 1, len(names)) if shown[place]]
                yield Sheet(name, _rows(path, sheet), later)
    except (CalamineError, OSError, ValueError) as error:
        raise BrokenFileError(f"{path.name} cannot be read as a workbook: {error}.") from error
    if is_empty:
        raise BrokenFileError(f"{path.name} holds no filled sheet.")


def _rows(path: Path, sheet: CalamineSheet) -> Iterator[tuple[Origin, list[str]]]:
    begin = (sheet.start or (0, 0))[0] + 1
    for number, cells in enumerate(sheet.iter_rows(), begin):
        yield Origin(path.name, number), [_text(cell) for cell in cells]


def _refuse_bombs(path: Path) -> None:
    if path.stat().st_size > LARGEST_FILE:
        raise BrokenFileError(f"{path.name} is larger than {LARGEST_FILE:,} bytes: save it as CSV.")
    if not zipfile.is_zipfile(path):
        return  # XLS, or no workbook at all
    left = LARGEST_UNPACKED
    try:
        with zipfile.ZipFile(path) as archive:
            for member in archive.infolist():
                if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                    raise zipfile.BadZipFile("packed in a way that no workbook is")
                left -= _measure(path, archive, member, left)
    except BrokenFileError:
        raise
    except (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, EOFError, ValueError) as error:
        raise BrokenFileError(f"{path.name} is damaged or locked by a password ({error}).") from error


def _measure(path: Path, archive: zipfile.ZipFile, member: zipfile.ZipInfo, left: int) -> int:
    """The size of a member, unpacked to be counted since the sizes in the directory may lie."""
    size, rest, extent = 0, b"", _Extent()
    with archive.open(member) as file:
        while chunk := file.read(_CHUNK):
            size += len(chunk)
            if size > left:
                raise BrokenFileError(f"{path.name} unpacks to more than {LARGEST_UNPACKED:,} bytes.")
            chunk = rest + chunk
            whole = max(chunk.rfind(b"<"), len(chunk) - _LONGEST_TAG)
            extent.feed(chunk[:whole])
            rest = chunk[whole:]
            extent.check(path)
    extent.feed(rest)
    extent.check(path)
    return size


class _Extent:
    """How far the filled cells of a sheet reach, by its XML."""

    def __init__(self) -> None:
        self.rows = self.columns = 0
        self._row = self._column = 0  # where an ODS is read

    def feed(self, part: bytes) -> None:
        """Look at whole tags."""
        for said in _CELL.findall(part):
            if not said.endswith(b"/") and (place := _PLACE.search(said)):
                self._reach(int(place[2]), _number(place[1]))
        for kind, said in _TABLE.findall(part):
            found = _REPEATED.search(said)
            repeated = int(found[1]) if found else 1
            if kind == b"row":
                self._row, self._column = self._row + repeated, 0
                continue
            self._column += repeated
            if not said.endswith(b"/") or b"value" in said:
                self._reach(self._row, self._column)

    def _reach(self, row: int, column: int) -> None:
        self.rows, self.columns = max(self.rows, row), max(self.columns, column)

    def check(self, path: Path) -> None:
        """Raise BrokenFileError when there are more places than a sheet can be laid out with."""
        if self.rows * self.columns > MOST_CELLS:
            raise BrokenFileError(
                f"{path.name} has cells far outside its table: {self.rows:,} rows of {self.columns:,} columns."
            )


def _number(column: bytes) -> int:
    """The place of a column by its letters, from 1."""
    return functools.reduce(lambda number, letter: number * 26 + letter - 64, column.upper(), 0)


def _text(cell: Cell) -> str:
    if isinstance(cell, datetime.datetime):
        return cell.date().isoformat()
    if isinstance(cell, datetime.timedelta):  # a running time entered as a time of day
        return f"{int(cell.total_seconds()) // 3600}:{int(cell.total_seconds()) // 60 % 60:02}"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 10**15:
        return str(int(cell))
    return "" if cell is None else str(cell)
