"""The demo catalogue: every movie is whole, and loading it twice changes nothing."""

import json
import random
import re
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from string import ascii_lowercase
from typing import Any

import pytest
from django.conf import settings
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import Client, override_settings

from catalogue import images
from catalogue.models import Genre, Movie, Person, SearchTerm
from catalogue.search import search
from catalogue.search.spelling import suggestions
from reviews.models import Member, Review
from reviews.services import recount_ratings
from tests.pages import read
from tests.search_queries import MOVIES, PEOPLE

FIXTURES = Path(settings.BASE_DIR) / "fixtures"
FILES = sorted((FIXTURES / "movies").glob("*.json"))
MEMBERS = json.loads((FIXTURES / "members.json").read_text(encoding="utf-8"))
RECORDS: dict[str, dict[str, Any]] = {file.stem: json.loads(file.read_text(encoding="utf-8")) for file in FILES}
# Of these two, hardly more than the title is known; what the seed page said of them is all they have.
THIN = {"hitchhiker-windows", "payton-collins-serial-rapist"}
GENRES = {
    "Action", "Adventure", "Animation", "Biography", "Comedy", "Crime", "Documentary", "Drama", "Family", "Fantasy",
    "Film noir", "History", "Horror", "Music", "Musical", "Mystery", "Romance", "Science fiction", "Sport", "Thriller",
    "War", "Western",
}  # fmt: skip


def test_numbers_of_the_demo() -> None:
    reviews = [review for record in RECORDS.values() for review in record["reviews"]]

    assert len(RECORDS) == 166
    assert len(MEMBERS) == 25
    assert len(reviews) >= 480
    assert len({country for record in RECORDS.values() for country in record["countries"]}) >= 36
    assert len({review["text"] for review in reviews}) == len(reviews)
    assert {review["rating"] for review in reviews} >= set(range(3, 11))


@pytest.mark.parametrize("slug", RECORDS)
def test_each_movie_is_whole(slug: str) -> None:
    record = RECORDS[slug]
    words = len(record["synopsis"].split())

    assert (40 <= words <= 120) or (slug in THIN and words <= 120), f"{words} words"
    assert re.fullmatch(r"\d{4}(-\d\d(-\d\d)?)?", record["release_date"])
    assert set(record["genres"]) <= GENRES
    assert record["genres"] or slug in {*THIN, "buddies"}
    assert len(record["reviews"]) == len({review["member"] for review in record["reviews"]})
    for part in [*record["cast"], *record["crew"]]:
        assert part["name"] == part["name"].strip() != ""
        assert not re.search(r"[(;|=]", part["name"] + part.get("character", "")), part
    for name in ("title", "tagline", "synopsis"):
        assert record[name] == record[name].strip()
        assert not re.search(r"[|]|  |\.\.\.$", record[name])


@pytest.mark.parametrize("slug", RECORDS)
def test_each_review_is_whole(slug: str) -> None:
    for review in RECORDS[slug]["reviews"]:
        assert review["member"] in MEMBERS
        assert 1 <= review["rating"] <= 10
        assert MEMBERS[review["member"]]["joined"] < review["published"] < "2026-11"
        assert review["text"].strip() == review["text"] != ""
        assert len(review["headline"]) <= 120
        assert ">!" not in review["headline"]
        assert review["text"].count(">!") == review["text"].count("!<")


def test_every_poster_belongs_to_a_movie() -> None:
    pictures = {file.stem for folder in ("posters", "stills") for file in (FIXTURES / folder).glob("*.webp")}

    assert pictures <= set(RECORDS)
    assert {file.stem for file in (FIXTURES / "posters").glob("*.webp")} == set(RECORDS)


@pytest.fixture(scope="module")
def loaded(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: Any) -> Iterator[None]:
    """The whole demo, loaded once for all tests here and rolled back after them."""
    media = tmp_path_factory.mktemp("media")
    with django_db_blocker.unblock(), override_settings(SECURE=False, MEDIA_ROOT=media), transaction.atomic():
        call_command("load_demo", stdout=StringIO(), verbosity=0)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def demo(loaded: None, db: None, settings: Any) -> None:
    settings.SECURE = False


def test_loading_twice_changes_nothing_and_an_editors_work_stays(demo: None) -> None:
    seed = Movie.objects.get(title="Leaving Metropolis")
    Movie.objects.filter(pk=seed.pk).update(synopsis="What an editor wrote.")
    before = [model.objects.count() for model in (Movie, Person, Genre, Review, Member)]
    again = StringIO()

    call_command("load_demo", stdout=again, verbosity=0)

    assert "0 movies created, 166 unchanged." in again.getvalue()
    assert [model.objects.count() for model in (Movie, Person, Genre, Review, Member)] == before
    assert Movie.objects.get(pk=seed.pk).synopsis == "What an editor wrote."
    assert recount_ratings() == 0


def test_a_demo_from_before_another_size_gets_it(demo: None) -> None:
    with (FIXTURES / "posters" / "leaving-metropolis.webp").open("rb") as file:
        poster = images.decode(file)
    images.store("poster", poster)
    paths = [rendition.path for rendition in images.renditions("poster", poster.digest)]
    default_storage.delete(paths[1])

    call_command("load_demo", "--once", stdout=StringIO())

    assert all(default_storage.exists(path) for path in paths)


def test_leaving_metropolis_keeps_what_its_page_promised(demo: None, client: Client) -> None:
    movie = Movie.objects.get(title="Leaving Metropolis")

    page = read(client.get(movie.get_absolute_url()))

    assert str(movie.release_date)[:4] == "2002"
    assert [genre.name for genre in movie.genres.order_by("moviegenre__position")] == ["Drama", "Comedy", "Romance"]
    for promise in (
        "Brad Fraser", "Vince Corazza", "Lynda Boyd", "Thom Allison", "Tom Anniko", "John Bluethner", "Troy Ruptash",
        "Cherilee Taylor", "Original Pictures", "6.1", "Poor Super Man",
    ):  # fmt: skip
        assert promise in page.text, promise
    assert movie.review_count == 8
    assert movie.rating_count > 8


def test_every_page_of_the_demo_answers(demo: None, client: Client) -> None:
    for movie in Movie.objects.all():
        response = client.get(movie.get_absolute_url())
        assert response.status_code == 200, movie
        assert len(response.content) < 60_000, movie


def test_the_word_that_was_meant_is_among_the_first_three_for_95_of_100_slips(demo: None) -> None:
    rng = random.Random(4)
    words = sorted(
        word for word in SearchTerm.objects.values_list("term", flat=True) if word.isascii() and len(word) > 4
    )
    slips = [(word, slip) for word in rng.sample(words, 220) if (slip := _slip(rng, word)) not in words][:200]
    missed = [(word, slip) for word, slip in slips if word not in suggestions(slip, 3)]

    assert len(slips) == 200
    assert len(missed) <= 10, missed


def _slip(rng: random.Random, word: str) -> str:
    """The word with one letter behind the first left out, put in, changed, or swapped with the next."""
    place = rng.randrange(1, len(word) - 1)
    before, letter, after = word[:place], word[place], word[place + 1 :]
    other = rng.choice(ascii_lowercase)
    forms = [before + after, word[:place] + other + word[place:], before + other + after]
    return rng.choice([*forms, before + after[0] + letter + after[1:]])


@pytest.mark.parametrize("query", [*MOVIES, *PEOPLE])
def test_what_people_type_finds_what_they_expect_first(demo: None, query: str) -> None:
    found = search(query)

    if query in MOVIES:
        assert [movie.title for movie in found.movies][:1] == [MOVIES[query]]
    else:
        assert [person.name for person in found.people][:1] == [PEOPLE[query]]


def test_production_refuses_the_demo(db: None, settings: Any) -> None:
    settings.SECURE = True

    with pytest.raises(CommandError, match="known passwords"):
        call_command("load_demo")
