"""What one process at a time does. The locks are the system's own, so that a killed process leaves none. A leaf."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.db import connection


class Work(NamedTuple):
    """What only one process does at a time: PostgreSQL's key of its lock, SQLite's file, and what another is told."""

    key: int  # any number that nobody else locks by
    file: str
    busy: str


IMPORT = Work(0x63_75_65_6D, "import", "Another import is at work.")
LINKS = Work(0x63_75_65_6E, "links", "The links are being checked already.")


@contextmanager
def one_at_a_time(work: Work) -> Iterator[None]:
    """Hold the lock; raises RuntimeError when another process has it."""
    with _postgresql(work) if connection.vendor == "postgresql" else _file(work):
        yield


@contextmanager
def _postgresql(work: Work) -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [work.key])
        row = cursor.fetchone()
    if not (row and row[0]):
        raise RuntimeError(work.busy)
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [work.key])


@contextmanager
def _file(work: Work) -> Iterator[None]:
    path = Path(f"{settings.DATABASES['default']['NAME']}.{work.file}")
    with path.open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise RuntimeError(work.busy) from error
        yield


def is_at_work(work: Work) -> bool:
    """Whether a process has the lock."""
    if connection.vendor == "postgresql":  # looked up: tried by way of a pooler, it might stay locked
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND classid = 0 AND objid = %s"
                " AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))",
                [work.key],
            )
            row = cursor.fetchone()
        return bool(row and row[0])
    try:
        with _file(work):
            return False
    except RuntimeError:
        return True
