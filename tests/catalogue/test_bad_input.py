"""Input that no page can mean gets the right answer, and never a 500."""

import errno
from typing import Any

import pytest
from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.test import Client

from tests.makers import make_movie
from tests.pages import read

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("path", ["/", "/movies/", "/genres/", "/people/", "/charts/top-rated/", "/search/"])
@pytest.mark.parametrize(
    ("value", "status"),
    [
        pytest.param("%00", {400}, id="nul"),
        pytest.param("a%00b", {400}, id="nul-inside"),
        pytest.param("x" * 10_000, {400}, id="10000-characters"),
        pytest.param("1" + "0" * 30, {200, 404}, id="10^30"),
        pytest.param("%ff%fe", {200, 404}, id="no-utf-8"),
        pytest.param("%F0%9F%8E%AC%E2%80%AE", {200, 404}, id="emoji-and-direction-override"),
        pytest.param("'%22%3E%3Cscript%3E", {200, 404}, id="markup"),
    ],
)
@pytest.mark.parametrize("name", ["q", "page", "genre", "decade", "sort", "anything"])
def test_any_parameter(client: Client, path: str, name: str, value: str, status: set[int]) -> None:
    response = client.get(f"{path}?{name}={value}")

    assert response.status_code in status
    assert read(response).one("h1").text


@pytest.mark.parametrize(
    "path",
    [
        "/genres/nope/",
        "/genres/%00/",
        "/people/1/x/",
        "/studios/1/x/",
        "/collections/1/x/",
        "/charts/x/",
        "/movies/0/x/",
        "/x",
    ],
)
def test_what_is_not_there_is_not_found(client: Client, path: str) -> None:
    response = client.get(path)

    assert response.status_code in {400, 404}
    page = read(response)
    assert page.one("h1").text in {"This reel is missing", "That address makes no sense"}
    assert page.one("form", "search--lg").attributes["action"] == "/search/"


def test_a_failure_gets_the_site_s_own_page(client: Client, monkeypatch: Any) -> None:
    def fail(*args: object) -> None:
        raise RuntimeError("the lamp")

    monkeypatch.setattr("catalogue.views.pages.genres_of", fail)
    client.raise_request_exception = False

    response = client.get("/")

    assert response.status_code == 500
    assert read(response).one("h1").text == "The lamp went out"


@pytest.mark.parametrize(
    "failure", [OperationalError("no connection"), InterfaceError("closed"), OSError(errno.ENOSPC, "No space left")]
)
def test_what_passes_by_itself_is_told_so(client: Client, monkeypatch: Any, failure: Exception) -> None:
    def fail(*args: object) -> None:
        raise failure

    monkeypatch.setattr("catalogue.views.pages.genres_of", fail)
    client.raise_request_exception = False

    response = client.get("/")

    assert (response.status_code, response["Retry-After"]) == (503, "10")
    assert read(response).one("h1").text == "A short intermission"


def test_a_member_is_told_so_too_and_stays_signed_in(as_member: Client, monkeypatch: Any) -> None:
    def fail(*args: object) -> None:
        raise OperationalError("no connection")

    monkeypatch.setattr("reviews.sessions.SessionStore._get_session_from_db", fail)
    as_member.raise_request_exception = False

    response = as_member.get("/")

    assert response.status_code == 503
    assert read(response).one("h1").text == "A short intermission"
    assert settings.SESSION_COOKIE_NAME not in response.cookies


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_pages_are_read_only(client: Client, method: str) -> None:
    movie = make_movie()

    for path in ("/", "/movies/", "/search/", movie.get_absolute_url()):
        assert getattr(client, method)(path).status_code == 405


@pytest.mark.parametrize("key", [2**63 - 1, 2**63, 10**15, 10**30])
def test_a_key_no_database_has(client: Client, settings: Any, key: int) -> None:
    settings.DEBUG = False  # as where pages are kept

    assert client.get(f"/movies/{key}/x/").status_code == 404
    assert client.get(f"/people/{key}/x/").status_code == 404


@pytest.mark.parametrize("fields", [{"login": "x" * 1_100_000}, {f"f{number}": "" for number in range(16_001)}])
def test_a_form_that_is_too_long_is_told_so(client: Client, fields: dict[str, str]) -> None:
    response = client.post("/accounts/login/", fields)

    assert response.status_code == 413
    assert read(response).one("h1").text == "That is too long for this form"


@pytest.mark.parametrize(
    "query",
    [
        "updated_at__year=0",
        "id__range=1",
        "locked_fields__contains=%7B",
        "title__regex=(",
        "release_date__year=x",
        "nothing__like=this",
        "id__in=x",
    ],
)
def test_a_lookup_that_no_list_of_the_desk_carries_out(as_editor: Client, query: str) -> None:
    assert as_editor.get(f"/admin/catalogue/movie/?{query}").status_code in {200, 302, 400}
