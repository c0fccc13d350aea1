"""A catalogue whose pages are as full as a popular movie's, kept in var/bench between runs."""

import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.benchmarks.server import ROOT, environment, manage

FOLDER = ROOT / "var" / "bench"
FULL = 2_000  # movies with everything a page shows; the others have six credits
CAST, CREW, REVIEWS = 36, 8, 10
JOBS = [
    ("directing", "Director"), ("writing", "Screenplay"), ("production", "Producer"), ("camera", "Director of Photography"),
    ("editing", "Editor"), ("sound", "Original Music Composer"), ("art", "Production Design"), ("production", "Casting"),
]  # fmt: skip
CREDIT = "movie_id person_id credited_as department job character billing_order is_uncredited is_voice"
REVIEW = (
    "movie_id author_id guest_name guest_email rating headline text language_id has_spoilers state held_for published_at "
    "helpful_count unhelpful_count helpfulness"
)
TEXT = (
    "The first hour is patient and the second is not, which is the wrong way round for a story about waiting. What holds "
    "it together is the light: every room has a window, and every window has weather in it. "
)


def prepared(kind: str, server: str | None, number: int) -> str:
    """The address of a migrated, filled and indexed database with so many movies; made when it is not there."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    done = FOLDER / f"pages-{number}-{kind}.done"
    name = f"cuemark_pages_{number}"
    url = f"sqlite:///{FOLDER}/pages-{number}.sqlite3"
    if kind == "postgres":
        assert server is not None
        url = f"{server.rpartition('/')[0]}/{name}"
        _create(server, name, done)
    if not done.exists():
        for file in FOLDER.glob(f"pages-{number}.sqlite3*") if kind == "sqlite" else ():
            file.unlink()
        manage(url, "migrate", "--verbosity", "0")
        _inside(url, f"fill({number})")
        manage(url, "rebuild_search")
        manage(url, "rebuild_browse")
        _inside(url, f"relate({number})")
        done.touch()
    return url


def _inside(url: str, call: str) -> None:
    code = f"import django; django.setup(); from tests.benchmarks import prepared; prepared.{call}"
    variables = {**environment(url), "DJANGO_SETTINGS_MODULE": "catalogue.settings"}
    subprocess.run([sys.executable, "-c", code], env=variables, check=True)


def _create(server: str, name: str, done: Path) -> None:
    import psycopg

    with psycopg.connect(server, autocommit=True) as connection:
        if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            if done.exists():
                return
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
        done.unlink(missing_ok=True)
        connection.execute(f'CREATE DATABASE "{name}"')


def full(number: int) -> range:
    """The keys of the movies whose pages are full."""
    return range(1, number + 1, max(1, number // FULL))


def fill(number: int) -> None:
    """Everything but the indexes of search and browsing."""
    from django.db import connection
    from django.db.models import F

    from catalogue.models import Movie
    from reviews.models import Member
    from tests.benchmarks import browse

    rng = random.Random(2)
    browse.fill(number)
    keys = list(full(number))
    people = _people(number)
    browse.load("catalogue_credit", CREDIT, _credits(number, people, rng))
    authors = [Member(username=f"reader{place}", display_name=f"Reader {place}") for place in range(400)]
    authors = Member.objects.bulk_create(authors)
    browse.load("reviews_review", REVIEW, _reviews(keys, [author.pk for author in authors], rng))
    Movie.objects.filter(pk__in=keys).update(
        rating_8=F("rating_8") + REVIEWS, review_count=REVIEWS, cast_count=CAST, synopsis=TEXT * 4
    )
    _lists(keys, rng)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE" if connection.vendor == "sqlite" else "VACUUM ANALYZE")


def relate(number: int) -> None:
    """The related movies of the full pages, which need the index of browsing; and keys go on behind those given."""
    from django.apps import apps
    from django.core.management.color import no_style
    from django.db import connection

    from catalogue.related import refresh_related

    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), apps.get_models()):
            cursor.execute(statement)
    refresh_related(full(number))


def _people(number: int) -> list[int]:
    from catalogue.models import Person
    from catalogue.text import sort_name
    from tests.benchmarks.fill import fill as insert
    from tests.benchmarks.names import Names

    first = Person.objects.order_by("-pk").values_list("pk", flat=True)[0] + 1
    names = enumerate(Names(number).people(number * 2), first)
    rng = random.Random(3)  # most people have one credit, few have hundreds
    insert(
        Person,
        (
            {
                "id": key,
                "name": name,
                "sort_name": sort_name(name),
                "imdb_id": f"nm{key:07}",
                "slug": "person",
                "credit_count": min(400, int(rng.paretovariate(0.9))),
            }
            for key, name in names
        ),
    )
    return list(range(first, first + number * 2))


def _credits(number: int, people: list[int], rng: random.Random) -> Iterator[tuple[Any, ...]]:
    rich = set(full(number))
    for movie in range(1, number + 1):
        cast, crew = (CAST, CREW) if movie in rich else (5, 1)
        chosen = iter(rng.sample(people, cast + crew))
        for place in range(cast):
            yield movie, next(chosen), "", "acting", "", f"Part {place + 1}", place, False, False
        for department, job in JOBS[:crew]:
            yield movie, next(chosen), "", department, job, "", None, False, False


def _reviews(movies: list[int], authors: list[int], rng: random.Random) -> Iterator[tuple[Any, ...]]:
    for movie in movies:
        for place, author in enumerate(rng.sample(authors, REVIEWS)):
            yield (
                movie, author, "", "", 8, "Patient, then not", TEXT * 5, "en", place == 3, "published", "",
                f"2026-0{place % 9 + 1}-11 12:00:00+00:00", place, 1, place / 20,
            )  # fmt: skip


def _lists(movies: list[int], rng: random.Random) -> None:
    from catalogue.models import AlternativeTitle, ExternalRating, MovieStudio, Release, Studio

    studios = Studio.objects.bulk_create(Studio(name=f"Studio {place}", slug="studio") for place in range(300))
    MovieStudio.objects.bulk_create(MovieStudio(movie_id=movie, studio=rng.choice(studios)) for movie in movies)
    titles = [AlternativeTitle(movie_id=movie, title=f"Title {place}") for movie in movies for place in range(3)]
    AlternativeTitle.objects.bulk_create(titles)
    countries = ("US", "GB", "FR")
    dates = ((movie, place, country) for movie in movies for place, country in enumerate(countries))
    Release.objects.bulk_create(
        Release(movie_id=movie, country_id=country, date=f"2001-0{place + 1}-02", type="premiere", certification="")
        for movie, place, country in dates
    )
    ExternalRating.objects.bulk_create(
        ExternalRating(movie_id=movie, source="imdb", value="7.1", scale="10", votes=1200) for movie in movies
    )
