"""The second factor: setting it up, signing in with it, and the ways around it that are closed."""

import base64
import hmac
import re
import struct
import time
from datetime import UTC, datetime
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from reviews.models import Member
from tests.makers import PASSWORD
from tests.pages import read

pytestmark = pytest.mark.django_db
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


class Clock:
    """A clock that stands still in the midst of 30 seconds, an hour ahead, so that every row is older."""

    def __init__(self) -> None:
        self.now = time.time() // 30 * 30 + 3600 + 15

    def tick(self) -> None:
        self.now += 30


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(time, "time", lambda: clock.now)
    monkeypatch.setattr(timezone, "now", lambda: datetime.fromtimestamp(clock.now, UTC))
    return clock


def code(secret: str = SECRET) -> str:
    """RFC 6238: what an app shows now."""
    digest = hmac.digest(base64.b32decode(secret), struct.pack(">Q", int(time.time()) // 30), "sha1")
    place = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[place : place + 4])[0] & 0x7FFFFFFF) % 10**6:06}"


@pytest.fixture
def guarded(member: Member) -> Member:
    """A member with a second factor and recovery codes."""
    Authenticator.objects.create(user=member, type="totp", data={"secret": SECRET})
    Authenticator.objects.create(user=member, type="recovery_codes", data={"seed": "a" * 80, "used_mask": 0})
    return member


def password_given(login: str = "alice") -> Client:
    client = Client()
    client.post("/accounts/login/", {"login": login, "password": PASSWORD})
    return client


def is_let_in(client: Client, typed: str) -> bool:
    """Whether a client that has given the password is signed in by this code."""
    client.post("/accounts/2fa/authenticate/", {"code": typed})
    return client.get("/accounts/profile/").status_code == 200


def proven(member: Member) -> Client:
    """A browser whose reader has just given the password again."""
    client = Client()
    client.force_login(member)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    return client


def recovery_codes(member: Member) -> list[str]:
    return [
        str(each) for each in Authenticator.objects.get(user=member, type="recovery_codes").wrap().get_unused_codes()
    ]


# ---------------------------------------------------------------- setting it up


@pytest.mark.django_db(transaction=True, serialized_rollback=True)  # the mail leaves on commit
def test_it_is_set_up_with_a_code(member: Member) -> None:
    Member.objects.filter(pk=member.pk).update(email="alice@example.org")
    client = proven(member)
    page = read(client.get("/accounts/2fa/totp/activate/"))
    secret = page.one("code").text
    assert page.one("img", "qr").attributes["src"].startswith("data:image/svg+xml;base64,")
    assert any(f"secret={secret}" in link.attributes["href"] for link in page.one("main").all("a"))

    wrong = client.post("/accounts/2fa/totp/activate/", {"code": "000000"})
    right = client.post("/accounts/2fa/totp/activate/", {"code": code(secret)}, follow=True)

    assert "Incorrect code" in read(wrong).text
    assert len(read(right).one("main").texts("code")) == 10
    assert mail.outbox[-1].to == ["alice@example.org"]
    assert read(client.get("/accounts/2fa/")).text.count("It is on") == 1


@pytest.mark.parametrize("path", ["totp/activate", "totp/deactivate", "recovery-codes", "recovery-codes/generate"])
def test_nothing_of_it_is_seen_or_changed_before_the_password_is_given_again(guarded: Member, path: str) -> None:
    if path == "totp/activate":
        Authenticator.objects.all().delete()
    client = Client()
    client.force_login(guarded)

    for response in (client.get(f"/accounts/2fa/{path}/"), client.post(f"/accounts/2fa/{path}/", {"code": code()})):
        assert response.status_code in (302, 405), response.content
        assert response.status_code == 405 or "/reauthenticate/" in response["Location"]
    assert Authenticator.objects.count() == (0 if path == "totp/activate" else 2)


def test_it_is_turned_off_and_that_is_told(guarded: Member) -> None:
    Member.objects.filter(pk=guarded.pk).update(email="alice@example.org")
    client = proven(guarded)
    assert read(client.get("/accounts/2fa/totp/deactivate/")).one("h1").text == "Turn the second factor off?"

    client.post("/accounts/2fa/totp/deactivate/")

    assert not Authenticator.objects.exists()
    assert mail.outbox[-1].to == ["alice@example.org"]


def test_new_recovery_codes_replace_the_old_ones(guarded: Member) -> None:
    before, client = recovery_codes(guarded), proven(guarded)
    assert "10 you have left" in read(client.get("/accounts/2fa/recovery-codes/generate/")).text

    client.post("/accounts/2fa/recovery-codes/generate/")

    assert not set(before) & set(recovery_codes(guarded))
    assert not is_let_in(password_given(), before[0])
    shown = client.get("/accounts/2fa/recovery-codes/")
    assert read(shown).one("main").texts("code") == recovery_codes(guarded)
    assert shown["Cache-Control"] == "private, no-store"
    download = client.get("/accounts/2fa/recovery-codes/download/")
    assert download.content.decode().split()[-10:] == recovery_codes(guarded)
    assert "no-store" in download["Cache-Control"]


# ---------------------------------------------------------------- signing in


def test_a_password_alone_does_not_let_in(guarded: Member) -> None:
    client = password_given()

    assert client.get("/accounts/profile/").status_code == 302
    assert read(client.get("/accounts/2fa/authenticate/")).one("h1").text == "A code, please"
    assert is_let_in(client, code())


def test_a_code_is_taken_once_whichever_process_is_asked(guarded: Member, clock: Clock) -> None:
    shown = code()
    assert is_let_in(password_given(), shown)
    cache.clear()  # another process's memory

    assert not is_let_in(password_given(), shown)

    clock.tick()
    assert not is_let_in(password_given(), shown)
    assert is_let_in(password_given(), code())


def test_the_code_that_set_it_up_does_not_sign_in(guarded: Member) -> None:
    Authenticator.objects.update(created_at=timezone.now())

    assert not is_let_in(password_given(), code())


def test_codes_are_not_guessed(guarded: Member) -> None:
    client = password_given()
    for guess in range(5):
        assert not is_let_in(client, f"00000{guess}")

    assert not is_let_in(password_given(), code())  # another browser, the right code


def test_a_recovery_code_is_taken_once(guarded: Member) -> None:
    first, *others = recovery_codes(guarded)

    assert is_let_in(password_given(), first)
    cache.clear()
    assert not is_let_in(password_given(), first)
    assert recovery_codes(guarded) == others


def test_a_new_password_by_mail_does_not_go_around_it(guarded: Member) -> None:
    Member.objects.filter(pk=guarded.pk).update(email="alice@example.org")
    Client().post("/accounts/password/reset/", {"email": "alice@example.org"})
    path = next(iter(re.findall(r"(/accounts/password/reset/key/\S+)", str(mail.outbox[-1].body))))
    client = Client()
    form = client.get(path, follow=True).redirect_chain[-1][0]

    client.post(form, {"password1": "a new and dull password", "password2": "a new and dull password"})

    assert client.get("/accounts/profile/").status_code == 302
    client.post("/accounts/login/", {"login": "alice", "password": "a new and dull password"})
    assert client.get("/accounts/profile/").status_code == 302


# ---------------------------------------------------------------- the staff

DESK = [
    "/admin/",
    "/admin/catalogue/movie/",
    "/admin/reviews/review/queue/",
    "/admin/reviews/member/",
    "/admin/jsi18n/",
]


@pytest.mark.parametrize("path", DESK)
def test_staff_sets_one_up_before_any_page_of_the_desk(
    as_editor: Client, editor: Member, settings: Any, path: str
) -> None:
    assert as_editor.get(path).status_code == 200
    settings.STAFF_MFA = True

    for response in (as_editor.get(path), as_editor.post(path, {})):
        assert response["Location"] == "/accounts/2fa/totp/activate/"

    Authenticator.objects.create(user=editor, type="totp", data={"secret": SECRET})
    assert as_editor.get(path).status_code == 200


def test_staff_does_not_turn_it_off(guarded: Member, settings: Any) -> None:
    settings.STAFF_MFA = True
    Member.objects.filter(pk=guarded.pk).update(is_staff=True)

    response = proven(guarded).post("/accounts/2fa/totp/deactivate/")

    assert "cannot deactivate" in read(response).text
    assert Authenticator.objects.filter(type="totp").exists()


def test_members_need_none(as_member: Client, settings: Any) -> None:
    settings.STAFF_MFA = True

    assert as_member.get("/accounts/profile/").status_code == 200


def test_the_desk_does_not_show_the_secret(guarded: Member, as_editor: Client) -> None:
    for each in Authenticator.objects.all():
        page = as_editor.get(f"/admin/mfa/authenticator/{each.pk}/change/")
        assert page.status_code == 200
        assert SECRET not in page.content.decode()
        assert "a" * 80 not in page.content.decode()
    as_editor.post(f"/admin/mfa/authenticator/{Authenticator.objects.get(type='totp').pk}/delete/", {"post": "yes"})

    assert password_given().get("/accounts/profile/").status_code == 200  # the telephone was lost
