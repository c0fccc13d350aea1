"""Who writes, and what they write."""

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q
from django.urls import reverse

from catalogue.text import initials

MOST_TEXT = 10_000
MOST_HEADLINE = 120


class Member(AbstractUser):
    """Somebody with an account: a reviewer, or an editor if a group or the staff flag says so."""

    display_name = models.CharField(
        max_length=60, blank=True, help_text="Shown with your reviews; empty: the user name."
    )

    class Meta(AbstractUser.Meta):
        pass

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """What readers see."""
        return self.display_name or self.username

    @property
    def initials(self) -> str:
        return initials(self.name)


class ReviewState(models.TextChoices):
    """Who sees a review. Only published ones count in the movie's rating."""

    PUBLISHED = "published", "Published"
    HELD = "held", "Held for a moderator"
    HIDDEN = "hidden", "Hidden by a moderator"


class ReviewQuerySet(models.QuerySet["Review"]):
    def published(self) -> "ReviewQuerySet":
        """Those that everybody sees, of movies that everybody sees."""
        return self.filter(state=ReviewState.PUBLISHED, movie__is_published=True)

    def with_words(self) -> "ReviewQuerySet":
        """Without the bare ratings."""
        return self.exclude(headline="", text="")

    def for_lists(self) -> "ReviewQuerySet":
        """Load what templates/components/review.html review() reads, newest first: 1 query."""
        return self.select_related("author").order_by("-published_at", "-pk")

    def with_movies(self) -> "ReviewQuerySet":
        """Load the movies too, without their synopses: for lists of reviews of several movies."""
        return self.select_related("movie").defer("movie__synopsis")


class Review(models.Model):
    """A member's rating of a movie, with or without words. One per member and movie."""

    movie = models.ForeignKey("catalogue.Movie", on_delete=models.PROTECT, related_name="reviews", db_index=False)
    author = models.ForeignKey("reviews.Member", on_delete=models.PROTECT, related_name="reviews", db_index=False)
    rating = models.PositiveSmallIntegerField(help_text="1 to 10, whole.")
    headline = models.CharField(max_length=MOST_HEADLINE, blank=True)
    text = models.TextField("review", max_length=MOST_TEXT, blank=True)
    language = models.ForeignKey("catalogue.Language", on_delete=models.PROTECT, default="en", db_index=False)
    has_spoilers = models.BooleanField("gives away the plot", default=False)
    state = models.CharField(max_length=10, choices=ReviewState, default=ReviewState.PUBLISHED)
    published_at = models.DateTimeField()
    edited_at = models.DateTimeField(null=True, blank=True)

    objects = ReviewQuerySet.as_manager()

    class Meta:
        ordering = ["-published_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["movie", "author"],
                name="review_once_per_member",
                violation_error_message="You have reviewed this movie already.",
            ),
            models.CheckConstraint(
                name="review_rating_1_to_10",
                condition=Q(rating__gte=1, rating__lte=10),
                violation_error_message="A rating is a whole number from 1 to 10.",
            ),
        ]
        indexes = [
            models.Index(
                fields=["movie", "state", "-published_at"], name="review_by_movie"
            ),  # movie_detail, review_list
            models.Index(fields=["author", "-published_at"], name="review_by_author"),  # the admin's page of a member
            models.Index(fields=["state", "-published_at"], name="review_by_time"),  # home
        ]

    def __str__(self) -> str:
        return self.headline or f"{self.rating}/10"

    def get_absolute_url(self) -> str:
        return f"{reverse('reviews:review_list', args=[self.movie_id, self.movie.slug])}#review-{self.pk}"
