from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.text import capfirst

from catalogue.exclusive import IMPORT, is_at_work
from catalogue.vocabulary import Answer, RunState

AT_WORK = (RunState.PLANNING, RunState.WAITING, RunState.RUNNING)
SILENT = timedelta(seconds=30)  # an import moves every second; after so long it is asked whether it lives


class ImportRun(models.Model):
    """One reading of one source's files, from the plan to the end. ``done`` items are in the catalogue for good."""

    source = models.CharField(max_length=40)
    label = models.CharField(max_length=120)
    key = models.CharField(max_length=64, editable=False)  # digest of source, files and options: who resumes whom
    files = models.JSONField(default=list)  # [{"name": ..., "size": ..., "sha256": ...}]
    options = models.JSONField(default=dict)
    # Of uploads: what was chosen in the form, the folder that holds the files until the end, and the plan to look at.
    choices = models.JSONField(default=dict)
    folder = models.CharField(max_length=40, blank=True, editable=False)
    plan = models.JSONField(default=dict, editable=False)
    state = models.CharField(max_length=10, choices=RunState, default=RunState.RUNNING)
    done = models.PositiveBigIntegerField(default=0)  # items of the parser that are written; the checkpoint
    counts = models.JSONField(default=dict)  # {"movies": {"read": ..., "created": ...}, ...}
    message = models.TextField(blank=True)
    stop_asked = models.BooleanField(default=False)
    started_at = models.DateTimeField(auto_now_add=True)
    moved_at = models.DateTimeField(auto_now=True)
    # When it began or went on, and how many items were done then: what its rate is reckoned from.
    going_since = models.DateTimeField(null=True, editable=False)
    going_from = models.PositiveBigIntegerField(default=0, editable=False)
    ended_at = models.DateTimeField(null=True, blank=True)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, related_name="+", null=True, blank=True
    )

    class Meta:
        ordering = ["-started_at", "-pk"]
        indexes = [models.Index(fields=["key", "-started_at"], name="importrun_by_key")]  # which run to resume
        permissions = [("import_movies", "Can import files")]

    def __str__(self) -> str:
        return f"{self.label}, {self.started_at:%-d %B %Y, %H:%M}"

    @property
    def is_broken_off(self) -> bool:
        """Whether the process that worked on it has gone without a word (killed, or the machine restarted)."""
        if self.state not in AT_WORK or timezone.now() - self.moved_at < SILENT:
            return False
        return self.state != RunState.RUNNING or not is_at_work(IMPORT)


class ImportProblem(models.Model):
    """A row that was rejected, or a value that was mended; the first of each run are kept."""

    run = models.ForeignKey("catalogue.ImportRun", on_delete=models.CASCADE, related_name="problems")
    origin = models.CharField(max_length=200)
    text = models.CharField(max_length=500)
    is_rejected = models.BooleanField("rejected", default=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.origin}: {self.text}"


class Disagreement(models.Model):
    """A source's value that differs from one an editor answers for. One a record, field and source."""

    movie = models.ForeignKey("catalogue.Movie", on_delete=models.CASCADE, related_name="disagreements", null=True)
    person = models.ForeignKey("catalogue.Person", on_delete=models.CASCADE, related_name="disagreements", null=True)
    field = models.CharField(max_length=40)
    source = models.CharField(max_length=40)
    ours = models.JSONField(null=True)
    theirs = models.JSONField(null=True)
    state = models.CharField(max_length=8, choices=Answer, default=Answer.OPEN)
    reason = models.CharField(max_length=200, blank=True, help_text="Why it was decided so.")
    found_on = models.DateField(auto_now_add=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, related_name="+", null=True, blank=True
    )
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="disagreement_about_one_record",
                condition=Q(movie__isnull=False, person=None) | Q(movie=None, person__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["movie", "field", "source"], name="disagreement_of_movie_once", condition=Q(person=None)
            ),
            models.UniqueConstraint(
                fields=["person", "field", "source"], name="disagreement_of_person_once", condition=Q(movie=None)
            ),
        ]
        indexes = [models.Index(fields=["state", "-id"], name="disagreement_by_state")]  # the editors' list

    def __str__(self) -> str:
        record = self.movie or self.person
        names = {field.name: field.verbose_name for field in record._meta.fields} if record else {}
        return f"{capfirst(names.get(self.field, self.field.replace('_', ' ')))} of {record}"


class MatchQuestion(models.Model):
    """A movie of a source that may be one of ours, for an editor to say. The record waits here as it was read."""

    source = models.CharField(max_length=40)
    key = models.CharField(max_length=120)  # what the source calls it: an id, else title and year
    title = models.CharField(max_length=500)
    record = models.JSONField()
    reason = models.CharField(max_length=200)
    candidates = models.ManyToManyField("catalogue.Movie", related_name="+", blank=True)
    state = models.CharField(max_length=8, choices=Answer, default=Answer.OPEN)
    answer = models.ForeignKey("catalogue.Movie", on_delete=models.SET_NULL, related_name="+", null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, related_name="+", null=True, blank=True
    )
    found_on = models.DateField(auto_now_add=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [models.UniqueConstraint(fields=["source", "key"], name="matchquestion_once")]
        indexes = [models.Index(fields=["state", "-id"], name="matchquestion_by_state")]  # the editors' list

    def __str__(self) -> str:
        return self.title
