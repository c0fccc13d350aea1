"""Writing, rewriting and deleting a review."""

from datetime import datetime, timedelta

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from catalogue.models import Movie
from reviews import screening
from reviews.models import Draft, HeldFor, Member, Outcome, Review, ReviewState, Revision
from reviews.services.ratings import Share, move, settle_early

WORDS = ("rating", "headline", "text", "has_spoilers", "language_id")


def publish_review(
    *, movie: Movie, author: Member, rating: int, headline: str = "", text: str = "", has_spoilers: bool = False,
    language: str = "en",
) -> Review:  # fmt: skip
    """Write or rewrite ``author``'s review of ``movie``, and the rating with it. Returns the review as stored.

    A second submission of the same form finds the first one's review and rewrites it. The rules of ``screening`` may
    hold it. One that a moderator hid or removed stays as it is.
    """
    settle_early(movie)
    words = {
        "rating": rating,
        "headline": headline,
        "text": text,
        "has_spoilers": has_spoilers,
        "language_id": language,
    }
    try:
        review = _store(movie, author, words)
    except IntegrityError:  # the same form arrived twice at once, and the other one was first: rewrite its review
        review = _store(movie, author, words)
    if screening.is_new_account(author) and not screening.is_trusted(author):
        hold_burst(movie.pk)
        # Its author may have deleted it meanwhile.
        review = Review.objects.filter(pk=review.pk).first() or review
    return review


@transaction.atomic
def _store(movie: Movie, author: Member, words: dict[str, object]) -> Review:
    """Rewrite the author's review, or create it. Raises IntegrityError where another has created it meanwhile."""
    review = Review.objects.select_for_update().filter(movie=movie, author=author).first()
    if review is None or review.is_open:
        # Before the rest, so that the movie's row, which every writer waits for, is locked last and briefly.
        Draft.objects.filter(author=author, movie=movie).delete()
    if review is None:
        held_for = screening.screen(author, f"{words['headline']}\n{words['text']}", is_new=True)
        state = ReviewState.HELD if held_for else ReviewState.PUBLISHED
        first = {**words, "state": state, "held_for": held_for, "published_at": timezone.now()}
        review = Review.objects.create(movie=movie, author=author, **first)
        move(movie.pk, Share(None), Share(review))
    else:
        _rewrite(review, author, words)
    return review


def _rewrite(review: Review, author: Member, words: dict[str, object]) -> Review:
    """Change a review, whose row is locked."""
    before = Share(review)
    changed = {name for name, value in words.items() if getattr(review, name) != value}
    if not changed or not review.is_open:
        return review
    now = timezone.now()
    if review.state == ReviewState.PUBLISHED:
        keep_revision(review, now)
        fresh = screening.added(f"{review.headline}\n{review.text}", f"{words['headline']}\n{words['text']}")
        if held_for := screening.screen(author, fresh, is_new=not review.has_words):
            review.state, review.held_for = ReviewState.HELD, held_for
    elif review.state == ReviewState.RETURNED:
        review.state, review.held_for = ReviewState.HELD, HeldFor.CHANGE
    for name, value in words.items():
        setattr(review, name, value)
    review.edited_at = now
    review.save(update_fields=[*WORDS, "state", "held_for", "edited_at"])
    move(review.movie_id, before, Share(review))
    return review


def keep_revision(review: Review, now: datetime, of: Review | None = None) -> None:
    """Keep what a review says as a revision: of itself, or of another that takes its place."""
    Revision.objects.create(
        review=of or review,
        rating=review.rating,
        headline=review.headline,
        text=review.text,
        has_spoilers=review.has_spoilers,
        written_at=review.edited_at or review.published_at,
        replaced_at=now,
    )


@transaction.atomic
def delete_review(review: Review) -> None:
    """Remove a review and its vote; one that is gone already is not counted twice."""
    stored = Review.objects.select_for_update().filter(pk=review.pk).first()
    if stored is not None:
        _remove(stored)


def _remove(review: Review) -> None:
    """Delete a review, whose row is locked."""
    before, movie = Share(review), review.movie_id
    review.delete()
    move(movie, before, Share(None))


@transaction.atomic
def withdraw_review(*, movie: Movie, author: Member) -> None:
    """What an author asks for with "delete". Raises Review.DoesNotExist without one, PermissionDenied for one that a
    moderator took down.

    One that was returned, or that somebody reported, loses its words but stays a returned one: written again, it is
    looked at again.
    """
    review = Review.objects.select_for_update().get(movie=movie, author=author)
    if not review.is_open:
        raise PermissionDenied("A moderator has taken this review down. It cannot be deleted or written again.")
    if review.state != ReviewState.RETURNED and not review.reports.filter(outcome=Outcome.OPEN).exists():
        _remove(review)
        return
    before = Share(review)
    review.revisions.all().delete()
    review.headline, review.text = "", ""
    review.state, review.held_for = ReviewState.RETURNED, HeldFor.NONE
    review.save(update_fields=["headline", "text", "state", "held_for"])
    move(review.movie_id, before, Share(review))


@transaction.atomic
def hold_burst(movie: int) -> int:
    """Hold the ratings of a burst for a moderator; return how many. Nothing without a burst."""
    keys = screening.burst_reviews(movie)
    held = 0
    for review in Review.objects.select_for_update().filter(pk__in=keys, state=ReviewState.PUBLISHED).order_by("pk"):
        before = Share(review)
        review.state, review.held_for = ReviewState.HELD, HeldFor.BURST
        review.save(update_fields=["state", "held_for"])
        move(movie, before, Share(review))
        held += 1
    return held


def save_draft(*, movie: Movie, author: Member, **words: object) -> Draft:
    """Keep what is typed; the last one wins."""
    draft, _ = Draft.objects.update_or_create(movie=movie, author=author, defaults=words)
    return draft


def discard_draft(*, movie: Movie, author: Member) -> None:
    """Forget what was typed."""
    Draft.objects.filter(movie=movie, author=author).delete()


def purge_unconfirmed() -> int:
    """Delete guests' reviews that nobody confirmed in settings.GUEST_CONFIRM_DAYS; return how many."""
    oldest = timezone.now() - timedelta(days=settings.GUEST_CONFIRM_DAYS)
    gone, _ = Review.objects.filter(state=ReviewState.UNCONFIRMED, published_at__lt=oldest).delete()
    return gone
