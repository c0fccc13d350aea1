from django.db import models

from reviews.models.review import MOST_HEADLINE, MOST_TEXT


class Revision(models.Model):
    """What a published review said before an edit. Written by services.writing; its author and moderators see it."""

    review = models.ForeignKey("reviews.Review", on_delete=models.CASCADE, related_name="revisions", db_index=False)
    rating = models.PositiveSmallIntegerField()
    headline = models.CharField(max_length=MOST_HEADLINE, blank=True)
    text = models.TextField(max_length=MOST_TEXT, blank=True)
    has_spoilers = models.BooleanField()
    written_at = models.DateTimeField()
    replaced_at = models.DateTimeField()

    class Meta:
        ordering = ["-replaced_at", "-pk"]
        indexes = [models.Index(fields=["review", "-replaced_at"], name="revision_by_review")]  # review_history

    def __str__(self) -> str:
        return self.headline or f"{self.rating}/10"
