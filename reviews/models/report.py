from django.db import models
from django.db.models import Q


class ReportReason(models.TextChoices):
    """What is wrong with a review. "I disagree" is none."""

    SPOILER = "spoiler", "It gives away the plot without a warning"
    OFF_TOPIC = "off_topic", "It is not about this movie"
    ABUSE = "abuse", "It attacks or harasses people"
    SPAM = "spam", "It is an advertisement"
    COPIED = "copied", "It is copied from somewhere else"
    ILLEGAL = "illegal", "It is against the law"
    OTHER = "other", "Something else"


class Outcome(models.TextChoices):
    """What became of a report."""

    OPEN = "open", "Waits for a moderator"
    UPHELD = "upheld", "Upheld: something was done"
    DECLINED = "declined", "Looked at: the review stays as it is"


class Report(models.Model):
    """A member's complaint about a review. The reporter hears what became of it."""

    review = models.ForeignKey("reviews.Review", on_delete=models.CASCADE, related_name="reports", db_index=False)
    reporter = models.ForeignKey(
        "reviews.Member", on_delete=models.SET_NULL, related_name="reports", null=True, db_index=False
    )
    reason = models.CharField(max_length=10, choices=ReportReason)
    note = models.TextField("in your own words", max_length=1000, blank=True)
    outcome = models.CharField(max_length=8, choices=Outcome, default=Outcome.OPEN, editable=False)
    made_at = models.DateTimeField(auto_now_add=True)
    settled_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["review", "reporter"],
                condition=Q(outcome="open"),
                name="report_open_once_per_member",
                violation_error_message="You have reported this review already; a moderator will look at it.",
            ),
            models.CheckConstraint(
                name="report_settled_has_a_time",
                condition=Q(outcome="open", settled_at__isnull=True)
                | (~Q(outcome="open") & Q(settled_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="report_other_says_what",
                condition=~Q(reason="other") | ~Q(note=""),
                violation_error_message="Say in your own words what is wrong.",
            ),
        ]
        indexes = [
            models.Index(fields=["outcome", "made_at"], name="report_by_outcome"),  # the queue
            models.Index(fields=["reporter", "-made_at"], name="report_by_reporter"),  # my reports
        ]

    def __str__(self) -> str:
        return self.get_reason_display()
