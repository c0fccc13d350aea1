from django.db import models


class Note(models.Model):
    """What the next release has more."""

    text = models.TextField()
    mark = models.IntegerField(null=True)

    class Meta:
        indexes = [models.Index(fields=["mark"], name="note_by_mark")]

    def __str__(self) -> str:
        return self.text
