"""The ways to somebody else's account, each of them closed."""

import re
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings as configured
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core import mail
from django.core.checks import run_checks
from django.db import IntegrityError, transaction
from django.test import Client

from reviews.models import Member
from tests.makers import PASSWORD, make_member
from tests.pages import read

pytestmark = pytest.mark.django_db
NEW = "another long and dull password"


@pytest.fixture
def alice(settings: Any) -> Member:
    """A member whose address is confirmed, as in production."""
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    alice = make_member("alice", email="alice@example.org")
    EmailAddress.objects.create(user=alice, email=alice.email, verified=True, primary=True)
    return alice


def sign_in(login: str = "alice", password: str = PASSWORD, client: Client | None = None, **headers: Any) -> Client:
    """A browser whose reader has typed the password."""
    client = client or Client()
    client.post("/accounts/login/", {"login": login, "password": password}, **headers)
    return client


def proven() -> Client:
    """A browser whose reader has just given the password again."""
    client = sign_in()
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    return client


def is_signed_in(client: Client) -> bool:
    return client.get("/accounts/profile/").status_code == 200


def link(part: str) -> str:
    """The path in the newest mail that has this part."""
    paths: list[str] = re.findall(r"https?://[^/\s]+(/\S+)", str(mail.outbox[-1].body))
    return next(path for path in paths if part in path)


def reset_link() -> str:
    Client().post("/accounts/password/reset/", {"email": "alice@example.org"})
    return link("/password/reset/key/")


def choose(path: str, password: str = NEW) -> Any:
    """Follow a link to choose a new password, as a browser does; return the last answer."""
    client = Client()
    opened = client.get(path, follow=True)
    if not opened.redirect_chain:
        return opened
    return client.post(opened.redirect_chain[-1][0], {"password1": password, "password2": password}, follow=True)


# ---------------------------------------------------------------- a forgotten password


def test_a_link_to_choose_a_password_works_once(alice: Member) -> None:
    path = reset_link()

    choose(path)

    assert is_signed_in(sign_in(password=NEW))
    assert "used or is too old" in read(choose(path, PASSWORD)).text
    assert not is_signed_in(sign_in(password=PASSWORD))


def test_a_link_to_choose_a_password_is_short_lived(alice: Member, settings: Any) -> None:
    path = reset_link()
    assert settings.PASSWORD_RESET_TIMEOUT <= 7200
    settings.PASSWORD_RESET_TIMEOUT = -1

    assert "used or is too old" in read(choose(path)).text
    assert is_signed_in(sign_in())


@pytest.mark.parametrize("change", ["password", "address"])
def test_a_link_to_choose_a_password_ends_with_the_password_or_address_it_was_for(alice: Member, change: str) -> None:
    path = reset_link()
    if change == "password":
        alice.set_password("a third long and dull password")
    else:
        alice.email = "elsewhere@example.org"
    alice.save()

    assert "used or is too old" in read(choose(path)).text


def test_choosing_a_password_is_told_and_ends_every_session(alice: Member) -> None:
    elsewhere = sign_in()

    choose(reset_link())

    assert not is_signed_in(elsewhere)
    assert mail.outbox[-1].to == ["alice@example.org"]
    assert "password" in mail.outbox[-1].subject.lower()


def test_the_key_of_a_link_is_not_in_the_address_of_the_form(alice: Member) -> None:
    path = reset_link()

    assert Client().get(path)["Location"].endswith("-set-password/")  # nothing to leak in a Referer or a log


@pytest.mark.parametrize(
    "address", ["al\u0131ce@example.org", "alice@\u00e9xample.org", "ali\u017fe@example.org", "alice@example.org\u3002"]
)
def test_a_link_goes_to_no_address_that_looks_the_same(alice: Member, address: str) -> None:
    """Databases fold dotless and long letters into others when they compare without case."""
    Client().post("/accounts/password/reset/", {"email": address})

    assert not [message for message in mail.outbox if "/reset/key/" in str(message.body)]


# ---------------------------------------------------------------- another address


def change_address(client: Client, address: str) -> None:
    client.post("/accounts/email/", {"action_add": "", "email": address})
    client.post(link("/confirm-email/"))
    client.post("/accounts/email/", {"action_primary": "", "email": address})


def test_addresses_are_listed_with_what_can_be_done(alice: Member) -> None:
    client = proven()
    client.post("/accounts/email/", {"action_add": "", "email": "new@example.org"})

    page = read(client.get("/accounts/email/"))

    assert [(radio.attributes["value"], "checked" in radio.attributes) for radio in page.all("input", type="radio")][
        -2:
    ] == [("alice@example.org", True), ("new@example.org", False)]
    assert "confirmed, primary" in page.text
    assert page.text.count("not confirmed") == 1
    assert read(client.post("/accounts/email/", {"action_add": "", "email": "no address"})).one("h1").text


@pytest.mark.parametrize(
    "path",
    [
        "/accounts/2fa/", "/accounts/2fa/totp/activate/", "/accounts/close/", "/accounts/email/", "/accounts/login/",
        "/accounts/logout/", "/accounts/password/change/", "/accounts/password/reset/", "/accounts/profile/",
        "/accounts/reauthenticate/", "/accounts/sessions/", "/accounts/signup/",
    ],
)  # fmt: skip
def test_every_page_of_an_account_opens(alice: Member, path: str) -> None:
    response = proven().get(path, follow=True)

    assert response.status_code == 200
    assert read(response).one("h1").text


def test_the_address_changes_after_the_password_alone(alice: Member) -> None:
    client = Client()
    client.force_login(alice)  # a browser that was left open: its password was given long ago

    for data in (
        {"action_add": "", "email": "thief@example.org"},
        {"action_primary": "", "email": "alice@example.org"},
        {"action_remove": "", "email": "alice@example.org"},
    ):
        assert client.post("/accounts/email/", data)["Location"].startswith("/accounts/reauthenticate/"), data
    assert EmailAddress.objects.get().email == "alice@example.org"


def test_a_change_of_address_is_told_to_the_old_one(alice: Member) -> None:
    change_address(proven(), "new@example.org")

    alice.refresh_from_db()
    assert alice.email == "new@example.org"
    assert [message.to for message in mail.outbox if "new@example.org" in message.body][-1] == ["alice@example.org"]


def test_an_address_is_not_the_first_before_it_is_confirmed(alice: Member) -> None:
    client = proven()
    client.post("/accounts/email/", {"action_add": "", "email": "new@example.org"})
    client.post("/accounts/email/", {"action_primary": "", "email": "new@example.org"})

    alice.refresh_from_db()
    assert alice.email == "alice@example.org"


def test_a_confirmation_works_once(alice: Member) -> None:
    client = proven()
    client.post("/accounts/email/", {"action_add": "", "email": "new@example.org"})
    path = link("/confirm-email/")
    client.get(path)
    assert not EmailAddress.objects.get(email="new@example.org").verified  # mail scanners open links, too

    client.post(path)

    assert EmailAddress.objects.get(email="new@example.org").verified
    assert "used or is too old" in read(Client().get(path)).text


# ---------------------------------------------------------------- who has an account


class CountingHasher(MD5PasswordHasher):
    """What takes the time of a sign-in."""

    worked = 0

    def encode(self, password: str, salt: str) -> str:
        CountingHasher.worked += 1
        return super().encode(password, salt)


def answer(path: str, data: dict[str, str]) -> tuple[int, str, str]:
    """Status, target and words of the answer to a form sent by a new visitor, without what was typed."""
    response = Client().post(path, data)
    words = read(response).text if response.content else ""
    return response.status_code, response.get("Location", ""), words.replace(data.get("login", ""), "")


@pytest.mark.parametrize("login", ["alice", "alice@example.org"])
def test_a_sign_in_does_not_tell_who_has_an_account(alice: Member, settings: Any, login: str) -> None:
    settings.PASSWORD_HASHERS = [f"{__name__}.CountingHasher"]
    worked = []
    answers = []
    for name in (login, login.replace("alice", "nobody")):
        CountingHasher.worked = 0
        answers.append(answer("/accounts/login/", {"login": name, "password": "wrong"}))
        worked.append(CountingHasher.worked)

    assert answers[0] == answers[1]
    assert worked == [1, 1]


def test_a_forgotten_password_does_not_tell_who_has_an_account(alice: Member) -> None:
    answers = [answer("/accounts/password/reset/", {"email": f"{name}@example.org"}) for name in ("alice", "nobody")]

    assert answers[0] == answers[1]
    assert [message.to[0] for message in mail.outbox] == ["alice@example.org", "nobody@example.org"]


def test_signing_up_does_not_tell_who_has_an_account(alice: Member) -> None:
    answers = [
        answer("/accounts/signup/", {"username": f"new{name}", "email": f"{name}@example.org", "password1": PASSWORD})
        for name in ("alice", "nobody")
    ]

    assert answers[0] == answers[1]
    assert [message.to[0] for message in mail.outbox] == ["alice@example.org", "nobody@example.org"]
    assert not Member.objects.filter(username="newalice").exists()


# ---------------------------------------------------------------- sessions


def test_signing_in_gives_a_new_session(alice: Member) -> None:
    client = Client()
    session = client.session
    session["planted"] = "by somebody else"
    session.save()
    client.cookies[configured.SESSION_COOKIE_NAME] = planted = str(session.session_key)

    sign_in(client=client)

    assert client.session.session_key != planted
    assert not client.session.exists(planted)


def test_a_new_password_ends_the_other_sessions(alice: Member) -> None:
    here, elsewhere = sign_in(), sign_in()

    here.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW})

    assert is_signed_in(here)
    assert not is_signed_in(elsewhere)
    assert mail.outbox[-1].to == ["alice@example.org"]


def test_a_deactivated_account_is_signed_out(alice: Member) -> None:
    client = sign_in()
    Member.objects.filter(pk=alice.pk).update(is_active=False)

    assert not is_signed_in(client)
    assert not is_signed_in(sign_in())


def test_signing_out_is_a_post_and_ends_the_session_on_the_server(alice: Member) -> None:
    client = sign_in()
    client.get("/accounts/logout/")
    assert is_signed_in(client)
    stolen = Client()
    stolen.cookies[configured.SESSION_COOKIE_NAME] = client.cookies[configured.SESSION_COOKIE_NAME].value

    client.post("/accounts/logout/")

    assert not is_signed_in(stolen)


def test_sessions_are_listed_and_ended(alice: Member) -> None:
    here, elsewhere = sign_in(HTTP_USER_AGENT="Here"), sign_in(HTTP_USER_AGENT="Elsewhere")
    page = read(here.get("/accounts/sessions/"))
    assert {"Here", "Elsewhere"} <= set(page.texts("td"))
    assert page.text.count("this one") == 1

    here.post("/accounts/sessions/")

    assert is_signed_in(here)
    assert not is_signed_in(elsewhere)


def test_nobody_is_signed_in_from_another_site(alice: Member) -> None:
    client = Client(enforce_csrf_checks=True)

    response = client.post("/accounts/login/", {"login": "alice", "password": PASSWORD})

    assert response.status_code == 403
    assert not is_signed_in(client)


def test_signing_in_from_several_processes_is_limited_by_each(settings: Any) -> None:
    """Said by `check --deploy`: without a cache for all, each process counts for itself."""
    settings.CACHES = {**settings.CACHES, "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    assert "reviews.I001" in {found.id for found in run_checks(include_deployment_checks=True)}

    settings.CACHES = {**settings.CACHES, "default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
    assert "reviews.I001" not in {found.id for found in run_checks(include_deployment_checks=True)}


# ---------------------------------------------------------------- where one is sent

ELSEWHERE = [
    "https://evil.example/", "//evil.example/", "///evil.example/", "/\\evil.example/", "\\\\evil.example", "https:evil.example",
    "http:///evil.example", "/%09/evil.example", "\t//evil.example", "javascript:alert(1)", "//evil.example%2f@testserver/",
    "https://testserver@evil.example/", "https://testserver.evil.example/", "//\u2028evil.example",
]  # fmt: skip


@pytest.mark.parametrize("target", ELSEWHERE)
@pytest.mark.parametrize("path", ["login", "logout", "reauthenticate", "signup"])
def test_forms_lead_nowhere_else(alice: Member, settings: Any, path: str, target: str) -> None:
    settings.ACCOUNT_EMAIL_VERIFICATION = "none"  # signing up leads on at once
    client = Client() if path in ("login", "signup") else sign_in()
    data = {"login": "alice", "password": PASSWORD, "username": "newcomer", "email": "n@example.org"}

    response = client.post(f"/accounts/{path}/", data | {"password1": PASSWORD, "next": target})

    assert response.status_code == 302
    assert response["Location"] in ("/", "/%2509/evil.example", "/%09/evil.example"), response["Location"]


# ---------------------------------------------------------------- how often one may try


def status_after(tries: int, **changing: Any) -> str:
    """What the last of so many wrong passwords of as many accounts is answered with; headers by the number of the try."""
    for number in range(tries):
        headers = {name: value.format(number) for name, value in changing.items()}
        response = Client().post("/accounts/login/", {"login": f"member{number}", "password": "wrong"}, **headers)
    return read(response).text


@pytest.mark.parametrize(
    ("proxies", "forwarded", "is_stopped"),
    [
        pytest.param(0, "198.51.100.{}", True, id="the-header-is-the-visitor-s"),
        pytest.param(1, "198.51.100.{}, 203.0.113.9", True, id="what-was-there-before-the-proxy-is-the-visitor-s"),
        pytest.param(1, "203.0.113.9, 198.51.100.{}", False, id="what-the-proxy-saw-counts"),
        pytest.param(2, "203.0.113.9, 198.51.100.{}, 10.0.0.1", False, id="two-proxies"),
        pytest.param(2, "198.51.100.{}", True, id="past-the-proxies"),
    ],
)
def test_tries_are_counted_by_the_visitors_own_address(
    settings: Any, proxies: int, forwarded: str, is_stopped: bool
) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies

    words = status_after(12, HTTP_X_FORWARDED_FOR=forwarded)

    assert ("Too many failed" in words) is is_stopped


def test_tries_are_counted_by_account_from_wherever_they_come(alice: Member, settings: Any) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    for number in range(5):
        sign_in(password="wrong", HTTP_X_FORWARDED_FOR=f"198.51.100.{number}")

    assert not is_signed_in(sign_in(HTTP_X_FORWARDED_FOR="198.51.100.99"))


def test_the_desk_takes_no_passwords_of_its_own(alice: Member) -> None:
    """Its library's form could be asked without end whether a password is the right one, and told nobody of a change."""
    Member.objects.filter(pk=alice.pk).update(is_staff=True)
    client = sign_in()

    sent = {"old_password": PASSWORD, "new_password1": NEW, "new_password2": NEW}
    response = client.post("/admin/password_change/", sent)

    assert (response.status_code, response["Location"]) == (302, "/accounts/password/change/")
    assert Member.objects.get(pk=alice.pk).check_password(PASSWORD)


def test_there_is_one_account_an_address_even_past_the_forms(alice: Member) -> None:
    with pytest.raises(IntegrityError, match="member_email_once"), transaction.atomic():
        make_member("another", email="Alice@Example.org")
