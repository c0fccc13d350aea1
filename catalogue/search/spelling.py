"""Mends misspelt words by the words there are: a symmetric-delete table, the same on every database.

Every term stands in the table whole and without each of its letters. A typed word, treated likewise, meets all terms
one slip away (a letter too many, too few, another, or two swapped) and many that are two away, by equality alone.
"""

import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from functools import cached_property
from itertools import pairwise
from typing import Any

from django.db import DatabaseError

from catalogue.models import SearchTerm, SearchTypo
from catalogue.replicas import connection
from catalogue.search.query import SearchQuery

SHORTEST, LONGEST = 4, 32  # letters of a word that is mended
MOST_CANDIDATES = 400
MOST_HALVES = 3  # ways to write a word as two that are tried
# A level of a term is ln(x) times this: half as steep as that of a document, so that a word of many records may be
# likelier than one of a famous record.
STEEP = 100
EASY = round(math.log(26) * STEEP)
LIKELIER = round(math.log(5) * STEEP)  # than a word that exists, before it is offered beside it
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
    # What both begin and end with needs no table; of words that are close little remains.
    start = _alike(one, other)
    one, other = one[start:], other[start:]
    end = _alike(one[::-1], other[::-1])
    one, other = one[: len(one) - end], other[: len(other) - end]
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


def _alike(one: str, other: str) -> int:
    """How many letters both begin with."""
    shorter = min(len(one), len(other))
    return next((place for place in range(shorter) if one[place] != other[place]), shorter)


class Vocabulary:
    """What the catalogue knows of the words of a query. Each thing is asked for once, when it is wanted."""

    def __init__(self, words: Iterable[str] = ()) -> None:
        self._words = [word for word in words if is_mendable(word)]
        self._completions: dict[str, list[str]] = {}

    @cached_property
    def _first(self) -> dict[str, tuple[str, int]]:
        """By word the first term in the alphabet that begins so, which is the word itself if it is one: 1 query."""
        order = "term USING ~<~" if connection.vendor == "postgresql" else "term"
        parts = [_begun(word) for word in self._words]
        # In the order of the index, which PostgreSQL reads then: it looked for "love%" in the whole table, for 8 ms.
        sql = " UNION ALL ".join(
            f"SELECT * FROM (SELECT {place}, term, level FROM catalogue_searchterm WHERE {condition} "  # noqa: S608
            f"ORDER BY {order} LIMIT 1) AS part{place}"
            for place, (condition, _) in enumerate(parts)
        )
        rows = _rows(sql, [value for _, values in parts for value in values]) if parts else []
        return {self._words[place]: (term, level) for place, term, level in rows}

    @property
    def known(self) -> set[str]:
        """Those of the words that are terms."""
        return {word for word, (term, _) in self._first.items() if term == word}

    @property
    def unknown(self) -> set[str]:
        """Those of the words that could be mended, and that no term begins with."""
        return set(self._words) - set(self._first)

    def level(self, word: str) -> int:
        """The level of a word of the query, or of what it begins; 0 if it is unknown."""
        return self._first.get(word, ("", 0))[1]

    def completions(self, word: str) -> list[str]:
        """The most looked at of the words that begin so, the likeliest first: 1 query a word."""
        if word not in self._completions:
            self._completions[word] = completions(word)
        return self._completions[word]


def mend(query: SearchQuery, vocabulary: Vocabulary, *, is_found: bool = False) -> list[SearchQuery]:
    """The query with each word that nothing begins with replaced by the likeliest there is: 2 queries, and 2 for each.

    A word that nothing is near to may be two without a space, and two words one: "spirited away", "godfather". Of a
    query of one word up to three that are as near, the likeliest first; none when there is nothing to mend. Of what
    ``is_found`` as it is, "cast away", words are not joined.
    """
    unknown = vocabulary.unknown
    if len(query.words) == 1 and unknown:
        [word] = query.words
        if near := suggestions(word):
            better: list[tuple[str, ...]] = [(one,) for one in near if distance(word, one) == distance(word, near[0])]
        else:
            better = halves(word)[:MOST_HALVES]
        return [replace(query, words=words) for words in better]
    # Together they are a word: "god father" is no slip of "god pather".
    written = [_joined(query.words)] if len(query.words) > 1 and not is_found else []
    if unknown:
        written.append(tuple(part for word in query.words for part in (_mended(word) if word in unknown else (word,))))
    return [replace(query, words=words) for words in written if words != query.words]


def _mended(word: str) -> tuple[str, ...]:
    near: list[tuple[str, ...]] = [(term,) for term in suggestions(word, 1)] or [*halves(word)[:1]]
    return near[0] if near else (word,)


def halves(word: str) -> list[tuple[str, ...]]:
    """The word as two, one of them a term and the other one too, or too short to be one; the likeliest first: 1 query.

    The more of its letters are in terms, the likelier.
    """
    cuts = [(word[:place], word[place:]) for place in range(2, len(word) - 1)]
    levels = _levels({half for cut in cuts for half in cut if is_mendable(half)})
    likely = []
    for cut in cuts:
        terms = [half for half in cut if half in levels]
        if terms and all(half in levels or len(half) < SHORTEST for half in cut):
            likely.append((-sum(map(len, terms)), -sum(levels[half] for half in terms), cut))
    return [cut for *_, cut in sorted(likely)]


def _joined(words: tuple[str, ...]) -> tuple[str, ...]:
    """The words with the likeliest two neighbours that are one term written together, if any: 1 query."""
    pairs = {first + second: place for place, (first, second) in enumerate(pairwise(words))}
    levels = _levels({word for word in pairs if is_mendable(word)})
    if not levels:
        return words
    best = max(levels, key=lambda word: levels[word])
    place = pairs[best]
    return (*words[:place], best, *words[place + 2 :])


def _levels(words: set[str]) -> dict[str, int]:
    """The levels of those of the words that are terms: 1 query, none without words."""
    if not words:
        return {}
    sql = f"SELECT term, level FROM catalogue_searchterm WHERE term IN ({', '.join(['%s'] * len(words))})"  # noqa: S608
    return dict(_rows(sql, sorted(words)))


def _begun(word: str) -> tuple[str, list[str]]:
    """The condition that a term begins so, and its values."""
    # By LIKE on PostgreSQL, whose index of patterns it uses; SQLite would compare every term.
    if connection.vendor == "postgresql":
        return "term LIKE %s", [f"{word}%"]
    return "term >= %s AND term < %s", [word, f"{word}\U0010ffff"]


def completions(word: str, most: int = 40) -> list[str]:
    """The most looked at of the words that begin so: 1 query.

    Of more than 400 the first in the alphabet are considered; 6 letters begin that many in no catalogue measured.
    """
    condition, values = _begun(word)
    sql = f"SELECT term, level FROM catalogue_searchterm WHERE {condition} LIMIT {MOST_CANDIDATES}"  # noqa: S608
    return [term for term, _ in sorted(_rows(sql, values), key=lambda row: -row[1])[:most]]


def suggestions(word: str, most: int = 3) -> list[str]:
    """Words there are that may have been meant, the likeliest first: 1 query.

    Fewer slips come before more, the same first letter before another, then what is likelier or slips so easily.
    """
    near = [(distance(word, term), term, level) for term, level in _near(word)]
    allowed = 1 if len(word) < 6 else 2
    likely = sorted(
        (slips, term[0] != word[0], -level - _ease(term, word), term)
        for slips, term, level in near
        if 0 < slips <= allowed
    )
    return [term for *_, term in likely[:most]]


def likelier(word: str, most: int = 3) -> list[str]:
    """Words a slip away from one that there is, or that begins others, each far likelier than that: 1 query."""
    near = dict(_near(word))
    least = near.get(word, 0) + LIKELIER
    likely = {term: level for term, level in near.items() if level >= least and term[0] == word[0]}
    return sorted((term for term in likely if distance(word, term) == 1), key=lambda term: -likely[term])[:most]


def _near(word: str) -> list[tuple[str, int]]:
    """Terms a slip or two away and some that are farther, with their levels: 1 query, none if it is not mendable."""
    if not is_mendable(word):
        return []
    variants = shortened(word)
    if len(word) > SHORTEST:
        variants |= {again for once in variants if once != word for again in shortened(once)}
    sql = (
        "SELECT term, level FROM catalogue_searchtypo typo JOIN catalogue_searchterm term ON term.id = typo.term_id "  # noqa: S608
        f"WHERE variant IN ({', '.join(['%s'] * len(variants))}) LIMIT {MOST_CANDIDATES}"
    )
    return list(dict(_rows(sql, sorted(variants))).items())


def _ease(term: str, word: str) -> int:
    """How many levels it counts that ``word`` has a letter less than the term, or the same ones in another order.

    Of a word of n letters there are n such slips, but 26 n with a letter changed or added.
    """
    return EASY if len(term) > len(word) or sorted(term) == sorted(word) else 0


def weight_of(level: int) -> float:
    """What a document of this level adds to the likelihood of its words."""
    return math.exp(level / STEEP)


def level_of(weight: float) -> int:
    """The level of a term whose documents weigh so much; that of the document when there is one."""
    return round(math.log(weight) * STEEP)


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
    """Add the words of documents, given with their levels; 1 query when all are known and at their level.

    A term counts as what was written of it at once, until a rebuild counts all documents.
    """
    weights: dict[str, float] = defaultdict(float)
    for words, level in documents:
        for word in mendable(words):
            weights[word] += weight_of(level)
    levels = {word: level_of(weight) for word, weight in weights.items()}
    stored = dict(SearchTerm.objects.filter(term__in=levels).values_list("term", "level"))
    fresh = [word for word in levels if word not in stored]
    SearchTerm.objects.bulk_create(
        [SearchTerm(term=word, level=levels[word]) for word in fresh], ignore_conflicts=True, batch_size=BATCH
    )
    keys = dict(SearchTerm.objects.filter(term__in=fresh).values_list("term", "pk"))
    typos = (SearchTypo(variant=variant, term_id=pk) for word, pk in keys.items() for variant in shortened(word))
    SearchTypo.objects.bulk_create(typos, ignore_conflicts=True, batch_size=BATCH)
    for word in stored:
        if levels[word] > stored[word]:
            SearchTerm.objects.filter(term=word).update(level=levels[word])
