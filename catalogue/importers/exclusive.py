"""One import at a time. The lock is the system's own, so that a killed import leaves none behind."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection

KEY = 0x63_75_65_6D  # any number that nobody else locks by


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Hold the lock; raises RuntimeError when another import has it."""
    with _postgresql() if connection.vendor == "postgresql" else _file():
        yield


@contextmanager
def _postgresql() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [KEY])
        row = cursor.fetchone()
    if not (row and row[0]):
        raise RuntimeError("Another import is at work.")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [KEY])


@contextmanager
def _file() -> Iterator[None]:
    path = Path(f"{settings.DATABASES['default']['NAME']}.import")
    with path.open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise RuntimeError("Another import is at work.") from error
        yield


def is_at_work() -> bool:
    """Whether an import has the lock."""
    if connection.vendor == "postgresql":  # looked up: tried by way of a pooler, it might stay locked
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND classid = 0 AND objid = %s"
                " AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))",
                [KEY],
            )
            row = cursor.fetchone()
        return bool(row and row[0])
    try:
        with _file():
            return False
    except RuntimeError:
        return True
