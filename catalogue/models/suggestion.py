from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from catalogue.models.fields import not_blank
from catalogue.vocabulary import SuggestionState

HELPED = (SuggestionState.ACCEPTED, SuggestionState.PARTLY)


class SuggestionQuerySet(models.QuerySet["Suggestion"]):
    def open(self) -> "SuggestionQuerySet":
        """Those an editor has to look at."""
        return self.filter(state=SuggestionState.OPEN)

    def that_helped(self, member: Any) -> int:
        """How many of a member's were accepted, at least in part: 1 query."""
        return self.filter(made_by=member, state__in=HELPED).count()


class Suggestion(models.Model):
    """A correction of a movie or a person that a member proposes. Written by curation.suggesting only."""

    # No foreign key: it stands for two tables, and outlives a merge or a deletion.
    record_kind = models.CharField(max_length=12)  # "movie", "person"
    record_id = models.BigIntegerField()
    label = models.CharField(max_length=200)  # what the record was called
    changes = models.JSONField(default=dict)  # {"title": ["the value that was seen", "the value proposed"]}, as text
    credits = models.TextField(blank=True)  # what should be added, removed or changed, in words
    source = models.CharField(max_length=500)
    comment = models.TextField(blank=True)
    digest = models.CharField(max_length=64, editable=False)  # of all of the above: sent twice, it is one
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        related_name="suggestions",
        null=True,
        blank=True,
        db_index=False,
    )
    made_at = models.DateTimeField(default=timezone.now)
    state = models.CharField(max_length=10, choices=SuggestionState, default=SuggestionState.OPEN)
    taken = models.JSONField(default=list)  # names of the changes that were accepted; "credits" is one
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, related_name="+", null=True, blank=True
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=500, blank=True)  # reaches the member
    edit = models.ForeignKey("catalogue.Edit", on_delete=models.SET_NULL, related_name="+", null=True, blank=True)

    objects = SuggestionQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            not_blank("suggestion", "source"),
            models.UniqueConstraint(
                fields=["made_by", "digest"], name="suggestion_once", condition=Q(state=SuggestionState.OPEN)
            ),
            models.CheckConstraint(
                name="suggestion_refused_with_a_reason",
                condition=~Q(state__in=[SuggestionState.PARTLY, SuggestionState.REJECTED]) | ~Q(reason=""),
                violation_error_message="Say why not: the member reads it.",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "id"], name="suggestion_by_state"),  # the queue, the oldest first
            models.Index(fields=["made_by", "state"], name="suggestion_by_member"),  # one's own, and how many helped
        ]

    def __str__(self) -> str:
        return f"{self.label}: {', '.join(self.parts).replace('_', ' ')}"

    def get_absolute_url(self) -> str:
        return reverse("admin:catalogue_suggestion_change", args=[self.pk])

    @property
    def parts(self) -> list[str]:
        """The names of what can be accepted one by one."""
        return [*self.changes, *(["credits"] if self.credits else [])]
