from django.db import models
from django.db.models import F, Q


class FeatureQuerySet(models.QuerySet["Feature"]):
    def current(self, today: object) -> "FeatureQuerySet":
        """Those meant for ``today``, the latest begun first.

        Whether their movies are published is for the caller to see: a join makes SQLite read all movies to find none.
        """
        return self.filter(Q(ends_on=None) | Q(ends_on__gte=today), starts_on__lte=today)


class Feature(models.Model):
    """A movie on top of the home page for some days."""

    movie = models.ForeignKey("catalogue.Movie", on_delete=models.CASCADE, related_name="+")
    kicker = models.CharField(max_length=60, default="Movie of the week", help_text="The line above its title.")
    text = models.TextField(blank=True, help_text="Empty: the beginning of its synopsis.")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    objects = FeatureQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="feature_ends_after_start",
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                violation_error_message="A feature ends on or after the day it starts.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kicker}, {self.starts_on}"
