from django.db import models
from django.db.models import Q
from django.utils import timezone


class DeadLink(models.Model):
    """A link of a record that led nowhere when it was last asked for. Written by curation.links only.

    One that fails is dead once it is gone for good or has failed several times; until then it is no editor's matter.
    """

    table = models.CharField(max_length=30)  # "catalogue.video"
    row = models.BigIntegerField()
    record_kind = models.CharField(max_length=12)  # whose link it is: "movie", "person", "studio"
    record_id = models.BigIntegerField()
    url = models.URLField("address", max_length=500)
    reason = models.CharField(max_length=80)
    failures = models.PositiveSmallIntegerField(default=1)  # in a row
    is_dead = models.BooleanField(default=False)
    failing_since = models.DateTimeField(default=timezone.now)
    checked_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["failing_since", "pk"]
        constraints = [models.UniqueConstraint(fields=["table", "row"], name="deadlink_once")]
        indexes = [
            # The queue, and what a saved form mends.
            models.Index(fields=["failing_since", "id"], name="deadlink_by_age", condition=Q(is_dead=True)),
            models.Index(fields=["record_kind", "record_id"], name="deadlink_by_record"),
        ]

    def __str__(self) -> str:
        return self.url


class LinkPass(models.Model):
    """How far the check of all links has come: the one row with the key 1."""

    table = models.CharField(max_length=30, blank=True)  # "" before the first
    position = models.BigIntegerField(default=0)  # the last key of it that was asked for

    def __str__(self) -> str:
        return f"{self.table} {self.position}"
