"""Writing, rewriting and deleting one's review."""

from typing import Any

import pytest
from django.core import mail
from django.test import Client

from catalogue.models import Movie
from reviews.models import MOST_TEXT, Member, Review
from tests.makers import PASSWORD, make_member, make_movie, make_review
from tests.pages import Element, read

pytestmark = pytest.mark.django_db

GOOD = {"rating": "8", "headline": "Seen twice", "text": "It holds.\n\nTwice."}


def write(movie: Movie) -> str:
    return f"{movie.get_absolute_url()}reviews/write/"


def test_a_member_publishes_a_review(client: Client, as_member: Client, member: Member) -> None:
    movie = make_movie()

    response = as_member.post(write(movie), GOOD)

    review = Review.objects.get()
    assert response["Location"] == f"{movie.get_absolute_url()}#review-{review.pk}"
    shown = read(client.get(movie.get_absolute_url())).one("article", "review")
    assert shown.one("h3").text == "Seen twice"
    assert shown.one("p", "review__n").text == "8/10"
    assert "alice" in shown.one("p", "review__by").text


def test_a_rating_alone_is_enough_and_is_not_listed(client: Client, as_member: Client) -> None:
    movie = make_movie()

    as_member.post(write(movie), {"rating": "10"})

    page = read(client.get(movie.get_absolute_url()))
    assert page.one("p", "figure__n").text == "10.0/10"
    assert not page.all("article", "review")


def test_no_rating_is_chosen_beforehand(client: Client) -> None:
    radios = read(client.get(write(make_movie()))).all("input", type="radio", name="rating")

    assert [radio.attributes["value"] for radio in radios] == [str(score) for score in range(1, 11)]
    assert not any("checked" in radio.attributes for radio in radios)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        pytest.param({"rating": ""}, "Choose a rating from 1 to 10.", id="no-rating"),
        pytest.param({"rating": "11"}, "Choose a rating from 1 to 10.", id="eleven"),
        pytest.param({"rating": "7.5"}, "Choose a rating from 1 to 10.", id="half"),
        pytest.param({"headline": "x" * 121}, "at most 120 characters", id="long-headline"),
        pytest.param({"text": "x" * (MOST_TEXT + 1)}, "at most 10000 characters", id="long-text"),
        pytest.param({"text": "a\0b"}, "Null characters are not allowed", id="nul"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_lost(as_member: Client, wrong: dict[str, str], message: str) -> None:
    response = as_member.post(write(make_movie()), GOOD | wrong)

    assert response.status_code == 422
    page = read(response)
    assert message in " ".join(page.texts("p", "field__error"))
    if "headline" not in wrong:
        assert page.one("input", name="headline").attributes["value"] == "Seen twice"
    assert not Review.objects.exists()


def test_a_megabyte_is_refused(as_member: Client) -> None:
    for length, status in ((1_000_000, 422), (1_100_000, 413)):
        assert as_member.post(write(make_movie()), GOOD | {"text": "x" * length}).status_code == status

    assert not Review.objects.exists()


def test_a_double_submit_is_one_review(as_member: Client) -> None:
    movie = make_movie()

    for _ in range(2):
        assert as_member.post(write(movie), GOOD).status_code == 302

    movie.refresh_from_db()
    assert (Review.objects.count(), movie.rating_count, movie.rating_sum) == (1, 1, 8)
    assert Review.objects.get().edited_at is None


def test_rewriting_changes_the_rating_and_says_edited(client: Client, as_member: Client) -> None:
    movie = make_movie()
    as_member.post(write(movie), GOOD)
    assert read(as_member.get(write(movie))).one("input", name="headline").attributes["value"] == "Seen twice"

    as_member.post(write(movie), GOOD | {"rating": "3"})

    page = read(client.get(movie.get_absolute_url()))
    assert page.one("p", "figure__n").text == "3.0/10"
    assert "edited" in page.one("p", "review__by").text


@pytest.mark.parametrize(("action", "status"), [("publish", 422), ("draft", 302)])
def test_a_language_that_is_none(as_member: Client, action: str, status: int) -> None:
    for language in ("\0", "zz", "x" * 5000):
        response = as_member.post(write(make_movie()), GOOD | {"language": language, "action": action})

        assert response.status_code == status


def test_deleting_asks_first(as_member: Client) -> None:
    movie = make_movie()
    as_member.post(write(movie), GOOD)
    delete = f"{movie.get_absolute_url()}reviews/delete/"

    assert read(as_member.get(delete)).one("h1").text == "Delete your review?"
    assert as_member.post(delete)["Location"] == movie.get_absolute_url()

    movie.refresh_from_db()
    assert (movie.rating_count, movie.review_count, movie.weighted_rating) == (0, 0, None)
    assert as_member.post(delete).status_code == 404


def test_nobody_deletes_another_s_review(as_member: Client) -> None:
    movie = make_movie()
    make_review(movie, make_member("bob"))

    assert as_member.post(f"{movie.get_absolute_url()}reviews/delete/").status_code == 404
    assert Review.objects.count() == 1


def test_drafts_are_not_reviewed(as_member: Client) -> None:
    movie = make_movie(is_published=False)

    assert as_member.post(write(movie), GOOD).status_code == 404


def test_posting_wants_the_token() -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(make_member())

    response = strict.post(write(make_movie()), GOOD)

    assert response.status_code == 403
    assert read(response).one("h1").text == "The form has expired"
    assert not Review.objects.exists()


def signup(client: Client, url: str, **changed: str) -> Any:
    fields = {"email": "new@example.org", "username": "newcomer", "password1": PASSWORD, "next": url.split("next=")[1]}
    return client.post(url.split("?")[0], fields | changed, follow=True)


def values(page: Element) -> tuple[str, str, list[str]]:
    """Headline, text and rating as the form shows them."""
    chosen = [
        radio.attributes["value"]
        for radio in page.all("input", type="radio", name="rating")
        if "checked" in radio.attributes
    ]
    return page.one("input", name="headline").attributes["value"], page.one("textarea").text, chosen


def test_what_a_visitor_typed_waits_for_the_account(client: Client) -> None:
    movie = make_movie()
    response = client.post(write(movie), GOOD)
    assert response["Location"].startswith("/accounts/signup/?next=")

    page = read(signup(client, response["Location"].replace("%2F", "/")))

    assert values(page) == ("Seen twice", "It holds. Twice.", ["8"])
    assert not Review.objects.exists()
    client.post(write(movie), GOOD)
    assert Review.objects.get().by == "newcomer"


def test_the_honeypot_makes_no_account(client: Client) -> None:
    field = read(client.get("/accounts/signup/")).one("input", name="website")
    assert "style" not in field.attributes

    signup(client, "/accounts/signup/?next=/", website="https://example.com")

    assert not Member.objects.exists()


def test_sign_in_goes_nowhere_else(client: Client, member: Member) -> None:
    response = client.post(
        "/accounts/login/", {"login": "alice", "password": PASSWORD, "next": "https://evil.example/"}
    )

    assert response["Location"] == "/"


@pytest.mark.parametrize(
    "path",
    [
        "login",
        "signup",
        "password/reset",
        "password/reset/done",
        "confirm-email",
        "inactive",
        "password/reset/key/done",
    ],
)
def test_account_pages_for_visitors(client: Client, path: str) -> None:
    assert read(client.get(f"/accounts/{path}/")).one("h1").text


@pytest.mark.parametrize("path", ["logout", "email", "password/change", "sessions", "reauthenticate"])
def test_account_pages_for_members(as_member: Client, path: str) -> None:
    response = as_member.get(f"/accounts/{path}/", follow=True)

    assert response.status_code == 200
    assert read(response).one("h1").text
    assert response["Cache-Control"].startswith(("private", "max-age=0"))


def test_a_forgotten_password(client: Client, member: Member) -> None:
    member.email = "alice@example.org"
    member.save()
    client.post("/accounts/password/reset/", {"email": "alice@example.org"})
    link = next(word for word in mail.outbox[0].body.split() if "/password/reset/key/" in word)

    form = client.get(link, follow=True)
    assert read(form).one("h1").text == "Choose a new password"
    done = client.post(
        form.redirect_chain[-1][0],
        {"password1": "quite another line of it", "password2": "quite another line of it"},
        follow=True,
    )

    assert read(done).one("h1").text == "Your password is changed"
    assert client.login(username="alice", password="quite another line of it")
