"""The search index on SQLite: an FTS5 table beside the documents."""

from collections.abc import Sequence
from typing import Any

from django.db import connection, transaction

from catalogue.search.words import LISTED

DOCUMENTS = "catalogue_searchdocument"
INDEX = "catalogue_search"
# No places and no sizes of documents, which nothing asks for: half the size.
_FTS5 = (
    "CREATE VIRTUAL TABLE {} USING fts5(words, content='catalogue_searchdocument', content_rowid='id', tokenize="
    "\"unicode61 remove_diacritics 0 tokenchars '=@+'\", "
    f"prefix='{' '.join(map(str, range(1, LISTED + 1)))}', detail=none, columnsize=0)"
)
# FTS5 passes over whole pages of a list, so that a common word beside a rare one is read in parts: four times as many
# pages as by default take 1 % more space, and half the time where a word of some hundred documents meets long lists.
_PAGE = 1_000
_HASH = 1 << 26  # bytes of words that FTS5 collects before it writes them, while all are written: 1 MB is its default


def create() -> None:
    """Make the index of the documents table, which is empty."""
    drop()
    with connection.cursor() as cursor:
        cursor.execute(_FTS5.format(INDEX))
    _tell(INDEX, f"('pgsz', {_PAGE})")


def drop() -> None:
    """Remove what ``create`` made, or as much of it as there is, and the triggers of earlier versions."""
    with connection.cursor() as cursor:
        for name in ("insert", "delete"):
            cursor.execute(f"DROP TRIGGER IF EXISTS {INDEX}_{name}")
        cursor.execute(f"DROP TABLE IF EXISTS {INDEX}")


def write(removed: Sequence[tuple[int, str]], added: Sequence[tuple[int, str]]) -> None:
    """Follow documents, given by their keys and words, that were removed and added.

    In statements of its own rather than by triggers, and a savepoint of its own, at whose end FTS5 writes: where a
    statement that also does something else meets a broken index, SQLite rolls back the whole transaction. Within
    another savepoint, since this one is lost when its end fails.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {INDEX}({INDEX}, rowid, words) VALUES ('delete', %s, %s)",  # noqa: S608
            removed,
        )
        cursor.executemany(f"INSERT INTO {INDEX}(rowid, words) VALUES (%s, %s)", added)  # noqa: S608


def begin(tables: Sequence[str]) -> None:
    """Make an empty copy of each table, and of the index; what an interrupted run left is dropped."""
    with connection.cursor() as cursor, transaction.atomic():
        cursor.execute(f"DROP TABLE IF EXISTS {INDEX}_new")
        for table in tables:
            cursor.execute("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = %s", [table])
            definition = cursor.fetchone()[0]
            cursor.execute(f"DROP TABLE IF EXISTS {table}_new")
            cursor.execute(definition.replace(f'"{table}"', f'"{table}_new"', 1))
        cursor.execute(_FTS5.format(f"{INDEX}_new"))
        _tell(f"{INDEX}_new", f"('pgsz', {_PAGE})", f"('hashsize', {_HASH})", "('automerge', 0)")


def insert(table: str, columns: str, rows: Sequence[tuple[Any, ...]]) -> None:
    """Add rows to the copy of a table, in a transaction of their own, so that other writers need not wait long."""
    marks = ", ".join(["%s"] * len(rows[0]))
    with connection.cursor() as cursor, transaction.atomic():
        cursor.executemany(f"INSERT INTO {table}_new ({columns}) VALUES ({marks})", rows)  # noqa: S608
        if table == DOCUMENTS:
            words = [(row[0], row[5]) for row in rows]
            cursor.executemany(f"INSERT INTO {INDEX}_new (rowid, words) VALUES (%s, %s)", words)  # noqa: S608


def finish(tables: Sequence[str]) -> None:
    """Put the copies in order. Nothing but the swap is left to do."""
    _tell(f"{INDEX}_new", "('optimize', NULL)", f"('hashsize', {1 << 20})", "('automerge', 4)")


def _tell(index: str, *commands: str) -> None:
    """Give an index commands or settings: FTS5 takes them as rows."""
    with connection.cursor() as cursor:
        for command in commands:
            cursor.execute(f"INSERT INTO {index}({index}, rank) VALUES {command}")  # noqa: S608


def swap(tables: Sequence[str]) -> None:
    """Let the copies take the names of the tables in use. Within a transaction."""
    drop()
    with connection.cursor() as cursor:
        for table in reversed(tables):
            cursor.execute(f"DROP TABLE {table}")
            cursor.execute(f"ALTER TABLE {table}_new RENAME TO {table}")
        cursor.execute(f"ALTER TABLE {INDEX}_new RENAME TO {INDEX}")
