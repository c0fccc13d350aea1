from django.db import models
from django.utils import timezone


class OutgoingMail(models.Model):
    """A mail that the server has not taken yet. The row goes with it. reviews/outbox.py"""

    to = models.JSONField()  # addresses
    sender = models.TextField()
    subject = models.TextField()
    body = models.TextField()
    html = models.TextField(blank=True)  # the same for readers that show it
    headers = models.JSONField(default=dict)
    written_at = models.DateTimeField(default=timezone.now)
    tries = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["next_try_at"], name="outgoing_mail_by_next_try")]  # what is due

    def __str__(self) -> str:
        return f"Mail of {self.written_at:%-d %B %Y, %H:%M}"
