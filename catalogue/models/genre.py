from django.db import models

from catalogue.compiled import path_of
from catalogue.models.epoch import OnManyPages
from catalogue.models.fields import not_blank
from catalogue.text import slugify
from catalogue.vocabulary import Tint


class Genre(OnManyPages):
    """A broad kind of movie. There are few, so pages may list them all."""

    name = models.CharField(max_length=60, unique=True)
    slug = models.SlugField(
        max_length=80, unique=True, blank=True, help_text="Part of the address; made from the name."
    )
    tint = models.CharField(max_length=12, choices=Tint, default=Tint.ARGENT)
    description = models.TextField(blank=True)

    class Meta:
        ordering = ["name"]
        constraints = [not_blank("genre", "name")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return path_of("genre_detail", self.slug)

    def clean(self) -> None:
        self.slug = self.slug or slugify(self.name, "genre")


class MovieGenre(models.Model):
    """One genre of one movie; the first by position is the one its breadcrumb goes through."""

    movie = models.ForeignKey("catalogue.Movie", on_delete=models.CASCADE, db_index=False)
    genre = models.ForeignKey("catalogue.Genre", on_delete=models.PROTECT, db_index=False)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = "genre"
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["movie", "genre"], name="moviegenre_once", violation_error_message="This genre is listed twice."
            )
        ]
        # The unique index above serves "genres of a movie"; this one "movies of a genre" (genre_detail, movie_list).
        indexes = [models.Index(fields=["genre", "movie"], name="moviegenre_by_genre")]

    def __str__(self) -> str:
        return f"{self.genre_id}"
