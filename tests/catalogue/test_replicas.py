"""Who reads from where: visitors from the replica while it is well, members and every write from the primary."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from catalogue.models import Movie
from catalogue.replicas import REPLICA, health
from tests.makers import make_crew, make_movie

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


@pytest.fixture(autouse=True)
def replica(settings: Any, transactional_db: None) -> Iterator[Any]:
    """A second connection to the database of the tests, which stands for a copy without any lag."""
    settings.DATABASE_ROUTERS = ["catalogue.replicas.ReplicaRouter"]
    copy = connections["default"].copy()
    connections[REPLICA], connections.databases[REPLICA] = copy, copy.settings_dict
    health.is_well, health.next_look = False, 0.0
    yield copy
    copy.close()
    del connections[REPLICA], connections.databases[REPLICA]
    health.is_well, health.next_look = False, 0.0


def asked(client: Client, path: str) -> tuple[int, int, int]:
    """Status, and how many queries primary and replica had."""
    with CaptureQueriesContext(connections["default"]) as primary, CaptureQueriesContext(connections[REPLICA]) as copy:
        status = client.get(path).status_code
    return status, len(primary), sum("pg_is_in_recovery" not in query["sql"] for query in copy)


def test_visitors_read_from_the_replica_and_members_from_the_primary(client: Client, as_member: Client) -> None:
    path = make_movie("Ran", genres=["Drama"]).get_absolute_url()
    client.get(path)  # stores the related movies

    for page in (path, f"{path}credits/", "/movies/", "/search/?q=ran", "/search/suggest/?q=r", "/genres/drama/", "/"):
        status, primary, copy = asked(client, page)
        assert (status, primary) == (200, 0), page
        assert copy, page
        status, primary, copy = asked(as_member, page)
        assert (status, copy) == (200, 0), page
        assert primary, page


def test_what_a_request_writes_it_reads_from_the_primary(client: Client) -> None:
    movie = make_movie("Ran")
    for each in (movie, make_movie("Kagemusha")):
        make_crew(each, "Akira Kurosawa")
    assert Movie.objects.get(pk=movie.pk).related_at is None

    with CaptureQueriesContext(connections[REPLICA]) as copy:
        page = client.get(movie.get_absolute_url()).content.decode()

    assert "Same director" in page
    assert not any(query["sql"].startswith(("INSERT", "UPDATE", "DELETE")) for query in copy)
    assert Movie.objects.get(pk=movie.pk).related_at is not None


def test_a_replica_that_is_gone_costs_nobody_a_page(client: Client, replica: Any) -> None:
    path = make_movie("Ran").get_absolute_url()
    assert asked(client, path)[2]

    replica.close()
    replica.settings_dict = {**replica.settings_dict, "NAME": "/nowhere/at/all"}  # no database of either kind
    health.is_well, health.next_look = True, float("inf")  # it goes between two looks

    assert client.get(path).status_code == 200
    assert not health.is_well


def test_a_replica_that_is_behind_is_left_alone(client: Client, settings: Any) -> None:
    path = make_movie("Ran").get_absolute_url()
    settings.REPLICA_MOST_LAG = -1.0

    status, primary, copy = asked(client, path)

    assert (status, copy) == (200, 0)
    assert primary


def test_forms_are_written_to_the_primary(client: Client) -> None:
    path = make_movie("Ran").get_absolute_url()

    with CaptureQueriesContext(connections[REPLICA]) as copy:
        client.post(f"{path}reviews/write/", {"rating": "9"})

    assert not len(copy)
