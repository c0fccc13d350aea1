"""Suggestions are kept while nothing is written, and not a moment longer."""

import threading
from collections.abc import Callable
from typing import Any

import brotli
import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from catalogue import unchanged
from catalogue.models import Movie
from catalogue.search.index import index_movies
from tests.makers import make_movie
from tests.pages import read

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)
ADDRESS = "/search/suggest/?q=kag"


@pytest.fixture(autouse=True)
def _empty(client: Client) -> None:
    make_movie("Kagemusha")
    unchanged._kept.state = ()
    client.get("/search/suggest/?q=warm")  # what a process reads once


def suggested(client: Client) -> str:
    return read(client.get(ADDRESS)).text


def elsewhere(write: Callable[[], object]) -> None:
    """Do it with another connection, as another process would."""

    def run() -> None:
        try:
            write()
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()


def rename(title: str) -> None:
    Movie.objects.update(title=title)
    index_movies(Movie.objects.values_list("pk", flat=True))


def test_a_second_answer_costs_one_query_and_is_the_same(client: Client) -> None:
    first = client.get(ADDRESS)
    with CaptureQueriesContext(connection) as queries:
        second = client.get(ADDRESS)

    assert "Kagemusha" in read(first).text
    assert second.content == first.content
    for name in ("Content-Type", "Cache-Control", "Content-Length"):
        assert second[name] == first[name]
    assert len(queries) == 1


@pytest.mark.parametrize("by", ["own connection", "another connection"])
def test_a_write_is_seen_at_once(client: Client, by: str) -> None:
    write: Callable[[Callable[[], object]], object] = elsewhere if by == "another connection" else (lambda act: act())
    assert "Kagemusha" in suggested(client)

    write(lambda: rename("Kagero-za"))
    assert "Kagero-za" in suggested(client)
    write(lambda: Movie.objects.update(is_published=False))
    assert "Kagero-za" not in suggested(client)


def test_nothing_is_kept_within_a_transaction(client: Client) -> None:
    class RolledBackError(Exception):
        pass

    def change_and_roll_back() -> None:
        with transaction.atomic():
            rename("Kagero-za")
            assert "Kagero-za" in suggested(client)
            raise RolledBackError

    with pytest.raises(RolledBackError):
        change_and_roll_back()
    assert "Kagemusha" in suggested(client)


def test_a_new_connection_knows_nothing_of_an_old_one(client: Client) -> None:
    assert "Kagemusha" in suggested(client)
    state = unchanged._state()
    connection.close()
    elsewhere(lambda: rename("Kagero-za"))

    assert unchanged._state() != state
    assert "Kagero-za" in suggested(client)


def test_each_reader_gets_their_coding_and_members_are_not_kept(client: Client, as_member: Client) -> None:
    for title in ("Kagero-za", "Kagi", "Kage no kuruma"):
        make_movie(title)
    plain = client.get(ADDRESS)
    small = client.get(ADDRESS, headers={"Accept-Encoding": "br"})

    assert plain.headers.get("Content-Encoding") is None
    assert small["Content-Encoding"] == "br"
    assert brotli.decompress(small.content) == plain.content
    assert "Accept-Encoding" in small["Vary"]
    with CaptureQueriesContext(connection) as queries:
        answer: Any = as_member.get(ADDRESS)
    assert len(queries) > 1
    assert answer.content == plain.content


def test_only_so_many_are_kept(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unchanged, "MOST_KEPT", 2)
    for letters in ("k", "ka", "kag"):
        client.get("/search/suggest/", {"q": letters})

    assert len(unchanged._kept.answers) <= 2
