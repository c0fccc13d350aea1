from typing import NamedTuple

from django.db import models
from django.db.models import Q

from catalogue.compiled import path_of

MOST_TEXT = 10_000
MOST_HEADLINE = 120


class ReviewState(models.TextChoices):
    """Who sees a review. Only published ones count in the movie's rating."""

    UNCONFIRMED = "unconfirmed", "Waits for the guest's confirmation"
    HELD = "held", "Waits for a moderator"
    PUBLISHED = "published", "Published"
    RETURNED = "returned", "Returned to its author for a change"
    HIDDEN = "hidden", "Hidden by a moderator"
    REMOVED = "removed", "Removed by a moderator"


class HeldFor(models.TextChoices):
    """Why a review waits for a moderator."""

    NONE = "", "Not held"
    FIRST = "first", "First reviews of a new account"
    LINK = "link", "A link from a new account"
    WORD = "word", "A word of the list"
    GUEST = "guest", "Written by a guest"
    CHANGE = "change", "Changed as a moderator asked"
    BURST = "burst", "One of many ratings by new accounts in a short time"
    MODERATOR = "moderator", "Put back by a moderator"


class Sort(NamedTuple):
    """An order of a list of reviews."""

    label: str
    fields: tuple[str, ...]


SORTS = {
    "helpful": Sort("Most helpful", ("-helpfulness", "-published_at", "-pk")),
    "newest": Sort("Newest", ("-published_at", "-pk")),
    "highest": Sort("Highest rating", ("-rating", "-published_at", "-pk")),
    "lowest": Sort("Lowest rating", ("rating", "-published_at", "-pk")),
}


class ReviewQuerySet(models.QuerySet["Review"]):
    def published(self) -> "ReviewQuerySet":
        """Those that everybody sees where the movie is known to be published: a join would cost the index's order."""
        return self.filter(state=ReviewState.PUBLISHED)

    def everywhere(self) -> "ReviewQuerySet":
        """Those that everybody sees, of all movies that everybody sees."""
        return self.published().filter(movie__is_published=True)

    def with_words(self) -> "ReviewQuerySet":
        """Without the bare ratings."""
        return self.exclude(headline="", text="")

    def for_lists(self, sort: str = "newest") -> "ReviewQuerySet":
        """Load what templates/components/review.html review() reads, in an order of ``SORTS``: 1 query."""
        return self.select_related("author").order_by(*SORTS[sort].fields)

    def with_movies(self) -> "ReviewQuerySet":
        """Load the movies too, without their synopses: for lists of reviews of several movies."""
        return self.select_related("movie").defer("movie__synopsis")


class Review(models.Model):
    """A rating of a movie, with or without words, by a member or a guest. One per person and movie."""

    movie = models.ForeignKey("catalogue.Movie", on_delete=models.PROTECT, related_name="reviews", db_index=False)
    author = models.ForeignKey(
        "reviews.Member", on_delete=models.PROTECT, related_name="reviews", null=True, blank=True, db_index=False
    )
    # Instead of an author: a guest, or what is left of somebody whose account is gone.
    guest_name = models.CharField(max_length=60, blank=True)
    guest_email = models.EmailField(blank=True)  # never shown; empty once the account is gone
    rating = models.PositiveSmallIntegerField(help_text="1 to 10, whole.")
    headline = models.CharField(max_length=MOST_HEADLINE, blank=True)
    text = models.TextField("review", max_length=MOST_TEXT, blank=True)
    language = models.ForeignKey("catalogue.Language", on_delete=models.PROTECT, default="en", db_index=False)
    has_spoilers = models.BooleanField("gives away the plot", default=False)
    state = models.CharField(max_length=12, choices=ReviewState, default=ReviewState.PUBLISHED)
    held_for = models.CharField(max_length=10, choices=HeldFor, blank=True, default=HeldFor.NONE)
    published_at = models.DateTimeField()  # or sent, while it waits
    edited_at = models.DateTimeField(null=True, blank=True)
    helpful_count = models.PositiveIntegerField(default=0, editable=False)  # services.votes only
    unhelpful_count = models.PositiveIntegerField(default=0, editable=False)  # services.votes only
    # Lower bound of the Wilson interval of "helpful" at 95 %, 0 to 1: services.votes only.
    helpfulness = models.FloatField(default=0, editable=False)

    objects = ReviewQuerySet.as_manager()

    class Meta:
        ordering = ["-published_at", "-pk"]
        permissions = [("moderate_review", "Can decide about reviews")]
        constraints = [
            models.UniqueConstraint(
                fields=["movie", "author"],
                name="review_once_per_member",
                violation_error_message="You have reviewed this movie already.",
            ),
            models.UniqueConstraint(
                fields=["movie", "guest_email"],
                condition=~Q(guest_email=""),
                name="review_once_per_guest",
                violation_error_message="This address has reviewed this movie already.",
            ),
            models.CheckConstraint(
                name="review_rating_1_to_10",
                condition=Q(rating__gte=1, rating__lte=10),
                violation_error_message="A rating is a whole number from 1 to 10.",
            ),
            models.CheckConstraint(
                name="review_by_member_or_guest",
                condition=Q(author__isnull=False, guest_name="", guest_email="")
                | (Q(author__isnull=True) & ~Q(guest_name="")),
                violation_error_message="A review has an author or a guest's name, not both.",
            ),
            models.CheckConstraint(
                name="review_held_has_a_reason",
                condition=(Q(state=ReviewState.HELD) & ~Q(held_for="")) | (~Q(state=ReviewState.HELD) & Q(held_for="")),
                violation_error_message="What is held, and nothing else, says why.",
            ),
        ]
        indexes = [
            # movie_detail and review_list: newest, most helpful; the other orders are rare and sort what these find.
            models.Index(fields=["movie", "state", "-published_at"], name="review_by_movie"),
            models.Index(fields=["movie", "state", "-helpfulness", "-published_at"], name="review_by_helpfulness"),
            models.Index(fields=["author", "-published_at"], name="review_by_author"),  # member_detail
            models.Index(fields=["state", "-published_at", "-id"], name="review_newest"),  # home, the queue
            models.Index(fields=["guest_email"], condition=~Q(guest_email=""), name="review_by_guest"),  # claiming
        ]

    def __str__(self) -> str:
        return self.headline or f"{self.rating}/10"

    def get_absolute_url(self) -> str:
        return path_of("review_detail", self.pk)

    @property
    def by(self) -> str:
        """Who wrote it, as readers see it."""
        return self.author.name if self.author else self.guest_name

    @property
    def is_by_guest(self) -> bool:
        return bool(self.guest_email)

    @property
    def has_words(self) -> bool:
        return bool(self.headline or self.text)

    @property
    def is_early(self) -> bool:
        """Whether it was given before the first release, or is while there has been none."""
        first = self.movie.release_date
        return first is not None and str(first) > self.published_at.date().isoformat()

    @property
    def is_open(self) -> bool:
        """Whether its author may change it. What a moderator hid or removed is looked at again, not rewritten."""
        return self.state not in (ReviewState.HIDDEN, ReviewState.REMOVED)
