"""Genres, countries, decades and years that a query names: they have pages, but no documents."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from catalogue.browse import Selection, browse
from catalogue.browse.filters import Names
from catalogue.compiled import path_of
from catalogue.text import fold

MOST = 3
SHORTEST = 4  # letters of a beginning; a whole name may be shorter
_YEAR = re.compile("(18[7-9]|19[0-9]|20[0-9])[0-9]", re.ASCII)
_DECADE = re.compile("((18[7-9]|19[0-9]|20[0-9])0)s", re.ASCII)


class Place(NamedTuple):
    """A value of a facet of browsing, and how many movies it has."""

    facet: str
    value: str
    name: str
    movies: int

    @property
    def path(self) -> str:
        if self.facet == "year":
            return f"{path_of('movie_list')}?year={self.value}"
        return path_of(f"{self.facet}_detail", self.value)


def places(text: str) -> list[Place]:
    """Those with movies that the text names: whole names before beginnings of words, then the larger: 2 queries.

    No query for a text that can name none.
    """
    words = fold(text[:100]).split()
    if not words or len("".join(words)) < 3:
        return []
    named = sorted(_named(words))
    if not named:
        return []
    counts = browse(Selection(), "added", ("genre", "country", "decade", "year")).counts
    found = [
        (rank, Place(facet, value, name, counts[facet].get(key, 0)))
        for rank, facet, key, value, name in named
        if counts[facet].get(key)
    ]
    return [place for _, place in sorted(found, key=lambda pair: (pair[0], -pair[1].movies))[:MOST]]


def _named(words: list[str]) -> Iterator[tuple[int, str, str, str, str]]:
    """Rank, facet, key in the index, value in addresses, name."""
    if len(words) == 1:
        [word] = words
        if _YEAR.fullmatch(word):
            yield 0, "year", word, word, word
        if decade := _DECADE.fullmatch(word):
            yield 0, "decade", decade[1], decade[1], word
    is_long = len("".join(words)) >= SHORTEST
    first = f" {words[0]}"
    for spaced, place in _folded(Names.current()):
        if first not in spaced:
            continue  # nearly all of them, and this is asked with every letter that is typed
        folded = spaced.split()
        if folded == words:
            yield 0, *place
        elif is_long and _begins(words, folded):
            yield 1, *place


def _begins(words: list[str], name: list[str]) -> bool:
    """Whether the words begin words of the name, one after the other."""
    return any(
        all(whole.startswith(word) for word, whole in zip(words, name[start:], strict=False))
        for start in range(len(name) - len(words) + 1)
    )


@lru_cache(maxsize=1)
def _folded(names: Names) -> list[tuple[str, tuple[str, str, str, str]]]:
    """The folded name with a space before each word, and what _named() yields of it."""
    return [
        (f" {fold(name)}", (facet, key, value, name))
        for facet in ("genre", "country")
        for key, (value, name) in names.known[facet].items()
    ]
