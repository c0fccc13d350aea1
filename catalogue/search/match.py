"""Asks the full-text index of the database at hand. What a query means stands in engine; this is its one translation.

A query is a list of groups; a document matches that has a word of every group. A word ending in ``*`` is a beginning.
Both indexes are read from the most looked at document on, so that a common word is not slower than a rare one. Never by
rank: bm25 and ts_rank look at every match. Measured by tests/benchmarks/search.py; docs/decisions/0011.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from django.db import DatabaseError

from catalogue.models import SearchDocument, SearchKind
from catalogue.replicas import connection
from catalogue.search import postgresql
from catalogue.search.spelling import Vocabulary, is_mendable
from catalogue.search.words import LISTED

Query = list[list[str]]
_SQLITE = (
    # CROSS JOIN reads the index first, in the order of its rows, which is that of the keys; so LIMIT ends it early.
    "(SELECT d.id, d.kind, d.object_id, d.names FROM catalogue_search CROSS JOIN "
    "catalogue_searchdocument d ON d.id = catalogue_search.rowid WHERE catalogue_search MATCH %s "
    "AND catalogue_search.rowid >= %s AND catalogue_search.rowid < %s ORDER BY catalogue_search.rowid LIMIT %s)"
)
NOWHERE = '"+"'  # a year that no document has


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


def match(asks: Sequence[Ask], vocabulary: Vocabulary) -> list[Hit]:
    """What all of these ask for, each document once: 1 query, or 2 on SQLite, and those of the vocabulary.

    A query that cannot be asked finds nothing. Nor does an index that is missing or broken, which fails no page.
    """
    asks = [
        ask._replace(query=[_listed(words, vocabulary) for words in ask.query])
        for ask in asks
        if ask.query and all(ask.query)
    ]
    found = _together(asks, vocabulary) if connection.vendor == "sqlite" else _ask(list(map(_postgresql, asks)))
    return list({hit.key: hit for hits in found for hit in hits}.values())


def _listed(words: list[str], vocabulary: Vocabulary) -> list[str]:
    """The same with whole words in the place of a beginning that has no list of its own.

    Both indexes collect all matches of such a beginning before they look at another word: "christ" took SQLite 100 ms
    among 3,000,000 documents. The words that begin so are read in turn instead, which a limit ends early.
    """
    terms: dict[str, None] = {}
    for word in words:
        mark, letters = ("@", word[1:-1]) if word.startswith("@") else ("", word[:-1])
        if word.endswith("*") and len(word) > LISTED + 1 and is_mendable(letters):
            terms |= dict.fromkeys(f"{mark}{term}" for term in (letters, *vocabulary.completions(letters)))
        else:
            terms[word] = None
    return list(terms)


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


def _together(asks: Sequence[Ask], vocabulary: Vocabulary) -> list[list[Hit]]:
    """The same of SQLite, where what may be rare is asked for once for all kinds.

    FTS5 looks for the first match from the top of the index before it goes to the keys of a kind, so that a rare one
    takes as long again for each kind. Only the kinds that did not fit are asked for again, which is quick then.
    """
    groups: dict[str, list[Ask]] = defaultdict(list)
    for number, ask in enumerate(asks):
        groups[str(ask.query) if _may_be_rare(ask.query) else str(number)].append(ask)
    queries = {str(ask.query): ask.query for ask in asks}
    expressions = {text: _expression(query, vocabulary) for text, query in queries.items()}

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
    return len(query) > 1 or len(query[0]) > 1 or query[0][0].startswith("=")


def _expression(query: Query, vocabulary: Vocabulary) -> str:
    """All of the groups, the rarest first.

    FTS5 moves every list of an AND on to where any of them is. Two by two it reads those that follow only where the
    first ones meet: "moon house day the" takes 0.6 ms of 2.5. It would join the pairs, but for the NOT.
    """
    asked, *others = map(_any, _rarest_first(query, vocabulary) if len(query) > 2 else query)
    for place, words in enumerate(others):
        asked = f"(({asked}) NOT {NOWHERE}) AND {words}" if place else f"{asked} AND {words}"
    return asked


def _any(words: list[str]) -> str:
    return f"({' OR '.join(map(_fts5, words))})"


def _rarest_first(query: Query, vocabulary: Vocabulary) -> Query:
    """The least likely words first, those too short to be known last, the longest of them first; a year second."""

    def likelihood(words: list[str]) -> tuple[float, int]:
        word = words[0].rstrip("*")
        return vocabulary.level(word) if is_mendable(word) else math.inf, -len(word)

    year = [words for words in query if words[0].startswith("+")]
    rarest, *others = sorted((words for words in query if words not in year), key=likelihood)
    return [rarest, *year, *others]


def _fts5(word: str) -> str:
    return f'"{word[:-1]}"*' if word.endswith("*") else f'"{word}"'


def _postgresql(ask: Ask) -> tuple[str, list[str | int]]:
    asked = " & ".join(f"({' | '.join(map(_tsquery, group))})" for group in ask.query)
    return f"{postgresql.function(ask.kind)}(%s::tsquery, %s)", [asked, ask.most]


def _tsquery(word: str) -> str:
    if not word.endswith("*"):
        return f"'{word}'"
    return f"'^{word[:-1]}'" if len(word) <= LISTED + 1 else f"'{word[:-1]}':*"
