from typing import Any

from django.db import models
from django.db.models.functions import Lower

from catalogue.models.fields import not_blank


class HeldWord(models.Model):
    """A word or phrase that has a review looked at before it appears, unless its author is trusted."""

    text = models.CharField("word or phrase", max_length=100, help_text="Whole words, whatever their case and accents.")
    note = models.CharField(max_length=200, blank=True, help_text="Why it is here.")

    class Meta:
        ordering = ["text"]
        constraints = [
            not_blank("heldword", "text"),
            models.UniqueConstraint(Lower("text"), name="heldword_once", violation_error_message="It is listed."),
        ]

    def __str__(self) -> str:
        return self.text


class BlockedDomain(models.Model):
    """A domain from whose addresses nobody signs up or posts as a guest; its subdomains count."""

    domain = models.CharField(max_length=253, help_text="Without @: mailinator.example")
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["domain"]
        constraints = [
            not_blank("blockeddomain", "domain"),
            models.UniqueConstraint(
                Lower("domain"), name="blockeddomain_once", violation_error_message="It is blocked already."
            ),
        ]

    def __str__(self) -> str:
        return self.domain

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.clean()
        super().save(*args, **kwargs)

    def clean(self) -> None:
        self.domain = self.domain.strip().lower().rpartition("@")[2].strip(".")
