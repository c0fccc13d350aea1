"""Ids of requests, and what the log says of slow ones."""

import json
import logging
from io import StringIO
from typing import Any

import pytest
from django.test import Client

from catalogue.observe import metrics
from catalogue.observe.logs import CleanJsonFormatter, RequestFilter
from tests.makers import make_movie

pytestmark = pytest.mark.django_db
PROXYS = "0123456789abcdef0123456789abcdef"


@pytest.fixture
def written(request: Any) -> Any:
    """What the log would hold, line by line, in the form of production."""
    stream = StringIO()
    handler = logging.StreamHandler(stream)
    handler.addFilter(RequestFilter())
    handler.setFormatter(CleanJsonFormatter("%(name)s %(message)s %(request_id)s"))
    logging.getLogger().addHandler(handler)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    logging.getLogger().removeHandler(handler)


def test_the_proxys_id_is_kept_and_a_forged_one_is_not(client: Client) -> None:
    assert client.get("/healthz", headers={"X-Request-ID": PROXYS})["X-Request-ID"] == PROXYS
    for forged in ("short", "x" * 65, "0123456789 abcdef", "é" * 20):
        own = client.get("/healthz", headers={"X-Request-ID": forged})["X-Request-ID"]
        assert len(own) == 32
        assert own != forged


def test_the_page_of_an_error_names_its_request(client: Client, monkeypatch: Any, written: Any) -> None:
    client.raise_request_exception = False
    monkeypatch.setattr("catalogue.views.pages.render", lambda *_, **__: 1 / 0)

    response = client.get("/about/rating/", headers={"X-Request-ID": PROXYS})

    assert response.status_code == 500
    assert PROXYS in response.content.decode()
    assert [line["request_id"] for line in written()] == [PROXYS]
    assert PROXYS not in client.get("/nope/", headers={"X-Request-ID": PROXYS}).content.decode()


def test_logs_name_pages_and_no_addresses(client: Client, written: Any) -> None:
    client.get("/members/somebody-unknown/?q=alice@example.org", headers={"X-Request-ID": PROXYS})
    logging.getLogger("x").error("Key (email)=(alice.b@mail.example.org) already exists.")

    missing, error = written()
    assert missing["message"] == "Not Found: member_detail"
    assert (missing["page"], missing["request_id"]) == ("member_detail", PROXYS)
    assert error["message"] == "Key (email)=([mail]) already exists."
    assert "somebody" not in json.dumps(missing)
    assert "alice" not in json.dumps(missing)


def test_slow_pages_and_queries_are_logged_with_their_page(client: Client, settings: Any, written: Any) -> None:
    movie = make_movie("Ran")
    settings.SLOW_REQUEST_MS = settings.SLOW_QUERY_MS = 1e-6

    client.get(f"/movies/{movie.pk}/ran/?secret=word")

    *queries, page = [line for line in written() if line["name"] == "slow"]
    assert page["page"] == f"movie_detail {movie.pk}"
    assert page["status"] == 200
    assert {line["page"] for line in queries} == {page["page"]}
    assert any(line["sql"].startswith("SELECT") for line in queries)
    assert "secret" not in json.dumps([page, queries])


def test_nothing_is_slow_when_no_limit_is_set(client: Client, settings: Any, written: Any) -> None:
    settings.SLOW_REQUEST_MS = settings.SLOW_QUERY_MS = 0

    client.get(make_movie().get_absolute_url())

    assert written() == []


def test_metrics_are_for_who_has_the_token(client: Client, settings: Any) -> None:
    settings.METRICS_TOKEN = ""
    assert client.get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404
    settings.METRICS_TOKEN = "token"
    assert client.get("/metrics").status_code == 404
    assert client.get("/metrics", headers={"Authorization": "Bearer tokem"}).status_code == 404

    before = _count(client)
    for _ in range(3):
        client.get("/nope/")

    after = _count(client)
    assert after['http_responses_total{status="4xx"}'] - before['http_responses_total{status="4xx"}'] == 3
    assert after["http_request_seconds_count"] - before["http_request_seconds_count"] == 4  # and the first of these two
    assert after['http_request_seconds_bucket{le="+Inf"}'] == after["http_request_seconds_count"]


def _count(client: Client) -> dict[str, float]:
    text = client.get("/metrics", headers={"Authorization": "Bearer token"}).content.decode()
    return {
        name: float(value) for name, _, value in (line.rpartition(" ") for line in text.splitlines()) if name[0] != "#"
    }


def test_counters_of_workers_that_have_ended_are_kept() -> None:
    import os

    def total() -> float:
        return next(
            float(line.split()[-1]) for line in metrics.lines() if line.startswith("http_request_seconds_count")
        )

    before = total()
    for _ in range(3):  # one after another, so that they take over each other's row
        if (child := os.fork()) == 0:
            metrics.count_request(200, 0.1)
            os._exit(0)
        os.waitpid(child, 0)

    assert total() - before == 3
