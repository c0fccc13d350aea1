"""Whether a review helps, in the words of other members."""

import math

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F

from catalogue.models import Movie
from reviews.models import Member, Review, ReviewState, Vote

Z = 1.96  # 95 %


def wilson(helpful: int, total: int) -> float:
    """Lower bound of the Wilson interval of a share: what at least so many find helpful, 95 times in 100. 0 to 1.

    >>> round(wilson(1, 1), 2), round(wilson(90, 100), 2), wilson(0, 0)
    (0.21, 0.83, 0.0)

    E. B. Wilson, "Probable inference, the law of succession, and statistical inference", 1927.
    """
    if not total:
        return 0.0
    share, square = helpful / total, Z * Z
    spread = Z * math.sqrt((share * (1 - share) + square / (4 * total)) / total)
    return (share + square / (2 * total) - spread) / (1 + square / total)


@transaction.atomic
def vote(*, review: Review, member: Member, is_helpful: bool | None) -> Review:
    """Give, change or (None) take back a vote; saying the same twice changes nothing. Returns the review as counted.

    Raises PermissionDenied for one's own review, and for one that is not published.
    """
    # The lock makes the counts exact and the same vote sent twice one vote.
    review = Review.objects.select_for_update().get(pk=review.pk)
    if review.author_id == member.pk or review.state != ReviewState.PUBLISHED:
        raise PermissionDenied("There is no voting on one's own reviews, nor on unpublished ones.")
    old = Vote.objects.filter(review=review, member=member).first()
    if (old.is_helpful if old else None) is is_helpful:
        return review
    if is_helpful is None:
        Vote.objects.filter(review=review, member=member).delete()
    else:
        Vote.objects.update_or_create(review=review, member=member, defaults={"is_helpful": is_helpful})
    _count(review, old.is_helpful if old else None, is_helpful)
    return review


def _count(review: Review, before: bool | None, after: bool | None) -> None:
    review.helpful_count += (after is True) - (before is True)
    review.unhelpful_count += (after is False) - (before is False)
    review.helpfulness = wilson(review.helpful_count, review.helpful_count + review.unhelpful_count)
    review.save(update_fields=["helpful_count", "unhelpful_count", "helpfulness"])
    Movie.objects.filter(pk=review.movie_id).update(version=F("version") + 1)


def withdraw_votes(member: Member, *, on: Member | None = None) -> None:
    """Take back all votes of a member, or those on one author's reviews. Within the caller's transaction."""
    reviews = Review.objects.filter(votes__member=member)
    if on is not None:
        reviews = reviews.filter(author=on)
    for review in reviews.select_for_update(of=("self",)).order_by("pk"):
        given = Vote.objects.get(review=review, member=member)
        given.delete()
        _count(review, given.is_helpful, None)


def move_votes(source: Member, target: Member) -> None:
    """Make the votes of one account another's; on a review both voted on, the target's stands."""
    spoken = Vote.objects.filter(member=target).values("review")
    for review in Review.objects.select_for_update(of=("self",)).filter(votes__member=source).order_by("pk"):
        given = Vote.objects.get(review=review, member=source)
        if review.author_id == target.pk or spoken.filter(review=review).exists():
            given.delete()
            _count(review, given.is_helpful, None)
        else:
            Vote.objects.filter(pk=given.pk).update(member=target)
