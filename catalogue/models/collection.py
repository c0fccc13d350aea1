from typing import Any

from django.db import models

from catalogue.compiled import path_of
from catalogue.models.epoch import OnManyPages
from catalogue.models.fields import not_blank
from catalogue.text import slugify
from catalogue.vocabulary import Tint


class Collection(OnManyPages):
    """Movies that belong together, in an order: a franchise, a retrospective, an editor's choice."""

    name = models.CharField(max_length=200, unique=True)
    slug = models.SlugField(max_length=80, editable=False)  # save(), by text.slugify
    description = models.TextField(blank=True)
    tint = models.CharField(max_length=12, choices=Tint, default=Tint.ARGENT)
    is_published = models.BooleanField("published", default=False)

    home_position = models.PositiveSmallIntegerField(
        "place on the home page",
        null=True,
        blank=True,
        help_text="1 comes first, with the description; empty: not there.",
    )

    class Meta:
        ordering = ["name"]
        constraints = [not_blank("collection", "name")]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.slug = slugify(self.name, "collection")
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return path_of("collection_detail", self.pk, self.slug)


class CollectionItem(models.Model):
    """One movie's place in a collection."""

    collection = models.ForeignKey(
        "catalogue.Collection", on_delete=models.CASCADE, related_name="items", db_index=False
    )
    movie = models.ForeignKey(
        "catalogue.Movie", on_delete=models.CASCADE, related_name="collection_items", db_index=False
    )
    position = models.PositiveSmallIntegerField(default=0)
    note = models.CharField(max_length=200, blank=True, help_text="Why it is here; printed beneath it.")

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["collection", "movie"],
                name="collectionitem_once",
                violation_error_message="This movie is in the collection already.",
            )
        ]
        indexes = [models.Index(fields=["movie", "collection"], name="collectionitem_by_movie")]  # movie_detail

    def __str__(self) -> str:
        return f"Place {self.position} in a collection"
