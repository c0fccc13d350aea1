"""The browse page: which movies, in which order."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Count, F

from catalogue.models import Genre, Movie
from catalogue.models.movie import MovieQuerySet


@dataclass(frozen=True, slots=True)
class Sort:
    """One order of the browse page."""

    slug: str
    name: str
    order: Callable[[MovieQuerySet], MovieQuerySet]


SORTS = {
    sort.slug: sort
    for sort in [
        Sort("popular", "Most popular", lambda movies: movies.order_by("-popularity", "sort_title", "pk")),
        Sort(
            "rating",
            "Highest rated",
            lambda movies: movies.order_by(F("weighted_rating").desc(nulls_last=True), "sort_title", "pk"),
        ),
        Sort("reviews", "Most reviewed", lambda movies: movies.order_by("-review_count", "sort_title", "pk")),
        Sort(
            "newest",
            "Newest first",
            lambda movies: movies.order_by(F("release_date").desc(nulls_last=True), "sort_title", "pk"),
        ),
        Sort(
            "oldest",
            "Oldest first",
            lambda movies: movies.order_by(F("release_date").asc(nulls_last=True), "sort_title", "pk"),
        ),
        Sort("title", "Title A to Z", lambda movies: movies.order_by("sort_title", "pk")),
        Sort("added", "Recently added", lambda movies: movies.order_by("-created_at", "-pk")),
    ]
}
DEFAULT_SORT = "popular"


def browse(*, genre: Genre | None = None, decade: int | None = None, sort: str = DEFAULT_SORT) -> MovieQuerySet:
    """Published movies of a genre and a decade (its first year), ready for cards."""
    movies = Movie.objects.published().for_cards()
    if genre:
        movies = movies.filter(moviegenre__genre=genre)
    if decade is not None:
        movies = movies.filter(release_year__gte=decade, release_year__lt=decade + 10)
    return SORTS[sort].order(movies)


def genre_counts(*, decade: int | None = None) -> list[tuple[Genre, int]]:
    """Every genre that has published movies in a decade, with their number, by name: 2 queries."""
    movies = Movie.objects.published()
    if decade is not None:
        movies = movies.filter(release_year__gte=decade, release_year__lt=decade + 10)
    counts = dict(movies.order_by().values_list("moviegenre__genre").annotate(Count("pk")))
    return [(genre, counts[genre.pk]) for genre in Genre.objects.all() if counts.get(genre.pk)]


def decade_counts(*, genre: Genre | None = None) -> list[tuple[int, int]]:
    """The decades (their first years) with published movies of a genre, with their number, oldest first: 1 query."""
    movies = Movie.objects.published().filter(release_year__isnull=False)
    if genre:
        movies = movies.filter(moviegenre__genre=genre)
    counts: dict[int, int] = {}
    for year, number in movies.order_by().values_list("release_year").annotate(Count("pk")):
        counts[year // 10 * 10] = counts.get(year // 10 * 10, 0) + number
    return sorted(counts.items())
