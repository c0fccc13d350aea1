"""How long a search takes among many records, and what its index costs.

    python -m tests.benchmarks.search [--movies 1000000] [--database sqlite|postgres] [--again]

Makes a catalogue of so many movies, as many other titles and twice as many people, indexes it with ``rebuild_search``
and keeps it in var/bench (on PostgreSQL: as a database) for the next run; ``--again`` makes it anew. Then times, warm
and in one process, what catalogue.search does for a request: "keys" is which records are found in which order,
"rows" that and the records themselves, as their cards read them. Rendering HTML is not in it; a view that says hello is
measured in the same run to compare with.
"""

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from tests.benchmarks.names import Names, movies, other_titles, people
from tests.benchmarks.queries import SEARCHES, SUGGESTIONS, Sample
from tests.benchmarks.server import ROOT, environment, manage
from tests.databases import postgresql

FOLDER = ROOT / "var" / "bench"
ROUNDS = 80


def built(kind: str, server: str | None, number: int, *, again: bool) -> tuple[str, dict[str, float]]:
    """The address of a database with so many movies, and how long what took to make."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    notes = FOLDER / f"search-{number}-{kind}.json"
    url = (
        f"sqlite:///{FOLDER}/search-{number}.sqlite3" if kind == "sqlite" else _create(server, f"bench_search_{number}")
    )
    manage(url, "migrate", "--verbosity", "0")
    if again or not notes.exists():
        child(url, "make", number, str(notes))
    return url, json.loads(notes.read_text())


def _create(server: str | None, name: str) -> str:
    import psycopg

    assert server is not None
    with psycopg.connect(server, autocommit=True) as connection:
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            connection.execute(f'CREATE DATABASE "{name}"')
    return f"{server.rpartition('/')[0]}/{name}"


def child(url: str, function: str, *arguments: object) -> None:
    """Call a function of this module in a process of its own, since Django's settings are read once."""
    code = f"import django; django.setup(); from tests.benchmarks import search; search.{function}(*{arguments!r})"
    environ = {**environment(url), "DJANGO_SETTINGS_MODULE": "catalogue.settings"}
    subprocess.run([sys.executable, "-c", code], env=environ, check=True)


def make(number: int, notes: str) -> None:
    """Fill the database, unless it is, and index it; note how long it took."""
    from django.db import connection

    from catalogue.browse import rebuild_browse
    from catalogue.models import AlternativeTitle, Movie, Person
    from catalogue.search.build import rebuild
    from tests.benchmarks.fill import fill

    start = time.perf_counter()
    if not AlternativeTitle.objects.exists():
        names = Names(number)
        fill(Person, people(names, 2 * number))
        fill(Movie, movies(names, number))
        fill(AlternativeTitle, other_titles(names, number))
    filled = time.perf_counter()
    with connection.cursor() as cursor:  # as the server's own housekeeping would within minutes
        cursor.execute("ANALYZE" if connection.vendor == "sqlite" else "VACUUM ANALYZE")
    rebuild(progress=True)
    seconds = {"filled": filled - start, "indexed": time.perf_counter() - filled}
    rebuild_browse()  # a search counts the movies of years and decades that it names
    Path(notes).write_text(json.dumps(seconds), encoding="utf-8")


def measure(number: int) -> None:
    """Print the table of one database."""
    from django.test import Client

    from catalogue.models import SearchKind
    from catalogue.search.engine import find, search, suggest
    from catalogue.search.query import parse
    from catalogue.search.rank import ranked
    from catalogue.search.spelling import Vocabulary

    sample = Sample(Names(number))
    print(f"  {'':34}{'keys':^24}{'rows':^24}  ms: p50, p95, slowest", flush=True)

    def keys(text: str) -> object:
        query = parse(text)
        return ranked(query, (SearchKind.MOVIE, SearchKind.PERSON), 20, Vocabulary(query.words))

    for group, table, quick, whole in (("suggest", SUGGESTIONS, keys, suggest), ("search", SEARCHES, find, search)):
        for what, text in table.items():
            texts = [text(sample) for _ in range(ROUNDS)]
            print(f"  {group + ' ' + what:34}{timed(quick, texts)}{timed(whole, texts)}", flush=True)
    mended(sample)
    client = Client(SERVER_NAME="127.0.0.1")
    print(f"  {'a view that says ok (/healthz)':34}{'':24}{timed(client.get, ['/healthz'] * ROUNDS)}", flush=True)
    sizes()


def timed(ask: Callable[[str], object], texts: list[str]) -> str:
    """p50, p95 and the slowest of asking for each of these texts.

    Each is asked four times and the quickest counts: warm, and without what other processes of the machine take.
    """
    best = []
    for text in texts:
        times = []
        for _ in range(4):
            start = time.perf_counter()
            ask(text)
            times.append(1000 * (time.perf_counter() - start))
        best.append(min(times))
    best.sort()
    return f"{best[len(best) // 2]:8.2f}{best[len(best) * 95 // 100]:8.2f}{best[-1]:8.2f}"


def mended(sample: Sample) -> None:
    """How often the word that was meant is among the first three suggested for it, and whether the page says so.

    A slip may be a word of the catalogue itself. Then the page shows what it found, and offers others only where that
    is little and they are far likelier.
    """
    from catalogue.models import SearchTerm
    from catalogue.search.engine import search
    from catalogue.search.spelling import suggestions

    slips = [sample.misspelt() for _ in range(1_000)]
    slips = [(word, slip) for word, slip in slips if slip != word]
    words = set(SearchTerm.objects.filter(term__in=[slip for _, slip in slips]).values_list("term", flat=True))
    for what, some in (
        ("all", slips),
        ("no words themselves", [pair for pair in slips if pair[1] not in words]),
        ("words themselves", [pair for pair in slips if pair[1] in words]),
    ):
        right = sum(word in suggestions(slip, 3) for word, slip in some)
        pages = ((word, search(slip)) for word, slip in some)
        shown = sum(word in {found.mended, *found.instead} for word, found in pages)
        print(
            f"  slips, {what}: of {len(some)} the right word is among the first three for {right / len(some):.1%}, "
            f"on the page for {shown / len(some):.1%}",
            flush=True,
        )


def sizes() -> None:
    """What the index takes on disk."""
    from django.db import connection

    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT 'catalogue_search', SUM(LENGTH(block)) FROM catalogue_search_data")
        else:
            cursor.execute(
                "SELECT relname, pg_relation_size(oid) FROM pg_class WHERE relname LIKE '%search%' "
                "AND pg_relation_size(oid) > 5000000 ORDER BY 2 DESC"
            )
        print("  " + ", ".join(f"{name} {size / 1e6:.0f} MB" for name, size in cursor.fetchall()), flush=True)


def main() -> int:
    """Build what is missing and print a table for each database."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--movies", type=int, default=1_000_000)
    parser.add_argument("--database", choices=["sqlite", "postgres"], action="append")
    parser.add_argument("--again", action="store_true", help="index anew")
    options = parser.parse_args()
    with postgresql() as server:
        for kind in options.database or ["sqlite", "postgres"]:
            if kind == "postgres" and server is None:
                print("postgres: not found, not measured")
                continue
            url, seconds = built(kind, server, options.movies, again=options.again)
            took = ", ".join(f"{what} in {spent:.0f} s" for what, spent in seconds.items())
            print(f"search on {kind}: {options.movies:,} movies, {2 * options.movies:,} people; {took}", flush=True)
            child(url, "measure", options.movies)
    return 0


if __name__ == "__main__":
    sys.exit(main())
