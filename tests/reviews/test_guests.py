"""Reviews without an account: confirmed, moderated, marked, claimed."""

import re
from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client
from django.utils import timezone

from catalogue.models import Movie
from reviews.models import BlockedDomain, HeldFor, Member, Review, ReviewState
from reviews.services import recount_ratings, vote
from reviews.services.writing import purge_unconfirmed
from tests.makers import judge, make_moderator, make_movie, make_review
from tests.pages import read

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)  # mails leave on commit

GUEST = {
    "action": "guest", "rating": "8", "headline": "From the stalls", "text": "It holds.", "guest_name": "Greta",
    "guest_email": "Greta@Example.org",
}  # fmt: skip


@pytest.fixture
def movie() -> Movie:
    return make_movie("Ran")


def send(client: Client, movie: Movie, **changes: str) -> Any:
    return client.post(f"{movie.get_absolute_url()}reviews/write/", GUEST | changes)


def link() -> str:
    found = re.search(r"https?://[^/\s]+(/reviews/confirm/\S+)", str(mail.outbox[-1].body))
    assert found
    return found[1]


def test_a_guests_review_is_confirmed_moderated_and_marked(client: Client, movie: Movie) -> None:
    assert "Check your mail" in read(send(client, movie)).text
    review = Review.objects.get()
    assert (review.state, mail.outbox[0].to) == (ReviewState.UNCONFIRMED, ["greta@example.org"])

    assert "Send your review?" in read(client.get(link())).text
    review.refresh_from_db()
    assert review.state == ReviewState.UNCONFIRMED
    client.post(link())
    review.refresh_from_db()
    assert (review.state, review.held_for) == (ReviewState.HELD, HeldFor.GUEST)
    movie.refresh_from_db()
    assert movie.rating_count == 0

    judge(make_moderator(), review, "approve")
    shown = read(client.get(movie.get_absolute_url())).one("article", "review")
    assert "Greta guest" in shown.one("p", "review__by").text
    assert "greta@example.org" not in client.get(movie.get_absolute_url()).content.decode().lower()
    movie.refresh_from_db()
    assert (movie.rating_count, movie.rating_sum) == (1, 8)


def test_a_link_used_twice_changes_nothing(client: Client, movie: Movie) -> None:
    send(client, movie)
    address = link()
    client.post(address)
    review = Review.objects.get()
    judge(make_moderator(), review, "hide")

    client.post(address)

    review.refresh_from_db()
    assert review.state == ReviewState.HIDDEN


def test_forged_and_stale_links_do_not_work(client: Client, movie: Movie, settings: Any) -> None:
    send(client, movie)
    good = link()
    forged = [good[:-3] + "AA/", "/reviews/confirm/1/", "/reviews/confirm/WzEsICJhIl0:1:x/"]

    for address in forged:
        assert client.post(address).status_code == 404
    settings.GUEST_CONFIRM_DAYS = -1
    assert client.post(good).status_code == 404
    assert Review.objects.get().state == ReviewState.UNCONFIRMED


def test_a_link_of_one_review_confirms_no_other(client: Client, movie: Movie) -> None:
    send(client, movie)
    first = link()
    Review.objects.all().delete()
    send(client, movie, guest_email="other@example.org")

    client.post(first)

    assert Review.objects.get().state == ReviewState.UNCONFIRMED


def test_until_confirmed_the_last_one_counts_and_afterwards_the_first(client: Client, movie: Movie) -> None:
    send(client, movie)
    send(client, movie, headline="Second thoughts")
    assert Review.objects.get().headline == "Second thoughts"
    client.post(link())

    answer = read(send(client, movie, headline="Third")).text

    assert "Check your mail" in answer
    assert "have sent us a review" in mail.outbox[-1].body
    assert Review.objects.get().headline == "Second thoughts"


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        pytest.param({"guest_name": ""}, "This field is required.", id="no-name"),
        pytest.param({"guest_email": "nobody"}, "Enter a valid email address.", id="no-address"),
        pytest.param({"guest_email": "a@b.org\nBcc: all@example.org"}, "Enter a valid email address.", id="header"),
        pytest.param({"rating": ""}, "Choose a rating from 1 to 10.", id="no-rating"),
        pytest.param({"guest_name": "Gre\u202eta"}, "invisible or direction-changing", id="direction"),
        pytest.param({"guest_name": "Gre\u200bta"}, "invisible or direction-changing", id="zero-width"),
        pytest.param({"guest_name": "Аdmin"}, "too close to that of somebody who works here", id="look-alike"),
        pytest.param({"guest_email": "x@mail.trash.example"}, "not accepted here", id="blocked-domain"),
    ],
)
def test_what_is_wrong_is_said(client: Client, movie: Movie, wrong: dict[str, str], message: str) -> None:
    BlockedDomain.objects.create(domain="trash.example")

    response = send(client, movie, **wrong)

    assert response.status_code == 422
    page = read(response)
    assert message in page.text
    assert page.one("input", name="headline").attributes["value"] == "From the stalls"
    assert not Review.objects.exists()
    assert mail.outbox == []


def test_robots_are_thanked_and_forgotten(client: Client, movie: Movie) -> None:
    assert "Check your mail" in read(send(client, movie, website="https://example.org")).text
    assert not Review.objects.exists()
    assert mail.outbox == []


def test_a_flood_from_one_address_is_stopped(client: Client, movie: Movie, settings: Any) -> None:
    settings.LIMITS = {"guest": (2, 3600)}
    answers = [send(client, movie, guest_email=f"g{number}@example.org").status_code for number in range(4)]

    assert answers == [200, 200, 429, 429]
    assert len(mail.outbox) == 2


def test_nobodys_mailbox_is_flooded_from_many_addresses(client: Client, movie: Movie, settings: Any) -> None:
    settings.LIMITS = {"guest": (1, 3600), "mail": (2, 3600)}
    addresses = ["eve@example.org", "Eve+1@example.org", "EVE@example.org", "eve+2@example.org", "ann@example.org"]
    answers = [
        send(Client(REMOTE_ADDR=f"192.0.2.{number}"), movie, guest_email=email).status_code
        for number, email in enumerate(addresses)
    ]

    assert answers == [200, 200, 429, 429, 200]
    assert [message.to for message in mail.outbox] == [["eve@example.org"], ["eve+1@example.org"], ["ann@example.org"]]


def test_robots_use_up_nobodys_mails(movie: Movie, settings: Any) -> None:
    settings.LIMITS = {"mail": (1, 3600)}

    answers = [send(Client(), movie, website=text).status_code for text in ("https://spam.example", "")]

    assert answers == [200, 200]
    assert [message.to for message in mail.outbox] == [["greta@example.org"]]


def test_a_title_adds_no_header(client: Client) -> None:
    movie = make_movie("Ran\r\nBcc: all@example.org")

    send(client, movie)

    assert "\n" not in mail.outbox[0].subject
    assert mail.outbox[0].recipients() == ["greta@example.org"]


def test_guests_can_be_turned_off(client: Client, movie: Movie, settings: Any) -> None:
    settings.GUEST_REVIEWS = False

    assert "without an account" not in read(client.get(f"{movie.get_absolute_url()}reviews/write/")).text
    assert send(client, movie)["Location"].startswith("/accounts/signup/")
    assert not Review.objects.exists()


def test_a_guest_who_signs_up_claims_the_review(
    client: Client, as_member: Client, member: Member, movie: Movie
) -> None:
    send(client, movie)
    client.post(link())
    review = Review.objects.get()
    judge(make_moderator(), review, "approve")
    EmailAddress.objects.create(user=member, email="GRETA@example.org", verified=False)
    assert "Written as a guest" not in read(as_member.get("/accounts/reviews/")).text
    as_member.post("/accounts/reviews/claim/")
    review.refresh_from_db()
    assert review.author is None

    EmailAddress.objects.update(verified=True)
    assert "Written as a guest" in read(as_member.get("/accounts/reviews/")).text
    as_member.post("/accounts/reviews/claim/")

    review.refresh_from_db()
    assert review.by == member.name
    assert (review.guest_email, review.state) == ("", "published")
    assert recount_ratings() == 0


def test_claiming_keeps_the_members_own_review(client: Client, as_member: Client, member: Member, movie: Movie) -> None:
    send(client, movie)
    client.post(link())
    make_review(movie, member)
    EmailAddress.objects.create(user=member, email="greta@example.org", verified=True)

    as_member.post("/accounts/reviews/claim/")

    assert Review.objects.filter(author=member).count() == 1


def test_unconfirmed_reviews_are_deleted_after_a_while(client: Client, movie: Movie) -> None:
    send(client, movie)
    assert purge_unconfirmed() == 0
    Review.objects.update(published_at=timezone.now() - timedelta(days=4))

    assert purge_unconfirmed() == 1
    assert not Review.objects.exists()


def test_a_link_of_an_earlier_text_confirms_no_later_one(client: Client, movie: Movie) -> None:
    send(client, movie)
    first = link()
    send(client, movie, guest_name="Mallory", headline="Not hers")

    assert client.post(first).status_code == 404
    assert Review.objects.get().state == ReviewState.UNCONFIRMED


def test_moderators_do_not_see_what_nobody_confirmed(client: Client, movie: Movie, as_editor: Client) -> None:
    send(client, movie)
    review = Review.objects.get()

    assert "From the stalls" not in read(as_editor.get(f"/admin/reviews/review/queue/?movie={movie.pk}")).text
    judge(make_moderator(), review, "approve")

    review.refresh_from_db()
    assert review.state == ReviewState.UNCONFIRMED


def test_claiming_takes_back_ones_own_vote(client: Client, as_member: Client, member: Member, movie: Movie) -> None:
    send(client, movie)
    client.post(link())
    review = Review.objects.get()
    judge(make_moderator(), review, "approve")
    vote(review=review.pk, member=member, is_helpful=True)
    EmailAddress.objects.create(user=member, email="greta@example.org", verified=True)

    as_member.post("/accounts/reviews/claim/")

    review.refresh_from_db()
    assert (review.by, review.helpful_count) == (member.name, 0)


def test_two_addresses_of_one_member_claim_one_review_a_movie(
    client: Client, as_member: Client, member: Member, movie: Movie
) -> None:
    for address in ("greta@example.org", "gigi@example.org"):
        send(client, movie, guest_email=address)
        client.post(link())
        EmailAddress.objects.create(user=member, email=address, verified=True)

    assert as_member.post("/accounts/reviews/claim/").status_code == 302

    assert Review.objects.filter(author=member).count() == 1


def test_a_guest_who_is_asked_to_edit_sends_again(client: Client, movie: Movie) -> None:
    send(client, movie)
    client.post(link())
    review = Review.objects.get()
    judge(make_moderator(), review, "return")

    send(client, movie, headline="Without the ending")
    client.post(link())

    review.refresh_from_db()
    assert (review.headline, review.state) == ("Without the ending", ReviewState.HELD)


def test_a_guests_review_stands_on_the_home_page(client: Client, movie: Movie) -> None:
    send(client, movie)
    client.post(link())
    judge(make_moderator(), Review.objects.get(), "approve")

    assert "Greta" in read(client.get("/")).text
