"""A movie as lists show it."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, NamedTuple

from django.db.models import QuerySet

from catalogue.compiled import path_of, rows
from catalogue.models import Movie, MovieGenre
from catalogue.models.movie import SCORES
from catalogue.text import squeeze


class _Brief(NamedTuple):
    pk: int
    slug: str
    title: str
    original_title: str
    original_language_id: str | None
    sort_title: str
    tint: str
    poster_id: str | None
    poster_avif: bool | None  # whether the poster is there as AVIF
    year: int | None
    date: str | None  # ISO, as exact as it is known
    rating_count: int
    rating_sum: int


class _Card(NamedTuple):
    pk: int
    slug: str
    title: str
    original_title: str
    original_language_id: str | None
    sort_title: str
    tint: str
    poster_id: str | None
    poster_avif: bool | None  # whether the poster is there as AVIF
    year: int | None
    date: str | None
    rating_count: int
    rating_sum: int
    runtime_minutes: int | None
    director_line: str
    cast_line: str
    review_count: int
    weighted_rating: float | None
    histogram: tuple[int, ...]
    genre_names: tuple[str, ...]


class _Shown:
    pk: int
    slug: str
    title: str
    rating_count: int
    rating_sum: int
    __slots__ = ()

    def get_absolute_url(self) -> str:
        return path_of("movie_detail", self.pk, self.slug)

    @property
    def squeeze(self) -> int:
        return squeeze(self.title)

    @property
    def rating_average(self) -> float | None:
        return self.rating_sum / self.rating_count if self.rating_count else None


class Brief(_Brief, _Shown):
    """What one line of a filmography of thousands reads of a movie, by the names a Movie gives it."""

    __slots__ = ()


class Card(_Card, _Shown):
    """What templates/components/movie.html reads of a movie, by the names a Movie gives it."""

    __slots__ = ()


class _Tile(NamedTuple):
    pk: int
    slug: str
    title: str
    tint: str
    poster_id: str | None
    poster_avif: bool | None  # whether the poster is there as AVIF
    release_year: int | None
    rating_count: int
    rating_sum: int
    director_line: str
    cast_line: str
    genre_names: tuple[str, ...]


class Tile(_Tile, _Shown):
    """What a card beside another movie reads, by the names a Movie gives it."""

    __slots__ = ()

    @property
    def year(self) -> int | None:
        return self.release_year


def tile(*texts: str, genres: list[str]) -> Tile:
    """The tile of a row of texts in the order of its fields."""
    pk, slug, title, tint, poster, is_avif, year, count, points, director, cast, *_ = texts
    year_or_none = int(year) if year else None
    return Tile(
        int(pk),
        slug,
        title,
        tint,
        poster or None,
        is_avif == "1",
        year_or_none,
        int(count),
        int(points),
        director,
        cast,
        tuple(genres),
    )


COLUMNS = (
    "pk", "slug", "title", "original_title", "original_language", "sort_title", "tint", "poster", "poster__has_avif",
    "release_year",
    "release_date", "rating_count", "rating_sum", "runtime_minutes", "director_line", "cast_line", "review_count",
    "weighted_rating", *(f"rating_{score}" for score in SCORES),
)  # fmt: skip
BRIEF = COLUMNS[: len(_Brief._fields)]
_PLAIN = len(COLUMNS) - len(SCORES)


def card(row: Sequence[Any], genres: list[str]) -> Card:
    """The card of a row of ``COLUMNS``, as the database gives it."""
    return Card._make((*row[:_PLAIN], tuple(row[_PLAIN:]), tuple(genres)))


def cards(keys: Sequence[int], *, has_genres: bool = True) -> list[Card]:
    """Published movies in the order of their keys: 2 queries, 1 without their genres, none without keys."""
    found = {row[0]: row for row in rows(_movies, keys)}
    genres = genres_of(keys) if has_genres else defaultdict(list)
    return [card(found[key], genres[key]) for key in keys if key in found]


def genres_of(keys: Sequence[int]) -> dict[int, list[str]]:
    """The names of each movie's genres, the first one its main genre: 1 query, none without keys."""
    genres: dict[int, list[str]] = defaultdict(list)
    for movie, name in rows(_genres, keys):
        genres[movie].append(name)
    return genres


def _movies(keys: list[int]) -> QuerySet[Any, Any]:
    return Movie.objects.published().filter(pk__in=keys).order_by().values_list(*COLUMNS)


def _genres(keys: list[int]) -> QuerySet[Any, Any]:
    of_movies = MovieGenre.objects.filter(movie__in=keys).order_by("movie", "position", "pk")
    return of_movies.values_list("movie", "genre__name")
