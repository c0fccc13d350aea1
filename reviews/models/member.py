from datetime import datetime
from typing import Any

from django.contrib.auth.models import AbstractUser
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models.functions import Lower
from django.utils import timezone

from catalogue.compiled import path_of
from catalogue.models import Movie
from catalogue.observe import audit
from catalogue.text import initials
from reviews.names import flaw

RIGHTS = ("is_active", "is_staff", "is_superuser")


class Member(AbstractUser):
    """Somebody with an account: a reviewer, or an editor or moderator if a group or the staff flag says so."""

    display_name = models.CharField(
        max_length=60, blank=True, help_text="Shown with your reviews; empty: the user name."
    )
    is_trusted = models.BooleanField(
        "trusted", default=False, help_text="What they write is never held, whatever the rules say."
    )
    suspended_until = models.DateTimeField(null=True, blank=True, editable=False)  # services.moderation only
    wants_decision_mail = models.BooleanField(
        "mail about my reviews and suggestions",
        default=True,
        help_text="When somebody has decided about a review you wrote or a correction you suggested.",
    )
    wants_report_mail = models.BooleanField(
        "mail about my reports", default=True, help_text="When something you reported has been looked at."
    )

    class Meta(AbstractUser.Meta):
        verbose_name, verbose_name_plural = "member", "members"
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="member_email_once",
                condition=~models.Q(email=""),
                violation_error_message="There is an account with this address.",
            )
        ]
        indexes = [
            models.Index(fields=["is_staff", "is_active"], name="member_by_staff")  # names.resembles_staff
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        super().clean()
        if self.display_name and (reason := flaw(self.display_name)):
            raise ValidationError({"display_name": reason})

    @transaction.atomic
    def save(self, *args: Any, **kwargs: Any) -> None:
        names = {"username", "display_name", *RIGHTS}.intersection(kwargs.get("update_fields") or {"username"})
        before = Member.objects.filter(pk=self.pk).first() if self.pk and names else None
        super().save(*args, **kwargs)
        if before and (before.username, before.display_name) != (self.username, self.display_name):
            Movie.objects.filter(reviews__author=self).touch()  # their pages print the name
        self._audit(before)

    def _audit(self, before: "Member | None") -> None:
        """Write down what changed about rights and password, once it is certain."""
        given = {name: getattr(self, name) for name in RIGHTS if before or name != "is_active"}
        changed = [name for name, value in given.items() if value != (getattr(before, name) if before else False)]
        for name in changed:
            what = f"{name}={given[name]}"
            transaction.on_commit(lambda what=what: audit.note("rights_changed", member=self.pk, what=what))  # type: ignore[misc]
        if before and before.password != self.password:
            transaction.on_commit(lambda: audit.note("password_changed", member=self.pk))

    def get_absolute_url(self) -> str:
        return path_of("member_detail", self.username)

    @property
    def name(self) -> str:
        """What readers see."""
        return self.display_name or self.username

    @property
    def initials(self) -> str:
        return initials(self.name)

    @property
    def is_suspended(self) -> bool:
        """Whether posting, voting and reporting are closed to them now."""
        return self.suspended_until is not None and self.suspended_until > timezone.now()

    def is_newer_than(self, moment: datetime) -> bool:
        return self.date_joined > moment
