from django.db import models
from django.db.models import Q

from catalogue.models.fields import not_blank


class Action(models.TextChoices):
    """What a moderator can do."""

    APPROVE = "approve", "Approve"
    HIDE = "hide", "Hide"
    RETURN = "return", "Ask to edit"
    REMOVE = "remove", "Delete"
    MARK_SPOILERS = "mark_spoilers", "Fold as spoiler"
    DISMISS = "dismiss", "Leave as it is"
    WARN = "warn", "Warn the author"
    SUSPEND = "suspend", "Suspend the author"
    LIFT = "lift", "Lift the suspension"


class Decision(models.Model):
    """One thing a moderator did, to a review or to a member, and why. Kept; undoing adds a time, it erases nothing."""

    action = models.CharField(max_length=16, choices=Action)
    reason = models.CharField(max_length=500, help_text="The author reads it.")
    moderator = models.ForeignKey("reviews.Member", on_delete=models.SET_NULL, related_name="+", null=True)
    moderator_name = models.CharField(max_length=150)  # outlives the account
    review = models.ForeignKey("reviews.Review", on_delete=models.SET_NULL, related_name="decisions", null=True)
    member = models.ForeignKey("reviews.Member", on_delete=models.SET_NULL, related_name="decisions", null=True)
    about = models.CharField(max_length=200)  # what it was about, for when that is gone
    changes = models.JSONField(default=dict)  # column of the review or member -> [before, after]; undoing puts it back
    batch = models.CharField(max_length=32, default="")  # the same for all that one click decided
    made_at = models.DateTimeField(auto_now_add=True)
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.CharField(max_length=150, blank=True)

    class Meta:
        ordering = ["-made_at", "-pk"]
        constraints = [not_blank("decision", "reason")]
        indexes = [
            models.Index(fields=["-made_at"], name="decision_by_time"),  # the log
            models.Index(fields=["batch"], name="decision_by_batch", condition=~Q(batch="")),  # undoing all of a click
        ]

    def __str__(self) -> str:
        return f"{self.get_action_display()}: {self.about}"
