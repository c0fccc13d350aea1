"""What was typed, understood. Pure."""

import re
from dataclasses import dataclass

from catalogue.text import fold

MOST_WORDS = 8
MOST_CHARACTERS = 100


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """Folded words, and a year that the movie may be of."""

    words: tuple[str, ...]
    year: int | None = None

    @property
    def phrase(self) -> str:
        return " ".join(self.words)


def parse(text: str) -> SearchQuery:
    """Split what a visitor typed into words and a closing year. Never raises.

    >>> parse("the thing (1982)")
    SearchQuery(words=('the', 'thing'), year=1982)

    A lone year is a title, not a filter: "1917" searches for the word.
    """
    words = fold(text[:MOST_CHARACTERS]).split()[:MOST_WORDS]
    if len(words) > 1 and re.fullmatch(r"(18|19|20)[0-9]{2}", words[-1], re.ASCII):
        return SearchQuery(tuple(words[:-1]), int(words[-1]))
    return SearchQuery(tuple(words))
