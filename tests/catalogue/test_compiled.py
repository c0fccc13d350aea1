"""Queries written once answer what the ORM does, on either database."""

from typing import Any

import pytest
from django.db.models import CharField, QuerySet, Value

from catalogue.compiled import path_of, records, rows
from catalogue.models import Movie
from catalogue.views.movies import _whole
from reviews.models import Review
from tests.makers import make_movie, make_review

pytestmark = pytest.mark.django_db


def quoted(movies: list[int]) -> QuerySet[Any, Any]:
    return Movie.objects.filter(pk=movies[0]).values_list(
        "title", Value("100 % O'Neill"), Value(None, output_field=CharField()), Value(True)
    )


def test_constants_reach_the_database_as_they_are() -> None:
    movie = make_movie("50 % less")

    for _ in range(7):  # PostgreSQL keeps the plan from the fifth time on
        (row,) = rows(quoted, [movie.pk])
        assert row[:3] == ("50 % less", "100 % O'Neill", None)
        assert bool(row[3])  # 1 on SQLite


def reviewed(movies: list[int]) -> QuerySet[Review]:
    return Review.objects.filter(movie=movies[0]).select_related("author", "movie")


def test_records_are_those_of_the_orm_with_what_is_selected_beside(django_assert_num_queries: Any) -> None:
    movie = make_movie(release_date="1954-04", aspect_ratio="1.37", provenance={"title": ["editor", "2026-01-01"]})
    review = make_review(movie)

    with django_assert_num_queries(1):
        (found,) = records(reviewed, movie.pk)
        beside = (found.author, found.movie)
    assert (found, *beside) == (review, review.author, movie)
    movie.refresh_from_db()
    for field in Movie._meta.concrete_fields:
        assert getattr(found.movie, field.attname) == getattr(movie, field.attname), field.name


def titled(movies: list[int]) -> QuerySet[Movie]:
    return Movie.objects.filter(pk__in=movies).order_by("pk").only("title")


@pytest.mark.parametrize("number", [1, 3, 9])
def test_records_of_several_keys_are_found_once_each(number: int, django_assert_num_queries: Any) -> None:
    movies = [make_movie(f"Movie {place}") for place in range(number)]

    with django_assert_num_queries(1):
        found = records(titled, *(movie.pk for movie in movies), 10**9)
        titles = [movie.title for movie in found]
    assert (found, titles) == (movies, [movie.title for movie in movies])
    assert records(titled) == []


def test_what_is_deferred_is_read_when_it_is_asked_for() -> None:
    movie = make_movie(locked_fields=["title"])

    (found,) = records(_whole, movie.pk)

    assert "locked_fields" in found.get_deferred_fields()
    assert found.locked_fields == ["title"]


def test_a_key_larger_than_any_finds_nothing(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        assert (rows(quoted, [10**30]), records(_whole, 10**30)) == ([], [])


@pytest.mark.parametrize("name", ["movie_detail", "person_detail", "studio_detail", "collection_detail"])
def test_paths_of_records_are_those_of_reverse(name: str) -> None:
    from django.urls import reverse

    assert path_of(name, 4711, "a-slug") == reverse(name, args=[4711, "a-slug"])
    assert path_of("review_detail", 10) == reverse("review_detail", args=[10])
    assert path_of("decade_detail", 1950) == reverse("decade_detail", args=[1950])
