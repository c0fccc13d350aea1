from django.conf import settings
from django.db import models
from django.db.models import F, Q

from catalogue.vocabulary import Suspicion


class Suspect(models.Model):
    """Two records that may be one. Found by curation.duplicates; what an editor told apart is never asked again."""

    kind = models.CharField(max_length=12)  # "movie", "person"
    # No foreign keys: they stand for two tables. The lower key comes first.
    first = models.BigIntegerField()
    second = models.BigIntegerField()
    score = models.PositiveSmallIntegerField()  # 0 to 100
    reasons = models.CharField(max_length=200)  # in words, in the order of their weight
    state = models.CharField(max_length=10, choices=Suspicion, default=Suspicion.OPEN)
    found_at = models.DateTimeField(auto_now_add=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, related_name="+", null=True, blank=True
    )

    class Meta:
        verbose_name = "possible duplicate"
        ordering = ["-score", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "first", "second"], name="suspect_once"),
            models.CheckConstraint(name="suspect_lower_key_first", condition=Q(first__lt=F("second"))),
        ]
        indexes = [models.Index(fields=["state", "-score", "id"], name="suspect_by_score")]  # the queue

    def __str__(self) -> str:
        return f"{self.kind} {self.first} and {self.second}"
