"""What a CDN may keep, for how long, and by what it is told to forget it."""

from typing import Any

import pytest
from django.test import Client

from tests.makers import make_genre, make_movie

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def cdn(settings: Any) -> None:
    settings.CDN_SECONDS, settings.CDN_STALE_SECONDS, settings.CDN_TAG_HEADER = 10, 300, "Surrogate-Key"


def test_pages_of_visitors_are_kept_by_it_and_asked_for_by_browsers(client: Client) -> None:
    response = client.get(make_movie("Ran").get_absolute_url())

    said = "public, max-age=10, stale-while-revalidate=300, stale-if-error=300"
    assert response["CDN-Cache-Control"] == said
    assert response["Cache-Control"] == "no-cache"


@pytest.mark.parametrize("path", ["/accounts/login/", "/nowhere/", "/healthz"])
def test_nothing_else_is(client: Client, path: str) -> None:
    response = client.get(path)

    assert "CDN-Cache-Control" not in response
    assert "Surrogate-Key" not in response


def test_nothing_of_a_member_is(as_member: Client) -> None:
    response = as_member.get(make_movie("Ran").get_absolute_url())

    assert "CDN-Cache-Control" not in response
    assert response["Cache-Control"] == "private, no-store"


def test_nothing_of_a_reader_who_chose_a_theme_is(client: Client) -> None:
    client.cookies["theme"] = "light"
    response = client.get(make_movie("Ran").get_absolute_url())

    assert "CDN-Cache-Control" not in response
    assert response["Cache-Control"] == "private, no-cache"


def test_a_page_names_its_kind_and_its_record(client: Client, settings: Any) -> None:
    movie, genre = make_movie("Ran"), make_genre("Drama")

    assert client.get("/")["Surrogate-Key"] == "home"
    assert client.get(movie.get_absolute_url())["Surrogate-Key"] == f"movie_detail movie-{movie.pk}"
    assert client.get(f"{movie.get_absolute_url()}reviews/")["Surrogate-Key"].endswith(f" movie-{movie.pk}")
    assert client.get(f"/genres/{genre.slug}/")["Surrogate-Key"] == "genre_detail genre-drama"

    settings.CDN_TAG_HEADER = "Cache-Tag"
    assert client.get(movie.get_absolute_url())["Cache-Tag"] == f"movie_detail,movie-{movie.pk}"


def test_it_is_off_unless_it_is_asked_for(client: Client, settings: Any) -> None:
    settings.CDN_SECONDS, settings.CDN_TAG_HEADER = 0, ""

    response = client.get("/")

    assert not {"CDN-Cache-Control", "Surrogate-Key", "Cache-Tag"} & set(response.headers)
