"""The lines of a text file in whatever encoding each is in: UTF-8, UTF-16 by its mark, Windows-1252, Latin-1."""

import io
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from catalogue.importers.reading import BrokenFileError, raw_lines
from catalogue.importers.records import Mended, Origin

PEEKED = 10  # lines


class Lines:
    """The lines of a file as text, each in the encoding it is in; remembers what was not UTF-8, and was told."""

    def __init__(self, path: Path) -> None:
        self.path, self.number, self.other = path, 0, ""
        self._told = {"UTF-16"}  # a mark at its beginning says so, nothing was guessed
        self._lines: Iterator[bytes | str] = _utf16(path) or raw_lines(path)
        self._first: list[bytes | str] = []
        self._broken: BrokenFileError | None = None  # raised when everything before it is read
        try:
            self._first.extend(islice(self._lines, PEEKED))
        except BrokenFileError as error:
            self._broken = error

    def peek(self) -> list[str]:
        """The first lines, which stay to be read."""
        return [self._decode(line)[0] for line in self._first]

    def __iter__(self) -> "Lines":
        return self

    def __next__(self) -> str:
        if self._broken and not self._first:
            raise self._broken
        line = self._first.pop(0) if self._first else next(self._lines)
        self.number += 1
        text, encoding = self._decode(line)
        self.other = self.other or encoding
        return text + "\n"

    @staticmethod
    def _decode(line: bytes | str) -> tuple[str, str]:
        if isinstance(line, str):
            return line, "UTF-16"
        for encoding, name in (("utf-8", ""), ("cp1252", "Windows-1252")):
            try:
                return line.decode(encoding), name
            except UnicodeDecodeError:
                continue
        return line.decode("latin-1"), "Latin-1"

    def take_notes(self, origin: Origin) -> list[Mended]:
        """The encoding of what was read since the last call, the first time that it was not UTF-8."""
        other, self.other = self.other, ""
        if not other or other in self._told:
            return []
        self._told.add(other)
        return [Mended(origin, "encoding", other, "UTF-8")]


def _utf16(path: Path) -> Iterator[str] | None:
    """The lines of a UTF-16 file, by its mark; None for any other."""
    if path.suffix == ".gz":
        return None
    with path.open("rb") as file:
        if file.read(2) not in (b"\xff\xfe", b"\xfe\xff"):
            return None
    return (line.rstrip("\r\n") for line in io.StringIO(path.read_bytes().decode("utf-16", "replace"), newline="\n"))
