"""The PostgreSQL side: COPY in one transaction; indexes, unique rules and foreign keys are made afterwards."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection
from psycopg import sql

from catalogue.importers.bulk.columns import Model, constants, names

MEMORY = "256MB"  # for each index that is sorted
Row = tuple[Any, ...]
_RULES = """
    SELECT c.conrelid::regclass::text, c.conname, pg_get_constraintdef(c.oid)
    FROM pg_constraint c
    WHERE c.contype = ANY(%s) AND (c.conrelid::regclass::text = ANY(%s) OR c.confrelid::regclass::text = ANY(%s))
    ORDER BY c.oid"""
_INDEXES = """
    SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid)
    FROM pg_index i LEFT JOIN pg_constraint c ON c.conindid = i.indexrelid AND c.contype IN ('p', 'u', 'x')
    WHERE c.oid IS NULL AND i.indrelid::regclass::text = ANY(%s)
    ORDER BY i.indexrelid"""


def write(model: Model, given: Sequence[str], rows: Iterable[Row]) -> int:
    """COPY rows of the given fields; return how many. The other columns get a default for as long as it takes."""
    table = sql.Identifier(model._meta.db_table)
    others = constants(model, given)
    with connection.cursor() as cursor:
        if others:
            cursor.execute(_alter(table, "SET DEFAULT {}", others))
        columns = sql.SQL(", ").join(map(sql.Identifier, names(model, given)))
        with cursor.copy(sql.SQL("COPY {} ({}) FROM STDIN").format(table, columns)) as copy:
            put = copy.write_row
            for row in rows:
                put(row)
        written = int(cursor.rowcount)
        if others:
            cursor.execute(_alter(table, "DROP DEFAULT", others))
    return written


def _alter(table: sql.Identifier, action: str, columns: dict[str, Any]) -> sql.Composed:
    parts = [
        sql.SQL("ALTER COLUMN {} " + action).format(
            sql.Identifier(name), *([sql.Literal(value)] if "{}" in action else [])
        )
        for name, value in columns.items()
    ]
    return sql.SQL("ALTER TABLE {} ").format(table) + sql.SQL(", ").join(parts)


@contextmanager
def prepared(tables: Sequence[str]) -> Iterator[None]:
    """For as long as it lasts: the tables have their primary keys and CHECKs, and no other index or rule."""
    wanted = list(tables)
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL maintenance_work_mem = '{MEMORY}'")
        cursor.execute(_RULES, [["f"], wanted, wanted])
        foreign = cursor.fetchall()
        cursor.execute(_RULES, [["u"], wanted, []])
        unique = cursor.fetchall()
        cursor.execute(_INDEXES, [wanted])
        indexes = cursor.fetchall()
        for table, name, _ in [*foreign, *unique]:
            cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
        for name, _ in indexes:
            cursor.execute(f"DROP INDEX {name}")
        yield
        for table, name, definition in [*unique, *foreign]:
            cursor.execute(f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {definition}')
        for _, definition in indexes:
            cursor.execute(definition)
        _reset_sequences(cursor, wanted)


def _reset_sequences(cursor: Any, tables: Sequence[str]) -> None:
    for table in tables:
        cursor.execute("SELECT pg_get_serial_sequence(%s, 'id')", [table])
        if sequence := cursor.fetchone()[0]:
            cursor.execute(f"SELECT setval(%s, greatest(max(id), 1), max(id) IS NOT NULL) FROM {table}", [sequence])  # noqa: S608


@contextmanager
def session() -> Iterator[None]:
    """Around the transaction: nothing to prepare."""
    yield


def verify(tables: Sequence[str]) -> None:
    """Nothing to do: adding a rule has checked every row."""


def analyze(tables: Sequence[str]) -> None:
    """Let the planner know how the tables look now."""
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f'ANALYZE "{table}"')


def vacuum(tables: Sequence[str]) -> None:
    """Mark the pages as seen by all, which index-only scans need. Outside of transactions."""
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f'VACUUM "{table}"')
