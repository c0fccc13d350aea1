from django.db import models
from django.db.models import F, Value
from django.db.models.functions import Coalesce

from catalogue.models.fields import PartialDateField, partial_date
from catalogue.vocabulary import ReleaseType


class Release(models.Model):
    """One release of a movie in one country."""

    movie = models.ForeignKey("catalogue.Movie", on_delete=models.CASCADE, related_name="releases", db_index=False)
    country = models.ForeignKey("catalogue.Country", on_delete=models.PROTECT, db_index=False)
    date = PartialDateField(null=True, blank=True)
    type = models.CharField(max_length=20, choices=ReleaseType, default=ReleaseType.THEATRICAL)
    certification = models.CharField(
        max_length=20, blank=True, help_text="Age rating of this country's board: “PG-13”."
    )
    note = models.CharField(max_length=120, blank=True, help_text="A festival, a cut: “Cannes”.")

    class Meta:
        ordering = [F("date").asc(nulls_last=True), "pk"]
        constraints = [
            partial_date("release", "date"),
            models.UniqueConstraint(
                F("movie"),
                F("country"),
                F("type"),
                Coalesce(F("date"), Value("")),
                F("note"),
                name="release_once",
                violation_error_message="This release is listed twice.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.country_id} {self.date or 'no date'}"
