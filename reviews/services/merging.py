"""Reviews of movies that are merged: a guest of the catalogue (catalogue.guests)."""

from collections.abc import Iterable
from typing import Any

from django.utils import timezone

from reviews import mail
from reviews.models import Draft, Review, ReviewState
from reviews.services.ratings import recount_ratings
from reviews.services.writing import keep_revision


class ReviewsOfMovies:
    """All reviews go to the movie that stays; of two by one person the newer one, and the older into its history."""

    tables = {
        "reviews.review": True,
        "reviews.draft": True,
        "reviews.revision": False,
        "reviews.vote": False,
        "reviews.report": False,
        "reviews.decision": False,
    }

    def lock(self, movies: Iterable[int]) -> None:
        list(Review.objects.select_for_update().filter(movie__in=list(movies)).order_by("pk").values_list("pk"))

    def rows(self, loser: int, winner: int) -> dict[str, dict[str, set[Any]]]:
        pairs = {review.pk for pair in self._pairs(loser, winner) for review in pair}
        of_both: dict[str, set[Any]] = {"movie_id": {loser, winner}}
        of_pairs = {name: {"review_id": pairs} for name, is_of_movie in self.tables.items() if not is_of_movie}
        return {"reviews.review": of_both, "reviews.draft": of_both, **of_pairs}

    def affected(self, loser: int, winner: int) -> list[str]:
        number, pairs = Review.objects.filter(movie=loser).count(), self._pairs(loser, winner)
        told = [f"{number} review{'' if number == 1 else 's'} and ratings come along."] if number else []
        return told + [
            f"{newer.by} reviewed both: {newer.rating}/10 of {_day(newer)} stands, {older.rating}/10 of {_day(older)} "
            "goes into its history, where its author finds it, and its votes go."
            for newer, older in pairs
        ]

    def merge(self, loser: int, winner: int) -> None:
        for newer, older in self._pairs(loser, winner):
            older.revisions.update(review=newer)
            keep_revision(older, timezone.now(), of=newer)
            older.delete()
            mail.merged(newer, winner)
        Review.objects.filter(movie=loser).update(movie=winner)
        self._drafts(loser, winner)

    def settle(self, movies: Iterable[int]) -> None:
        recount_ratings(movies)

    def _pairs(self, loser: int, winner: int) -> list[tuple[Review, Review]]:
        """The reviews of who reviewed both, the one that stands first: a published one, then the newer one."""
        found: dict[Any, list[Review]] = {}
        reviews = Review.objects.filter(movie__in=[loser, winner]).select_related("author").order_by("pk")
        for review in reviews:
            if who := review.author_id or review.guest_email:
                found.setdefault(who, []).append(review)
        order = sorted(found.values(), key=lambda both: both[0].pk)
        return [(pair[-1], pair[0]) for both in order if len(pair := sorted(both, key=_standing)) == 2]

    def _drafts(self, loser: int, winner: int) -> None:
        """Of two drafts of one member the one saved last stays."""
        theirs = {draft.author_id: draft for draft in Draft.objects.filter(movie=winner)}
        for draft in Draft.objects.filter(movie=loser).order_by("pk"):
            other = theirs.get(draft.author_id)
            if other is not None:
                gone = min(draft, other, key=lambda one: one.saved_at)
                gone.delete()
        Draft.objects.filter(movie=loser).update(movie=winner)


def _standing(review: Review) -> tuple[bool, Any, int]:
    return review.state == ReviewState.PUBLISHED, review.edited_at or review.published_at, review.pk


def _day(review: Review) -> str:
    return f"{review.edited_at or review.published_at:%-d %B %Y}"
