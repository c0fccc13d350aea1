from django.db import models


class Vote(models.Model):
    """A member's word on whether a review helps. Not on one's own: services.votes sees to that."""

    review = models.ForeignKey("reviews.Review", on_delete=models.CASCADE, related_name="votes", db_index=False)
    member = models.ForeignKey("reviews.Member", on_delete=models.CASCADE, related_name="votes", db_index=False)
    is_helpful = models.BooleanField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["review", "member"],
                name="vote_once_per_member",
                violation_error_message="You have voted on this review already.",
            )
        ]
        indexes = [models.Index(fields=["member"], name="vote_by_member")]  # deleting and merging accounts

    def __str__(self) -> str:
        return "Helpful" if self.is_helpful else "Not helpful"
