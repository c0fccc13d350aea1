"""Which records match, best first."""

from collections.abc import Iterable
from dataclasses import replace

from catalogue.models import SearchKind
from catalogue.search.match import Ask, Hit, match
from catalogue.search.query import SearchQuery
from catalogue.search.spelling import Vocabulary
from catalogue.search.words import ARTICLES, phrasings, without_article

Keys = dict[int, list[int]]  # by kind
MOST_BEGUN = 3  # words that may all be beginnings, "jo smi"; nobody types four so, and all that match are collected


def ranked(query: SearchQuery, kinds: Iterable[SearchKind], pool: int, vocabulary: Vocabulary) -> Keys:
    """Keys of records by kind, best first: whole names, beginnings, then the rest, each by how much it is looked at.

    Only the ``pool`` most looked at matches of each kind are ranked, and whole names besides. 1 or 2 queries when words
    are found so; more when they are looked for in other ways: see MOST_QUERIES of the tests.
    """
    kinds = list(kinds)
    keys: Keys = {kind: [] for kind in kinds}
    if not query.words:
        return keys
    typed, *others = (Wanted(without_article(words)) for words in phrasings(list(query.words)))

    def place(hit: Hit) -> tuple[int, int]:
        best = 2 * typed.fit(hit.names)
        for other in others:
            # As it was typed before the same in other words: "2" is not "Two".
            best = min(best, 2 * other.fit(hit.names) + 1)
        return best, hit.key

    for hit in sorted(_hits(query, kinds, pool, vocabulary), key=place):
        keys[hit.kind].append(hit.object_id)
    return keys


def by_makers(query: SearchQuery, pool: int) -> list[int]:
    """Keys of the movies of people called so, the most looked at first: 1 query, or 2 on SQLite."""
    hits = match([Ask(SearchKind.MOVIE, query.with_people(), pool)], Vocabulary(query.words))
    return [hit.object_id for hit in sorted(hits)]


def _hits(query: SearchQuery, kinds: list[SearchKind], pool: int, vocabulary: Vocabulary) -> list[Hit]:
    hits = _named(query, kinds, pool, vocabulary)
    asked = [query]
    if query.year and SearchKind.MOVIE in kinds and not _of(SearchKind.MOVIE, hits):
        # "2001" may be a part of the title instead.
        query = replace(query, words=(*query.words, str(query.year)), year=None)
        asked.append(query)
        hits += _named(query, [SearchKind.MOVIE], pool, vocabulary)
    if len(query.words) > 1 and SearchKind.MOVIE in kinds and not _of(SearchKind.MOVIE, hits):
        makers = [Ask(SearchKind.MOVIE, other.of_year(other.with_people()), pool) for other in asked]
        hits += match(makers, vocabulary)
    if not hits and 1 < len(query.words) <= MOST_BEGUN:
        begun = query.beginnings(vocabulary.known)
        if begun != query.titles():
            hits = match([Ask(kind, _of_year(query, kind, begun), pool) for kind in kinds], vocabulary)
    return list({hit.key: hit for hit in hits}.values())


def _named(query: SearchQuery, kinds: list[SearchKind], pool: int, vocabulary: Vocabulary) -> list[Hit]:
    """By whole names, which among so many might not be there otherwise, by whole words and by the last as a beginning.

    The index gives the first documents of a whole word at once, but collects every match of a beginning that is too
    long to have a list: a single word is asked for whole first. Of several, there are mostly few: they are asked for
    whole only where the others fill the pool.
    """
    exact, whole_words, begun = query.exact(), query.titles(begun=False), query.titles()
    is_one = len(query.words) == 1
    forms = [exact, whole_words if is_one else begun]
    hits = match([Ask(kind, _of_year(query, kind, groups), pool) for kind in kinds for groups in forms], vocabulary)
    short = [kind for kind in kinds if len(_of(kind, hits)) < pool]
    if is_one:
        return hits + match([Ask(kind, _of_year(query, kind, begun), pool) for kind in short], vocabulary)
    # "the l": to look for L itself would pass all the others by.
    full = [kind for kind in kinds if kind not in short and len(query.words[-1]) > 2]
    return hits + match([Ask(kind, _of_year(query, kind, whole_words), pool) for kind in full], vocabulary)


def _of(kind: SearchKind, hits: list[Hit]) -> list[Hit]:
    return [hit for hit in hits if hit.kind == kind]


def _of_year(query: SearchQuery, kind: SearchKind, groups: list[list[str]]) -> list[list[str]]:
    return query.of_year(groups) if kind == SearchKind.MOVIE else groups


class Wanted:
    """Words looked for, without articles, in the forms in which a document's names are compared with them."""

    __slots__ = ("_begun", "_is_article", "_joined", "_longer", "_phrase", "_whole", "_words")

    def __init__(self, words: list[str]) -> None:
        self._words = words
        self._phrase = " ".join(words)
        self._begun = f"|{self._phrase}"
        self._whole, self._longer = f"{self._begun}|", f"{self._begun} "
        self._joined = f"|{''.join(words)}|"
        self._is_article = len(words) == 1 and words[0] in ARTICLES

    def fit(self, names: str) -> int:
        """How well a document's names fit, 0 best; they are without articles, and the first is the one shown.

        >>> names = "|seven samurai|shichinin no samurai|"
        >>> [Wanted(words.split()).fit(names) for words in ("seven samurai", "seven", "samurai", "sevensamurai", "x")]
        [0, 2, 5, 1, 9]
        >>> [Wanted(["lang", "m"]).fit(names) for names in ("|m|", "|metropolis|")]
        [8, 9]
        >>> [Wanted(["die"]).fit(names) for names in ("|hard|", "|never say die again|")]  # "Die Hard" begins so
        [3, 5]
        """
        if self._phrase in names:
            if self._whole in names:
                return 0 if names.startswith(self._whole) else 1
            if self._longer in names:
                return 2 if names.startswith(self._longer) else 3
            if self._begun in names:
                return 4
        elif self._joined in names.replace(" ", ""):  # "spiderman"
            return 1
        spaced = names.replace("|", " ")
        for word in self._words:
            if self._is_article and f" {word}" not in spaced:
                return 3  # found, although its names do not hold it: it is the article before or behind one of them
            if f" {word}" not in spaced:  # found by its makers; what is left may be its whole name
                return 8 if any(f"|{other}|" in names for other in self._words) else 9
        for word in self._words:
            if f" {word} " not in spaced:
                return 6
        return 5
