"""Which records match, best first."""

from collections.abc import Iterable
from dataclasses import replace

from catalogue.models import SearchKind
from catalogue.search.match import Ask, Hit, match
from catalogue.search.query import SearchQuery
from catalogue.search.words import phrasings, without_article

Keys = dict[SearchKind, list[int]]
MOST_BEGUN = 3  # words that may all be beginnings, "jo smi"; nobody types four so, and all that match are collected


def ranked(query: SearchQuery, kinds: Iterable[SearchKind], pool: int) -> Keys:
    """Keys of records by kind, best first: whole names, beginnings, then the rest, each by how much it is looked at.

    Only the ``pool`` most looked at matches of each kind are ranked, and whole names besides. 1 or 2 queries when words
    are found so; more when they are looked for in other ways: see MOST_QUERIES of the tests.
    """
    keys: Keys = {kind: [] for kind in kinds}
    if not query.words:
        return keys
    hits = _hits(query, list(keys), pool)
    wanted = [without_article(words) for words in phrasings(list(query.words))]

    def place(hit: Hit) -> tuple[int, int]:
        # As it was typed before the same in other words: "2" is not "Two".
        return min(2 * fit(hit.names, words) + (number > 0) for number, words in enumerate(wanted)), hit.key

    for hit in sorted(hits, key=place):
        keys[SearchKind(hit.kind)].append(hit.object_id)
    return keys


def _hits(query: SearchQuery, kinds: list[SearchKind], pool: int) -> list[Hit]:
    hits = _named(query, kinds, pool)
    if query.year and SearchKind.MOVIE in kinds and not _of(SearchKind.MOVIE, hits):
        # "2001" may be a part of the title instead.
        query = replace(query, words=(*query.words, str(query.year)), year=None)
        hits += _named(query, [SearchKind.MOVIE], pool)
    if len(query.words) > 1 and SearchKind.MOVIE in kinds and not _of(SearchKind.MOVIE, hits):
        hits += match([Ask(SearchKind.MOVIE, query.of_year(query.with_people()), pool)])
    if not hits and 1 < len(query.words) <= MOST_BEGUN:
        begun = query.titles(begun=len(query.words))
        hits = match([Ask(kind, _of_year(query, kind, begun), pool) for kind in kinds])
    return list(dict.fromkeys(hits))


def _named(query: SearchQuery, kinds: list[SearchKind], pool: int) -> list[Hit]:
    """By whole names, which among so many might not be there otherwise, by whole words and by the last as a beginning.

    The index gives the first documents of a whole word at once, but collects every match of a beginning that is too
    long to have a list: a single word is asked for whole first. Of several, there are mostly few: they are asked for
    whole only where the others fill the pool.
    """
    exact, whole_words, begun = query.exact(), query.titles(begun=0), query.titles()
    is_one = len(query.words) == 1
    forms = [exact, whole_words if is_one else begun]
    hits = match([Ask(kind, _of_year(query, kind, groups), pool) for kind in kinds for groups in forms])
    short = [kind for kind in kinds if len(_of(kind, hits)) < pool]
    if is_one:
        return hits + match([Ask(kind, _of_year(query, kind, begun), pool) for kind in short])
    # "the l": to look for L itself would pass all the others by.
    full = [kind for kind in kinds if kind not in short and len(query.words[-1]) > 2]
    return hits + match([Ask(kind, _of_year(query, kind, whole_words), pool) for kind in full])


def _of(kind: SearchKind, hits: list[Hit]) -> list[Hit]:
    return [hit for hit in hits if hit.kind == kind]


def _of_year(query: SearchQuery, kind: SearchKind, groups: list[list[str]]) -> list[list[str]]:
    return query.of_year(groups) if kind == SearchKind.MOVIE else groups


def fit(names: str, wanted: list[str]) -> int:
    """How well a document's names fit the words looked for, 0 best; both are without articles.

    The first name is the one shown.

    >>> names = "|seven samurai|shichinin no samurai|"
    >>> [fit(names, words.split()) for words in ("seven samurai", "seven", "samurai", "x")]
    [0, 2, 5, 9]
    """
    phrase = " ".join(wanted)
    if f"|{phrase}|" in names:
        return 0 if names.startswith(f"|{phrase}|") else 1
    if f"|{phrase} " in names:
        return 2 if names.startswith(f"|{phrase} ") else 3
    if f"|{phrase}" in names:
        return 4
    if f"|{phrase.replace(' ', '')}|" in names.replace(" ", ""):  # "spiderman"
        return 1
    spaced = names.replace("|", " ")
    if all(f" {word} " in spaced for word in wanted):
        return 5
    return 6 if all(f" {word}" in spaced for word in wanted) else 9
