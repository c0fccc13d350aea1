"""Which passwords are taken: long ones of any characters, none that is tried first."""

import pytest
from django.test import Client

from reviews.models import Member
from tests.makers import PASSWORD, make_member
from tests.pages import read

pytestmark = pytest.mark.django_db


def sign_up(client: Client, password: str) -> str:
    data = {"username": "newcomer", "email": "n@example.org", "password1": password}
    response = client.post("/accounts/signup/", data)
    return read(response).text if response.content else ""


@pytest.mark.parametrize(
    "password",
    [
        pytest.param("twelve chars", id="twelve-with-a-blank"),
        pytest.param("x" * 60 + "9Q" * 34, id="128"),
        pytest.param("päßwörter 黒澤 明 🎬", id="any-script"),
        pytest.param("829104736650", id="digits-are-enough"),
    ],
)
def test_any_long_password_is_taken(client: Client, password: str) -> None:
    sign_up(client, password)

    assert Member.objects.get().check_password(password)
    assert Client().post("/accounts/login/", {"login": "newcomer", "password": password}).status_code == 302


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        pytest.param("eleven char", "too short", id="short"),
        pytest.param("password1234", "too common", id="common"),
        pytest.param("newcomer@example.org", "too similar", id="one-s-own-name"),
        pytest.param("I love CueMark so", "too easily guessed", id="the-site-s-name"),
    ],
)
def test_what_is_tried_first_is_refused(client: Client, password: str, reason: str) -> None:
    assert reason in sign_up(client, password)
    assert not Member.objects.exists()


@pytest.mark.parametrize("path", ["/accounts/signup/", "/accounts/password/change/"])
def test_the_rules_are_a_list_that_describes_the_field(client: Client, path: str) -> None:
    if "change" in path:
        make_member("mina")
        client.login(username="mina", password=PASSWORD)

    page = read(client.get(path))

    field = page.one("input", name="password1")
    [rules] = [hint for hint in page.all("div", "field__hint") if hint.all("li")]
    assert rules.texts("li") == [
        "At least 12 characters, of any kind.",
        "Not like your name or your address.",
        "None that many people use.",
        "No word of this site’s name.",
    ]
    assert field.attributes["aria-describedby"] == rules.attributes["id"]
