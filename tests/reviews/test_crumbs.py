"""The trail above a page begins alike everywhere."""

import pytest
from django.test import Client

from reviews.models import Member
from tests.makers import make_movie, make_review
from tests.pages import read

pytestmark = pytest.mark.django_db


def test_pages_about_a_movie_begin_with_the_movies(as_member: Client, member: Member) -> None:
    movie = make_movie("Ran")
    review, other = make_review(movie, member), make_review(movie)
    base = movie.get_absolute_url()
    for path in (
        f"{base}reviews/",
        f"{base}reviews/write/",
        f"{base}reviews/delete/",
        review.get_absolute_url(),
        f"{review.get_absolute_url()}history/",
        f"{other.get_absolute_url()}report/",
    ):
        trail = read(as_member.get(path)).one("nav", "crumbs")

        assert trail.text.startswith("Home Movies Ran"), path
        assert len(trail.all("span", **{"aria-current": "page"})) == 1, path
