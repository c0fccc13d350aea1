"""What visitors get is compressed as they ask; what is for one reader is not."""

import gzip

import brotli
import pytest
from django.test import Client

from tests.makers import make_movie

pytestmark = pytest.mark.django_db


def test_a_page_is_compressed_as_it_is_asked_for(client: Client) -> None:
    make_movie("Ran")

    plain = client.get("/movies/")
    by_brotli = client.get("/movies/", headers={"Accept-Encoding": "gzip, deflate, br"})
    by_gzip = client.get("/movies/", headers={"Accept-Encoding": "gzip, br;q=0"})

    assert "Content-Encoding" not in plain
    assert (by_brotli["Content-Encoding"], by_gzip["Content-Encoding"]) == ("br", "gzip")
    assert brotli.decompress(by_brotli.content) == plain.content == gzip.decompress(by_gzip.content)
    assert int(by_gzip["Content-Length"]) == len(by_gzip.content) < len(plain.content) / 2
    assert all("Accept-Encoding" in response["Vary"] for response in (plain, by_brotli, by_gzip))


def test_what_is_for_one_reader_stays_as_it_is(as_member: Client, client: Client) -> None:
    movie = make_movie("Ran")

    for one in (as_member, client):
        for _ in range(2):  # a visitor who writes has a token from the second time on
            response = one.get(f"{movie.get_absolute_url()}reviews/write/", headers={"Accept-Encoding": "br"})
            assert "csrfmiddlewaretoken" in response.content.decode()
            assert "Content-Encoding" not in response


def test_what_is_short_stays_as_it_is(client: Client) -> None:
    assert "Content-Encoding" not in client.get("/healthz", headers={"Accept-Encoding": "br"})
