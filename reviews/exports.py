"""Reads what members take along from elsewhere: Letterboxd's export (zip or CSV) and IMDb's ratings. Pure.

Ratings come out as 1 to 10, markup as plain text. One entry a movie: of several the newest rating and text stand.
"""

import codecs
import csv
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from catalogue.text import clean, fold, plain

MOST_BYTES = 5 * 1024 * 1024  # of the upload
MOST_UNPACKED = 25 * 1024 * 1024
MOST_ROWS = 20_000
MOST_TEXT = 10_000  # as long as a review may be
_FILES = ("watched.csv", "ratings.csv", "diary.csv", "reviews.csv")  # of a zip; the later ones say more
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_LETTERBOXD = {"Date", "Name", "Year", "Letterboxd URI"}
_IMDB = {"Const", "Your Rating"}
_NO_MOVIE = re.compile(
    r"tv ?(mini ?)?series|tv ?episode|(tv )?episode|video ?game|podcast.*|music video", re.IGNORECASE
)


class NoExportError(ValueError):
    """A file that is no export we know; the text says so to its owner."""


@dataclass(slots=True)
class Entry:
    """One movie of an export. ``rating`` None: it has words alone."""

    line: int
    title: str
    year: int | None = None
    imdb_id: str | None = None
    rating: int | None = None
    text: str = ""
    date: str = ""


@dataclass(slots=True)
class Export:
    """What was read: ``rejected`` rows with file, line and reason; ``bare`` rows have no rating and no words."""

    source: str
    rows: int = 0
    entries: list[Entry] = field(default_factory=list)
    rejected: list[tuple[str, str]] = field(default_factory=list)
    bare: int = 0
    repeated: int = 0


def read_export(upload: BinaryIO, name: str) -> Export:
    """Read an upload. Raises NoExportError for a file that is too large, damaged, or no export."""
    data = upload.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise NoExportError(f"The file is larger than {MOST_BYTES // 1024 // 1024} MB.")
    files = _unpacked(data) if data[:2] == b"PK" else [(name, data)]
    export = Export("")
    found: dict[tuple[object, ...], Entry] = {}
    for file, content in files:
        _read_file(file, content, export, found)
    export.entries = [entry for entry in found.values() if entry.rating or entry.text]
    export.bare = len(found) - len(export.entries)
    return export


def _folder(names: list[str]) -> str:
    """The one folder that everything is in, where somebody unpacked an export and packed its folder again; else ""."""
    first = {name.partition("/")[0] for name in names}
    return f"{first.pop()}/" if len(first) == 1 and all("/" in name for name in names) else ""


def _unpacked(data: bytes) -> list[tuple[str, bytes]]:
    """The files of a zip that hold ratings, never more than ``MOST_UNPACKED`` bytes."""
    left = MOST_UNPACKED
    files: list[tuple[str, bytes]] = []
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            folder = _folder(archive.namelist())
            for wanted in _FILES:
                if folder + wanted not in archive.namelist():
                    continue
                if archive.getinfo(folder + wanted).compress_type not in _METHODS:
                    raise zipfile.BadZipFile("packed in a way that no export is")
                with archive.open(folder + wanted) as member:
                    content = member.read(left + 1)
                left -= len(content)
                if left < 0:
                    raise NoExportError("The zip unpacks to more than an export can be.")
                files.append((wanted, content))
    except NoExportError:
        raise
    except (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, EOFError, OSError, ValueError) as error:
        raise NoExportError("The zip is damaged or locked by a password.") from error
    if not files:
        raise NoExportError("The zip holds none of ratings.csv, reviews.csv, diary.csv and watched.csv.")
    return files


def _read_file(file: str, content: bytes, export: Export, found: dict[tuple[object, ...], Entry]) -> None:
    rows = _rows(content)
    header = next(rows, (0, []))[1]
    columns = {name.strip(): place for place, name in enumerate(header)}
    if not (columns.keys() >= _IMDB or columns.keys() >= _LETTERBOXD):
        raise NoExportError(f"{file[:60]} is neither an export of Letterboxd nor of IMDb’s ratings.")
    export.source = "IMDb" if columns.keys() >= _IMDB else "Letterboxd"
    for line, cells in rows:
        export.rows += 1
        if export.rows > MOST_ROWS:
            raise NoExportError(f"The export has more than {MOST_ROWS:,} rows.")
        row = {name: cells[place] for name, place in columns.items() if place < len(cells)}
        try:
            entry = _imdb(line, row) if export.source == "IMDb" else _letterboxd(line, row)
            if len(cells) > len(header):
                raise ValueError(f"{len(header)} columns are expected, the row has {len(cells)}.")
        except ValueError as error:
            export.rejected.append((f"{file[:60]}, line {line}", str(error)))
            continue
        if len(entry.text) > MOST_TEXT:
            entry.text = entry.text[:MOST_TEXT]
            export.rejected.append(
                (f"{file[:60]}, line {line}", f"The end of the review, behind {MOST_TEXT:,} characters.")
            )
        _keep(entry, export, found)


def _rows(content: bytes) -> Iterator[tuple[int, list[str]]]:
    """Rows that are not empty with the line they begin at. UTF-8, UTF-16 by its mark, else Windows-1252."""
    encoding = "utf-16" if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8-sig"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        text = content.decode("cp1252", "replace")
    # Strict: a quotation mark that is never closed would swallow the rest of the file.
    reader = csv.reader(io.StringIO(text.replace("\0", ""), newline=""), strict=True)
    begin = 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise NoExportError(f"This is no CSV file: line {reader.line_num} cannot be read ({error}).") from error
        if any(cells):
            yield begin, cells
        begin = reader.line_num + 1


def _keep(entry: Entry, export: Export, found: dict[tuple[object, ...], Entry]) -> None:
    """Put an entry to what is known of its movie: a diary repeats what the ratings say."""
    key = (entry.imdb_id,) if entry.imdb_id else (fold(entry.title) or entry.title, entry.year)
    known = found.setdefault(key, entry)
    if known is entry:
        return
    export.repeated += 1
    if entry.date >= known.date or not known.text:
        known.text = entry.text or known.text
        known.rating = entry.rating or known.rating
        known.date = max(entry.date, known.date)


def _letterboxd(line: int, row: dict[str, str]) -> Entry:
    title = _title(row.get("Name", ""))
    stars = row.get("Rating", "").strip()
    if stars and not re.fullmatch(r"[0-5](\.[05])?", stars, re.ASCII):
        raise ValueError(f"“{stars[:20]}” is no rating of half a star to five stars.")
    rating = round(float(stars) * 2) if stars else 0
    if rating > 10:
        raise ValueError(f"“{stars[:20]}” is no rating of half a star to five stars.")
    text = clean(plain(row.get("Review", "")))
    date = row.get("Watched Date", "").strip() or row.get("Date", "").strip()
    return Entry(line, title, _year(row.get("Year", "")), None, rating or None, text, date)


def _imdb(line: int, row: dict[str, str]) -> Entry:
    kind = row.get("Title Type", "").strip()
    if _NO_MOVIE.fullmatch(kind):
        raise ValueError(f"“{kind[:40]}” is no movie.")
    const, rated = row.get("Const", "").strip(), row.get("Your Rating", "").strip()
    if not re.fullmatch(r"tt[0-9]{7,10}", const, re.ASCII):
        raise ValueError(f"“{const[:20]}” is no id of IMDb.")
    if rated and not re.fullmatch(r"[1-9]|10", rated, re.ASCII):
        raise ValueError(f"“{rated[:20]}” is no rating from 1 to 10.")
    title = _title(row.get("Title", "") or const)
    return Entry(
        line, title, _year(row.get("Year", "")), const, int(rated) if rated else None, date=row.get("Date Rated", "")
    )


def _title(written: str) -> str:
    title = " ".join(clean(written).split())[:300]
    if not title:
        raise ValueError("The row has no title.")
    return title


def _year(written: str) -> int | None:
    digits = written.strip()
    return int(digits) if re.fullmatch(r"(1[89]|20)[0-9]{2}", digits, re.ASCII) else None
