"""Mends misspelt words by the words there are: a symmetric-delete table, the same on every database.

Every term stands in the table whole and without each of its letters. A typed word, treated likewise, meets all terms
one slip away (a letter too many, too few, another, or two swapped) and many that are two away, by equality alone.
"""

import math
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django.db import DatabaseError

from catalogue.models import SearchTerm, SearchTypo
from catalogue.replicas import connection
from catalogue.search.query import SearchQuery

SHORTEST, LONGEST = 4, 32  # letters of a word that is mended
MOST_CANDIDATES = 400
EASY = round(math.log(26) * 50)
BATCH = 2000


def shortened(word: str) -> set[str]:
    """The word and all that remain when one letter is left out.

    >>> sorted(shortened("ran"))
    ['an', 'ra', 'ran', 'rn']
    """
    return {word} | {word[:place] + word[place + 1 :] for place in range(len(word))}


def distance(one: str, other: str) -> int:
    """Slips between two words: letters to add, drop or change, and neighbours to swap.

    >>> distance("kurosava", "kurosawa"), distance("mtarix", "matrix"), distance("amelie", "amelie")
    (1, 1, 0)
    """
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, start=1):
        older, before, row = before, row, [i]
        for j, b in enumerate(other, start=1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                cost = min(cost, older[j - 2] + 1)
            row.append(cost)
    return row[-1]


def mend(query: SearchQuery) -> SearchQuery | None:
    """The query with each word that nothing begins with replaced by the likeliest there is: 2 queries a word.

    None when there is nothing to mend.
    """
    words = tuple(
        word if not is_mendable(word) or completions(word, 1) else next(iter(suggestions(word, 1)), word)
        for word in query.words
    )
    return replace(query, words=words) if words != query.words else None


def completions(word: str, most: int = 40) -> list[str]:
    """The most looked at of the words that begin so: 1 query.

    Of more than 400 the first in the alphabet are considered; 6 letters begin that many in no catalogue measured.
    """
    # By LIKE on PostgreSQL, whose index of patterns it uses; SQLite would compare every term.
    is_postgresql = connection.vendor == "postgresql"
    condition = "term LIKE %s" if is_postgresql else "term >= %s AND term < %s"
    values = [f"{word}%"] if is_postgresql else [word, f"{word}\U0010ffff"]
    sql = f"SELECT term, level FROM catalogue_searchterm WHERE {condition} LIMIT {MOST_CANDIDATES}"  # noqa: S608
    return [term for term, _ in sorted(_rows(sql, values), key=lambda row: -row[1])[:most]]


def suggestions(word: str, most: int = 3) -> list[str]:
    """Words there are that may have been meant, the likeliest first: 1 query.

    Fewer slips come before more, the same first letter before another, then what is looked at more or slips so easily.
    """
    if not is_mendable(word):
        return []
    variants = shortened(word)
    if len(word) > SHORTEST:
        variants |= {again for once in variants if once != word for again in shortened(once)}
    sql = (
        "SELECT term, level FROM catalogue_searchtypo typo JOIN catalogue_searchterm term ON term.id = typo.term_id "  # noqa: S608
        f"WHERE variant IN ({', '.join(['%s'] * len(variants))}) LIMIT {MOST_CANDIDATES}"
    )
    allowed = 1 if len(word) < 6 else 2
    near = {
        term: (slips, term[0] != word[0], -level - _ease(term, word), term)
        for term, level in _rows(sql, sorted(variants))
        if 0 < (slips := distance(word, term)) <= allowed
    }
    return sorted(near, key=near.__getitem__)[:most]


def _ease(term: str, word: str) -> int:
    """How many levels it counts that ``word`` has a letter less than the term, or the same ones in another order.

    Of a word of n letters there are n such slips, but 26 n with a letter changed or added; a level is ln(x) * 50.
    """
    return EASY if len(term) > len(word) or sorted(term) == sorted(word) else 0


def _rows(sql: str, values: list[str]) -> list[Any]:
    """What a statement finds; nothing when the tables are missing, rather than failing the page."""
    try:
        with connection.cursor() as cursor:
            cursor.execute(sql, values)
            found: list[Any] = cursor.fetchall()
    except DatabaseError:
        return []
    return found


def is_mendable(word: str) -> bool:
    """Whether it has the length and the letters of a word that is mended."""
    return SHORTEST <= len(word) <= LONGEST and word.isalpha()


def mendable(words: str) -> list[str]:
    """Those of a document's words that a misspelt one may stand for.

    >>> mendable("ran seven samurai =seven=samurai @akira 7 +1954")
    ['seven', 'samurai']
    """
    return [word for word in words.split() if is_mendable(word)]


def learn(documents: Iterable[tuple[str, int]]) -> None:
    """Add the words of documents, given with their levels; 1 query when all are known and at their level."""
    levels: dict[str, int] = {}
    for words, level in documents:
        for word in mendable(words):
            levels[word] = max(level, levels.get(word, 0))
    known = dict(SearchTerm.objects.filter(term__in=levels).values_list("term", "level"))
    fresh = [word for word in levels if word not in known]
    SearchTerm.objects.bulk_create(
        [SearchTerm(term=word, level=levels[word]) for word in fresh], ignore_conflicts=True, batch_size=BATCH
    )
    keys = dict(SearchTerm.objects.filter(term__in=fresh).values_list("term", "pk"))
    typos = (SearchTypo(variant=variant, term_id=pk) for word, pk in keys.items() for variant in shortened(word))
    SearchTypo.objects.bulk_create(typos, ignore_conflicts=True, batch_size=BATCH)
    for word in known:
        if levels[word] > known[word]:
            SearchTerm.objects.filter(term=word).update(level=levels[word])
