from typing import Any

from django.db import models

from catalogue.models.fields import not_blank

EDITOR = "editor"
UNKNOWN = ""
UNLOCKED = "unlocked"  # an editor's value that any source may replace


class Source(models.Model):
    """Somebody whose word the catalogue takes: an editor, another database, an archive's spreadsheet."""

    code = models.CharField(
        max_length=40, primary_key=True, help_text="As the commands name it: “spreadsheet:archive”."
    )
    name = models.CharField(max_length=80)
    rank = models.PositiveSmallIntegerField(
        default=50,
        help_text="A source may replace the values of sources of a higher number, never of a lower or its own.",
    )
    licence = models.CharField(max_length=200, blank=True, help_text="The terms under which its values may be used.")
    url = models.URLField("address", blank=True)

    class Meta:
        ordering = ["rank", "code"]
        constraints = [not_blank("source", "code"), not_blank("source", "name")]

    def __str__(self) -> str:
        return self.name


class Sourced(models.Model):
    """A record whose every value has a source and may be locked, without a row for each value.

    ``source`` and ``sourced_on`` hold for all fields that ``provenance`` does not name; a record from before sources
    were kept has "". Sections (credits, genres ...) count as fields. Written by curation.locks and the importers only.
    """

    source = models.CharField(max_length=40, blank=True, editable=False)
    sourced_on = models.DateField(null=True, editable=False)
    provenance = models.JSONField(default=dict, editable=False)  # {"synopsis": ["tmdb", "2026-11-24"]}
    locked_fields = models.JSONField(default=list, editable=False)  # names, sorted

    class Meta:
        abstract = True

    def source_of(self, name: str) -> tuple[str, str]:
        """Whose word a field is, and since when (ISO date or "")."""
        code, since = self.provenance.get(name, (self.source, self.sourced_on or ""))
        return code, str(since)

    def is_locked(self, name: str) -> bool:
        """Whether importers leave the field alone."""
        return name in self.locked_fields


class ExternalId(models.Model):
    """A movie's key at a source that has no column of its own: MovieLens, an archive's inventory."""

    movie = models.ForeignKey("catalogue.Movie", on_delete=models.CASCADE, related_name="external_ids", db_index=False)
    source = models.CharField(max_length=40)
    value = models.CharField(max_length=80)

    class Meta:
        constraints = [
            not_blank("externalid", "value"),
            models.UniqueConstraint(
                fields=["source", "value"],
                name="externalid_once",
                violation_error_message="Another movie has this id.",
            ),
        ]
        indexes = [models.Index(fields=["movie", "source"], name="externalid_by_movie")]  # the admin, the export

    def __str__(self) -> str:
        return f"{self.source}: {self.value}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.value = self.value.strip()
        super().save(*args, **kwargs)
