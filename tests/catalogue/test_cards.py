"""Cards read with SQL written once are what the ORM says."""

from typing import Any

import pytest
from django.test import Client

from catalogue.cards import COLUMNS, _movies, card, cards
from catalogue.compiled import rows
from catalogue.models import Image, Movie, RelatedMovie
from catalogue.vocabulary import Placing
from tests.makers import make_crew, make_movie, make_review
from tests.pages import read

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("count", [1, 3, 17])
def test_the_rows_are_those_of_the_orm(count: int, django_assert_num_queries: Any) -> None:
    for number in range(count):
        movie = make_movie(f"Movie {number}", genres=["War", "Drama"][: number % 3], release_date=f"{1950 + number}-04")
        make_crew(movie, "Agnès Varda")
        make_review(movie, rating=number % 10 + 1)
    draft = make_movie("Draft", is_published=False)
    keys = [*Movie.objects.order_by("-pk").values_list("pk", flat=True)]

    with django_assert_num_queries(2):
        found = cards(keys)

    by_orm = Movie.objects.published().filter(pk__in=keys).values_list(*COLUMNS)
    assert sorted(rows(_movies, keys)) == sorted((*row[:10], str(row[10]), *row[11:]) for row in by_orm)
    movies = Movie.objects.published().order_by("-pk")
    assert [row.pk for row in found] == [key for key in keys if key != draft.pk]
    for row, movie in zip(found, movies, strict=True):
        for name in SHARED:
            assert getattr(row, name) == (tuple(movie.histogram) if name == "histogram" else getattr(movie, name)), name
        assert row.get_absolute_url() == movie.get_absolute_url()
        assert row.date == str(movie.release_date)
        genres = movie.moviegenre_set.order_by("position").values_list("genre__name", flat=True)
        assert row.genre_names == tuple(genres)


SHARED = (
    "pk", "slug", "title", "original_title", "original_language_id", "sort_title", "tint", "poster_id", "year",
    "runtime_minutes", "director_line", "cast_line", "rating_count", "rating_sum", "review_count", "weighted_rating",
    "histogram", "squeeze", "rating_average",
)  # fmt: skip


def test_without_keys_nothing_is_asked(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        assert cards([]) == []


def test_what_is_not_known_is_empty() -> None:
    movie = make_movie("Untold")

    assert card(rows(_movies, [movie.pk])[0], []).date is None
    assert cards([movie.pk])[0].rating_average is None


@pytest.mark.parametrize("has_avif", [True, False])
def test_every_list_shows_avif_where_it_is(client: Client, has_avif: bool) -> None:
    poster = Image.objects.create(digest="a" * 32, kind="poster", width=2, height=3, has_avif=has_avif)
    movie, beside = make_movie("Vagabond", poster=poster), make_movie("Cleo", poster=poster)
    director = make_crew(movie, "Agnès Varda").person
    RelatedMovie.objects.create(movie=movie, other=beside, placing=Placing.PINNED, reason="Hers")
    assert director

    pages = [
        ("/movies/", 2),
        ("/search/?q=vagabond", 1),
        (movie.get_absolute_url(), 2),
        (director.get_absolute_url(), 1),
    ]
    for path, count in pages:
        page = read(client.get(path))
        assert len(page.all("img", "poster")) == count, path
        assert len(page.all("source", type="image/avif")) == (count if has_avif else 0), path
        assert len(page.all("picture")) == (count if has_avif else 0), path
