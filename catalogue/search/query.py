"""What was typed, understood. Pure."""

import re
from collections.abc import Container
from dataclasses import dataclass

from catalogue.search.words import variants, whole
from catalogue.text import fold

MOST_WORDS = 8
MOST_CHARACTERS = 100
SHORT = 5  # letters
_IDS = {
    "imdb_id": re.compile(r"(?:^|/)((?:tt|nm)[0-9]{7,10})\b", re.IGNORECASE),
    "wikidata_id": re.compile(r"^(Q[1-9][0-9]{0,11})$", re.IGNORECASE),
    "tmdb_id": re.compile(r"^tmdb[ :/#]*([0-9]{1,9})$", re.IGNORECASE),
}


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """Folded words, and a year that the movie may be of."""

    words: tuple[str, ...]
    year: int | None = None

    @property
    def text(self) -> str:
        """What finds the same when it is typed."""
        return " ".join(self.words) + (f" {self.year}" if self.year else "")

    def titles(self, *, begun: bool = True) -> list[list[str]]:
        """Documents with all these words in their names; the last may be a beginning only, if ``begun``."""
        last = len(self.words) - begun
        return [_forms(word, closed=place < last) for place, word in enumerate(self.words)]

    def beginnings(self, known: Container[str]) -> list[list[str]]:
        """The same where each may be a beginning, "jo smi", but for longer ones that are ``known`` words."""
        last = len(self.words) - 1
        return [
            _forms(word, closed=place < last and len(word) > SHORT and word in known)
            for place, word in enumerate(self.words)
        ]

    def exact(self) -> list[list[str]]:
        """Documents one of whose names is all of it."""
        return [[whole(list(self.words))]]

    def with_people(self) -> list[list[str]]:
        """The same with each word in a name or in that of somebody who made the movie."""
        ends = [""] * (len(self.words) - 1) + ["*"]
        return [[*forms, f"@{word}{end}"] for forms, word, end in zip(self.titles(), self.words, ends, strict=True)]

    def of_year(self, groups: list[list[str]]) -> list[list[str]]:
        """The same, of this query's year."""
        return [*groups, [f"+{self.year}"]] if self.year else groups


def _forms(word: str, *, closed: bool = False) -> list[str]:
    end = "" if closed else "*"
    return [f"{form}{end}" for form in (word, *variants(word))]


def parse(text: str) -> SearchQuery:
    """Split what a visitor typed into words and a year at its end. Never raises.

    >>> parse("the thing (1982)")
    SearchQuery(words=('the', 'thing'), year=1982)

    A lone year is a title, not a filter: "1917" searches for the word.
    """
    words = fold(text[:MOST_CHARACTERS]).split()[:MOST_WORDS]
    if len(words) > 1 and re.fullmatch(r"(18|19|20)[0-9]{2}", words[-1], re.ASCII):
        return SearchQuery(tuple(words[:-1]), int(words[-1]))
    return SearchQuery(tuple(words))


def external_id(text: str) -> tuple[str, str] | None:
    """The column and the id, when somebody looks for one: an address of IMDb will do.

    >>> external_id("https://www.imdb.com/title/tt0084787/"), external_id("tmdb:1091"), external_id("q42")
    (('imdb_id', 'tt0084787'), ('tmdb_id', '1091'), ('wikidata_id', 'Q42'))
    """
    for column, pattern in _IDS.items():
        if found := pattern.search(text.strip()[:200]):
            return column, found[1].upper() if column == "wikidata_id" else found[1].lower()
    return None
