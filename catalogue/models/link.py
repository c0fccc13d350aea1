from django.db import models

from catalogue.models.fields import not_blank, web_address
from catalogue.vocabulary import VideoKind, WatchKind


class Video(models.Model):
    """A trailer or clip somewhere on the web. A link, never an embedded player."""

    movie = models.ForeignKey("catalogue.Movie", on_delete=models.CASCADE, related_name="videos", db_index=False)
    title = models.CharField(max_length=200)
    url = models.URLField("address", max_length=500)
    kind = models.CharField(max_length=12, choices=VideoKind, default=VideoKind.TRAILER)
    language = models.ForeignKey("catalogue.Language", on_delete=models.PROTECT, null=True, blank=True, db_index=False)

    class Meta:
        ordering = ["pk"]
        constraints = [
            web_address("video"),
            not_blank("video", "title"),
            models.UniqueConstraint(
                fields=["movie", "url"], name="video_once", violation_error_message="This video is listed twice."
            ),
        ]

    def __str__(self) -> str:
        return self.title


class WatchLink(models.Model):
    """Where a movie can be watched: a real address that somebody looked at."""

    movie = models.ForeignKey("catalogue.Movie", on_delete=models.CASCADE, related_name="watch_links", db_index=False)
    provider = models.CharField(max_length=80)
    url = models.URLField("address", max_length=500)
    kind = models.CharField(max_length=8, choices=WatchKind)
    country = models.ForeignKey(
        "catalogue.Country",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        help_text="Empty: everywhere.",
    )
    checked_on = models.DateField(help_text="When somebody last saw that it works.")

    class Meta:
        ordering = ["kind", "provider", "pk"]
        constraints = [
            web_address("watchlink"),
            not_blank("watchlink", "provider"),
            models.UniqueConstraint(
                fields=["movie", "url", "kind"],
                name="watchlink_once",
                violation_error_message="This link is listed twice.",
            ),
        ]

    def __str__(self) -> str:
        return self.provider
