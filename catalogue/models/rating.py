from django.db import models
from django.db.models import F, Q

from catalogue.models.fields import PartialDateField, not_blank, partial_date


class ExternalRating(models.Model):
    """A movie's score at another place. Never mixed with our own, never part of aggregateRating."""

    movie = models.ForeignKey(
        "catalogue.Movie", on_delete=models.CASCADE, related_name="external_ratings", db_index=False
    )
    source = models.CharField(max_length=60, help_text="Who counted; “Source not named” where that is so.")
    value = models.DecimalField(max_digits=6, decimal_places=2)
    scale = models.DecimalField(max_digits=6, decimal_places=2, default=10, help_text="The best score there is.")
    votes = models.PositiveIntegerField(null=True, blank=True, help_text="Empty: not known.")
    as_of = PartialDateField("as of", null=True, blank=True)
    url = models.URLField("address", max_length=500, blank=True)
    # How many gave each step of the scale, worst first; null: not known.
    histogram = models.JSONField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["source"]
        constraints = [
            not_blank("externalrating", "source"),
            partial_date("externalrating", "as_of"),
            models.CheckConstraint(
                name="externalrating_within_its_scale",
                condition=Q(value__gte=0, value__lte=F("scale"), scale__gt=0),
                violation_error_message="A rating lies between 0 and its scale.",
            ),
            models.UniqueConstraint(
                fields=["movie", "source"],
                name="externalrating_once",
                violation_error_message="This source has a rating here already.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.value.normalize():f}/{self.scale.normalize():f} {self.source}"
