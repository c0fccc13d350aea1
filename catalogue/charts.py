"""The charts. One is a row, not a view."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

from django.conf import settings
from django.db.models import Case, IntegerField, Q, Sum, Value, When
from django.utils import timezone

from catalogue.browse import LOWEST, SORTS, Ranking, Selection, Sort, browse
from catalogue.models import Movie

LENGTH = 250
TRENDING = ((1, 8), (7, 4), (30, 2), (90, 1))  # days back, weight
EVERYTHING = Selection()


@dataclass(frozen=True, slots=True)
class Chart:
    """An order of published movies, best first. ``rule`` is printed above it."""

    slug: str
    name: str
    rule: str
    order: Callable[[Selection], Ranking]
    shows_score: bool = False  # the weighted rating, where that is the order

    def movies(self, part: Selection = EVERYTHING) -> Ranking:
        """The movies of the chart, or of a part of it, at most ``LENGTH``: 1 or 2 queries."""
        return self.order(part)


def _sorted(sort: Sort, *, wants_votes: bool = False, **values: tuple[str, ...]) -> Callable[[Selection], Ranking]:
    def order(part: Selection) -> Ranking:
        votes = settings.RATING_CHART_MINIMUM if wants_votes else 0
        wanted = replace(part, values={**values, **part.values}, votes=votes)
        return Ranking(browse(wanted, sort).movies.keys(0, LENGTH))

    return order


def _trending(part: Selection) -> Ranking:
    # A review of today weighs TRENDING[0][1], one of the oldest period 1: it fades in steps, so that both databases
    # compute the same.
    now = timezone.now()
    reviewed = Q(reviews__state="published", reviews__published_at__gt=now - timedelta(days=TRENDING[-1][0]))
    weight = Case(
        *(When(reviews__published_at__gt=now - timedelta(days=days), then=Value(weight)) for days, weight in TRENDING),
        output_field=IntegerField(),
    )
    movies = Movie.objects.published().filter(reviewed).annotate(trend=Sum(weight))
    keys = movies.order_by("-trend", "sort_title", "pk").values_list("pk", flat=True)
    if part == EVERYTHING:
        return Ranking(list(keys[:LENGTH]))
    rows = browse(part).movies.rows
    return Ranking([key for key in keys if key in rows][:LENGTH])


CHARTS = {
    chart.slug: chart
    for chart in [
        Chart(
            "top-rated",
            "Top rated",
            "In order of the score, a weighted mean: a movie needs votes as well as love to climb.",
            _sorted(SORTS["rating"], wants_votes=True),
            shows_score=True,
        ),
        Chart(
            "trending",
            "Trending",
            "By the ratings and reviews of the last ninety days, in which one of today counts eight times, one of the "
            "last week four times, one of the last month twice.",
            _trending,
        ),
        Chart(
            "most-reviewed",
            "Most reviewed",
            "The movies our members write about most.",
            _sorted(SORTS["reviews"], reviews=("yes",)),
        ),
        Chart(
            "lowest-rated",
            "Lowest rated",
            "The other end of the same score: movies that most of their audience regrets.",
            _sorted(LOWEST, wants_votes=True),
            shows_score=True,
        ),
        Chart(
            "newest",
            "Newest",
            "By the day of their first release, the latest first; what is still to come leads.",
            _sorted(SORTS["newest"]),
        ),
    ]
}
