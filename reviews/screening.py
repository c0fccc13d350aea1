"""What has a review looked at before it appears. Reads, writes nothing.

Rules look at what was added, never at what stood there before, and never at the words of trusted members.
"""

import re
from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from catalogue.text import fold
from reviews.models import Action, Decision, HeldFor, HeldWord, Member, Review, ReviewState

_DOMAINS = "com|net|org|info|biz|xyz|ru|cn|top|site|online|shop|io|co|tv|me"
_LINK = re.compile(rf"https?:|www\.|\b[\w-]{{1,63}}\.(?:{_DOMAINS})\b", re.IGNORECASE)


def is_trusted(author: Member) -> bool:
    """Staff, those a moderator trusts, and those with enough published reviews: 0 or 1 query."""
    if author.is_staff or author.is_trusted:
        return True
    enough: int = settings.REVIEWS_TRUSTED_AFTER
    return _published(author, enough) >= enough


def _published(author: Member, most: int) -> int:
    published = Review.objects.filter(author=author, state=ReviewState.PUBLISHED).exclude(headline="", text="")
    return len(published.order_by().values_list("pk", flat=True)[:most])


def screen(author: Member, text: str, *, is_new: bool) -> HeldFor:
    """Why a member's words have to wait, if they do: ``text`` is what was added, "" for a bare rating.

    Costs 1 query for a trusted member, up to 3 for others, none for a bare rating.
    """
    if not text.strip() or is_trusted(author):
        return HeldFor.NONE
    if is_new and (first := settings.REVIEWS_HELD_FIRST) and _published(author, first) < first:
        return HeldFor.FIRST
    if _LINK.search(text) and is_new_account(author):
        return HeldFor.LINK
    return HeldFor.WORD if has_held_word(text) else HeldFor.NONE


def is_new_account(author: Member) -> bool:
    """Younger than settings.NEW_ACCOUNT_DAYS."""
    return author.is_newer_than(timezone.now() - timedelta(days=settings.NEW_ACCOUNT_DAYS))


def has_held_word(text: str) -> bool:
    """Whether a word or phrase of the list is in it, as whole words: 1 query."""
    folded = f" {fold(text)} "
    return any(f" {fold(word)} " in folded for word in HeldWord.objects.values_list("text", flat=True))


def added(old: str, new: str) -> str:
    """The words of ``new`` that ``old`` has not, in order.

    >>> added("a fine film", "a fine film, see www.example.org")
    'film, see www.example.org'
    """
    known = set(old.split())
    return " ".join(word for word in new.split() if word not in known)


def burst_reviews(movie: int) -> list[int]:
    """The keys of the ratings with which new accounts rate a movie faster than readers do; none: no burst. 1 query.

    At least settings.BURST_RATINGS ratings within settings.BURST_HOURS from accounts younger than NEW_ACCOUNT_DAYS.
    """
    now = timezone.now()
    young = now - timedelta(days=settings.NEW_ACCOUNT_DAYS)
    recent = Review.objects.filter(movie=movie, published_at__gt=now - timedelta(hours=settings.BURST_HOURS))
    counted = recent.filter(state__in=[ReviewState.PUBLISHED, ReviewState.HELD])
    fresh = counted.filter(author__date_joined__gt=young, author__is_trusted=False, author__is_staff=False)
    # What a moderator has approved is no suspect any more.
    cleared = Decision.objects.filter(review__movie=movie, action=Action.APPROVE, undone_at=None).values("review")
    keys = list(fresh.exclude(pk__in=cleared).order_by("pk").values_list("pk", flat=True))
    return keys if len(keys) >= settings.BURST_RATINGS else []
