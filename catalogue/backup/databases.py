"""Snapshots of the database and their way back: one class a database, with the same three methods.

Both copies are of one moment, and writers go on meanwhile: SQLite's own backup reads a snapshot of its write-ahead log,
PostgreSQL counts the rows and dumps them in one exported snapshot.
"""

import gzip
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol
from uuid import uuid4

from django.db import DatabaseError, connection, connections
from django.db.backends.sqlite3._functions import register

from catalogue.backup import postgresql
from catalogue.backup.errors import BackupError
from catalogue.images import files
from catalogue.models import Image

_MIGRATIONS = "SELECT app || '.' || name FROM django_migrations ORDER BY 1"
_IMAGES = f"SELECT kind, digest, has_avif, dhash <> '' FROM {Image._meta.db_table} ORDER BY 2"  # noqa: S608 -- our own table


@dataclass(slots=True)
class Snapshot:
    """The database at one moment: as a file, and what was in it."""

    file: Path
    server: str
    counts: dict[str, int] = field(default_factory=dict)
    migrations: list[str] = field(default_factory=list)
    pictures: list[str] = field(default_factory=list)  # their paths in the media storage


class Database(Protocol):
    """What backups ask of a database."""

    def snapshot(self, folder: Path) -> Snapshot: ...

    def rehearse(self, file: Path) -> dict[str, int]:
        """Restore into a scratch place, which is gone afterwards; return the rows of every table."""

    def load(self, file: Path) -> dict[str, int]:
        """Put it in place of all that is there, or leave everything as it is; return the rows of every table."""


class SQLite:
    """Copied page by page within one read transaction."""

    def snapshot(self, folder: Path) -> Snapshot:
        copy = folder / "copy.sqlite3"
        with closing(sqlite3.connect(connection.settings_dict["NAME"])) as live, _opened(copy) as target:
            live.backup(target)
            target.execute("PRAGMA journal_mode=DELETE")  # one file instead of three
            taken = Snapshot(folder / "database.sqlite3.gz", sqlite3.sqlite_version, _sqlite_counts(target))
            taken.migrations = [name for (name,) in target.execute(_MIGRATIONS)]
            taken.pictures = _paths(target.execute(_IMAGES).fetchall())
        with copy.open("rb") as source, gzip.open(taken.file, "wb", compresslevel=3) as packed:
            shutil.copyfileobj(source, packed, 1024 * 1024)
        copy.unlink()
        return taken

    def rehearse(self, file: Path) -> dict[str, int]:
        with _opened(file) as copy:
            ((said, *_),) = copy.execute("PRAGMA integrity_check(1)").fetchall()
            if said != "ok":
                raise BackupError(f"The database in the backup is damaged: {said}")
            return _sqlite_counts(copy)

    def load(self, file: Path) -> dict[str, int]:
        counts = self.rehearse(file)
        connection.close()
        with _opened(file) as copy, closing(sqlite3.connect(connection.settings_dict["NAME"], timeout=20)) as live:
            copy.backup(live)  # one transaction: readers see the old rows or the new ones
        return counts


@contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    try:
        with closing(sqlite3.connect(path)) as opened:
            register(opened)  # our constraints use Django's functions
            yield opened
    except sqlite3.Error as error:
        raise BackupError(f"SQLite refuses: {error}.") from error


def _sqlite_counts(database: sqlite3.Connection) -> dict[str, int]:
    wanted = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY name"
    tables = [name for (name,) in database.execute(wanted)]
    return {name: database.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in tables}  # noqa: S608


class PostgreSQL:
    """Dumped by pg_dump in its custom format, within the snapshot in which the rows were counted."""

    def snapshot(self, folder: Path) -> Snapshot:
        other = connections.create_connection("default")
        try:
            with other.cursor() as cursor:
                cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
                cursor.execute("SELECT pg_export_snapshot(), current_setting('server_version')")
                name, server = cursor.fetchone()
                taken = Snapshot(folder / "database.dump", server, postgresql.counts(cursor))
                cursor.execute(_MIGRATIONS)
                taken.migrations = [row[0] for row in cursor.fetchall()]
                cursor.execute(_IMAGES)
                taken.pictures = _paths(cursor.fetchall())
                postgresql.dump(taken.file, snapshot=name)
        finally:
            other.close()
        return taken

    def rehearse(self, file: Path) -> dict[str, int]:
        scratch = f"{connection.settings_dict['NAME']}_rehearsal_{uuid4().hex[:8]}"[-63:]
        with connection.cursor() as cursor:
            try:
                cursor.execute(f'CREATE DATABASE "{scratch}" TEMPLATE template0')
            except DatabaseError as error:
                raise BackupError(
                    "It was not proved by restoring: the database's role may not create a scratch database "
                    f"(ALTER ROLE ... CREATEDB mends that; --no-rehearsal does without). {error}".strip()
                ) from error
            try:
                return postgresql.load(file, scratch)
            finally:
                cursor.execute(f'DROP DATABASE "{scratch}"')

    def load(self, file: Path) -> dict[str, int]:
        name = connection.settings_dict["NAME"]
        connection.close()
        return postgresql.load(file, name)


def _paths(images: list[tuple[str, str, bool, bool]]) -> list[str]:
    return [
        path
        for kind, digest, has_avif, has_whole in images
        for path in sorted(files(kind, digest, has_avif=has_avif, has_whole=has_whole))
    ]


def database() -> Database:
    """The one this site uses."""
    return SQLite() if connection.vendor == "sqlite" else PostgreSQL()
