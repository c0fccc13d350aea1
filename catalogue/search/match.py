"""Asks the full-text index of the database at hand. What a query means stands in engine; this is its one translation.

A query is a list of groups; a document matches that has a word of every group. A word ending in ``*`` is a beginning.
Both indexes are read from the most looked at document on, so that a common word is not slower than a rare one. Never by
rank: bm25 and ts_rank look at every match. Measured by tests/benchmarks/search.py; docs/decisions/0011.
"""

from collections.abc import Sequence

from django.db import DatabaseError, connection

from catalogue.models import SearchDocument, SearchKind

Query = list[list[str]]
# OFFSET 0 has the matches collected by their index before they are ordered: left to itself, the planner reads all
# documents in order until a rare word has come often enough.
_PART = (
    "(SELECT id FROM (SELECT id FROM catalogue_searchdocument WHERE tsv @@ %s::tsquery AND id >= %s AND id < %s{} "
    "OFFSET 0) AS hits ORDER BY id LIMIT %s)"
)
# Most searches end in the first part, whose index is small: the parts are read one after the other, and the later ones
# only when those before do not fill the limit. The levels are written out, or the planner could not tell which partial
# index they allow.
_LEVELS = (" AND level >= 300", " AND level >= 30 AND level < 300", " AND level < 30")
_TIERS = f"SELECT id FROM ({' UNION ALL '.join(map(_PART.format, _LEVELS))}) AS found LIMIT %s"  # noqa: S608
_ALL = _PART.format("")


def match(kind: SearchKind, query: Query, most: int) -> list[int]:
    """Keys of the documents of a kind that match, the most looked at first; none for a query that cannot be asked.

    An index that is missing or broken finds nothing, rather than failing the page.
    """
    if not query or not all(query):
        return []
    try:
        return _sqlite(kind, query, most) if connection.vendor == "sqlite" else _postgresql(kind, query, most)
    except DatabaseError:
        return []


def _rows(sql: str, parameters: Sequence[str | int]) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return [key for (key,) in cursor.fetchall()]


def _sqlite(kind: SearchKind, query: Query, most: int) -> list[int]:
    asked = " AND ".join(f"({' OR '.join(map(_fts5, group))})" for group in query)
    first, behind = SearchDocument.keys_of(kind)
    sql = (
        "SELECT rowid FROM catalogue_search WHERE catalogue_search MATCH %s AND rowid >= %s AND rowid < %s "
        "ORDER BY rowid LIMIT %s"
    )
    return _rows(sql, [asked, first, behind, most])


def _fts5(word: str) -> str:
    return f'"{word[:-1]}"*' if word.endswith("*") else f'"{word}"'


def _postgresql(kind: SearchKind, query: Query, most: int) -> list[int]:
    asked = " & ".join(f"({' | '.join(map(_tsquery, group))})" for group in query)
    # Several words are rare together, so that tiers would only add work.
    part: list[str | int] = [asked, *SearchDocument.keys_of(kind), most]
    if len(query) > 1:
        return _rows(_ALL, part)
    return sorted(_rows(_TIERS, [*part, *part, *part, most]))


def _tsquery(word: str) -> str:
    return f"'{word[:-1]}':*" if word.endswith("*") else f"'{word}'"
