"""Lists of reviews, single reviews, feeds."""

import re
from typing import Any
from xml.etree import ElementTree

import pytest
from django.test import Client

from catalogue.models import Movie
from reviews.models import Member
from reviews.services import close_account
from tests.makers import judge, make_member, make_moderator, make_movie, make_review
from tests.pages import Element, read

pytestmark = pytest.mark.django_db


@pytest.fixture
def movie() -> Movie:
    movie = make_movie("Ran")
    make_review(movie, rating=9, headline="Nine", language="fr")
    make_review(movie, rating=3, headline="Three", has_spoilers=True)
    make_review(movie, rating=6, headline="Six", text="He is >!dead!<.")
    make_review(movie, rating=5, headline="", text="")
    return movie


def headlines(page: Element) -> list[str]:
    return [article.one("h3").text for article in page.all("article", "review")]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        pytest.param("sort=newest", ["Six", "Three", "Nine"], id="newest"),
        pytest.param("sort=highest", ["Nine", "Six", "Three"], id="highest"),
        pytest.param("sort=lowest", ["Three", "Six", "Nine"], id="lowest"),
        pytest.param("rating=3", ["Three"], id="rating"),
        pytest.param("language=fr", ["Nine"], id="language"),
        pytest.param("spoilers=without", ["Nine"], id="without-spoilers"),
        pytest.param("rating=3&spoilers=without", [], id="none"),
        pytest.param(
            "sort=nonsense&rating=99&language=%27%27", ["Six", "Three", "Nine"], id="nonsense-asks-for-nothing"
        ),
    ],
)
def test_lists_are_sorted_and_filtered(client: Client, movie: Movie, query: str, expected: list[str]) -> None:
    page = read(client.get(f"{movie.get_absolute_url()}reviews/?{query}"))

    assert headlines(page) == expected


def test_every_offered_rating_and_language_finds_a_review(client: Client, movie: Movie) -> None:
    address = f"{movie.get_absolute_url()}reviews/"
    offered = [item.one("a") for name in ("Rating", "Language") for item in in_list(client, address, name)]

    assert [link.text for link in offered] == ["9 of 10", "6 of 10", "3 of 10", "English", "French"]
    for link in offered:
        assert headlines(read(client.get(address + link.attributes["href"].removeprefix(address))))


def in_list(client: Client, address: str, name: str) -> list[Element]:
    return read(client.get(address)).one("ul", **{"aria-label": name}).all("li")


def test_nothing_is_offered_where_there_is_nothing_to_read(client: Client) -> None:
    movie = make_movie("Ran")
    make_review(movie, rating=5, headline="", text="")

    page = read(client.get(f"{movie.get_absolute_url()}reviews/"))

    assert "Nobody has reviewed it yet." in page.text
    assert not page.all("nav", **{"aria-label": "Order and filters"})
    asked = read(client.get(f"{movie.get_absolute_url()}reviews/?rating=5"))
    assert asked.one("ul", **{"aria-label": "Rating"}).one("a", **{"aria-current": "true"}).text == "5 of 10"


def test_pages_have_stable_addresses_and_keep_the_filters(client: Client) -> None:
    movie = make_movie("Ran")
    for number in range(25):
        make_review(movie, headline=f"No. {number}")

    address = f"{movie.get_absolute_url()}reviews/"
    page = read(client.get(f"{address}?sort=newest&page=2"))

    assert headlines(page) == [f"No. {number}" for number in range(4, -1, -1)]
    assert page.one("a", rel="prev").attributes["href"] == "?sort=newest"
    assert client.get(f"{address}?page=3").status_code == 404
    assert client.get(f"{address}?page={10**30}").status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_list_costs_a_fixed_number_of_queries(client: Client, count: int, django_assert_num_queries: Any) -> None:
    movie = make_movie("Ran")
    for _ in range(count):
        make_review(movie)

    with django_assert_num_queries(5):  # movie, its genres, languages, count, reviews
        client.get(f"{movie.get_absolute_url()}reviews/")


def test_each_review_has_its_page(client: Client) -> None:
    review = make_review(make_movie("Ran"), headline="Blood and wind", text="A >!death!< in\n\nthe second paragraph.")

    page = read(client.get(f"/reviews/{review.pk}/"))

    assert page.one("h2").text == "Blood and wind"
    assert "the second paragraph." in page.one("article", "review").text
    description = page.one("meta", name="description").attributes["content"]
    assert "death" not in description
    assert page.one("link", rel="canonical").attributes["href"] == f"http://testserver/reviews/{review.pk}/"


def test_unpublished_reviews_and_those_of_drafts_are_not_found(client: Client) -> None:
    hidden = make_review(make_movie())
    judge(make_moderator(), hidden, "hide")
    of_draft = make_review(make_movie())
    Movie.objects.filter(pk=of_draft.movie_id).update(is_published=False)

    for review in (hidden, of_draft):
        for part in ("", "history/"):
            assert client.get(f"/reviews/{review.pk}/{part}").status_code == 404


def test_author_and_moderator_see_a_hidden_review(client: Client, as_member: Client, member: Member) -> None:
    review = make_review(make_movie(), member)
    moderator = make_moderator()
    judge(moderator, review, "hide", "Off topic.")

    assert "Hidden by a moderator" in read(as_member.get(f"/reviews/{review.pk}/")).text
    assert "Off topic." in read(as_member.get("/accounts/reviews/")).text
    client.force_login(moderator)
    assert client.get(f"/reviews/{review.pk}/").status_code == 200


FEEDS = ["/feeds/reviews/", "/movies/{pk}/ran/reviews/feed/", "/members/ann/feed/"]


@pytest.mark.parametrize("address", FEEDS)
def test_feeds_are_atom_without_spoilers(client: Client, address: str) -> None:
    movie, ann = make_movie("Ran"), make_member("ann")
    make_review(movie, ann, headline="A & B", text="He is >!dead!<.")
    make_review(make_movie("Other"), ann, headline="Told", text="Rosebud is a sled.", has_spoilers=True)

    response = client.get(address.format(pk=movie.pk))
    text = response.content.decode()

    assert response["Content-Type"].startswith("application/atom+xml")
    assert "A &amp; B" in text
    assert "He is [spoiler]." in text
    assert "dead" not in text
    assert "sled" not in text
    assert re.search(r"<link href=\"http://testserver/reviews/\d+/\" rel=\"alternate\"", text)


@pytest.mark.parametrize("address", FEEDS)
def test_feeds_answer_304_until_something_changes(client: Client, address: str) -> None:
    movie, ann = make_movie("Ran"), make_member("ann")
    review = make_review(movie, ann)
    address = address.format(pk=movie.pk)
    tag = client.get(address)["ETag"]

    assert client.get(address, headers={"If-None-Match": tag}).status_code == 304
    judge(make_moderator(), review, "hide")
    assert client.get(address, headers={"If-None-Match": tag}).status_code == 200


def test_profile_shows_a_members_reviews_and_spread(client: Client) -> None:
    ann = make_member("ann", display_name="Ann B.")
    make_review(make_movie("Ran"), ann, rating=9, headline="Wind")
    make_review(make_movie("Ikiru"), ann, rating=4, headline="", text="")
    hidden = make_review(make_movie("Kagemusha"), ann, headline="Hidden")
    judge(make_moderator(), hidden, "hide")

    page = read(client.get("/members/ann/"))

    assert page.one("h1").text == "Ann B."
    assert "2 ratings" in page.text
    assert "Wind" in page.text
    assert "Kagemusha" not in page.text
    assert client.get("/members/nobody/").status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_profile_costs_a_fixed_number_of_queries(client: Client, count: int, django_assert_num_queries: Any) -> None:
    ann = make_member("ann")
    for _ in range(count):
        make_review(make_movie(), ann)

    with django_assert_num_queries(5):  # member, spread, count, reviews
        client.get("/members/ann/")


def test_a_movies_reviews_are_read_in_the_order_of_an_index() -> None:
    movie = make_movie()

    # Joining the movie had SQLite sort all 10,000 reviews of a movie for its page (16 ms instead of 1).
    assert "catalogue_movie" not in str(movie.reviews.published().with_words().for_lists("helpful").query)


def test_feeds_are_well_formed_whatever_is_typed(client: Client, as_member: Client) -> None:
    movie = make_movie("Ran")
    words = {"rating": "5", "headline": "Odd \ufffe", "text": "a\uffff\u0001\u202eb"}
    as_member.post(f"{movie.get_absolute_url()}reviews/write/", words)

    ElementTree.fromstring(client.get("/feeds/reviews/").content)


@pytest.mark.parametrize("change", ["name", "spoilers", "closing"])
def test_feeds_follow_what_they_tell(client: Client, change: str) -> None:
    ann = make_member("ann")
    review = make_review(make_movie("Ran"), ann)
    tag = client.get("/feeds/reviews/")["ETag"]

    if change == "name":
        Member.objects.update(display_name="Ann B.")
    elif change == "spoilers":
        judge(make_moderator(), review, "mark_spoilers")
    else:
        close_account(ann, keep_reviews=True)

    assert client.get("/feeds/reviews/", headers={"If-None-Match": tag}).status_code == 200
