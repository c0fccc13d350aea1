"""The public page of what the catalogue lacks."""

from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from catalogue.curation.suggesting import suggest
from catalogue.models import Collection, CollectionItem, Suspect
from tests.makers import make_member, make_movie, make_person
from tests.pages import read

pytestmark = pytest.mark.django_db
PAGE = "/about/quality/"


def fill(count: int) -> None:
    for number in range(count):
        movie = make_movie(f"Movie {number}", genres=["Drama", "War", "Crime"][: number + 1], synopsis="There.")
        collection = Collection.objects.create(name=f"Swords {number}", is_published=True)
        CollectionItem.objects.create(collection=collection, movie=movie)
        Suspect.objects.create(kind="movie", first=movie.pk, second=movie.pk + 1000, score=50)
        suggest("movie", movie, make_member(), {"tagline": ["", "Fools"]}, {"source": "x"})
        make_person()


def test_the_numbers_are_those_of_what_visitors_see(client: Client) -> None:
    fill(2)
    make_movie("Draft", is_published=False, tagline="Not counted")

    page = read(client.get(PAGE))

    for part in ("2, on average 23 of 100 points", "No poster 2 movies", "No synopsis 0 movies", "Below 30 2 movies",
                 "Suspected duplicates 2", "Drama 2 23 23", "War 1 23 23", "Swords 0 1 23 23"):  # fmt: skip
        assert part in page.text, part
    assert PAGE in [link.attributes["href"] for link in read(client.get("/")).one("footer").all("a")]


def test_the_numbers_are_kept_until_housekeeping_makes_them_anew(client: Client) -> None:
    client.get(PAGE)
    fill(1)

    assert "0, on average" in read(client.get(PAGE)).text
    call_command("tidy_desk")
    assert "1, on average" in read(client.get(PAGE)).text


@pytest.mark.parametrize("count", [1, 3])
def test_queries(client: Client, count: int, django_assert_num_queries: Any) -> None:
    fill(count)

    with django_assert_num_queries(7):  # movies, people, suggestions, genres (2), collections, duplicates
        client.get(PAGE)
    with django_assert_num_queries(0):
        client.get(PAGE)
