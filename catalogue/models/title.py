from django.db import models
from django.db.models import F, Value
from django.db.models.functions import Coalesce

from catalogue.models.fields import not_blank
from catalogue.vocabulary import TitleKind


class AlternativeTitle(models.Model):
    """Another title of a movie: in another country or language, at a festival, romanized."""

    movie = models.ForeignKey(
        "catalogue.Movie", on_delete=models.CASCADE, related_name="alternative_titles", db_index=False
    )
    title = models.CharField(max_length=500)
    kind = models.CharField(max_length=12, choices=TitleKind, default=TitleKind.ALTERNATIVE)
    country = models.ForeignKey("catalogue.Country", on_delete=models.PROTECT, null=True, blank=True, db_index=False)
    language = models.ForeignKey("catalogue.Language", on_delete=models.PROTECT, null=True, blank=True, db_index=False)

    class Meta:
        ordering = ["pk"]
        constraints = [
            not_blank("alternativetitle", "title"),
            # Coalesce, since null is never equal to null.
            models.UniqueConstraint(
                F("movie"),
                F("title"),
                Coalesce(F("country"), Value("")),
                Coalesce(F("language"), Value("")),
                name="alternativetitle_once",
                violation_error_message="This title is listed twice.",
            ),
        ]

    def __str__(self) -> str:
        return self.title
