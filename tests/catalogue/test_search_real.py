"""Searches among the 36,000 American movies of Wikipedia's lists, where they lie beside the checkout."""

import gzip
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction

from catalogue.models import Movie, Person
from catalogue.search import search, suggest
from catalogue.search.build import rebuild
from catalogue.search.documents import level_of
from tests.real_queries import MOVIES, PEOPLE

FOLDER = Path(settings.BASE_DIR).parent / "shared" / "data" / "raw" / "wikipedia_us"
pytestmark = pytest.mark.skipif(not FOLDER.exists(), reason=f"the movies of Wikipedia are not there: {FOLDER}")


def rows() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for file in sorted(FOLDER.glob("movies-*.json*")):
        packed = file.read_bytes()
        found += json.loads(gzip.decompress(packed) if file.suffix == ".gz" else packed)
    return [row for row in found if row["title"].strip()]


def fill() -> None:
    """A movie is looked at as much as its cast has other parts, for want of better."""
    movies = rows()
    credits = Counter(name for row in movies for name in row["cast"] if 0 < len(name) <= 200)
    people = [Person(name=name, credit_count=number) for name, number in credits.items()]
    made = [
        Movie(
            title=row["title"][:500], release_date=str(row["year"]), is_published=True,
            cast_line=", ".join(row["cast"][:3])[:200], popularity=level_of(sum(map(credits.__getitem__, row["cast"][:9]))),
        )
        for row in movies
    ]  # fmt: skip
    for person in people:
        person.derive()
    for movie in made:
        movie.derive()
    Person.objects.bulk_create(people, batch_size=5_000)
    Movie.objects.bulk_create(made, batch_size=5_000)
    rebuild()


@pytest.fixture(scope="module")
def real(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """All of them once for this module: loading takes longer than all its tests."""
    with django_db_blocker.unblock(), transaction.atomic():
        fill()
        yield
        transaction.set_rollback(True)


@pytest.mark.django_db
def test_real_queries_find_what_is_meant_first(real: None) -> None:
    wrong: dict[str, object] = {}
    for query, expected in MOVIES.items():
        movies = search(query).movies
        first = (movies[0].title, movies[0].year) if movies else None
        if first != expected:
            wrong[query] = first
    for query, name in PEOPLE.items():
        people = search(query).people
        if not people or people[0].name != name:
            wrong[query] = [person.name for person in people[:1]]

    assert wrong == {}
    assert len(MOVIES) + len(PEOPLE) >= 100


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("typed", "first"),
    [("casab", "Casablanca"), ("citizen k", "Citizen Kane"), ("blade runner 2", "Blade Runner 2049")],
)
def test_suggestions_of_real_beginnings(real: None, typed: str, first: str) -> None:
    assert suggest(typed).movies[0].title == first
