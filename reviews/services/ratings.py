"""The movie's rating, which follows from its reviews.

It is kept by differences: one UPDATE of the movie's row, in the review's transaction. That is exact with any number of
writers, and costs the same for the first review as for the ten-thousandth.
"""

import math
from collections.abc import Iterable, Sequence
from datetime import date

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Count, Q

from catalogue.models import BrowseChange, Movie
from catalogue.models.movie import SCORES, popularity, weighted_rating
from reviews.models import HeldFor, Review, ReviewState

COUNTED = ReviewState.PUBLISHED
# weighted_rating() as SQL reads it before the change: -votes, points + prior * mean, votes + prior.
WEIGHTED = (
    "weighted_rating = CASE WHEN rating_count > %s"
    " THEN CAST(rating_sum + %s AS double precision) / (rating_count + %s) END"
)


class Share:
    """What one review adds to its movie: a vote for a score, a text or none, and a vote held back or none."""

    def __init__(self, review: Review | None) -> None:
        counted = review is not None and review.state == COUNTED
        self.rating = review.rating if review and counted else None
        self.words = int(bool(review and counted and review.has_words))
        self.held = int(bool(review and review.held_for == HeldFor.BURST))


def move(movie: int, before: Share, after: Share) -> None:
    """Take ``before`` from the movie's rating and put ``after`` to it, in one UPDATE.

    Ratings of a movie that is not out yet go to ``early_rating_count``. Which of the two it is stands in the row, so
    the UPDATE says for which it is meant, and is sent again in the other form when it met none.
    """
    words, held = after.words - before.words, after.held - before.held
    votes = (after.rating is not None) - (before.rating is not None)
    points = (after.rating or 0) - (before.rating or 0)
    prior, mean = settings.RATING_PRIOR_COUNT, settings.RATING_PRIOR_MEAN
    columns = [*_steps(review_count=words, held_rating_count=held), *_histogram(before.rating, after.rating)]
    weights = [-votes, points + prior * mean, votes + prior] if before.rating != after.rating else []
    if not _write(movie, columns, weights, "AND counts_ratings"):
        _write(movie, _steps(review_count=words, held_rating_count=held, early_rating_count=votes))


def touch(movie: int) -> None:
    """Say that the movie's page shows something else than before."""
    _write(movie, [])


def _steps(**columns: int) -> list[str]:
    return [f"{name} = {name} + {step}" for name, step in columns.items() if step]


def _histogram(before: int | None, after: int | None) -> list[str]:
    if before == after:
        return []
    steps = _steps(**({f"rating_{before}": -1} if before else {}), **({f"rating_{after}": 1} if after else {}))
    return [*steps, WEIGHTED]


def _write(movie: int, columns: list[str], values: Sequence[float | None] = (), where: str = "") -> bool:
    """Every change of a movie's figures ends here; return whether there was such a row.

    SQL, since the ORM takes longer to write this sentence than the database to carry it out. The columns are ours,
    never a visitor's.
    """
    changes = ", ".join(["version = version + 1", *columns])
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE catalogue_movie SET {changes} WHERE id = %s {where}", (*values, movie))  # noqa: S608
        is_there = bool(cursor.rowcount)
    if columns and is_there:
        BrowseChange.objects.mark([movie])  # behind the movie's row, like everywhere, so that no two writers cross
    return is_there


def is_unreleased(movie: Movie) -> bool:
    """Whether its first release is still to come; an unknown date counts as past."""
    return movie.release_date is not None and str(movie.release_date) > date.today().isoformat()


def settle_early(movie: Movie) -> bool:
    """Count the ratings of a movie from its first release on, and not before; return whether that changed now.

    Costs nothing when the row already says so.
    """
    if movie.counts_ratings is not is_unreleased(movie):
        return False
    recount_ratings([movie.pk])
    movie.refresh_from_db()
    return True


def recount_ratings(movies: Iterable[int] | None = None) -> int:
    """Compute rating, reviews and popularity of the movies (all: None) anew; return how many had drifted.

    A movie that has come out since the last count, or whose release was put off, has not drifted. Popularity follows
    the number of ratings, ours and other sources', on a logarithmic scale.
    """
    if movies is None:
        reviewed = Q(pk__in=Review.objects.values("movie")) | Q(counts_ratings=False) | Q(rating_count__gt=0)
        rows = Movie.objects.filter(reviewed | Q(review_count__gt=0) | Q(held_rating_count__gt=0))
    else:
        rows = Movie.objects.filter(pk__in=list(movies))
    drifted = 0
    for pk in rows.order_by("pk").values_list("pk", flat=True).iterator(chunk_size=2000):
        drifted += _recount(pk)
    return drifted


@transaction.atomic
def _recount(pk: int) -> bool:
    # Under the movie's lock no review's transaction can end; what is not committed adds its difference after us.
    movie = Movie.objects.select_for_update().defer("synopsis").get(pk=pk)
    exact = _exact(movie)
    drift = {name: value for name, value in exact.items() if not _same(getattr(movie, name), value)}
    if drift:
        _write(pk, [f"{name} = %s" for name in drift], list(drift.values()))
    return "counts_ratings" not in drift and bool(drift.keys() - {"popularity"})


def _exact(movie: Movie) -> dict[str, float | None]:
    counted = Q(state=COUNTED)
    found = Review.objects.filter(movie=movie).aggregate(
        **{f"n{score}": Count("pk", filter=counted & Q(rating=score)) for score in SCORES},
        words=Count("pk", filter=counted & ~Q(headline="", text="")),
        held=Count("pk", filter=Q(held_for=HeldFor.BURST)),
    )
    histogram = [found[f"n{score}"] for score in SCORES]
    total = sum(histogram)
    counts = not is_unreleased(movie)
    points = sum(score * number for score, number in zip(SCORES, histogram, strict=True))
    return {
        **{f"rating_{score}": number if counts else 0 for score, number in zip(SCORES, histogram, strict=True)},
        "counts_ratings": counts,
        "early_rating_count": 0 if counts else total,
        "held_rating_count": found["held"],
        "review_count": found["words"],
        "weighted_rating": weighted_rating(points, total) if counts else None,
        "popularity": popularity(total + movie.external_votes),
    }


def _same(stored: float | None, exact: float | None) -> bool:
    if stored is None or exact is None:
        return stored is exact
    return math.isclose(stored, exact, rel_tol=1e-9)
