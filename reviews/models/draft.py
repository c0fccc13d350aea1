from django.db import models
from django.db.models import Q

from reviews.models.review import MOST_HEADLINE, MOST_TEXT


class Draft(models.Model):
    """A review, or a change of one, that its author has not sent yet. One per member and movie, seen by nobody else."""

    movie = models.ForeignKey("catalogue.Movie", on_delete=models.CASCADE, related_name="+", db_index=False)
    author = models.ForeignKey("reviews.Member", on_delete=models.CASCADE, related_name="drafts", db_index=False)
    rating = models.PositiveSmallIntegerField(null=True, blank=True)  # not chosen yet
    headline = models.CharField(max_length=MOST_HEADLINE, blank=True)
    text = models.TextField(max_length=MOST_TEXT, blank=True)
    language = models.ForeignKey("catalogue.Language", on_delete=models.PROTECT, default="en", db_index=False)
    has_spoilers = models.BooleanField(default=False)
    saved_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["author", "movie"], name="draft_once_per_member"),
            models.CheckConstraint(
                name="draft_rating_1_to_10", condition=Q(rating__isnull=True) | Q(rating__gte=1, rating__lte=10)
            ),
        ]
        indexes = [models.Index(fields=["movie"], name="draft_by_movie")]  # deleting a movie

    def __str__(self) -> str:
        return f"Draft of {self.saved_at:%Y-%m-%d}"
