"""Kept connections to PostgreSQL: trusted when just used, asked otherwise, replaced when gone."""

import time
from collections.abc import Iterator

import psycopg
import pytest
from django.core.signals import request_finished, request_started
from django.db import connection

from catalogue import reconnecting

pytestmark = [
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="a file has no connection that could go"),
]


@pytest.fixture(autouse=True)
def _kept() -> Iterator[None]:
    kept, connection.settings_dict["CONN_MAX_AGE"] = connection.settings_dict["CONN_MAX_AGE"], None
    connection.settings_dict["CONN_HEALTH_CHECKS"] = True
    connection.close()
    yield
    connection.settings_dict["CONN_MAX_AGE"] = kept
    connection.close()


def ask() -> int:
    """What a request does; the backend that answered."""
    request_started.send(sender=None)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        backend: int = cursor.fetchone()[0]
    request_finished.send(sender=None)
    return backend


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """What Django was told each time that it asked whether the connection lives."""
    told: list[bool] = []
    is_usable = connection.is_usable

    def spied() -> bool:
        told.append(is_usable())
        return told[-1]

    monkeypatch.setattr(connection, "is_usable", spied)
    return told


def test_a_connection_that_was_just_used_is_not_asked_whether_it_lives(
    asked: list[bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reconnecting, "PAUSE", 3600.0)  # whatever else the machine does
    ask()  # opens it
    ask()  # when it was used last is known from now on
    asked.clear()
    ask()
    assert asked == []


def test_after_a_pause_it_is_asked(asked: list[bool], monkeypatch: pytest.MonkeyPatch) -> None:
    ask()
    asked.clear()
    monkeypatch.setattr(reconnecting, "PAUSE", 0.0)
    ask()
    assert asked == [True]


def test_a_connection_that_the_server_has_ended_is_replaced() -> None:
    ask()
    first = ask()
    settings = connection.get_connection_params() | {"cursor_factory": psycopg.Cursor}
    with psycopg.connect(**settings, autocommit=True) as other:
        assert other.execute("SELECT pg_terminate_backend(%s, 5000)", [first]).fetchone() == (True,)
    time.sleep(0.05)  # what the server says arrives
    assert ask() != first
