"""Browse, landing pages and parts of charts as readers and crawlers meet them."""

from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalogue.browse import FACETS
from catalogue.models import Country, Genre, Movie, Release, WatchLink
from tests.catalogue.admin.form import opened, saved
from tests.makers import make_member, make_movie, make_review
from tests.pages import read

pytestmark = pytest.mark.django_db


def titles(response: Any) -> list[str]:
    return [card.one("h3").text for card in read(response).all("article", "card")]


@pytest.fixture
def ran() -> Movie:
    """A movie that every facet knows something of."""
    movie = make_movie("Ran", genres=["Drama", "War"], release_date="1985-06-01", runtime_minutes=162)
    movie.countries_of_origin.set(Country.objects.filter(code__in=["JP", "FR"]))
    movie.original_language_id = "ja"
    movie.save()
    Release.objects.create(movie=movie, country_id="US", certification="R")
    WatchLink.objects.create(movie=movie, provider="A", url="https://example.org", kind="free", checked_on="2026-01-01")
    make_review(movie, rating=9)
    return movie


@pytest.mark.parametrize(
    ("query", "heading"),
    [
        ("genre=drama&genre=war", "Drama, War"),
        ("decade=1980", "Movies of the 1980s"),
        ("year=1985", "Movies of 1985"),
        ("country=fr", "Movies, France"),
        ("language=ja", "Movies, Japanese"),
        ("runtime=150-up", "Movies, 2 h 30 min and more"),
        ("certification=US+R", "Movies, R (United States)"),
        ("rating=8", "Movies, 8 and more"),
        ("reviews=yes", "Movies, With reviews"),
        ("watch=free", "Movies, Watch for free"),
    ],
)
def test_each_facet_finds_and_says_so(client: Client, ran: Movie, query: str, heading: str) -> None:
    make_movie("Another", release_date="1999", runtime_minutes=90)

    response = client.get(f"/movies/?{query}")

    assert titles(response) == ["Ran"]
    page = read(response)
    assert page.one("h1").text == heading
    removal = [link for link in page.all("a", "chip") if link.text.startswith("Remove")]
    assert len(removal) == query.count("&") + 1
    assert page.one("link", rel="canonical").attributes["href"].endswith(f"/movies/?{query}")


def test_counts_stand_beside_the_values(client: Client, ran: Movie) -> None:
    make_movie("Yojimbo", genres=["Drama"], release_date="1961", runtime_minutes=110)

    page = read(client.get("/movies/?genre=drama"))

    labels = [label.text for label in page.all("label", "check")]
    assert labels[:2] == ["Drama 2", "War 1"]
    assert {"1960s 1", "1980s 1", "100 to 119 min 1", "2 h 30 min and more 1", "9 and more 1"} <= set(labels)
    assert "France (1)" in page.one("select", name="country").text
    assert "R (United States) (1)" in page.one("select", name="certification").text


def test_kept_filters_follow_names_and_movies(client: Client, ran: Movie, as_editor: Client) -> None:
    """What is drawn of them is kept in the process."""
    path, genre = "/movies/?decade=1980", Genre.objects.get(slug="war")

    def boxes() -> list[str]:
        return [label.text for label in read(client.get(path)).all("label", "check")]

    before = boxes()
    assert "War 1" in before
    assert boxes() == before
    saved(as_editor, genre, opened(as_editor, genre), name="Battles")
    assert "Battles 1" in boxes()
    assert "War 1" not in boxes()
    make_movie("Platoon", genres=["Drama"], release_date="1986")
    assert "Drama 2" in boxes()


def test_a_value_without_movies_can_be_unchosen(client: Client, ran: Movie) -> None:
    page = read(client.get("/movies/?genre=drama&decade=1920&country=de&reviews=yes&rating=5"))

    assert "Nothing matches" in page.text
    chosen = {box.attributes["value"] for box in page.all("input", checked="")}
    assert {"drama", "1920", "yes", "5"} <= chosen
    assert page.one("option", value="de").attributes["selected"] == ""


def test_an_empty_list_is_not_sorted_but_remembers_its_order(client: Client, ran: Movie) -> None:
    empty = read(client.get("/movies/?decade=1920&sort=title"))
    assert not empty.all("select", name="sort")
    assert not empty.all("nav", **{"aria-label": "View"})
    assert empty.one("form", id="filters").one("input", name="sort").attributes["value"] == "title"

    full = read(client.get("/movies/?decade=1980&sort=title"))
    assert full.one("select", name="sort")
    assert full.one("nav", **{"aria-label": "View"})
    assert not full.all("input", name="sort")


@pytest.mark.parametrize(
    ("query", "is_kept_out"),
    [("", False), ("?genre=drama", False), ("?genre=drama&genre=war", True), ("?genre=drama&decade=1980", True),
     ("?view=table", True), ("?sort=title", False)],
)  # fmt: skip
def test_crawlers_are_kept_out_of_combinations(client: Client, ran: Movie, query: str, is_kept_out: bool) -> None:
    page = read(client.get(f"/movies/{query}"))

    assert bool(page.all("meta", name="robots")) == is_kept_out
    assert "Disallow: /movies/?*&" in client.get("/robots.txt").content.decode()


def test_the_table_has_a_line_a_movie_and_orders_in_its_head(client: Client, ran: Movie) -> None:
    page = read(client.get("/movies/?sort=title&view=table"))

    row = page.one("tbody").one("tr")
    assert row.text == "Ran 1985 Drama, War 162 9.0 (1) 1"
    assert page.one("th", aria_sort="ascending").text == "Title"
    assert page.one("thead").one("a", href="?sort=rating&view=table").text == "Rating"


def test_many_pages_have_numbers_up_to_the_last(client: Client) -> None:
    for number in range(95):
        make_movie(f"M{number:02}")

    page = read(client.get("/movies/?sort=title&page=4"))

    assert titles(client.get("/movies/?sort=title&page=4")) == [f"M{number}" for number in range(90, 95)]
    assert "95 movies" in page.one("div", "band__row").text
    assert client.get("/movies/?page=5").status_code == 404
    assert client.get("/movies/?page=1000001").status_code == 404


@pytest.mark.parametrize(
    ("path", "heading"), [("/genres/drama/", "Drama"), ("/decades/1980/", "The 1980s"), ("/countries/jp/", "Japan")]
)
def test_landing_pages_lead_on(client: Client, ran: Movie, path: str, heading: str, settings: Any) -> None:
    settings.RATING_CHART_MINIMUM = 2
    make_review(ran, make_member(), 8)
    make_movie("Elsewhere", genres=["Comedy"], release_date="1999")

    page = read(client.get(path))

    assert page.one("h1").text == heading
    assert page.one("ol", "rank").one("h3").text == "Ran"
    assert page.one("a", "btn--main").text == "All 1 movie"
    for link in page.one("nav", aria_label="Charts").all("a"):
        part = read(client.get(link.attributes["href"]))
        assert part.one("h1").text.endswith(heading.removeprefix("The "))


@pytest.mark.parametrize(
    "path",
    [
        "/decades/1985/", "/decades/0/", "/decades/99999999999999999999/", "/countries/zz/", "/charts/top-rated/genre/nope/",
        "/charts/top-rated/studio/1/", "/charts/top-rated/decade/1985/", "/charts/nope/genre/drama/",
        "/charts/top-rated/country/JP/",
    ],
)  # fmt: skip
def test_what_there_is_not_is_not_found(client: Client, ran: Movie, path: str) -> None:
    assert client.get(path).status_code == 404


def test_country_codes_are_written_small(client: Client) -> None:
    assert client.get("/countries/JP/").headers["Location"] == "/countries/jp/"


def test_an_empty_landing_page_says_so(client: Client) -> None:
    assert "No movies of it have been published yet." in read(client.get("/countries/is/")).text


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.dictionaries(
        st.sampled_from([*FACETS, "sort", "view", "page", "x"]),
        st.lists(
            st.one_of(st.text(max_size=12), st.sampled_from(["drama", "1980", "US R", "yes", "9" * 30])), max_size=7
        ),
    )
)
def test_whatever_is_asked_is_answered(client: Client, query: dict[str, list[str]]) -> None:
    assert client.get("/movies/", query).status_code in (200, 302, 400, 404)
