"""Everything that writes a review, and the movie's rating that follows from it.

The rating is kept by differences: one UPDATE of the movie's row, in the review's transaction, with F() expressions.
That is exact with any number of writers, and costs the same for the first review as for the ten-thousandth.
Lock order: the review, then the movie.
"""

import math

from django.conf import settings
from django.db import transaction
from django.db.models import Case, Count, F, FloatField, Q, Value, When
from django.db.models.functions import Cast
from django.utils import timezone

from catalogue.models import Movie
from catalogue.models.movie import SCORES, weighted_rating
from reviews.models import Member, Review, ReviewState

COUNTED = ReviewState.PUBLISHED


class _Share:
    """What one review adds to its movie: a vote for a score, and a text or none."""

    def __init__(self, review: Review | None) -> None:
        counted = review is not None and review.state == COUNTED
        self.rating = review.rating if review and counted else None
        self.words = int(bool(review and counted and (review.headline or review.text)))


@transaction.atomic
def publish_review(
    *, movie: Movie, author: Member, rating: int, headline: str = "", text: str = "", has_spoilers: bool = False,
    language: str = "en",
) -> Review:  # fmt: skip
    """Write or rewrite ``author``'s review of ``movie``, and the rating with it. Returns the review as stored.

    A second submission of the same form finds the first one's review and rewrites it.
    """
    now = timezone.now()
    words = {
        "rating": rating,
        "headline": headline,
        "text": text,
        "has_spoilers": has_spoilers,
        "language_id": language,
    }
    review, is_new = Review.objects.get_or_create(movie=movie, author=author, defaults={**words, "published_at": now})
    if is_new:
        _move(movie.pk, _Share(None), _Share(review))
        return review
    review = Review.objects.select_for_update().get(pk=review.pk)
    before = _Share(review)
    if any(getattr(review, name) != value for name, value in words.items()):
        for name, value in words.items():
            setattr(review, name, value)
        review.edited_at = now
        review.save()
        _move(movie.pk, before, _Share(review))
    return review


@transaction.atomic
def set_state(review: Review, state: ReviewState) -> None:
    """Hide, hold or publish a review, and count it accordingly."""
    review = Review.objects.select_for_update().get(pk=review.pk)
    before = _Share(review)
    review.state = state
    review.save(update_fields=["state"])
    _move(review.movie_id, before, _Share(review))


@transaction.atomic
def delete_review(review: Review) -> None:
    """Remove a review and its vote; one that is gone already is not counted twice."""
    stored = Review.objects.select_for_update().filter(pk=review.pk).first()
    if stored is None:
        return
    before = _Share(stored)
    movie = stored.movie_id
    stored.delete()
    _move(movie, before, _Share(None))


def _move(movie: int, before: _Share, after: _Share) -> None:
    """Take ``before`` from the movie's rating and put ``after`` to it, in one UPDATE."""
    changes: dict[str, object] = {"version": F("version") + 1}
    if before.rating != after.rating:
        points = (after.rating or 0) - (before.rating or 0)
        votes = (after.rating is not None) - (before.rating is not None)
        if before.rating:
            changes[f"rating_{before.rating}"] = F(f"rating_{before.rating}") - 1
        if after.rating:
            changes[f"rating_{after.rating}"] = F(f"rating_{after.rating}") + 1
        prior = settings.RATING_PRIOR_COUNT
        changes["weighted_rating"] = Case(
            When(rating_count__gt=-votes, then=(
                Cast(F("rating_sum") + (points + prior * settings.RATING_PRIOR_MEAN), FloatField())
                / Cast(F("rating_count") + (votes + prior), FloatField())
            )),
            default=Value(None),
        )  # fmt: skip
    if before.words != after.words:
        changes["review_count"] = F("review_count") + (after.words - before.words)
    Movie.objects.filter(pk=movie).update(**changes)


def recount_ratings(movies: list[int] | None = None) -> int:
    """Compute rating, reviews and popularity of the movies (all: None) anew; return how many had drifted.

    Popularity follows the number of ratings on a logarithmic scale: ln(1 + count) * 50.
    """
    rows = Movie.objects.all() if movies is None else Movie.objects.filter(pk__in=movies)
    counted = Q(reviews__state=COUNTED)
    counts = {f"n{score}": Count("reviews", filter=counted & Q(reviews__rating=score)) for score in SCORES}
    texts = Count("reviews", filter=counted & ~Q(reviews__headline="", reviews__text=""))
    drifted = 0
    for row in rows.order_by().annotate(texts=texts, **counts).defer("synopsis").iterator(chunk_size=500):
        histogram = [getattr(row, f"n{score}") for score in SCORES]
        votes = sum(histogram)
        weighted = weighted_rating(sum(score * number for score, number in zip(SCORES, histogram, strict=True)), votes)
        exact = {
            **{f"rating_{score}": number for score, number in zip(SCORES, histogram, strict=True)},
            "review_count": row.texts,
            "weighted_rating": weighted,
            "popularity": round(math.log1p(votes) * 50),
        }
        drift = {name: value for name, value in exact.items() if not _same(getattr(row, name), value)}
        if drift:
            Movie.objects.filter(pk=row.pk).update(**drift, version=F("version") + 1)
            drifted += bool(drift.keys() - {"popularity"})
    return drifted


def _same(stored: float | None, exact: float | None) -> bool:
    if stored is None or exact is None:
        return stored is exact
    return math.isclose(stored, exact, rel_tol=1e-9)
