"""Reviews by people without an account: confirmed by mail, then moderated, and theirs to claim later."""

import hashlib
import hmac

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.utils import timezone

from catalogue.models import Movie
from reviews import mail
from reviews.models import HeldFor, Member, Review, ReviewState
from reviews.services.ratings import Share, move
from reviews.services.votes import withdraw_votes

SALT = "reviews.guest"


class LinkError(Exception):
    """A confirmation link that is forged, too old, or whose review is gone."""


def token_of(review: Review) -> str:
    """What a confirmation link ends with; signed with its time, and good for this address and these words only."""
    return signing.dumps([review.pk, review.guest_email, _digest(review)], salt=SALT)


def _digest(review: Review) -> str:
    words = [review.guest_name, review.rating, review.headline, review.text, review.has_spoilers, review.language_id]
    return hashlib.sha256(repr(words).encode()).hexdigest()[:16]


@transaction.atomic
def send_guest_review(*, movie: Movie, name: str, email: str, **words: object) -> None:
    """Keep a guest's review unconfirmed and mail the link that confirms it.

    Until confirmed, a later one replaces it; afterwards nothing is changed, and the mail says so. Whoever asks learns
    nothing about the address.
    """
    email = email.lower()
    again = [ReviewState.UNCONFIRMED, ReviewState.RETURNED]  # a moderator asked for another text
    settled = Review.objects.filter(movie=movie, guest_email=email).exclude(state__in=again)
    if settled.exists():
        mail.already_reviewed(email, movie)
        return
    review, _ = Review.objects.update_or_create(
        movie=movie,
        guest_email=email,
        defaults={
            **words,
            "guest_name": name,
            "state": ReviewState.UNCONFIRMED,
            "published_at": timezone.now(),
        },
    )
    mail.confirmation(review, token_of(review))


def find_guest_review(token: str) -> Review:
    """The review that a link belongs to. Raises LinkError."""
    try:
        key, email, digest = signing.loads(token, salt=SALT, max_age=settings.GUEST_CONFIRM_DAYS * 86400)
        review = Review.objects.select_related("movie").get(pk=key, guest_email=email)
    except (signing.BadSignature, Review.DoesNotExist, TypeError, ValueError) as error:
        raise LinkError("This link does not work: it is older than a few days, or not complete.") from error
    if review.state == ReviewState.UNCONFIRMED and not hmac.compare_digest(digest, _digest(review)):
        raise LinkError("This link belongs to an earlier text: open that of the latest mail.")
    return review


@transaction.atomic
def confirm_guest_review(token: str) -> Review:
    """Send a guest's review to the moderators; a link used twice changes nothing. Raises LinkError."""
    found = find_guest_review(token)
    Review.objects.select_for_update().get(pk=found.pk)
    review = find_guest_review(token)  # as it is under the lock
    if review.state == ReviewState.UNCONFIRMED:
        before = Share(review)
        review.state, review.held_for, review.published_at = ReviewState.HELD, HeldFor.GUEST, timezone.now()
        review.save(update_fields=["state", "held_for", "published_at"])
        move(review.movie_id, before, Share(review))
    return review


def claimable_reviews(member: Member) -> list[Review]:
    """Guest reviews from the member's confirmed addresses, of movies they have not reviewed since: 2 queries."""
    addresses = member.emailaddress_set.filter(verified=True).values_list("email", flat=True)  # type: ignore[attr-defined]
    emails = [address.lower() for address in addresses]
    found = Review.objects.filter(guest_email__in=emails).exclude(guest_email="")
    taken = Review.objects.filter(author=member).values("movie")
    open_ones = found.exclude(state=ReviewState.UNCONFIRMED).exclude(movie__in=taken).with_movies().order_by("pk")
    return list({review.movie_id: review for review in open_ones}.values())  # one a movie, where both addresses wrote


@transaction.atomic
def claim_reviews(member: Member) -> int:
    """Make the member the author of what they wrote as a guest; return how many. States and votes stay."""
    keys = [review.pk for review in claimable_reviews(member)]
    withdraw_votes(member, on=keys)
    claimed = 0
    for review in Review.objects.select_for_update().filter(pk__in=keys).order_by("pk"):
        before = Share(review)
        review.author, review.guest_name, review.guest_email = member, "", ""
        review.save(update_fields=["author", "guest_name", "guest_email"])
        move(review.movie_id, before, Share(review))  # its page shows the name
        claimed += 1
    return claimed
