"""The charts. One is a row, not a view."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db.models import Case, F, IntegerField, Q, Sum, Value, When
from django.utils import timezone

from catalogue.models import Movie
from catalogue.models.movie import MovieQuerySet

LENGTH = 250
TRENDING = ((1, 8), (7, 4), (30, 2), (90, 1))  # days back, weight


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


def _lowest_rated(movies: MovieQuerySet) -> MovieQuerySet:
    rated = movies.filter(weighted_rating__isnull=False, rating_count__gte=settings.RATING_CHART_MINIMUM)
    return rated.order_by("weighted_rating", "sort_title", "pk")


def _trending(movies: MovieQuerySet) -> MovieQuerySet:
    # A review of today weighs TRENDING[0][1], one of the oldest period 1: it fades in steps, so that both databases
    # compute the same.
    now = timezone.now()
    reviewed = Q(reviews__state="published", reviews__published_at__gt=now - timedelta(days=TRENDING[-1][0]))
    weight = Case(
        *(When(reviews__published_at__gt=now - timedelta(days=days), then=Value(weight)) for days, weight in TRENDING),
        output_field=IntegerField(),
    )
    return movies.filter(reviewed).annotate(trend=Sum(weight)).order_by("-trend", "sort_title", "pk")


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
        Chart(
            "trending",
            "Trending",
            "By the ratings and reviews of the last ninety days, in which one of today counts eight times, one of the "
            "last week four times, one of the last month twice.",
            _trending,
        ),
        Chart("most-reviewed", "Most reviewed", "The movies our members write about most.", _most_reviewed),
        Chart(
            "lowest-rated",
            "Lowest rated",
            "The other end of the same score: movies that most of their audience regrets.",
            _lowest_rated,
            shows_score=True,
        ),
        Chart("newest", "Newest", "By the day of their first release, the latest first.", _newest),
    ]
}
