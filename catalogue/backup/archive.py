"""The file itself: what is in it, in which order, and how it is known to be whole.

``database.*``, ``media/...``, then ``SHA256SUMS`` with the checksum of each, then ``manifest.json`` with the checksum
of that. What was broken off has no manifest.
"""

import gzip
import hashlib
import json
import os
import re
import tarfile
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from io import BytesIO
from pathlib import Path
from typing import IO, Any, Self

from catalogue.backup.errors import BackupError

FORMAT = 1
SUMS, MANIFEST = "SHA256SUMS", "manifest.json"
_MEMBER = re.compile(
    r"database\.(sqlite3\.gz|dump)|media/[a-z]+/[0-9a-f]{2}/[0-9a-f]{32}-([0-9]+|whole)\.(webp|avif)", re.ASCII
)
_CHUNK = 1024 * 1024
_BROKEN = (tarfile.TarError, gzip.BadGzipFile, EOFError, ValueError, KeyError, TypeError)


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says of itself; ``counts`` are the rows of every table."""

    created: str
    django: str
    engine: str
    server: str
    migrations: list[str]
    counts: dict[str, int]
    pictures: int
    sums: str = ""
    format: int = FORMAT


class _Hashing:
    """A file that keeps the checksum of what was read from it."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file, self.digest = file, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        content = self.file.read(size)
        self.digest.update(content)
        return content


class Writer:
    """Writes an archive beside its place and puts it there when it is whole. Only its owner may read it."""

    def __init__(self, path: Path) -> None:
        self.path, self.part = path, path.with_name(f"{path.name}.part")
        self.sums: list[str] = []
        self.file = os.fdopen(os.open(self.part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb")
        self.tar = tarfile.open(fileobj=self.file, mode="w", format=tarfile.PAX_FORMAT)  # noqa: SIM115 -- closed in finish()

    def add(self, name: str, source: IO[bytes], size: int) -> None:
        """Copy in an open file of so many bytes. Raises OSError when it cannot be read, or has fewer."""
        content = _Hashing(source)
        self.tar.addfile(_info(name, size), content)
        self.sums.append(f"{content.digest.hexdigest()}  {name}\n")

    def finish(self, manifest: Manifest) -> None:
        """Write checksums and manifest, and put the archive in its place."""
        sums = "".join(self.sums).encode()
        written = asdict(manifest) | {"sums": hashlib.sha256(sums).hexdigest()}
        for name, content in ((SUMS, sums), (MANIFEST, json.dumps(written, indent=1).encode())):
            self.tar.addfile(_info(name, len(content)), BytesIO(content))
        self.tar.close()
        self.file.flush()
        os.fsync(self.file.fileno())
        self.file.close()
        self.part.replace(self.path)


def _info(name: str, size: int) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.size, info.mode = size, 0o600
    return info


class Reader:
    """An archive that has been looked through from end to end: every checksum is right, nothing is missing or added."""

    manifest: Manifest

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self.tar = tarfile.open(path, mode="r:")  # noqa: SIM115 -- a context manager itself
        except (tarfile.TarError, OSError) as error:
            raise BackupError(f"{path} is no backup, or it cannot be read: {error}.") from error
        try:
            self.manifest, self.names = self._checked()
        except OSError as error:
            raise BackupError(f"{path} cannot be read: {error}.") from error
        except _BROKEN as error:
            raise BackupError(f"{path} is damaged or broken off: {error}.") from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *failure: object) -> None:
        self.tar.close()

    def _checked(self) -> tuple[Manifest, list[str]]:
        members = {member.name: member for member in self.tar}
        if MANIFEST not in members or SUMS not in members:
            raise BackupError(f"{self.path} has no manifest: it is no backup, or its making was broken off.")
        said = json.loads(self._content(members.pop(MANIFEST)))
        if said.get("format") != FORMAT:
            raise BackupError(f"This backup has the format {said.get('format')}; this release reads format {FORMAT}.")
        sums = self._content(members.pop(SUMS))
        if hashlib.sha256(sums).hexdigest() != said["sums"]:
            raise BackupError("The list of checksums is damaged.")
        expected = {name: digest for digest, _, name in (line.partition("  ") for line in sums.decode().splitlines())}
        if strange := sorted(expected.keys() ^ members.keys()):
            raise BackupError(f"{strange[0]} is missing in the backup, or does not belong there.")
        for name, member in members.items():
            if not (member.isreg() and _MEMBER.fullmatch(name)):
                raise BackupError(f"{name} has no place in a backup.")
            if self._digest(member) != expected[name]:
                raise BackupError(f"{name} is damaged: its checksum is not the one written down.")
        return Manifest(**said), list(members)

    def _open(self, member: tarfile.TarInfo) -> IO[bytes]:
        file = self.tar.extractfile(member)
        if file is None:
            raise BackupError(f"{member.name} is no file.")
        return file

    def _content(self, member: tarfile.TarInfo) -> bytes:
        return self._open(member).read()

    def _digest(self, member: tarfile.TarInfo) -> str:
        return hashlib.file_digest(self._open(member), "sha256").hexdigest()  # type: ignore[arg-type]

    def database(self, folder: Path) -> Path:
        """The snapshot of the database, written into ``folder``."""
        name = next((name for name in self.names if name.startswith("database.")), "")
        if not name:
            raise BackupError("The backup has no database.")
        with self._open(self.tar.getmember(name)) as packed:
            unpack: Callable[..., Any] = gzip.open if name.endswith(".gz") else _as_it_is
            with unpack(packed) as content:
                return _write(folder / name.removesuffix(".gz"), content)

    def pictures(self) -> Iterator[tuple[str, IO[bytes]]]:
        """The path of each picture in the media storage, and its content."""
        for name in self.names:
            if name.startswith("media/"):
                with self._open(self.tar.getmember(name)) as content:
                    yield name.removeprefix("media/"), content


def _as_it_is(file: IO[bytes]) -> IO[bytes]:
    return file


def _write(path: Path, content: IO[bytes]) -> Path:
    with path.open("wb") as file:
        while chunk := content.read(_CHUNK):
            file.write(chunk)
    return path
