"""Without its Redis the site goes on."""

from typing import Any

import pytest
from django.core.cache import caches
from django.test import Client

from tests.makers import make_movie

pytestmark = pytest.mark.django_db


@pytest.fixture
def redis_gone(settings: Any) -> None:
    """A server that refuses every connection."""
    gone = {
        "BACKEND": "catalogue.caches.PatientRedisCache",
        "LOCATION": "redis://127.0.0.1:1/0",
        "OPTIONS": {"socket_connect_timeout": 1},
    }
    settings.CACHES = {"default": gone, "pages": gone}
    settings.DEBUG = False


def test_pages_are_rendered_and_members_write(client: Client, as_member: Client, redis_gone: None, caplog: Any) -> None:
    movie = make_movie("Ran")
    path = movie.get_absolute_url()

    for _ in range(3):
        assert client.get(path).status_code == 200
    posted = as_member.post(f"{path}reviews/write/", {"rating": 9, "headline": "Wind", "text": "And banners."})
    assert posted.status_code == 302
    signed_in = client.post("/accounts/login/", {"login": "nobody", "password": "wrong"})
    assert signed_in.status_code == 200
    assert client.get("/sitemap.xml").status_code == 200
    assert "The cache does not answer" in caplog.text


def test_it_is_empty_and_keeps_nothing(redis_gone: None) -> None:
    cache = caches["default"]

    cache.set("a", 1)
    assert cache.add("a", 1) is True
    assert cache.get("a", "nothing") == "nothing"
    assert cache.incr("a") == 1
    assert cache.delete("a") is False
    assert cache.get_many(["a"]) == {}
    assert "a" not in cache
