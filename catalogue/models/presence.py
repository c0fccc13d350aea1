from django.conf import settings
from django.db import models


class Presence(models.Model):
    """An editor who has a movie's form open. Written by curation.presence only."""

    movie = models.ForeignKey("catalogue.Movie", on_delete=models.CASCADE, related_name="+", db_index=False)
    editor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    seen_at = models.DateTimeField(db_index=True)  # housekeeping drops the old ones

    class Meta:
        constraints = [models.UniqueConstraint(fields=["movie", "editor"], name="presence_once")]

    def __str__(self) -> str:
        return f"An editor at work since {self.seen_at:%H:%M}"
