from django.db import models


class SearchKind(models.IntegerChoices):
    """What a search document stands for."""

    MOVIE = 1, "Movie"
    PERSON = 2, "Person"
    STUDIO = 3, "Studio"
    COLLECTION = 4, "Collection"


class SearchDocument(models.Model):
    """The names one record is found by. Written by catalogue.search.index only; rebuild_search makes it anew."""

    kind = models.PositiveSmallIntegerField(choices=SearchKind)
    object_id = models.BigIntegerField()
    names = models.TextField()  # folded, each between bars: "|seven samurai|shichinin no samurai|"
    level = models.PositiveSmallIntegerField(default=0)  # how much it is looked at: see search.index

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "object_id"], name="searchdocument_once")]

    def __str__(self) -> str:
        return self.names
