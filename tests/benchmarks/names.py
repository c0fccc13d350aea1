"""Fills a catalogue with made-up movies, titles and people, for benchmarks that look for them.

Words are as unevenly common as in real titles and names, and look like them: the demo's own are the common ones, the
rare ones are chained from their letters.
"""

import itertools
import json
import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from tests.benchmarks.server import ROOT

FIRST, MANY = 2, 3  # people and titles a movie: 1,000,000 movies have 2,000,000 people and as many other titles
COMMON = [
    "the",
    "of",
    "a",
    "in",
    "and",
    "love",
    "man",
    "night",
    "life",
    "to",
    "last",
    "it",
    "m",
    "girl",
    "house",
    "day",
    "dead",
    "my",
    "on",
    "you",
]
HAN = [chr(code) for code in range(0x4E00, 0x4E00 + 2_500)]


class Words:
    """Words by how common they are: the one of rank r comes 1 / (r + 3) times as often as the first would."""

    def __init__(self, known: Iterable[str], number: int, rng: random.Random) -> None:
        words = dict.fromkeys(known)
        follow: dict[str, list[str]] = defaultdict(list)
        for word in list(words):
            for place, letter in enumerate(f"{word}$"):
                follow[word[max(0, place - 2) : place]].append(letter)
        while len(words) < number:
            word = ""
            while len(word) < 14 and (letter := rng.choice(follow[word[-2:]])) != "$":
                word += letter
            if len(word) > 2:
                words[word + ("".join(rng.choices("aeioulnrst", k=2)) if word in words else "")] = None
        self.all = list(words)
        self._weights = list(itertools.accumulate(1 / (rank + 3) for rank in range(len(self.all))))
        self._rng = rng

    def pick(self, number: int) -> list[str]:
        """``number`` of them, the common ones often."""
        return self._rng.choices(self.all, cum_weights=self._weights, k=number)


def _demo() -> tuple[list[str], list[str], list[str]]:
    """Words of titles, first names and surnames of the demo, common ones first."""
    titles, firsts, lasts = Counter[str](), Counter[str](), Counter[str]()
    for file in sorted((ROOT / "fixtures" / "movies").glob("*.json")):
        movie = json.loads(file.read_text(encoding="utf-8"))
        titles.update(word.lower() for word in movie["title"].split() if word.isalpha())
        for credit in [*movie["crew"], *movie["cast"]]:
            first, _, last = credit["name"].partition(" ")
            firsts[first] += 1
            lasts[last.rpartition(" ")[2] or first] += 1
    return [*COMMON, *(word for word, _ in titles.most_common())], *(
        [word for word, _ in counter.most_common() if word.isalpha()] for counter in (firsts, lasts)
    )  # type: ignore[return-value]


class Names:
    """Names of people and movies, the same ones every time."""

    def __init__(self, movies: int) -> None:
        self.rng = random.Random(7)
        titles, firsts, lasts = _demo()
        self.titles = Words(titles, max(4_000, movies // 8), self.rng)
        self.firsts = Words(firsts, max(1_000, movies // 100), self.rng)
        self.lasts = Words(lasts, max(4_000, movies // 6), self.rng)

    def people(self, number: int) -> list[str]:
        return [
            f"{first} {last}" for first, last in zip(self.firsts.pick(number), self.lasts.pick(number), strict=True)
        ]

    def movie_titles(self, number: int) -> Iterator[str]:
        """3 % of Chinese characters; 1 % numbers; 2 % end in one."""
        lengths = self.rng.choices([1, 2, 3, 4, 5, 7], [16, 30, 25, 15, 9, 5], k=number)
        words = iter(self.titles.pick(sum(lengths)))
        for length in lengths:
            title = " ".join(next(words) for _ in range(length)).capitalize()
            chance = self.rng.random()
            if chance < 0.03:
                title = "".join(self.rng.choices(HAN, k=length + 1))
            elif chance < 0.04:
                title = str(self.rng.randrange(1, 2_050))
            yield f"{title} {self.rng.randrange(2, 6)}" if chance > 0.98 else title


def level(rng: random.Random) -> int:
    """How much a movie is looked at: of IMDb's, 30 % have a level above 30 and 2.6 % one above 300."""
    return min(1023, 30 + int(rng.expovariate(1 / 110))) if rng.random() < 0.3 else rng.randrange(30)


def people(names: Names, number: int) -> Iterator[dict[str, Any]]:
    for key, name in enumerate(names.people(number), 1):
        credits = min(3_000, int(names.rng.paretovariate(0.9)))
        yield {"id": key, "name": name, "imdb_id": f"nm{key:07}", "credit_count": credits}


def movies(names: Names, number: int) -> Iterator[dict[str, Any]]:
    made = iter(names.people(4 * number))
    for key, title in enumerate(names.movie_titles(number), 1):
        director, *cast = itertools.islice(made, 4)
        yield {
            "id": key, "title": title, "sort_title": title.lower(), "slug": "movie", "is_published": True,
            "release_date": str(1900 + key % 125), "popularity": level(names.rng), "director_line": director,
            "cast_line": ", ".join(cast),
        }  # fmt: skip


def other_titles(names: Names, number: int) -> Iterator[dict[str, Any]]:
    for key, title in enumerate(names.movie_titles(number), 1):
        yield {"id": key, "movie_id": key * 7_919 % number + 1, "title": title}
