"""How long a search takes among many records, and what its index costs.

    python -m tests.benchmarks.search [--documents 3000000] [--database sqlite|postgres]

Fills the search documents of an empty catalogue with made-up movies and people whose words are as unevenly common as
those of real titles, then times suggestions, searches and mended ones, the data step alone. Prints p50, p95 and the
slowest in milliseconds, the size of the index and the time it took to build.
"""

import argparse
import random
import sys
import time
from collections.abc import Callable, Iterator

from tests.benchmarks.server import database, environment
from tests.databases import postgresql

SYLLABLES = [a + b for a in "bdfgklmnprstvz" for b in ("a", "e", "i", "o", "u", "an", "er", "in", "or")]
COMMON = ["the", "of", "a", "in", "love", "man", "night", "life", "last", "it", "m", "girl", "house", "day", "dead"]
ROUNDS = 300


def vocabulary(number: int, rng: random.Random) -> list[str]:
    """Words, the common ones first."""
    words = dict.fromkeys(COMMON)
    while len(words) < number:
        words["".join(rng.choices(SYLLABLES, k=rng.choice([2, 2, 3, 3, 4])))] = None
    return list(words)


def rows(number: int, words: list[str], rng: random.Random) -> Iterator[tuple[int, int, int, int, str, str]]:
    """id, kind, record, level, names, words: a third movies, the rest people, the level falling off as votes do."""
    from catalogue.models import SearchDocument, SearchKind
    from catalogue.search.words import of_document

    def pick() -> str:
        # The commonest word makes up 2 % of all, as "the" does of real titles.
        return words[min(int(20 * (rng.paretovariate(0.45) - 1)), len(words) - 1)]

    for key in range(1, number + 1):
        kind = SearchKind.MOVIE if key % 3 == 0 else SearchKind.PERSON
        length = rng.choice([1, 2, 2, 3, 3, 4, 5]) if kind == SearchKind.MOVIE else 2
        name = " ".join(pick() for _ in range(length))
        # As measured of real votes: 30 % reach level 30, 2.6 % level 300.
        level = min(1023, 30 + int(rng.expovariate(1 / 110))) if rng.random() < 0.3 else rng.randrange(30)
        people = [f"{pick()} {pick()}"] if kind == SearchKind.MOVIE else []
        _, text = of_document([name], people, 1900 + key % 125 if people else None)
        yield SearchDocument.key(kind, key, level), kind, key, level, f"|{name}|", text


def fill(number: int, words: list[str], rng: random.Random) -> None:
    from django.db import connection

    made = rows(number, words, rng)
    columns = "id, kind, object_id, level, names, words"
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("BEGIN")
            ordered = sorted(made)
            marks = "%s, %s, %s, %s, %s, %s"
            for start in range(0, number, 10_000):
                cursor.executemany(
                    f"INSERT INTO catalogue_searchdocument ({columns}) VALUES ({marks})",
                    ordered[start : start + 10_000],
                )
            cursor.execute("COMMIT")
            cursor.execute("INSERT INTO catalogue_search(catalogue_search) VALUES ('optimize')")
        else:
            with cursor.copy(f"COPY catalogue_searchdocument ({columns}) FROM STDIN") as copy:
                for row in made:
                    copy.write_row(row)
        cursor.execute("ANALYZE")


def timed(what: str, ask: Callable[[], object]) -> str:
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        ask()
        times.append(1000 * (time.perf_counter() - start))
    times.sort()
    p50, p95 = times[ROUNDS // 2], times[ROUNDS * 95 // 100]
    return f"  {what:34} p50 {p50:7.2f}  p95 {p95:7.2f}  slowest {times[-1]:7.2f} ms"


def asker(find: Callable[[str], object], text: Callable[[], str]) -> Callable[[], object]:
    return lambda: find(text())


def measure(number: int) -> None:
    """On the database that the environment names."""
    import django

    django.setup()
    from catalogue.models import SearchDocument
    from catalogue.search import engine
    from catalogue.search.spelling import learn

    rng = random.Random(7)
    words = vocabulary(max(5_000, number // 20), rng)
    start = time.perf_counter()
    fill(number, words, rng)
    print(f"  built {number:,} documents in {time.perf_counter() - start:.0f} s", flush=True)
    start = time.perf_counter()
    for place in range(0, len(words), 5_000):
        learn((word, 1) for word in words[place : place + 5_000])
    print(f"  learnt {len(words):,} words in {time.perf_counter() - start:.0f} s", flush=True)
    sample = [
        names.strip("|")
        for names in SearchDocument.objects.order_by("level", "pk").values_list("names", flat=True)[:3000]
    ]
    rare = [word for name in sample for word in name.split() if len(word) > 5]

    def slip() -> str:
        word = rng.choice(rare)
        place = rng.randrange(1, len(word) - 1)
        return word[:place] + word[place + 1 :]

    suggestions: dict[str, Callable[[], str]] = {
        "one letter": lambda: rng.choice("abdefgklmnprstvz"),
        "two letters": lambda: rng.choice(SYLLABLES)[:2],
        "four letters": lambda: rng.choice(rare)[:4],
        "a common word": lambda: rng.choice(COMMON),
        "a name and three letters": lambda: " ".join((rng.choice(sample) + " man").split()[:2])[:-1],
    }
    for what, text in suggestions.items():
        print(timed(f"suggest {what}", asker(engine.suggest, text)), flush=True)
    searches: dict[str, Callable[[], str]] = {
        "a common word": lambda: rng.choice(COMMON),
        "a rare word": lambda: rng.choice(rare),
        "a whole name": lambda: rng.choice(sample),
        "a name with a year": lambda: f"{rng.choice(sample)} {rng.randrange(1900, 2025)}",
        "a slip": slip,
    }
    for what, text in searches.items():
        print(timed(f"search {what}", asker(engine.search, text)), flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--documents", type=int, default=3_000_000)
    parser.add_argument("--database", choices=["sqlite", "postgres"], action="append")
    options = parser.parse_args()
    with postgresql() as postgres:
        for kind in options.database or ["sqlite", "postgres"]:
            if kind == "postgres" and postgres is None:
                print("postgres: not found, not measured")
                continue
            print(f"{kind}, {options.documents:,} documents", flush=True)
            with database(kind, postgres) as url:
                child(url, options.documents)
    return 0


def child(url: str, number: int) -> None:
    """In a process of its own, since Django's settings are read once."""
    import subprocess

    code = f"from tests.benchmarks.search import measure; measure({number})"
    subprocess.run(
        [sys.executable, "-c", code],
        env={**environment(url), "DJANGO_SETTINGS_MODULE": "catalogue.settings"},
        check=True,
    )


if __name__ == "__main__":
    sys.exit(main())
