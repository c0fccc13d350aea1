"""How long browsing takes among many movies, and what its index costs.

    python -m tests.benchmarks.browse [--movies 100000 1000000] [--database sqlite postgres]

In the catalogue that tests/benchmarks/prepared.py keeps, of made-up movies whose facets are as uneven as real ones, it
times the data step of random selections: the index's question to the database, rows, exact counts of facet lists, the
rows of one page. Prints p50, p95 and the slowest in milliseconds, a view that does nothing beside them, and size, memory
and build time of the index.
"""

import argparse
import random
import resource
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeVar

from tests.benchmarks.server import environment
from tests.databases import postgresql

ROUNDS = 300
PER_PAGE = 30
FACET_LISTS = ("genre", "decade", "country")
BUSY = 2_000  # credits of the busiest person
GENRES = ["Drama", "Comedy", "Documentary", "Action", "Romance", "Thriller", "Horror", "Crime", "Adventure", "Family",
          "Fantasy", "Mystery", "Science Fiction", "History", "Music", "War", "Animation", "Biography", "Western",
          "Musical", "Sport", "Film-Noir"]  # fmt: skip
Row = Sequence[object]
T = TypeVar("T")


def skewed(rng: random.Random, values: Sequence[T]) -> T:
    """One of the values, the first ones far more often."""
    return values[min(int(rng.paretovariate(0.7)) - 1, len(values) - 1)]


def load(table: str, columns: str, rows: Iterable[Row]) -> None:
    """Insert rows the quickest way the database has."""
    from django.db import connection, transaction

    names = columns.split()
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            marks = ", ".join(["%s"] * len(names))
            cursor.connection.executemany(
                f"INSERT INTO {table} ({', '.join(names)}) VALUES ({marks.replace('%s', '?')})", rows
            )
        else:
            with cursor.copy(f"COPY {table} ({', '.join(names)}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)


MOVIE = (
    "id title sort_title slug original_title tagline synopsis status release_date runtime_minutes color homepage "
    "original_language_id tint is_published created_at updated_at rating_5 rating_8 rating_1 rating_2 rating_3 rating_4 "
    "rating_6 rating_7 rating_9 rating_10 counts_ratings early_rating_count held_rating_count weighted_rating popularity "
    "review_count cast_line cast_count director_line version"
)


def movies(number: int, words: list[str], languages: list[str], rng: random.Random) -> Iterator[Row]:
    for key in range(1, number + 1):
        title = " ".join(skewed(rng, words) for _ in range(rng.choice([1, 2, 2, 3, 4])))
        year = 2026 - min(int(rng.expovariate(1 / 22)), 130)
        date = rng.choice([f"{year}", f"{year}-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}"])
        minutes = max(3, int(rng.gauss(92, 24))) if rng.random() < 0.7 else None
        five, eight = (int(rng.paretovariate(0.6)) - 1 for _ in range(2))
        five, eight = min(five, 10**5), min(eight, 10**5)
        weighted = (5 * five + 8 * eight + 32.5) / (five + eight + 5) if five + eight else None
        yield (
            key, title, title, "movie", "", "", "", "released", date if rng.random() < 0.9 else None, minutes, "", "",
            skewed(rng, languages), "argent", True, "2026-01-01 00:00:00+00:00", "2026-01-01 00:00:00+00:00", five,
            eight, 0, 0, 0, 0, 0, 0, 0, 0, True, 0, 0, weighted, min(1023, (five + eight).bit_length() * 50),
            min(five, 900) if rng.random() < 0.1 else 0, "A, B, C", 3, "A Director", 1,
        )  # fmt: skip


def pairs(number: int, values: Sequence[T], most: int, rng: random.Random) -> Iterator[tuple[int, T]]:
    """Up to ``most`` of the values for each movie."""
    for key in range(1, number + 1):
        for value in {skewed(rng, values) for _ in range(rng.choice([1, 1, 1, most]))}:
            yield key, value


def fill(number: int) -> None:
    from django.db import connection

    from catalogue.models import Country, Genre, Language, Movie, Person
    from catalogue.text import slugify
    from tests.benchmarks.names import Names

    rng = random.Random(1)
    words = Names(160_000).titles.all  # 20,000
    countries, languages = (list(model.objects.values_list("pk", flat=True)) for model in (Country, Language))
    rng.shuffle(countries)
    rng.shuffle(languages)
    Genre.objects.bulk_create(Genre(name=name, slug=slugify(name, "genre")) for name in GENRES)
    genres = list(Genre.objects.values_list("pk", flat=True))
    told = MOVIE.split()
    others = [field for field in Movie._meta.concrete_fields if not (field.null or field.generated)]
    others = [field for field in others if field.column not in told]
    defaults = [field.get_db_prep_save(field.get_default(), connection) for field in others]
    columns = " ".join(told + [str(field.column) for field in others])
    load("catalogue_movie", columns, ((*row, *defaults) for row in movies(number, words, languages, rng)))
    load("catalogue_moviegenre", "movie_id genre_id position", ((*pair, 0) for pair in pairs(number, genres, 3, rng)))
    for field, values in (("countries_of_origin", countries), ("spoken_languages", languages)):
        column = "country_id" if field.startswith("c") else "language_id"
        load(f"catalogue_movie_{field}", f"movie_id {column}", pairs(number, values, 2, rng))
    boards = [("US", "PG"), ("US", "R"), ("GB", "15"), ("DE", "16"), ("US", "PG-13"), ("FR", "U")]
    rated = ((key, *skewed(rng, boards), "theatrical", "") for key in range(1, number + 1) if rng.random() < 0.3)
    load("catalogue_release", "movie_id country_id certification type note", rated)
    person = Person.objects.create(name="The Busiest", credit_count=BUSY)
    load(
        "catalogue_credit",
        "movie_id person_id credited_as department job character billing_order is_uncredited is_voice",
        ((key, person.pk, "", "acting", "", "A part", 0, False, False) for key in range(1, BUSY + 1)),
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    assert Movie.objects.count() == number


def timed(name: str, work: Callable[[int], object], rounds: int = ROUNDS) -> None:
    times = []
    for place in range(rounds):
        start = time.perf_counter()
        work(place)
        times.append((time.perf_counter() - start) * 1000)
    times.sort()
    half, high = times[len(times) // 2], times[int(len(times) * 0.95)]
    print(f"  {name:<52} p50 {half:8.2f}   p95 {high:8.2f}   max {times[-1]:8.2f} ms", flush=True)


def measure(number: int) -> None:
    from django.db import connection
    from django.test import Client

    from catalogue.browse import FACETS, SORTS, Listing, Selection, browse, rebuild_browse
    from catalogue.charts import CHARTS
    from catalogue.models import BrowseBitmap, Genre, Person
    from catalogue.views.people import filmography

    start = time.perf_counter()
    rebuild_browse()
    built = time.perf_counter() - start
    size = sum(len(bits) for bits in BrowseBitmap.objects.values_list("bits", flat=True))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.perf_counter()
    known = browse(Selection(), facets=FACETS).counts
    loaded = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(f"  index: built in {built:.1f} s, {size / 1e6:.1f} MB stored, read by a process in {loaded * 1000:.0f} ms")
    print(f"  peak memory of this process {after // 1024} MB (before reading {before // 1024} MB)")

    import catalogue.wsgi  # noqa: F401 -- loads and freezes what a worker has loaded

    rng = random.Random(3)

    def selection(facets: int) -> Selection:
        """Of values weighted by how common they are, as readers choose."""
        chosen = {}
        for facet in rng.sample([facet for facet in FACETS if known[facet]], facets):
            counts = known[facet]
            chosen[facet] = tuple(rng.choices(list(counts), list(counts.values()))[:1])
        return Selection(chosen)

    def page(facets: int, lists: tuple[str, ...] = FACET_LISTS) -> Listing:
        browsed = browse(selection(facets), rng.choice(list(SORTS)), lists)
        list(browsed.movies[:PER_PAGE])
        return browsed.movies

    client = Client(headers={"host": "127.0.0.1"})
    timed("healthz: a view that does nothing, through the stack", lambda _: client.get("/healthz"))
    timed("no filter, any order, 3 facet lists, rows", lambda _: page(0))
    timed("4 filters, any order, 3 facet lists, rows", lambda _: page(4))
    timed("4 filters, any order, all 10 facet lists, rows", lambda _: page(4, FACETS))
    timed("4 filters: keys and counts without the rows", lambda _: browse(
        selection(4), "rating", FACET_LISTS).movies.keys(0, PER_PAGE))  # fmt: skip
    deep = min(20_000, number // PER_PAGE - 1) * PER_PAGE
    for sort in ("popular", "title", "rating"):
        timed(f"page {deep // PER_PAGE:,} by {sort}, rows", lambda _, sort=sort: list(  # type: ignore[misc]
            browse(Selection(), sort).movies[deep : deep + PER_PAGE]), 60)  # fmt: skip
    genres = list(Genre.objects.values_list("pk", flat=True))
    timed("chart: top rated of a genre, first 50", lambda _: CHARTS["top-rated"].movies(
        Selection({"genre": (str(rng.choice(genres)),)}))[:50], 60)  # fmt: skip
    person = Person.objects.get(name="The Busiest")
    timed(f"filmography of {BUSY:,} credits", lambda _: filmography(person), 40)
    timed("the whole page /movies/ with a filter and 10 facets", lambda _: client.get("/movies/?genre=war"), 60)
    connection.close()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--movies", type=int, nargs="+", default=[100_000])
    parser.add_argument("--database", nargs="+", choices=["sqlite", "postgres"], default=["sqlite", "postgres"])
    parser.add_argument("--inside", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.inside:
        import django

        django.setup()
        measure(options.inside)
        return
    import subprocess

    from tests.benchmarks.prepared import prepared

    with postgresql() as server:
        for kind in options.database:
            for number in options.movies:
                variables = environment(prepared(kind, server, number))
                print(f"{kind}, {number:,} movies", flush=True)
                command = [sys.executable, "-m", "tests.benchmarks.browse", "--inside", str(number)]
                subprocess.run(command, env={**variables, "DJANGO_SETTINGS_MODULE": "catalogue.settings"}, check=True)


if __name__ == "__main__":
    main()
