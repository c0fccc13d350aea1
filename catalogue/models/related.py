from django.db import models
from django.db.models import F, Q

from catalogue.models.fields import not_blank
from catalogue.vocabulary import Placing


class RelatedMovie(models.Model):
    """One movie shown beside another, and why. Written by catalogue.related; editors pin and ban in the admin."""

    movie = models.ForeignKey("catalogue.Movie", on_delete=models.CASCADE, related_name="related", db_index=False)
    other = models.ForeignKey("catalogue.Movie", on_delete=models.CASCADE, related_name="+", db_index=False)
    placing = models.CharField(max_length=8, choices=Placing, default=Placing.PINNED)
    position = models.PositiveSmallIntegerField(default=0, help_text="Pinned movies come first, in this order.")
    score = models.FloatField(default=0, editable=False)  # see catalogue.related; larger is nearer
    reason = models.CharField(max_length=200, help_text="Printed beneath it: “Same director: Brad Fraser”.")

    class Meta:
        ordering = ["-placing", "position", "-score", "pk"]  # "pinned" sorts behind "computed", so it comes first
        constraints = [
            not_blank("relatedmovie", "reason"),
            models.CheckConstraint(
                name="relatedmovie_not_itself",
                condition=~Q(movie=F("other")),
                violation_error_message="A movie is not related to itself.",
            ),
            models.UniqueConstraint(
                fields=["movie", "other"],
                name="relatedmovie_once",
                violation_error_message="This movie is listed twice.",
            ),
        ]
        # Deleting or changing a movie drops it from the others' lists.
        indexes = [models.Index(fields=["other"], name="relatedmovie_by_other")]

    def __str__(self) -> str:
        return self.reason
