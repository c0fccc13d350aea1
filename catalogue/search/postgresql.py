"""The search index on PostgreSQL: a tsvector beside the words of each document, and GIN indexes by kind and level."""

from collections.abc import Sequence
from typing import Any

from django.db import connection, transaction

from catalogue.models import SearchKind
from catalogue.models.search import MOST_LEVEL

DOCUMENTS = "catalogue_searchdocument"
# Words are folded already, so no dictionary, locale or stop word has a say.
_COLUMN = "ADD COLUMN tsv tsvector GENERATED ALWAYS AS (array_to_tsvector(string_to_array(words, ' '))) STORED"
# An index for each kind and range of levels, since all that match in one are collected before the first is known: most
# searches end in the first range, which is small, whatever there are of the other kinds. No document is in two.
_LEVELS = {SearchKind.MOVIE: (450, 300, 150, 30, 0), SearchKind.PERSON: (300, 200, 100, 0)}


def tiers(kind: SearchKind) -> list[tuple[str, str]]:
    """The indexes of a kind, the most looked at levels first: their names and conditions."""
    levels = _LEVELS.get(kind, (0,))
    return [
        (f"search_{kind.name.lower()}_{least}", f"kind = {kind.value} AND level >= {least} AND level < {above}")
        for least, above in zip(levels, (MOST_LEVEL + 1, *levels), strict=False)
    ]


_INDEXES = {name: where for kind in SearchKind for name, where in tiers(kind)}


def create() -> None:
    """Make the index of the documents table."""
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {DOCUMENTS} {_COLUMN}")
    create_indexes()


def create_indexes() -> None:
    """Make those indexes that are missing."""
    with connection.cursor() as cursor:
        for name, where in _INDEXES.items():
            cursor.execute(_gin(name, DOCUMENTS, where))


def drop() -> None:
    """Remove what ``create`` made."""
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {DOCUMENTS} DROP COLUMN IF EXISTS tsv")


def _gin(name: str, table: str, where: str) -> str:
    # Without fastupdate, since every search reads the list of what was put off: 4 ms each.
    return f"CREATE INDEX IF NOT EXISTS {name} ON {table} USING gin(tsv) WITH (fastupdate = off) WHERE {where}"


def begin(tables: Sequence[str]) -> None:
    """Make an empty copy of each table; what an interrupted run left is dropped."""
    with connection.cursor() as cursor, transaction.atomic():
        for table in tables:
            cursor.execute(f"DROP TABLE IF EXISTS {table}_new")
            cursor.execute(
                f"CREATE TABLE {table}_new (LIKE {table} INCLUDING DEFAULTS INCLUDING IDENTITY INCLUDING CONSTRAINTS)"
            )
        cursor.execute(f"ALTER TABLE {DOCUMENTS}_new DROP COLUMN IF EXISTS tsv")
        cursor.execute(f"ALTER TABLE {DOCUMENTS}_new {_COLUMN}")


def insert(table: str, columns: str, rows: Sequence[tuple[Any, ...]]) -> None:
    """Add rows to the copy of a table."""
    with connection.cursor() as cursor, cursor.copy(f"COPY {table}_new ({columns}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def finish(tables: Sequence[str]) -> None:
    """Index the copies; rows before indexes is the quicker order. Nothing but the swap is left to do."""
    with connection.cursor() as cursor, transaction.atomic():
        cursor.execute("SET LOCAL maintenance_work_mem = '256MB'")
        for table in tables:
            for name, definition, _ in _indexes_of(table):
                copied = definition.replace(f" INDEX {name} ON ", f" INDEX {name}_new ON ", 1)
                cursor.execute(copied.replace(f".{table} ", f".{table}_new ", 1))
        for name, where in _INDEXES.items():
            cursor.execute(_gin(f"{name}_new", f"{DOCUMENTS}_new", where))
        for table in tables:
            cursor.execute(f"ANALYZE {table}_new")


def swap(tables: Sequence[str]) -> None:
    """Let the copies take the names of the tables in use. Within a transaction."""
    with connection.cursor() as cursor:
        for table in reversed(tables):
            indexes = _indexes_of(table)
            cursor.execute(f"DROP TABLE {table}")
            cursor.execute(f"ALTER TABLE {table}_new RENAME TO {table}")
            for name, _, constraint in indexes:
                if constraint:
                    cursor.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {constraint} USING INDEX {name}_new")
                else:
                    cursor.execute(f"ALTER INDEX {name}_new RENAME TO {name}")
        for name in _INDEXES:
            cursor.execute(f"ALTER INDEX {name}_new RENAME TO {name}")


def _indexes_of(table: str) -> list[tuple[str, str, str]]:
    """Name, definition and constraint of a table's indexes, those of the full text aside."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name.relname, pg_get_indexdef(name.oid), "
            "CASE held.contype WHEN 'p' THEN 'PRIMARY KEY' WHEN 'u' THEN 'UNIQUE' ELSE '' END "
            "FROM pg_index JOIN pg_class name ON name.oid = indexrelid "
            "LEFT JOIN pg_constraint held ON held.conindid = indexrelid "
            "WHERE indrelid = %s::regclass AND name.relname <> ALL(%s)",
            [table, list(_INDEXES)],
        )
        found: list[tuple[str, str, str]] = cursor.fetchall()
    return found
