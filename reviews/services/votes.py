"""Whether a review helps, in the words of other members."""

import math
from collections.abc import Iterable

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.db.models import Count, F, Q

from reviews.models import Member, Review, Vote
from reviews.services.ratings import touch

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
def vote(*, review: int, member: Member, is_helpful: bool | None) -> None:
    """Give, change or (None) take back a vote on the review of this key; saying the same twice changes nothing.

    Raises Review.DoesNotExist for one that readers do not see, PermissionDenied for one's own.
    """
    # The lock makes the counts exact and the same vote sent twice one vote.
    seen = Review.objects.everywhere().select_for_update(of=("self",))
    subject = seen.only("movie", "author", "helpful_count", "unhelpful_count").get(pk=review)
    if subject.author_id == member.pk:
        raise PermissionDenied("There is no voting on one's own reviews.")
    given = Vote.objects.filter(review=review, member=member)
    old = given.values_list("is_helpful", flat=True).first()
    if old is is_helpful:
        return
    if is_helpful is None:
        given.delete()
    elif old is None:
        Vote.objects.create(review=subject, member=member, is_helpful=is_helpful)
    else:
        given.update(is_helpful=is_helpful)
    _count(subject, old, is_helpful)
    _commit_soon()


def _commit_soon() -> None:
    """Let this transaction end without waiting for the disk; the movie's other writers would wait with it.

    On PostgreSQL a power cut may take the votes of its last half second, never part of one, and never a review. SQLite
    does so anyway (synchronous=NORMAL).
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL synchronous_commit TO OFF")


def _count(review: Review, before: bool | None, after: bool | None) -> None:
    review.helpful_count += (after is True) - (before is True)
    review.unhelpful_count += (after is False) - (before is False)
    review.helpfulness = wilson(review.helpful_count, review.helpful_count + review.unhelpful_count)
    review.save(update_fields=["helpful_count", "unhelpful_count", "helpfulness"])
    touch(review.movie_id)


def withdraw_votes(member: Member, *, on: Iterable[int] | None = None) -> None:
    """Take back all votes of a member, or those on the reviews of these keys. Within the caller's transaction."""
    reviews = Review.objects.filter(votes__member=member)
    if on is not None:
        reviews = reviews.filter(pk__in=list(on))
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


def recount_votes(reviews: Iterable[int] | None = None) -> int:
    """Count the votes of the reviews (all: None) anew; return how many had drifted."""
    rows = Review.objects.all() if reviews is None else Review.objects.filter(pk__in=list(reviews))
    counts = {
        "yes": Count("votes", filter=Q(votes__is_helpful=True)),
        "no": Count("votes", filter=Q(votes__is_helpful=False)),
    }
    wrong = rows.order_by().annotate(**counts).exclude(helpful_count=F("yes"), unhelpful_count=F("no"))
    keys = list(wrong.values_list("pk", flat=True))
    for pk in keys:
        with transaction.atomic():
            review = Review.objects.select_for_update().get(pk=pk)
            given = list(Vote.objects.filter(review=pk).values_list("is_helpful", flat=True))
            review.helpful_count, review.unhelpful_count = given.count(True), given.count(False)
            _count(review, None, None)
    return len(keys)
