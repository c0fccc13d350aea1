"""The charts. One is a row, not a view."""

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.db.models import F

from catalogue.models import Movie
from catalogue.models.movie import MovieQuerySet

LENGTH = 250


@dataclass(frozen=True, slots=True)
class Chart:
    """An ordering of the published movies. ``rule`` is printed above it."""

    slug: str
    name: str
    rule: str
    order: Callable[[MovieQuerySet], MovieQuerySet]
    shows_score: bool = False  # the weighted rating, where that is the order

    def movies(self) -> MovieQuerySet:
        """The movies of the chart, best first, ready for cards."""
        return self.order(Movie.objects.published().for_cards())


def _top_rated(movies: MovieQuerySet) -> MovieQuerySet:
    rated = movies.filter(weighted_rating__isnull=False, rating_count__gte=settings.RATING_CHART_MINIMUM)
    return rated.order_by("-weighted_rating", "sort_title", "pk")


def _most_reviewed(movies: MovieQuerySet) -> MovieQuerySet:
    return movies.filter(review_count__gt=0).order_by("-review_count", "sort_title", "pk")


def _newest(movies: MovieQuerySet) -> MovieQuerySet:
    return movies.order_by(F("release_date").desc(nulls_last=True), "sort_title", "pk")


CHARTS = {
    chart.slug: chart
    for chart in [
        Chart(
            "top-rated",
            "Top rated",
            "In order of the score, a weighted mean: a movie needs votes as well as love to climb.",
            _top_rated,
            shows_score=True,
        ),
        Chart("most-reviewed", "Most reviewed", "The movies our members write about most.", _most_reviewed),
        Chart("newest", "Newest", "By the day of their first release, the latest first.", _newest),
    ]
}
