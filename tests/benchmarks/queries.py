"""What is typed into the search of a made-up catalogue: from it, as a reader would who knows what is there."""

import random
from collections.abc import Callable

from catalogue.text import fold
from tests.benchmarks.names import COMMON, HAN, Names

LETTERS = "abcdefghijklmnopqrstuvwxyz"


class Sample:
    """Titles, names and words of the catalogue, the common ones as often as they come."""

    def __init__(self, names: Names) -> None:
        self.rng = random.Random(11)
        self.people = names.people(3_000)
        self.titles = [title for title in names.movie_titles(3_000) if title.isascii()]
        self.words = [word for name in [*self.people, *self.titles] for word in fold(name).split() if len(word) >= 5]

    def word(self, least: int = 5) -> str:
        return self.rng.choice(
            [word for word in self.rng.sample(self.words, 50) if len(word) >= least and word.isalpha()]
        )

    def misspelt(self) -> tuple[str, str]:
        """A word and the same with one slip: a letter left out, put in, changed, or two swapped."""
        word = self.word()
        place = self.rng.randrange(1, len(word) - 1)
        before, letter, after = word[:place], word[place], word[place + 1 :]
        other = self.rng.choice(LETTERS)
        forms = [
            before + after,
            before + other + letter + after,
            before + other + after,
            before + after[0] + letter + after[1:],
        ]
        return word, self.rng.choice(forms)


def _name(sample: Sample, letters: int) -> str:
    first, _, last = sample.rng.choice(sample.people).partition(" ")
    return f"{first} {last[:letters]}"


def _title(sample: Sample, words: int) -> str:
    return " ".join(sample.rng.choice([title for title in sample.titles if title.count(" ") == words - 1]).split())


SUGGESTIONS: dict[str, Callable[[Sample], str]] = {
    "one letter": lambda sample: sample.rng.choice(LETTERS),
    "two letters": lambda sample: sample.word()[:2],
    "three letters": lambda sample: sample.word()[:3],
    "four letters": lambda sample: sample.word()[:4],
    "five letters": lambda sample: sample.word()[:5],
    "six letters": lambda sample: sample.word(6)[:6],
    "a common word (the, it, m)": lambda sample: sample.rng.choice(COMMON),
    "a common word and a letter": lambda sample: f"{sample.rng.choice(COMMON)} {sample.rng.choice(LETTERS)}",
    "first name and three letters": lambda sample: _name(sample, 3),
    "two words of a title, less one": lambda sample: _title(sample, 2)[:-1],
    "two Chinese characters": lambda sample: "".join(sample.rng.choices(HAN, k=2)),
}
SEARCHES: dict[str, Callable[[Sample], str]] = {
    "one letter": SUGGESTIONS["one letter"],
    "a common word (the, it, m)": SUGGESTIONS["a common word (the, it, m)"],
    "a word": Sample.word,
    "two words": lambda sample: _title(sample, 2),
    "three words": lambda sample: _title(sample, 3),
    "four words": lambda sample: _title(sample, 4),
    "a whole name": lambda sample: _name(sample, 40),
    "a title with a year": lambda sample: f"{_title(sample, 2)} {sample.rng.randrange(1900, 2025)}",
    "a name and a word": lambda sample: f"{_name(sample, 40)} {sample.word()}",
    "a misspelt word": lambda sample: sample.misspelt()[1],
    "a surname": lambda sample: sample.rng.choice(sample.people).rpartition(" ")[2],
    "a year or a decade": lambda sample: sample.rng.choice(["1942", "1968", "1999", "2011", "1950s", "1980s", "2000s"]),
}
