from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone

from catalogue.vocabulary import RunState

BUSY = (RunState.WAITING, RunState.RUNNING)
SILENT = timedelta(seconds=30)  # a batch takes a second or two


class BulkChange(models.Model):
    """One thing done to many movies: planned in a form, carried out in batches, one edit in the history.

    Written by curation.bulk only.
    """

    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, related_name="+", null=True, blank=True
    )
    made_at = models.DateTimeField(auto_now_add=True)
    movies = models.JSONField(default=list)  # their keys, sorted
    what = models.CharField(max_length=20, blank=True)  # a name of curation.bulk.ACTIONS
    value: Any = models.JSONField(null=True)
    note = models.CharField(max_length=500, blank=True)
    state = models.CharField(max_length=10, choices=RunState, default=RunState.PLANNING)
    done = models.PositiveIntegerField(default=0)  # movies looked at
    changed = models.PositiveIntegerField(default=0)
    message = models.TextField(blank=True)
    moved_at = models.DateTimeField(auto_now=True)
    edit = models.ForeignKey("catalogue.Edit", on_delete=models.SET_NULL, related_name="+", null=True, blank=True)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{len(self.movies)} movies, {self.made_at:%-d %B %Y, %H:%M}"

    def get_absolute_url(self) -> str:
        return reverse("admin:catalogue_movie_bulk", args=[self.pk])

    @property
    def is_broken_off(self) -> bool:
        """Whether it failed, or nobody has gone on with it for a while."""
        return self.state == RunState.FAILED or (self.state in BUSY and timezone.now() - self.moved_at > SILENT)


class RunUndo(models.Model):
    """The taking back of what an import changed, edit by edit. Written by curation.undoing only."""

    run = models.OneToOneField("catalogue.ImportRun", on_delete=models.CASCADE, related_name="undo")
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, related_name="+", null=True, blank=True
    )
    note = models.CharField(max_length=500, blank=True)
    state = models.CharField(max_length=10, choices=RunState, default=RunState.WAITING)
    stop_asked = models.BooleanField(default=False)
    edits = models.PositiveIntegerField(default=0)  # that were in force when it began
    done = models.PositiveIntegerField(default=0)  # edits looked at: whole, partly and kept together
    whole = models.PositiveIntegerField(default=0)
    partly = models.PositiveIntegerField(default=0)  # something of them was changed again since
    kept = models.PositiveIntegerField(default=0)  # all of it was, or it stands as before already
    below = models.PositiveBigIntegerField(null=True)  # the edit that was looked at last
    reasons = models.JSONField(default=list)  # why the first of them were kept
    moved_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.run}: {self.done} of {self.edits} edits"

    @property
    def is_at_work(self) -> bool:
        """Whether somebody goes on with it, or soon will."""
        return self.state in BUSY and not self.is_broken_off

    @property
    def is_broken_off(self) -> bool:
        """Whether it failed, or nobody has gone on with it for a while."""
        return self.state == RunState.FAILED or (self.state in BUSY and timezone.now() - self.moved_at > SILENT)
