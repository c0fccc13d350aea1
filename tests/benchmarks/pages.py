"""How fast pages are, beside a view that does nothing, in one run.

    python -m tests.benchmarks.pages [--movies 100000] [--database sqlite postgres] [--rounds 5] [--write]

Starts gunicorn as in production on a catalogue of full pages (tests/benchmarks/prepared.py), loads it with wrk over 16
connections, and prints for each kind of page requests/s, latencies, CPU, queries and bytes, and the ratio to
/healthz, which is Django with this project's middleware and nothing else. A machine may be twice as fast a minute
later, so each round loads the two by turns, two seconds each, and the median of the rounds is told. ``--write`` puts
the results into docs/benchmarks/.
"""

import argparse
import json
import random
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import quote

from deploy.local import Stack
from tests.benchmarks import report
from tests.benchmarks.load import Measured, Request, by_turns
from tests.benchmarks.prepared import full, prepared
from tests.benchmarks.server import ROOT, environment, site
from tests.databases import postgresql

REDIS = "redis://127.0.0.1:6379/9"
BROTLI = ("Accept-Encoding: br",)
SAMPLE = 400


@dataclass(frozen=True, slots=True)
class Case:
    """One row of the table: which requests, and what pages are kept in meanwhile."""

    name: str
    requests: list[Request]
    cache: str = "dummycache://"
    application: str = "catalogue.wsgi:application"
    warm: bool = False  # each page is asked for once before
    proxy: bool = False  # through nginx with its microcache, and TLS, as deployed


@dataclass(frozen=True, slots=True)
class Row:
    """A case measured; ``ratio`` to Django hello of the same run."""

    database: str
    movies: int
    name: str
    measured: Measured
    ratio: float
    queries: int | None
    raw: int
    compressed: int


def cases(url: str, number: int) -> list[Case]:
    """What is measured on this database, its addresses taken from it."""
    found = _inside(url, "addresses", number)
    get = {name: [Request(path, headers=BROTLI) for path in paths] for name, paths in found["paths"].items()}
    signed = [
        Request(
            f"{path}reviews/write/",
            "POST",
            (f"Cookie: sessionid={session}; csrftoken={'a' * 32}", "Content-Type: application/x-www-form-urlencoded"),
            f"csrfmiddlewaretoken={'a' * 32}&rating=7&headline=Again&text=Seen+once+more.",
        )
        for path in found["paths"]["movie"][:100]
        for session in found["sessions"]
    ]
    return [
        Case("WSGI hello", [Request("/")], application="tests.benchmarks.hello:application"),
        Case("Django hello", [Request("/healthz")]),
        Case("movie, rendered", get["movie"]),
        Case("movie, kept (process)", get["movie"], "locmemcache://", warm=True),
        Case("movie, kept (Redis)", get["movie"], REDIS, warm=True),
        Case("movie, 304", get["movie"], "locmemcache://", warm=True),
        Case("movie, kept (nginx)", get["movie"], "locmemcache://", proxy=True),
        Case("home", get["home"]),
        Case("list, 2 filters and facets", get["list"]),
        Case("search", get["search"]),
        Case("suggest", get["suggest"]),
        Case("person", get["person"]),
        Case("static file", get["static"]),
        Case("review posted", signed),
    ]


def addresses(number: int) -> dict[str, Any]:
    """Run inside Django: paths of each kind, and sessions of members who write."""
    from catalogue.models import Genre, Movie, Person
    from reviews.models import Member
    from tests.makers import sign_in

    rng = random.Random(5)
    keys = rng.sample(list(full(number)), SAMPLE)
    movies = list(Movie.objects.filter(pk__in=keys))
    people = Person.objects.filter(credits__movie__in=keys[:80]).distinct()[:SAMPLE]
    genres = list(Genre.objects.values_list("slug", flat=True))
    words = sorted({word for movie in movies for word in movie.title.lower().split() if word.isalpha()})
    sessions = [sign_in(member) for member in Member.objects.order_by("pk")[:40]]
    lists = [f"/movies/?decade={rng.randrange(1960, 2030, 10)}&genre={rng.choice(genres)}" for _ in range(60)]
    return {
        "paths": {
            "movie": [movie.get_absolute_url() for movie in movies],
            "home": ["/"],
            "list": lists,
            "search": [f"/search/?q={quote(rng.choice(words))}" for _ in range(200)],
            "suggest": [f"/search/suggest/?q={quote(rng.choice(words)[:3])}" for _ in range(200)],
            "person": [person.get_absolute_url() for person in people],
            "static": ["/static/css/site.css"],
        },
        "sessions": sessions,
    }


def weigh(number: int, paths: dict[str, str]) -> dict[str, Any]:
    """Run inside Django: queries and bytes of one page of each kind, the second time it is asked for."""
    import brotli
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client, found = Client(headers={"host": "127.0.0.1"}), {}
    for name, path in paths.items():
        client.get(path)
        with CaptureQueriesContext(connection) as queries:
            response = client.get(path)
        content = b"".join(response) if response.streaming else response.content
        found[name] = [len(queries), len(content), len(brotli.compress(content, quality=5))]
    return found


def _inside(url: str, function: str, number: int, *arguments: object, cache: str = "dummycache://") -> Any:
    code = (
        "import django, json; django.setup(); from tests.benchmarks import pages; "
        f"print(json.dumps(pages.{function}(*{(number, *arguments)!r})))"
    )
    variables = {**environment(url), "DJANGO_SETTINGS_MODULE": "catalogue.settings", "CACHE_URL": cache}
    done = subprocess.run([sys.executable, "-c", code], env=variables, check=True, capture_output=True, text=True)
    return json.loads(done.stdout.splitlines()[-1])


@contextmanager
def served(url: str, case: Case) -> Iterator[tuple[str, list[Request]]]:
    """The address of a server for a case, and its requests; for "304" with the ETags that it gave."""
    if case.proxy:
        settings = {"DATABASE_URL": url, "RATE_LIMITS": "false", "CACHE_URL": case.cache, "WEB_CONCURRENCY": "4"}
        with Stack(small=True, settings=settings) as stack:
            yield stack.url, case.requests
        return
    with site(url, workers=4, threads=1, application=case.application, cache=case.cache) as address:
        requests = case.requests
        if case.warm:
            requests = [_asked_again(address, request, is_304="304" in case.name) for request in requests]
        yield address, requests


def _asked_again(address: str, request: Request, *, is_304: bool) -> Request:
    for _ in range(6):  # each worker of gunicorn keeps its own pages
        asked = urllib.request.Request(f"{address}{request.path}", headers={"Accept-Encoding": "br"})
        with urllib.request.urlopen(asked, timeout=10) as response:
            etag = response.headers.get("ETag", "")
    return Request(request.path, headers=(*request.headers, f"If-None-Match: {etag}")) if is_304 else request


def measure(url: str, database: str, number: int, rounds: int, chosen: Callable[[str], bool]) -> list[Row]:
    """All cases on one database."""
    rows: list[Row] = []
    listed = cases(url, number)
    weights = _inside(
        url,
        "weigh",
        number,
        {
            case.name: case.requests[0].path
            for case in listed
            if "hello" not in case.name and "kept" not in case.name and case.requests[0].method == "GET"
        },
    )
    with served(url, Case("", [Request("/healthz")])) as (hello, nothing):
        for case in listed:
            if not (chosen(case.name) or "hello" in case.name):
                continue
            with served(url, case) as (address, requests):
                measured, ratio = by_turns((address, requests), (hello, nothing), rounds=rounds)
            rows.append(Row(database, number, case.name, measured, ratio, *weights.get(case.name, [None, 0, 0])))
            print(report.line(rows[-1]), flush=True)
    return rows


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--movies", type=int, nargs="+", default=[100_000])
    parser.add_argument("--database", nargs="+", choices=["sqlite", "postgres"], default=["sqlite", "postgres"])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", default="", help="Cases whose name holds this.")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    rows: list[Row] = []
    with postgresql() as server:
        for number in options.movies:
            for kind in options.database:
                url = prepared(kind, server, number)
                print(f"\n{kind}, {number:,} movies\n{report.HEAD}", flush=True)
                rows += measure(url, kind, number, options.rounds, lambda name: options.only in name)
    if options.write:
        report.write(ROOT / "docs" / "benchmarks", [asdict(row) for row in rows])


if __name__ == "__main__":
    main()
