"""Opens the files that sources publish: lines, tab-separated rows, CSV, JSON lines; plain or gzipped.

What is wrong with one row is said by a ``Rejected`` in its place; what is wrong with a file is raised as
``BrokenFileError`` after everything before it has been handed on.
"""

import csv
import gzip
import io
import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any

from catalogue.importers.records import Origin, Rejected

BOM = b"\xef\xbb\xbf"
LONGEST_LINE = 8 * 1024 * 1024  # bytes; a file without line ends must not fill the memory
LAST = "\0last"  # a line behind the last; in quotes that are never closed it is not a row of its own
SNIFFED = 64 * 1024  # bytes by which encoding and separator are told
SEPARATORS = ",;\t|"


class BrokenFileError(ValueError):
    """A file that cannot be read, or not to its end. The text names the file and says how far it was read."""


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of one row and where it begins."""

    origin: Origin
    cells: list[str]


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a header: its columns as written, and its rows, read as they are asked for."""

    columns: list[str]
    rows: Iterator[Row | Rejected] = field(repr=False)


def raw_lines(path: Path) -> Iterator[bytes]:
    """Every line without its end (LF or CRLF) and without a BOM in front; .gz is unpacked on the way.

    Raises BrokenFileError for a file that is missing, cut off, damaged or without line ends.
    """
    number = 0
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
            while line := file.readline(LONGEST_LINE):
                if len(line) == LONGEST_LINE and not line.endswith(b"\n"):
                    raise BrokenFileError(f"{path.name}: line {number + 1} does not end within {LONGEST_LINE:,} bytes.")
                if not number:
                    line = line.removeprefix(BOM)
                number += 1
                yield line.rstrip(b"\r\n")
    except EOFError as error:
        raise BrokenFileError(f"{path.name} breaks off after line {number}: it was not downloaded whole.") from error
    except (gzip.BadGzipFile, zlib.error) as error:
        raise BrokenFileError(f"{path.name} is damaged after line {number} ({error}).") from error
    except OSError as error:
        raise BrokenFileError(f"{path.name} cannot be read: {error.strerror or error}.") from error


def text_lines(path: Path) -> Iterator[tuple[Origin, str] | Rejected]:
    """Every line as UTF-8 text; one that is not UTF-8, or holds NUL, is rejected."""
    for number, line in enumerate(raw_lines(path), 1):
        origin = Origin(path.name, number)
        try:
            text = line.decode()
        except UnicodeDecodeError as error:
            yield Rejected(origin, f"Byte {error.start + 1} of the line is not UTF-8.")
            continue
        yield Rejected(origin, "The line holds NUL characters.") if "\0" in text else (origin, text)


def tsv_table(path: Path, separator: str = "\t") -> Table:
    """A table without quotes (IMDb): a quotation mark is a character like others. Rows have the header's cells.

    Raises BrokenFileError when there is no header.
    """
    lines = text_lines(path)
    header = next(lines, None)
    if header is None or isinstance(header, Rejected):
        raise BrokenFileError(f"{path.name}: no header. {header.reason if header else 'The file is empty.'}")
    columns = header[1].split(separator)
    return Table(columns, _split(lines, separator, len(columns)))


def _split(lines: Iterator[tuple[Origin, str] | Rejected], separator: str, wanted: int) -> Iterator[Row | Rejected]:
    for line in lines:
        if isinstance(line, Rejected):
            yield line
            continue
        origin, text = line
        cells = text.split(separator)
        yield Row(origin, cells) if len(cells) == wanted else _miscounted(origin, wanted, len(cells))


def _miscounted(origin: Origin, wanted: int, found: int) -> Rejected:
    return Rejected(origin, f"{wanted} columns are expected, the row has {found}.")


def csv_table(path: Path, *, encoding: str = "utf-8", separator: str = ",") -> Table:
    """A table with quotes, whose cells may hold line ends. ``sniff`` finds out encoding and separator.

    A row longer than the header is rejected, empty rows are passed over. Raises BrokenFileError without a header.
    """
    rows = _csv_rows(path, encoding, separator)
    header = next(rows, None)
    if header is None or isinstance(header, Rejected):
        raise BrokenFileError(f"{path.name}: no header. {header.reason if header else 'The file is empty.'}")
    wanted = len(header.cells)
    return Table([cell.strip() for cell in header.cells], _counted(rows, wanted))


def _counted(rows: Iterator[Row | Rejected], wanted: int) -> Iterator[Row | Rejected]:
    for row in rows:
        right = isinstance(row, Rejected) or len(row.cells) == wanted
        yield row if right else _miscounted(row.origin, wanted, len(row.cells))  # type: ignore[union-attr]


def _csv_rows(path: Path, encoding: str, separator: str) -> Iterator[Row | Rejected]:
    lines = _Decoded(path, encoding)
    reader = csv.reader(chain(lines, [LAST]), delimiter=separator)
    while True:
        first = lines.number + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield Rejected(Origin(path.name, first), f"This is no row of a CSV file: {error}.")
            continue
        if cells == [LAST]:
            return
        if problem := lines.take_problem() or unclosed(cells):
            yield Rejected(Origin(path.name, first), problem)
        elif any(cells):
            yield Row(Origin(path.name, first), cells)


def unclosed(cells: list[str]) -> str:
    """What is wrong with a row that swallowed ``LAST``, the line put behind all others; "" for any other."""
    is_open = bool(cells) and cells[-1].endswith(LAST)
    return "A quotation mark is opened in this row and never closed: no line behind it can be read." if is_open else ""


class _Decoded:
    """The lines of a file as text, for csv.reader; remembers the number of the last and what was wrong with it."""

    def __init__(self, path: Path, encoding: str) -> None:
        self.lines, self.encoding = raw_lines(path), encoding
        self.number, self.problem = 0, ""

    def __iter__(self) -> "_Decoded":
        return self

    def __next__(self) -> str:
        line = next(self.lines)
        self.number += 1
        try:
            text = line.decode(self.encoding)
        except UnicodeDecodeError as error:
            self.problem = self.problem or f"Byte {error.start + 1} of line {self.number} is not {self.encoding}."
            text = line.decode(self.encoding, "replace")
        if "\0" in text:
            self.problem = self.problem or f"Line {self.number} holds NUL characters."
        return text + "\n"

    def take_problem(self) -> str:
        """What was wrong since the last call."""
        problem, self.problem = self.problem, ""
        return problem


def sniff(path: Path) -> tuple[str, str]:
    """Encoding and separator of a table somebody saved from a spreadsheet, as its first lines show them.

    UTF-8 if they are that, else Windows-1252; UTF-16 by its mark. The separator most of the header's cells end with.
    """
    start = _start(path)
    if start[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise BrokenFileError(f"{path.name} is UTF-16: save it as UTF-8 (“CSV UTF-8” in Excel).")
    decoder = io.IncrementalNewlineDecoder(None, translate=True)
    encoding = "utf-8"
    try:
        text = start.decode()
    except UnicodeDecodeError as error:
        # A character cut in two at the end of what was read is no proof.
        encoding = "utf-8" if error.start > len(start) - 4 and len(start) == SNIFFED else "cp1252"
        text = start.decode(encoding, "replace")
    header = decoder.decode(text).partition("\n")[0]
    return encoding, max(SEPARATORS, key=lambda separator: (header.count(separator), -SEPARATORS.index(separator)))


def _start(path: Path) -> bytes:
    """The first bytes of a file; what is there of one that breaks off."""
    start = b""
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
            while len(start) < SNIFFED and (line := file.readline(SNIFFED - len(start))):
                start += line
    except (EOFError, zlib.error) as error:
        if not start:
            raise BrokenFileError(f"{path.name} is damaged ({error}).") from error
    except OSError as error:
        raise BrokenFileError(f"{path.name} cannot be read: {error.strerror or error}.") from error
    return start


def json_lines(path: Path) -> Iterator[tuple[Origin, dict[str, Any]] | Rejected]:
    """Every line as a JSON object; anything else is rejected, empty lines are passed over."""
    for line in text_lines(path):
        if isinstance(line, Rejected):
            yield line
        elif line[1].strip():
            yield _object(*line)


def _object(origin: Origin, text: str) -> tuple[Origin, dict[str, Any]] | Rejected:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        return Rejected(origin, f"This is no JSON: {error}.")
    return (origin, found) if isinstance(found, dict) else Rejected(origin, "This is no JSON object.")
