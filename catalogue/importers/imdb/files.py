"""Finds the files of a dataset and reads them in blocks of lines, as fast as they unpack.

A second thread reads and unpacks ahead (zlib works without the interpreter's lock). Lines stay bytes, since most are
of titles that nobody asked for and need no decoding.
"""

import queue
import threading
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from catalogue.importers.reading import BOM, LONGEST_LINE, BrokenFileError

COLUMNS = {
    "title.basics": "tconst titleType primaryTitle originalTitle isAdult startYear endYear runtimeMinutes genres",
    "title.ratings": "tconst averageRating numVotes",
    "title.akas": "titleId ordering title region language types attributes isOriginalTitle",
    "title.crew": "tconst directors writers",
    "title.principals": "tconst ordering nconst category job characters",
    "name.basics": "nconst primaryName birthYear deathYear primaryProfession knownForTitles",
}
WIDTH = {name: len(columns.split()) for name, columns in COLUMNS.items()}
BLOCK = 1 << 19  # bytes read at once
AHEAD = 4  # blocks
Advance = Callable[[int], object]


def unseen(size: int) -> None:
    """An ``Advance`` that nobody looks at."""


def find(paths: Iterable[Path]) -> dict[str, Path]:
    """The files of the dataset in folders, or among files, by their name without ending.

    Raises ValueError when title.basics is not among them, a path does not exist or a file is there twice.
    """
    found: dict[str, Path] = {}
    for path in paths:
        if not path.exists():
            raise ValueError(f"There is no {path}.")
        for file in sorted(path.iterdir()) if path.is_dir() else [path]:
            name = file.name.removesuffix(".gz").removesuffix(".tsv")
            if name not in COLUMNS or not file.name.endswith((".tsv", ".tsv.gz")):
                continue
            if name in found:
                raise ValueError(f"{name} is there twice: {found[name].name} and {file.name}.")
            found[name] = file
    if "title.basics" not in found:
        raise ValueError("title.basics.tsv or title.basics.tsv.gz is needed: it says what the titles are.")
    return found


def blocks(path: Path, advance: Advance = unseen) -> Iterator[tuple[int, list[bytes]]]:
    """The number of a line and the lines from there on, without their ends (LF or CRLF), the header left out.

    ``advance`` is told how many bytes of the file were read. Raises BrokenFileError for a file that is missing, cut
    off, damaged or has other columns, after everything before was handed on.
    """
    number, rest = 1, b""
    for size, data in _ahead(path):
        advance(size)
        data = rest + data
        end = data.rfind(b"\n") + 1
        rest = data[end:]
        if len(rest) > LONGEST_LINE:
            raise BrokenFileError(f"{path.name}: a line after {number} does not end within {LONGEST_LINE:,} bytes.")
        if end:
            lines = _lines(data[: end - 1])
            yield (2, _headed(path, lines)) if number == 1 else (number, lines)
            number += len(lines)
    if rest or number == 1:
        lines = _lines(rest)
        yield (2, _headed(path, lines)) if number == 1 else (number, lines)


def _lines(data: bytes) -> list[bytes]:
    if b"\r" in data:
        data = data.replace(b"\r\n", b"\n").removesuffix(b"\r")
    return data.split(b"\n")


def _headed(path: Path, lines: list[bytes]) -> list[bytes]:
    wanted = COLUMNS[path.name.removesuffix(".gz").removesuffix(".tsv")].split()
    header = lines[0].removeprefix(BOM).decode("utf-8", "replace").split("\t")
    if header != wanted:
        raise BrokenFileError(f"{path.name}: the columns are {' '.join(header)[:200]}, not {' '.join(wanted)}.")
    return lines[1:]


def _ahead(path: Path) -> Iterator[tuple[int, bytes]]:
    """What ``_unpacked`` gives, made by another thread."""
    made: queue.Queue[tuple[int, bytes] | Exception | None] = queue.Queue(AHEAD)
    is_over = threading.Event()

    def put(item: tuple[int, bytes] | Exception | None) -> None:
        while not is_over.is_set():
            with suppress(queue.Full):
                made.put(item, timeout=0.2)
                break

    def work() -> None:
        try:
            for item in _unpacked(path):
                put(item)
                if is_over.is_set():
                    return
            put(None)
        except Exception as error:
            put(error)

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    try:
        while (item := made.get()) is not None:
            if isinstance(item, Exception):
                raise item
            yield item
    finally:
        is_over.set()
        thread.join()


def _unpacked(path: Path) -> Iterator[tuple[int, bytes]]:
    """Bytes read, and what they hold."""
    try:
        with path.open("rb") as file:
            yield from (
                _gunzipped(path, iter(lambda: file.read(BLOCK), b""))
                if path.suffix == ".gz"
                else ((len(data), data) for data in iter(lambda: file.read(4 * BLOCK), b""))
            )
    except OSError as error:
        raise BrokenFileError(f"{path.name} cannot be read: {error.strerror or error}.") from error
    except zlib.error as error:
        raise BrokenFileError(f"{path.name} is damaged ({error}).") from error


def _gunzipped(path: Path, parts: Iterable[bytes]) -> Iterator[tuple[int, bytes]]:
    """Unpack gzip, which may consist of several members."""
    unpacker = zlib.decompressobj(wbits=31)
    is_inside = False
    for data in parts:
        size = len(data)
        while data:
            if unpacker.eof:
                if not data.strip(b"\0"):
                    break  # padding
                unpacker = zlib.decompressobj(wbits=31)
            yield size, unpacker.decompress(data)
            size, data, is_inside = 0, unpacker.unused_data, not unpacker.eof
    if is_inside:
        yield 0, unpacker.flush()
        raise BrokenFileError(f"{path.name} breaks off: it was not downloaded whole.")
