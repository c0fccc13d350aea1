from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone

from catalogue.vocabulary import EditKind


class Edit(models.Model):
    """Something done to the catalogue at one go: by whom, when, why, and what became of it.

    Written by curation.history only. ``record_kind`` and ``record_id`` name the record it was mainly about ("movie",
    "12"), ``label`` says what that was called then.
    """

    kind = models.CharField(max_length=12, choices=EditKind)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, related_name="+", null=True, blank=True, db_index=False
    )
    made_by_name = models.CharField(max_length=150, blank=True)  # outlives the account; empty: an import's, or due
    made_at = models.DateTimeField(default=timezone.now)
    note = models.CharField(max_length=500, blank=True)  # why
    record_kind = models.CharField(max_length=12)
    record_id = models.CharField(max_length=40)
    label = models.CharField(max_length=200)
    records = models.PositiveIntegerField(default=1)  # how many it touched
    run = models.ForeignKey(  # the import that made it
        "catalogue.ImportRun", on_delete=models.SET_NULL, related_name="edits", null=True, blank=True, db_index=False
    )
    undone_by = models.ForeignKey("self", on_delete=models.SET_NULL, related_name="undoes", null=True, blank=True)

    class Meta:
        verbose_name_plural = "recent changes"
        ordering = ["-pk"]
        permissions = [("revert_edits", "Can see all recent changes and revert an account's edits")]
        indexes = [
            models.Index(fields=["made_by", "-id"], name="edit_by_member"),  # recent changes, and the three below
            models.Index(fields=["kind", "-id"], name="edit_by_kind"),
            models.Index(fields=["record_kind", "-id"], name="edit_by_record_kind"),
            models.Index(fields=["made_at"], name="edit_by_time"),
            models.Index(fields=["run", "-id"], name="edit_by_run"),  # what an import changed
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.label}"

    def get_absolute_url(self) -> str:
        return reverse("admin:catalogue_edit_change", args=[self.pk])

    @property
    def by(self) -> str:
        """Who made it, as the desk prints it."""
        by_itself = "The schedule" if self.kind == EditKind.BULK and not self.run_id else "Nobody: an import"
        return self.made_by_name or by_itself


class Change(models.Model):
    """One row of one table that an edit wrote: its columns before and after.

    An update holds the columns that changed, an insertion has no ``before``, a deletion no ``after``. Values are as
    curation.tables.plain writes them.
    """

    edit = models.ForeignKey("catalogue.Edit", on_delete=models.CASCADE, related_name="changes")
    table = models.CharField(max_length=60)  # "catalogue.credit"
    row = models.CharField(max_length=40)  # its key
    about = models.CharField(max_length=53)  # the record whose history it belongs to: "movie:12"
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)

    class Meta:
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["about", "edit"], name="change_by_record"),  # the history of a record
            models.Index(fields=["table", "row"], name="change_by_row"),  # what closing an account has to forget
        ]

    def __str__(self) -> str:
        return f"{self.table} {self.row}"
