"""The map of the site: one name per page, and every page of it answers."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest
from django.conf import settings
from django.contrib.syndication.views import Feed
from django.core.cache import caches
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from catalogue.charts import CHARTS
from catalogue.models import Collection, Feature, Person, Studio
from tests.makers import make_cast, make_movie
from tests.pages import read

MACHINES = {
    "speculation_rules",
    "list_template",
    "robots",
    "security_txt",
    "healthz",
    "readyz",
    "metrics",
    "favicon",
    "media",
    "sitemap",
    "sitemap_index",
}
WITHOUT_A_PAGE = {"review_vote", "claim", "account_export"}  # they lead elsewhere, or are a file


def ours(patterns: list[URLPattern | URLResolver] | None = None) -> Iterator[URLPattern]:
    """The addresses that our own packages answer."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLResolver):
            yield from ours(pattern.url_patterns)
        elif (
            pattern.callback.__module__.startswith(("catalogue.", "reviews."))
            and ".admin" not in pattern.callback.__module__
        ):
            yield pattern


def test_name_is_view_is_template() -> None:
    for pattern in ours():
        if isinstance(pattern.callback, Feed):
            continue
        assert pattern.name == pattern.callback.__name__
        if pattern.name not in MACHINES | WITHOUT_A_PAGE:
            package = pattern.callback.__module__.split(".")[0]
            assert (settings.BASE_DIR / "templates" / package / f"{pattern.name}.html").exists(), pattern.name


@pytest.mark.django_db
def test_every_page_has_one_heading_and_a_title(client: Client) -> None:
    movie = make_movie("Ran", genres=["Drama"], studios=["Toho"])
    make_cast(movie, "Tatsuya Nakadai")
    Feature.objects.create(movie=movie, starts_on="2020-01-01")
    collection = Collection.objects.create(name="Swords", is_published=True)
    paths = [
        "/", "/movies/", "/people/", "/genres/", "/genres/drama/", "/search/", "/search/?q=ran", "/about/rating/",
        *(f"/charts/{slug}/" for slug in CHARTS), collection.get_absolute_url(), Studio.objects.get().get_absolute_url(),
        Person.objects.get().get_absolute_url(),
        *(f"{movie.get_absolute_url()}{part}" for part in ("", "credits/", "reviews/", "reviews/write/")),
    ]  # fmt: skip
    for path in paths:
        page = read(client.get(path))
        assert len(page.all("h1")) == 1, path
        assert page.one("title").text.endswith("– Cuemark"), path
        levels = [int(item.name[1]) for item in page.all() if item.name in {"h1", "h2", "h3", "h4"}]
        assert all(after - before < 2 for before, after in pairwise(levels)), path
        for picture in page.all("img"):
            assert {"alt", "width", "height"} <= picture.attributes.keys(), path


@pytest.mark.django_db
def test_sitemap_and_robots(client: Client) -> None:
    movie = make_movie("Ran", genres=["Drama"])
    make_movie("Draft", is_published=False)

    assert "http://testserver/sitemap-movies.xml" in client.get("/sitemap.xml").content.decode()
    text = client.get("/sitemap-movies.xml").content.decode()
    assert text.count("<loc>") == 1
    assert f"<loc>http://testserver{movie.get_absolute_url()}</loc>" in text
    assert f"<lastmod>{movie.updated_at:%Y-%m-%d}" in text
    assert "Sitemap: http://testserver/sitemap.xml" in client.get("/robots.txt").content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("asked", "place"),
    [
        ("/sitemap.xml?x=1", "/sitemap.xml"),
        ("/sitemap-movies.xml?p=1", "/sitemap-movies.xml"),
        ("/sitemap-movies.xml?p=0002&x=1", "/sitemap-movies.xml?p=2"),
    ],
)
def test_a_sitemap_has_one_address(client: Client, asked: str, place: str) -> None:
    response = client.get(asked)

    assert (response.status_code, response["Location"]) == (302, place)
    assert [client.get(f"/sitemap-movies.xml?p={page}").status_code for page in ("2", "-1", "x", "")] == [404] * 4


@pytest.mark.django_db
def test_sitemaps_do_not_crowd_out_the_counters_of_rate_limits(client: Client) -> None:
    counters: Any = caches["default"]
    counters.set("limit", 5)

    for number in range(320):
        client.get(f"/sitemap.xml?x={number}")
    client.get("/sitemap.xml")

    assert counters.get("limit") == 5
    assert list(counters._cache) == [counters.make_key("limit")]


@pytest.mark.django_db
def test_health(client: Client, django_assert_num_queries: object) -> None:
    assert client.get("/healthz").content == b"ok\n"
    assert client.get("/readyz").json() == {"ready": True}
