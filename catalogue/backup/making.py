import fcntl
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from django.core.files.storage import default_storage
from django.db import connection
from django.utils import timezone

from catalogue.backup.archive import Manifest, Reader, Writer
from catalogue.backup.databases import Snapshot, database
from catalogue.backup.errors import BackupError

_NAME = "backup-%Y%m%dT%H%M%S.%fZ.tar"
_WORK = ".making"


@dataclass(frozen=True, slots=True)
class Made:
    """A finished backup; ``missing`` are pictures the database names and the storage does not have."""

    path: Path
    manifest: Manifest
    missing: list[str]
    removed: list[Path]


def make_backup(folder: Path, *, keep: int = 0, rehearse: bool = True, pictures: bool = True) -> Made:
    """Write a backup into ``folder``, restore it into a scratch place, remove all but the newest ``keep`` (0: none).

    Without ``pictures`` it holds the database alone, for buckets that keep versions themselves.

    Raises BackupError, and then removes nothing. Needs free space for twice the database besides the backup.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _alone_in(folder) as work:
        taken = database().snapshot(work)
        if not pictures:
            taken.pictures.clear()
        path = folder / timezone.now().strftime(_NAME)
        manifest, missing = _write(path, taken)
        taken.file.unlink()
        with Reader(path) as archive:
            if rehearse:
                _compare(manifest.counts, database().rehearse(archive.database(work)))
    old = sorted(folder.glob("backup-*.tar"))[:-keep] if keep else []
    for file in old:
        file.unlink()
    return Made(path, manifest, missing, old)


def _write(path: Path, taken: Snapshot) -> tuple[Manifest, list[str]]:
    writer, missing = Writer(path), []
    with taken.file.open("rb") as snapshot:
        writer.add(taken.file.name, snapshot, taken.file.stat().st_size)
    for name in taken.pictures:
        try:
            with default_storage.open(name) as picture:
                writer.add(f"media/{name}", picture, picture.size)
        except FileNotFoundError:
            missing.append(name)
    manifest = Manifest(
        created=timezone.now().isoformat(timespec="seconds"),
        django=version("django"),
        engine=connection.vendor,
        server=taken.server,
        migrations=taken.migrations,
        counts=taken.counts,
        pictures=len(taken.pictures) - len(missing),
    )
    writer.finish(manifest)
    return manifest, missing


def _compare(written: dict[str, int], restored: dict[str, int]) -> None:
    """Raise BackupError unless every table has its rows again."""
    for table in sorted(written.keys() | restored.keys()):
        if written.get(table) != restored.get(table):
            raise BackupError(f"{table} had {written.get(table)} rows and has {restored.get(table)} when restored.")


@contextmanager
def _alone_in(folder: Path) -> Iterator[Path]:
    """A private scratch folder, in which nobody else makes a backup; what one that was killed left is removed."""
    with (folder / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise BackupError(f"Another backup is being written into {folder}.") from error
        for left in folder.glob(f"{_WORK}-*"):
            shutil.rmtree(left)
        for part in folder.glob("backup-*.tar.part"):
            part.unlink()
        with tempfile.TemporaryDirectory(prefix=f"{_WORK}-", dir=folder) as work:
            yield Path(work)
