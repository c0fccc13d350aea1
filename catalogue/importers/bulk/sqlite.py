"""The SQLite side: one big transaction, secondary indexes made afterwards from the statements SQLite keeps of them."""

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import cache
from typing import Any

from django.db import OperationalError, connection

from catalogue.importers.bulk.columns import Model, constants, names

CACHE_KIB = 128 * 1024  # as much again is used to sort an index; what does not fit goes to a file
Row = tuple[Any, ...]


def write(model: Model, given: Sequence[str], rows: Iterable[Row]) -> int:
    """Insert rows of the given fields; return how many."""
    others = constants(model, given)
    columns = ", ".join(f'"{name}"' for name in [*names(model, given), *others])
    values = ", ".join(["?"] * len(given) + [_literal(value) for value in others.values()])
    with connection.cursor() as cursor:
        # Django's own executemany rewrites the statement and makes a list of the rows.
        raw = cursor.connection.cursor()
        raw.executemany(f'INSERT INTO "{model._meta.db_table}" ({columns}) VALUES ({values})', rows)  # noqa: S608
        return int(raw.rowcount)


def _literal(value: Any) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, bool | int | float):
        return str(int(value) if isinstance(value, bool) else value)
    return "'" + str(value).replace("'", "''") + "'"


@contextmanager
def prepared(tables: Sequence[str]) -> Iterator[None]:
    """For as long as it lasts: no secondary index on the tables, and a quick REGEXP for their CHECKs."""
    marks = ", ".join(["%s"] * len(tables))
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN ({marks})"  # noqa: S608
            " ORDER BY rowid",
            tables,
        )
        indexes = cursor.fetchall()
        for name, _ in indexes:
            cursor.execute(f'DROP INDEX "{name}"')
        cursor.connection.create_function("regexp", 2, _regexp, deterministic=True)
        yield
        for _, statement in indexes:
            cursor.connection.execute(statement)


def _regexp(pattern: str, text: object) -> bool | None:
    return None if text is None else _search(pattern)(str(text)) is not None


@cache
def _search(pattern: str) -> Any:
    return re.compile(pattern).search


@contextmanager
def session() -> Iterator[None]:
    """Around the transaction: foreign keys are looked at once at the end, and no page is written twice.

    With the rollback journal a new page goes to its place at once, with the write-ahead log it is copied there later.
    The journal can be changed only while nobody else has the database open; with readers it stays as it is. A process
    that dies leaves the journal behind, and whoever opens the database next takes everything back.
    """
    pages, patience, journal = _pragma("cache_size"), _pragma("busy_timeout"), _pragma("journal_mode")
    spare = _pragma("temp_store")
    _pragma(f"cache_size = -{CACHE_KIB}")
    _pragma("temp_store = FILE")
    _pragma("busy_timeout = 0")
    with suppress(OperationalError):  # somebody reads
        _pragma("journal_mode = TRUNCATE")
    _pragma(f"busy_timeout = {patience}")
    is_unchecked = connection.disable_constraint_checking()
    try:
        yield
    finally:
        if is_unchecked:
            connection.enable_constraint_checking()
        with suppress(OperationalError):
            _pragma(f"journal_mode = {journal}")
        _pragma(f"temp_store = {spare}")
        _pragma(f"cache_size = {pages}")


def _pragma(text: str) -> Any:
    """Set or ask; a row left unread would keep the statement busy."""
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA {text}")
        rows = cursor.fetchall()
    return rows[0][0] if rows else None


def verify(tables: Sequence[str]) -> None:
    """Raise IntegrityError for a foreign key that points nowhere."""
    connection.check_constraints(list(tables))


def analyze(tables: Sequence[str]) -> None:
    """Let the planner know how the tables look now."""
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f'ANALYZE "{table}"')


def vacuum(tables: Sequence[str]) -> None:
    """Nothing to do: the pages are new."""
