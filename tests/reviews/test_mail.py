"""Links in mails lead to the site, whatever name a request came in by."""

import re
from typing import Any

import pytest
from django.core import mail
from django.core.checks import run_checks
from django.test import Client

from catalogue.http import site_address
from reviews.models import Action, Report
from tests.makers import PASSWORD, judge, make_member, make_moderator, make_movie, make_review

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)  # mails leave on commit
EVIL = "evil.example"
GUEST = {"action": "guest", "rating": "8", "text": "It holds.", "guest_name": "Greta", "guest_email": "g@example.org"}


@pytest.fixture(autouse=True)
def site(settings: Any) -> None:
    settings.SITE_URL, settings.ALLOWED_HOSTS = "https://catalogue.example.org", ["*"]


def links() -> list[str]:
    """Where the newest mail leads; nothing of it may be the visitor's."""
    body = str(mail.outbox[-1].body)
    assert EVIL not in body + mail.outbox[-1].subject
    return re.findall(r"https?://[^/\s]+", body)


def test_a_guests_link_is_not_the_visitors_host(client: Client) -> None:
    movie = make_movie()

    client.post(f"{movie.get_absolute_url()}reviews/write/", GUEST, headers={"host": EVIL})

    assert links() == ["https://catalogue.example.org"]


def test_links_of_sign_up_and_of_a_forgotten_password_are_not_the_visitors_host(client: Client, settings: Any) -> None:
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    make_member("mona", email="m@example.org")
    new = {"username": "newcomer", "email": "n@example.org", "password1": PASSWORD}

    for path, data in (
        ("/accounts/signup/", new),
        ("/accounts/signup/", new | {"username": "another", "email": "m@example.org"}),
        ("/accounts/password/reset/", {"email": "m@example.org"}),
        ("/accounts/password/reset/", {"email": "nobody@example.org"}),
    ):
        mail.outbox.clear()
        client.post(path, data, headers={"host": EVIL})

        assert set(links()) == {"https://catalogue.example.org"}
        assert "/accounts/" in str(mail.outbox[-1].body)


def test_a_decision_and_the_outcome_of_a_report_say_where_to_look_and_how_to_stop_them() -> None:
    review = make_review(make_movie(), make_member(email="author@example.org"))
    Report.objects.create(review=review, reporter=make_member(email="reporter@example.org"), reason="spam")

    judge(make_moderator(), review, Action.HIDE)

    told = {sent.to[0]: str(sent.body) for sent in mail.outbox}
    for body in (told["author@example.org"], told["reporter@example.org"]):
        assert "https://catalogue.example.org/accounts/reviews/" in body
        assert "https://catalogue.example.org/accounts/profile/" in body


def test_a_guest_is_led_back_to_the_form(client: Client) -> None:
    movie = make_movie()
    client.post(f"{movie.get_absolute_url()}reviews/write/", GUEST)
    path = re.search(r"/reviews/confirm/\S+", str(mail.outbox[-1].body))
    assert path
    client.post(path[0])

    judge(make_moderator(), movie.reviews.get(), Action.RETURN)

    assert f"https://catalogue.example.org{movie.get_absolute_url()}reviews/write/" in str(mail.outbox[-1].body)


@pytest.mark.parametrize(
    ("hosts", "address"),
    [(["catalogue.example.org"], "https://catalogue.example.org"), (["*", ".example.org"], "https://example.org"), ([], "https://localhost")],
)  # fmt: skip
def test_without_an_address_it_is_the_first_host_that_is_one(settings: Any, hosts: list[str], address: str) -> None:
    settings.SITE_URL, settings.ALLOWED_HOSTS = "", hosts

    assert site_address("/x/") == f"{address}/x/"
    assert "reviews.W001" in {found.id for found in run_checks(include_deployment_checks=True)}


@pytest.mark.parametrize(
    "wrong", ["catalogue.example.org", "https://example.org/films", "ftp://example.org", "https://a@b"]
)
def test_what_is_no_address_is_refused(settings: Any, wrong: str) -> None:
    settings.SITE_URL = wrong

    assert "reviews.E001" in {found.id for found in run_checks()}


def test_mails_of_an_account_are_in_the_sites_own_words(client: Client) -> None:
    make_member("mona", email="m@example.org")
    client.post("/accounts/password/reset/", {"email": "m@example.org"})
    asked = mail.outbox[-1]
    client.post("/accounts/login/", {"login": "mona", "password": PASSWORD})
    new = "another long and dull password"
    changed = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    client.post("/accounts/password/change/", changed, HTTP_USER_AGENT="O'Browser & Co")
    told = mail.outbox[-1]

    assert asked.subject.endswith("Choose a new password")
    assert str(asked.body).startswith("Somebody, most likely you, asked for a new password for your account, mona.")
    assert told.subject.endswith("Your password was changed")
    assert str(told.body).startswith("Your password was changed.")
    assert " UTC\n" in str(told.body)
    assert "With: O'Browser & Co" in str(told.body)
