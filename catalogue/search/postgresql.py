"""The search index on PostgreSQL: GIN indexes of the documents' words by kind and rank."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from django.db import connection, transaction

from catalogue.models import SearchDocument, SearchKind
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
# those of the indexes, or the planner could not tell which of them a tier allows. OFFSET 0 has the matches collected by
# their index before they are ordered: left to itself, the planner reads all documents in order until a rare word has
# come often enough.
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
# An index for each kind and range of ranks, since all that match in one are collected before the first is known: most
# searches end in the first range, which is small, whatever there are of the other kinds. No document is in two. The
# first is for one letter, with which every third movie has a word.
_RANKS = {
    SearchKind.MOVIE: (3_000, 20_000, 90_000, 270_000, 640_000),
    SearchKind.PERSON: (2_000, 20_000, 100_000, 500_000),
}
# Where there are too few to tell: by how much a record is looked at.
_LEVELS = {SearchKind.MOVIE: (600, 450, 300, 150, 30), SearchKind.PERSON: (350, 300, 200, 100)}
_UNEVEN = 4  # times as many, or as few
_NAMES = "^search_(movie|person|studio|collection)_[0-9]+$"  # of these indexes, and those of earlier versions
_NEW_NAMES = _NAMES.replace("$", "_new$")
_WHERE = """SELECT name.relname, pg_get_expr(indpred, indrelid)
    FROM pg_index JOIN pg_class name ON name.oid = indexrelid
    WHERE indrelid = %s::regclass AND name.relname ~ %s ORDER BY length(name.relname), name.relname"""


def tiers(kind: SearchKind, table: str = DOCUMENTS) -> list[tuple[str, str]]:
    """The indexes of a kind, the most looked at documents first: their names, and conditions by what the table holds.

    1 query for each. They stay as they are until the index is made anew, whatever comes and goes.
    """
    first, last = SearchDocument.keys_of(kind)
    bounds = [first, *(_key_of_rank(kind, rank, table) for rank in _RANKS.get(kind, ())), last]
    if bounds[1:-1] and bounds[1] == last:
        bounds = [first, *(SearchDocument.key(kind, 0, level - 1) for level in _LEVELS[kind]), last]
    return [
        (f"search_{kind.name.lower()}_{place}", f"id >= {least} AND id < {behind}")
        for place, (least, behind) in enumerate(pairwise(bounds))
    ]


def _key_of_rank(kind: SearchKind, rank: int, table: str) -> int:
    """The key of the first document behind so many of a kind; that behind them all where there are no more."""
    first, last = SearchDocument.keys_of(kind)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT id FROM {table} WHERE id >= %s AND id < %s ORDER BY id OFFSET %s LIMIT 1",  # noqa: S608
            [first, last, rank],
        )
        found = cursor.fetchone()
    return int(found[0]) if found else last


def create() -> None:
    """Make the indexes of the documents table, which has none, and the functions that read them."""
    with connection.cursor() as cursor:
        cursor.execute(_LEXEMES)
        for kind in SearchKind:
            for name, where in tiers(kind):
                cursor.execute(_gin(name, DOCUMENTS, where))
    _create_functions()


def _create_functions() -> None:
    """Make them anew of the indexes that there are; without one of its kind a function reads all documents."""
    with connection.cursor() as cursor:
        cursor.execute(_LEXEMES)
        cursor.execute(_WHERE, [DOCUMENTS, _NAMES])
        known: list[tuple[str, str]] = cursor.fetchall()
        for kind in SearchKind:
            begun = f"search_{kind.name.lower()}_"
            wheres = [where for name, where in known if name.startswith(begun)] or [f"kind = {kind.value}"]
            parts = "".join(_TIER.format(where=where) for where in wheres)
            cursor.execute(_FUNCTION.format(name=function(kind), tiers=parts))


def function(kind: SearchKind) -> str:
    """The function that finds documents of a kind, the most looked at first: of a tsquery, at most so many."""
    return f"catalogue_search_{kind.name.lower()}"


def drop() -> None:
    """Remove the indexes, and the column of earlier versions; the functions are replaced by ``create``."""
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {DOCUMENTS} DROP COLUMN IF EXISTS tsv")
        cursor.execute(_WHERE, [DOCUMENTS, _NAMES])
        for name, _ in cursor.fetchall():
            cursor.execute(f"DROP INDEX {name}")


def renew() -> None:
    """Make the indexes anew while those there are searched, then let them take their place. In no transaction.

    What an interrupted run left is dropped.
    """
    indexes = [index for kind in SearchKind for index in tiers(kind)]
    with connection.cursor() as cursor:
        cursor.execute(_LEXEMES)
        cursor.execute(_WHERE, [DOCUMENTS, _NEW_NAMES])
        for name, _ in cursor.fetchall():
            cursor.execute(f"DROP INDEX CONCURRENTLY {name}")
        for name, where in indexes:
            cursor.execute(_gin(f"{name}_new", DOCUMENTS, where, "CREATE INDEX CONCURRENTLY"))
        with transaction.atomic():
            drop()
            for name, _ in indexes:
                cursor.execute(f"ALTER INDEX {name}_new RENAME TO {name}")
            _create_functions()


def are_uneven() -> bool:
    """Whether what came since has left the first range of a kind four times as large as it should be, or as small.

    Then ``renew`` is worth its minutes. 3 queries for movies, and for people.
    """
    with connection.cursor() as cursor:
        cursor.execute(_WHERE, [DOCUMENTS, _NAMES])
        known = dict(cursor.fetchall())
        for kind, (rank, *_) in _RANKS.items():
            if _key_of_rank(kind, rank * _UNEVEN, DOCUMENTS) == SearchDocument.keys_of(kind)[1]:
                continue  # too few of them to matter
            where = known.get(f"search_{kind.name.lower()}_0", "false")
            within = f"SELECT FROM {DOCUMENTS} WHERE {where} LIMIT %s"
            cursor.execute(f"SELECT count(*) FROM ({within}) AS counted", [rank * _UNEVEN])  # noqa: S608
            if not rank // _UNEVEN < cursor.fetchone()[0] < rank * _UNEVEN:
                return True
    return False


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
        for kind in SearchKind:
            for name, where in tiers(kind, f"{DOCUMENTS}_new"):
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
        cursor.execute(_WHERE, [DOCUMENTS, _NEW_NAMES])
        for name, _ in cursor.fetchall():
            cursor.execute(f"ALTER INDEX {name} RENAME TO {name.removesuffix('_new')}")
    _create_functions()


def _indexes_of(table: str) -> list[tuple[str, str, str]]:
    """Name, definition and constraint of a table's indexes, those of the full text aside."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name.relname, pg_get_indexdef(name.oid), "
            "CASE held.contype WHEN 'p' THEN 'PRIMARY KEY' WHEN 'u' THEN 'UNIQUE' ELSE '' END "
            "FROM pg_index JOIN pg_class name ON name.oid = indexrelid "
            "LEFT JOIN pg_constraint held ON held.conindid = indexrelid "
            "WHERE indrelid = %s::regclass AND name.relname !~ %s",
            [table, _NAMES],
        )
        found: list[tuple[str, str, str]] = cursor.fetchall()
    return found
