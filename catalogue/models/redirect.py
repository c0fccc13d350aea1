from django.db import models

KEY, NAME = "pk", "name"


class Redirect(models.Model):
    """What a record that was merged into another was known by, and which one it is now: its key, its ids elsewhere.

    Addresses of the old key answer 301; imports that meet an old id find the record it went into. Targets are never
    redirects themselves. Written by curation.merging only.
    """

    kind = models.CharField(max_length=12)  # "movie", "person", "studio"
    name = models.CharField(max_length=12)  # "pk", "imdb_id", "tmdb_id", "wikidata_id"; of a studio "name", folded
    value = models.CharField(max_length=200)
    target = models.BigIntegerField()  # no foreign key: it stands for three tables

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "name", "value"], name="redirect_once")]
        indexes = [models.Index(fields=["kind", "target"], name="redirect_by_target")]  # a merge, the next merge

    def __str__(self) -> str:
        return f"{self.kind} {self.name} {self.value}"
