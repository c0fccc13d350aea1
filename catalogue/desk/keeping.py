"""Keeps uploaded files in a private folder until their import has ended. Judges names and sizes, not contents.

What a file is called decides how it is read, so its name stays; but only its letters, digits, dots and dashes do.
"""

import gzip
import re
import secrets
import shutil
import stat
import time
import zipfile
import zlib
from collections.abc import Iterable
from pathlib import Path
from typing import IO

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

ENDINGS = (".csv", ".tsv", ".txt", ".dat", ".json", ".jsonl", ".ndjson", ".xlsx", ".xls", ".ods")
MOST_FILES = 100
UNPACKED = 10  # times the size that may be uploaded
BLOCK = 1 << 20
MOST_LETTERS = 60  # of a name: one may take four of the 255 bytes that file systems allow
_STRANGE = re.compile(r"[^\w.-]+")
_DAMAGED = (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, EOFError, OSError)


class RefusedError(ValueError):
    """An upload that is not kept; the text says why to whom sent it."""


def place_of(folder: str) -> Path:
    """Where the files of an upload lie."""
    return Path(settings.IMPORT_ROOT) / folder


def most_bytes() -> int:
    """What may be uploaded at once."""
    return int(settings.IMPORT_MOST_MB) * 1024 * 1024


def keep(uploads: Iterable[UploadedFile]) -> tuple[str, list[str]]:
    """Copy the files, those in a zip one by one, into a new folder; return its name and theirs.

    Raises RefusedError, and then nothing is kept.
    """
    folder = secrets.token_hex(16)
    place = place_of(folder)
    place.mkdir(parents=True, mode=0o700)
    keeper = _Keeper(place)
    try:
        for upload in uploads:
            keeper.add(upload)
        if not keeper.names:
            raise RefusedError("There is no file in it to import.")
    except BaseException:
        drop(folder)
        raise
    return folder, sorted(keeper.names)


def drop(folder: str) -> None:
    """Remove the files of an upload; "" means that there are none."""
    if folder:
        shutil.rmtree(place_of(folder), ignore_errors=True)


def drop_old() -> int:
    """Remove what was uploaded longer than IMPORT_KEEP_DAYS ago; return how many uploads that were."""
    root, oldest = Path(settings.IMPORT_ROOT), time.time() - settings.IMPORT_KEEP_DAYS * 86_400
    old = [place for place in root.glob("*") if place.is_dir() and place.stat().st_mtime < oldest]
    for place in old:
        drop(place.name)
    return len(old)


class _Keeper:
    """Fills one folder."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self.names: set[str] = set()
        self.left = most_bytes() * UNPACKED

    def add(self, upload: UploadedFile) -> None:
        name = upload.name or ""
        if not name.lower().endswith(".zip"):
            self._copy(name, upload)
            return
        try:
            with zipfile.ZipFile(upload) as archive:
                for member in _wanted(archive):
                    with archive.open(member) as file:
                        self._copy(member.filename, file)
        except _DAMAGED as error:
            raise RefusedError(f"{name[:80]} is damaged, or locked by a password.") from error

    def _copy(self, raw: str, file: IO[bytes]) -> None:
        name = _name_of(raw)
        if name in self.names:
            raise RefusedError(f"There are two files called {name}.")
        if len(self.names) >= MOST_FILES:
            raise RefusedError(f"There are more than {MOST_FILES} files.")
        self.names.add(name)
        with (self.place / name).open("wb") as kept:
            while block := file.read(BLOCK):
                self._count(len(block))
                kept.write(block)
        if name.endswith(".gz"):
            self._weigh(self.place / name)

    def _weigh(self, path: Path) -> None:
        """Refuse what unpacks to too much. A damaged file is read up to the damage, which the plan will say."""
        try:
            with gzip.open(path) as file:
                while block := file.read(BLOCK):
                    self._count(len(block))
        except (EOFError, zlib.error, gzip.BadGzipFile):
            return

    def _count(self, size: int) -> None:
        self.left -= size
        if self.left < 0:
            raise RefusedError(f"The files unpack to more than {most_bytes() * UNPACKED // 1024 // 1024:,} MB.")


def _wanted(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """The files of a zip, without folders and what a Mac adds."""
    found: list[zipfile.ZipInfo] = []
    for member in archive.infolist():
        raw = member.orig_filename
        parts = raw.replace("\\", "/").split("/")
        if "\0" in raw or ".." in parts or parts[0] == "" or ":" in parts[0]:
            raise RefusedError("The zip names files outside of its own folder.")
        if stat.S_ISLNK(member.external_attr >> 16):
            raise RefusedError("The zip holds links instead of files.")
        if not (member.is_dir() or parts[0] == "__MACOSX" or parts[-1].startswith(".")):
            found.append(member)
    if len(found) > MOST_FILES:
        raise RefusedError(f"There are more than {MOST_FILES} files.")
    return found


def _name_of(raw: str) -> str:
    """Raises RefusedError for a file of a kind that no source publishes."""
    stem, dot, rest = _STRANGE.sub("_", raw.replace("\\", "/").rpartition("/")[2]).partition(".")
    name = f"{stem.lstrip('_') or 'file'}{dot}{rest}"
    ending = "".join(Path(name.lower()).suffixes[-2:] if name.lower().endswith(".gz") else Path(name).suffixes[-1:])
    if not ending.lower().removesuffix(".gz").endswith(ENDINGS):
        raise RefusedError(f"{name[:80] or 'A file without a name'}: only {', '.join(ENDINGS)}, their .gz and .zip.")
    return name if len(name) <= MOST_LETTERS else name[-MOST_LETTERS:].lstrip("._-")
