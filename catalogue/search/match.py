"""Asks the full-text index of the database at hand. What a query means stands in engine; this is its one translation.

A query is a list of groups; a document matches that has a word of every group. A word ending in ``*`` is a beginning.
Both indexes are read from the most looked at document on, so that a common word is not slower than a rare one. Never by
rank: bm25 and ts_rank look at every match. Measured by tests/benchmarks/search.py; docs/decisions/0011.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from django.db import DatabaseError

from catalogue.models import SearchDocument, SearchKind
from catalogue.replicas import connection
from catalogue.search import postgresql, sqlite
from catalogue.search.spelling import completions, is_mendable

Query = list[list[str]]
_SQLITE = (
    # CROSS JOIN reads the index first, in the order of its rows, which is that of the keys; so LIMIT ends it early.
    "(SELECT d.id, d.kind, d.object_id, d.names FROM catalogue_search CROSS JOIN "
    "catalogue_searchdocument d ON d.id = catalogue_search.rowid WHERE catalogue_search MATCH %s "
    "AND catalogue_search.rowid >= %s AND catalogue_search.rowid < %s ORDER BY catalogue_search.rowid LIMIT %s)"
)


class Ask(NamedTuple):
    """Documents of a kind that match, the most looked at first, at most so many."""

    kind: SearchKind
    query: Query
    most: int


class Hit(NamedTuple):
    """A document found; ``key`` orders those of a kind by how much they are looked at."""

    key: int
    kind: int
    object_id: int
    names: str


def match(asks: Sequence[Ask]) -> list[Hit]:
    """What all of these ask for, each document once: 1 query, or 2 on SQLite, however many they are.

    A query that cannot be asked finds nothing. Nor does an index that is missing or broken, which fails no page.
    """
    asks = [ask for ask in asks if ask.query and all(ask.query)]
    found = _together(asks) if connection.vendor == "sqlite" else _ask(list(map(_postgresql, asks)))
    return list({hit.key: hit for hits in found for hit in hits}.values())


def _ask(parts: Sequence[tuple[str, list[str | int]]]) -> list[list[Hit]]:
    """What each of these statements finds: 1 query."""
    found: list[list[Hit]] = [[] for _ in parts]
    if not parts:
        return found
    sql = " UNION ALL ".join(
        f"SELECT {number}, part.* FROM {part} AS part"  # noqa: S608
        for number, (part, _) in enumerate(parts)
    )
    try:
        with connection.cursor() as cursor:
            cursor.execute(sql, [value for _, values in parts for value in values])
            for number, *row in cursor.fetchall():
                found[number].append(Hit._make(row))
    except (DatabaseError, MemoryError):  # FTS5 believes any size that a broken row names
        return []
    return found


def _together(asks: Sequence[Ask]) -> list[list[Hit]]:
    """The same of SQLite, where what may be rare is asked for once for all kinds.

    FTS5 looks for the first match from the top of the index before it goes to the keys of a kind, so that a rare one
    takes as long again for each kind. Only the kinds that did not fit are asked for again, which is quick then.
    """
    groups: dict[str, list[Ask]] = defaultdict(list)
    for number, ask in enumerate(asks):
        groups[str(ask.query) if _may_be_rare(ask.query) else str(number)].append(ask)
    expressions = {text: _expression(query) for text, query in {str(ask.query): ask.query for ask in asks}.items()}

    def statement(group: list[Ask]) -> tuple[str, list[str | int]]:
        """For all kinds of a group, and one row more than each asks for."""
        keys = [key for ask in group for key in SearchDocument.keys_of(ask.kind)]
        most = group[0].most + (len(group) > 1)
        return _SQLITE, [expressions[str(group[0].query)], min(keys), max(keys), most]

    found = _ask([statement(group) for group in groups.values()])
    cut: list[Ask] = []
    for group, hits in zip(groups.values(), found, strict=False):
        if len(group) > 1 and len(hits) > group[0].most:
            counts = Counter(hit.kind for hit in hits)
            cut += [ask for ask in group if ask.kind >= hits[-1].kind and counts[ask.kind] < ask.most]
        kinds = {ask.kind for ask in group}
        hits[:] = [hit for hit in hits if hit.kind in kinds]
    return found + _ask([statement([ask]) for ask in cut])


def _may_be_rare(query: Query) -> bool:
    """Several words, a whole name, or a long beginning."""
    word = query[0][0]
    return len(query) > 1 or word.startswith("=") or (word.endswith("*") and len(word) > sqlite.LISTED + 1)


def _expression(query: Query) -> str:
    return " AND ".join(f"({' OR '.join(map(_fts5, words))})" for words in query)


def _fts5(word: str) -> str:
    if not word.endswith("*"):
        return f'"{word}"'
    mark, letters = ("@", word[1:-1]) if word.startswith("@") else ("", word[:-1])
    if len(letters) <= sqlite.LISTED - len(mark) or not is_mendable(letters):
        return f'"{mark}{letters}"*'
    # A longer beginning has no list: FTS5 would collect all its matches, 100 ms for "christ" among 3,000,000. The words
    # that begin so are read in turn instead, which LIMIT ends early.
    return " OR ".join(f'"{mark}{term}"' for term in dict.fromkeys([letters, *completions(letters)]))


def _postgresql(ask: Ask) -> tuple[str, list[str | int]]:
    asked = " & ".join(f"({' | '.join(map(_tsquery, group))})" for group in ask.query)
    return f"{postgresql.function(ask.kind)}(%s::tsquery, %s)", [asked, ask.most]


def _tsquery(word: str) -> str:
    if not word.endswith("*"):
        return f"'{word}'"
    letters = len(word) - 1 - word.startswith("@")
    return f"'^{word[:-1]}'" if letters <= postgresql.LISTED else f"'{word[:-1]}':*"
