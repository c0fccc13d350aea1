from typing import Any

from django.db import models
from django.db.models import F, Q

from catalogue import completeness as complete
from catalogue.compiled import path_of
from catalogue.models.epoch import OnManyPages
from catalogue.models.fields import external_id, not_blank
from catalogue.text import slugify, sort_title


class Studio(OnManyPages):
    """A company that produced movies; TMDB's production company."""

    name = models.CharField(max_length=200)
    disambiguation = models.CharField(
        max_length=120, blank=True, help_text="Tells apart companies of one name: “Paris, 1930s”."
    )
    sort_name = models.CharField(max_length=200, editable=False)  # save() and the importers, by text.sort_title
    slug = models.SlugField(max_length=80, editable=False)  # save() and the importers, by text.slugify
    country = models.ForeignKey("catalogue.Country", on_delete=models.PROTECT, null=True, blank=True, db_index=False)
    description = models.TextField(blank=True)
    homepage = models.URLField(blank=True)
    tmdb_id = models.PositiveIntegerField("TMDB id", null=True, blank=True, unique=True)
    wikidata_id = models.CharField("Wikidata id", max_length=16, null=True, blank=True, unique=True)

    # As Movie's.
    gaps = models.GeneratedField(
        expression=complete.gaps(complete.STUDIO), output_field=models.IntegerField(), db_persist=True
    )
    completeness = models.GeneratedField(
        expression=complete.score(complete.STUDIO), output_field=models.SmallIntegerField(), db_persist=True
    )

    class Meta:
        ordering = ["sort_name", "pk"]
        constraints = [
            not_blank("studio", "name"),
            external_id("studio", "wikidata_id", r"^Q[1-9][0-9]*$", "Q42"),
            models.UniqueConstraint(
                F("name"),
                F("disambiguation"),
                name="studio_told_apart",
                condition=Q(tmdb_id=None, wikidata_id=None),
                violation_error_message="Another studio has this name: say in the disambiguation which one this is.",
            ),
        ]
        # Importers find a studio by its name; the admin searches it.
        indexes = [models.Index(fields=["name"], name="studio_by_name")]

    def __str__(self) -> str:
        return f"{self.name} ({self.disambiguation})" if self.disambiguation else self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.derive()
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return path_of("studio_detail", self.pk, self.slug)

    def derive(self) -> None:
        """Set what follows from the name; bulk writers call it too."""
        self.sort_name = sort_title(self.name)[:200]
        self.slug = slugify(self.name, "studio")


class MovieStudio(models.Model):
    """One studio of one movie, in the order of the credits."""

    movie = models.ForeignKey("catalogue.Movie", on_delete=models.CASCADE, db_index=False)
    studio = models.ForeignKey("catalogue.Studio", on_delete=models.PROTECT, db_index=False)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = "studio"
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["movie", "studio"],
                name="moviestudio_once",
                violation_error_message="This studio is listed twice.",
            )
        ]
        # "Movies of a studio": studio_detail and related movies.
        indexes = [models.Index(fields=["studio", "movie"], name="moviestudio_by_studio")]

    def __str__(self) -> str:
        return f"{self.studio_id}"
