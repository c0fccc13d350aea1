"""Which records match, best first."""

from collections.abc import Iterable
from dataclasses import replace

from catalogue.models import SearchKind
from catalogue.search.match import Ask, Hit, match
from catalogue.search.query import SearchQuery
from catalogue.search.words import phrasings, without_article

Keys = dict[SearchKind, list[int]]


def ranked(query: SearchQuery, kinds: Iterable[SearchKind], pool: int) -> Keys:
    """Keys of records by kind, best first: whole names, beginnings, then the rest, each by how much it is looked at.

    Only the ``pool`` most looked at matches of each kind are ranked, and whole names besides. 1 query when whole words
    give enough; 2 with beginnings, at most 5.
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
    missing = [kind for kind in kinds if not _of(kind, hits)]
    if len(query.words) > 1 and missing:
        begun = query.titles(begun=len(query.words))
        asks = [Ask(kind, _of_year(query, kind, begun), pool) for kind in missing]
        asks += [Ask(kind, query.of_year(query.with_people()), pool) for kind in missing if kind == SearchKind.MOVIE]
        hits += match(asks)
    return list(dict.fromkeys(hits))


def _named(query: SearchQuery, kinds: list[SearchKind], pool: int) -> list[Hit]:
    """By whole names and whole words; where those are not enough, with the last word as a beginning.

    Whole words first: the index gives the first of them at once, but collects every match of a beginning that is too
    long to have a list. Whole names besides, since among so many one that few look at would not be there.
    """
    forms = [query.exact()]
    if len(query.words) == 1 or len(query.words[-1]) > 2:  # "the l": to look for L itself would pass all the others by
        forms.append(query.titles(begun=0))
    asks = [Ask(kind, _of_year(query, kind, groups), pool) for kind in kinds for groups in forms]
    hits = match(asks)
    short = [kind for kind in kinds if len(_of(kind, hits)) < pool]
    return hits + match([Ask(kind, _of_year(query, kind, query.titles()), pool) for kind in short])


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
