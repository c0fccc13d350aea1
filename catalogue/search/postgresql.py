"""The search index on PostgreSQL: GIN indexes of the documents' words by kind and level."""

from collections.abc import Sequence
from typing import Any

from django.db import connection, transaction

from catalogue.models import SearchKind
from catalogue.models.search import MOST_LEVEL
from catalogue.search.words import LISTED

DOCUMENTS = "catalogue_searchdocument"
# The lists of beginnings are words of their own, "^th": of a beginning without one, GIN collects all matches before
# it looks at the other words. Words are folded already, so no dictionary, locale or stop word has a say. In PL/pgSQL,
# which takes a tenth of a regular expression's time, 60 % of unnest()'s.
_LEXEMES = f"""CREATE OR REPLACE FUNCTION catalogue_search_lexemes(words text) RETURNS tsvector
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
    word text;
    lexemes text[] := string_to_array(words, ' ');
BEGIN
    FOREACH word IN ARRAY lexemes LOOP
        FOR letters IN 1..CASE WHEN word ~ '^[=+]' THEN 0 ELSE {LISTED} END LOOP
            lexemes := lexemes || ('^' || left(word, letters));
        END LOOP;
    END LOOP;
    RETURN array_to_tsvector(lexemes);
END $$"""
# Planning a statement for all kinds and tiers takes longer than running it: a function keeps its plans. The tiers are
# read one after the other, and the later ones only when those before do not fill the limit. Their conditions are
# written out, or the planner could not tell which partial index they allow. OFFSET 0 has the matches collected by their
# index before they are ordered: left to itself, the planner reads all documents in order until a rare word has come
# often enough.
_FUNCTION = """CREATE OR REPLACE FUNCTION {name}(asked tsquery, most bigint)
RETURNS TABLE (id bigint, kind smallint, object_id bigint, names text) LANGUAGE plpgsql STABLE ROWS 100
SET plan_cache_mode = force_generic_plan SET enable_seqscan = off AS $$
#variable_conflict use_column
DECLARE found bigint;
BEGIN{tiers}
END $$"""
_TIER = """
    RETURN QUERY SELECT * FROM (SELECT id, kind, object_id, names FROM catalogue_searchdocument
        WHERE catalogue_search_lexemes(words) @@ asked AND {where} OFFSET 0) AS hits ORDER BY id LIMIT most;
    GET DIAGNOSTICS found = ROW_COUNT;
    most := most - found;
    IF most <= 0 THEN RETURN; END IF;"""
# An index for each kind and range of levels, since all that match in one are collected before the first is known: most
# searches end in the first range, which is small, whatever there are of the other kinds. No document is in two. The
# first is for one letter, with which every third movie has a word.
_LEVELS = {SearchKind.MOVIE: (600, 450, 300, 150, 30, 0), SearchKind.PERSON: (300, 200, 100, 0)}


def tiers(kind: SearchKind) -> list[tuple[str, str]]:
    """The indexes of a kind, the most looked at levels first: their names and conditions."""
    levels = _LEVELS.get(kind, (0,))
    return [
        (f"search_{kind.name.lower()}_{least}", f"kind = {kind.value} AND level >= {least} AND level < {above}")
        for least, above in zip(levels, (MOST_LEVEL + 1, *levels), strict=False)
    ]


_INDEXES = {name: where for kind in SearchKind for name, where in tiers(kind)}


def create() -> None:
    """Make the indexes of the documents table that are missing, and the functions that read them."""
    _create_functions()
    with connection.cursor() as cursor:
        for name, where in _INDEXES.items():
            cursor.execute(_gin(name, DOCUMENTS, where))


def _create_functions() -> None:
    with connection.cursor() as cursor:
        cursor.execute(_LEXEMES)
        for kind in SearchKind:
            parts = "".join(_TIER.format(where=where) for _, where in tiers(kind))
            cursor.execute(_FUNCTION.format(name=function(kind), tiers=parts))


def function(kind: SearchKind) -> str:
    """The function that finds documents of a kind, the most looked at first: of a tsquery, at most so many."""
    return f"catalogue_search_{kind.name.lower()}"


def drop() -> None:
    """Remove the indexes, and the column of earlier versions; the functions are replaced by ``create``."""
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {DOCUMENTS} DROP COLUMN IF EXISTS tsv")
        cursor.execute(f"DROP INDEX IF EXISTS {', '.join(_INDEXES)}")


def renew() -> None:
    """Make the indexes anew while those there are searched, then let them take their place. In no transaction.

    What an interrupted run left is dropped.
    """
    _create_functions()
    with connection.cursor() as cursor:
        for name, where in _INDEXES.items():
            cursor.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}_new")
            cursor.execute(_gin(f"{name}_new", DOCUMENTS, where, "CREATE INDEX CONCURRENTLY"))
        with transaction.atomic():
            drop()
            for name in _INDEXES:
                cursor.execute(f"ALTER INDEX {name}_new RENAME TO {name}")


def _gin(name: str, table: str, where: str, create: str = "CREATE INDEX IF NOT EXISTS") -> str:
    # Without fastupdate, since every search reads the list of what was put off: 4 ms each.
    return (
        f"{create} {name} ON {table} USING gin(catalogue_search_lexemes(words)) WITH (fastupdate = off) WHERE {where}"
    )


def begin(tables: Sequence[str]) -> None:
    """Make an empty copy of each table; what an interrupted run left is dropped, lost functions return."""
    _create_functions()
    with connection.cursor() as cursor, transaction.atomic():
        for table in tables:
            cursor.execute(f"DROP TABLE IF EXISTS {table}_new")
            cursor.execute(
                f"CREATE TABLE {table}_new (LIKE {table} INCLUDING DEFAULTS INCLUDING IDENTITY INCLUDING CONSTRAINTS)"
            )
        cursor.execute(f"ALTER TABLE {DOCUMENTS}_new DROP COLUMN IF EXISTS tsv")  # of earlier versions


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
