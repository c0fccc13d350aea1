"""Whether a review helps: one vote each, none on one's own, and the order that follows."""

from typing import Any

import pytest
from django.test import Client

from reviews.models import Member, Review, Vote
from reviews.services import vote
from reviews.services.votes import wilson
from tests.makers import judge, make_member, make_moderator, make_movie, make_review
from tests.pages import read

pytestmark = pytest.mark.django_db


def counts(review: Review) -> tuple[int, int]:
    review.refresh_from_db()
    return review.helpful_count, review.unhelpful_count


def test_a_vote_is_given_changed_and_taken_back(as_member: Client) -> None:
    review = make_review(make_movie())
    address = f"/reviews/{review.pk}/vote/"

    as_member.post(address, {"helpful": "yes"})
    as_member.post(address, {"helpful": "yes"})
    assert counts(review) == (1, 0)
    as_member.post(address, {"helpful": "no"})
    assert counts(review) == (0, 1)
    assert review.helpfulness == 0
    as_member.post(address, {"helpful": "none"})
    assert counts(review) == (0, 0)
    assert not Vote.objects.exists()


def test_nobody_votes_on_their_own(as_member: Client, member: Member) -> None:
    review = make_review(make_movie(), member)

    assert as_member.post(f"/reviews/{review.pk}/vote/", {"helpful": "yes"}).status_code == 403
    assert counts(review) == (0, 0)


def test_nobody_votes_on_what_is_hidden(as_member: Client) -> None:
    review = make_review(make_movie())
    judge(make_moderator(), review, "hide")

    assert as_member.post(f"/reviews/{review.pk}/vote/", {"helpful": "yes"}).status_code == 404
    assert counts(review) == (0, 0)


def test_visitors_are_led_to_sign_in(client: Client) -> None:
    review = make_review(make_movie())

    response = client.post(f"/reviews/{review.pk}/vote/", {"helpful": "yes"})

    assert response["Location"].startswith("/accounts/login/")
    assert counts(review) == (0, 0)


@pytest.mark.parametrize(
    "back", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "/\\evil.example", "foo", "?x"]
)
def test_voting_leads_nowhere_else(as_member: Client, back: str) -> None:
    review = make_review(make_movie())

    response = as_member.post(f"/reviews/{review.pk}/vote/", {"helpful": "yes", "back": back})

    assert response["Location"] == f"/reviews/{review.pk}/#vote-{review.pk}"


def test_many_agreeing_beat_one() -> None:
    assert wilson(90, 100) > wilson(1, 1) > wilson(1, 2) > wilson(0, 3) == 0


def test_the_movie_page_shows_the_most_helpful_first(client: Client) -> None:
    movie = make_movie()
    old, new = make_review(movie, headline="Old and helpful"), make_review(movie, headline="New")
    for _ in range(3):
        vote(review=old.pk, member=make_member(), is_helpful=True)
    vote(review=new.pk, member=make_member(), is_helpful=False)

    shown = read(client.get(movie.get_absolute_url())).all("article", "review")

    assert [article.one("h3").text for article in shown] == ["Old and helpful", "New"]
    assert "3 of 3 found this helpful" in shown[0].text
    assert "0 of 1 found this helpful" in shown[1].text


def test_a_vote_raises_the_version_of_the_page() -> None:
    movie = make_movie()
    review = make_review(movie)
    movie.refresh_from_db()
    before = movie.version

    vote(review=review.pk, member=make_member(), is_helpful=True)

    movie.refresh_from_db()
    assert movie.version == before + 1


def test_readers_see_what_they_voted(as_member: Client) -> None:
    movie = make_movie()
    review = make_review(movie)
    as_member.post(f"/reviews/{review.pk}/vote/", {"helpful": "yes"})

    buttons = read(as_member.get(movie.get_absolute_url())).all("button", name="helpful")

    assert [(button.text, button.attributes["aria-pressed"]) for button in buttons] == [
        ("Helpful", "true"),
        ("Not helpful", "false"),
    ]


def test_visitors_get_no_vote_form_and_no_cookie(client: Client) -> None:
    movie = make_movie()
    make_review(movie)

    response = client.get(movie.get_absolute_url())

    assert not read(response).all("button", name="helpful")
    assert not response.cookies


@pytest.mark.parametrize("count", [1, 3])
def test_signed_in_readers_cost_a_fixed_number_of_queries(
    as_member: Client, count: int, django_assert_num_queries: Any
) -> None:
    movie = make_movie(genres=["Drama"])
    for _ in range(count):
        make_review(movie)
    as_member.get(movie.get_absolute_url())

    with django_assert_num_queries(7):  # a visitor's movie, lists and reviews; session, member, votes, own review
        as_member.get(movie.get_absolute_url())
