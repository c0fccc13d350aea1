from django.db import models


class Upload(models.Model):
    """What became of the export a member uploaded last. One per member; the next upload takes its place.

    ``report`` holds what the page shows: "drafted" and "known" (keys of movies), "doubtful" (entries with the keys of
    movies they may mean), "missing" and "rejected". Words are in the drafts, or wait in "doubtful".
    """

    author = models.OneToOneField("reviews.Member", on_delete=models.CASCADE, related_name="upload")
    source = models.CharField(max_length=20)  # "Letterboxd", "IMDb"
    file_name = models.CharField(max_length=100)
    uploaded_at = models.DateTimeField(auto_now=True)
    report = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"{self.source}, {self.uploaded_at:%Y-%m-%d}"
