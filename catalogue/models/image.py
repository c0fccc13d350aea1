from django.db import models
from django.db.models import CharField, F, Func, Q

from catalogue.images import Rendition, renditions
from catalogue.models.epoch import OnManyPages
from catalogue.vocabulary import ImageKind


def band(number: int) -> Func:
    """16 of the 64 bits of a dhash as four digits. The numbers are literal: so an index on it is known again."""
    return Func(F("dhash"), template=f"SUBSTR(%(expressions)s, {4 * number + 1}, 4)", output_field=CharField())


class Image(OnManyPages):
    """A picture in our keeping, as the renditions made when it arrived; the upload itself is not kept.

    The key is the digest of the upload, so the same file is never stored twice, and a movie's ``poster_id`` alone
    gives the address of every rendition without a query.
    """

    digest = models.CharField(max_length=32, primary_key=True, editable=False)
    kind = models.CharField(max_length=10, choices=ImageKind)
    width = models.PositiveIntegerField(editable=False, help_text="Of the upload, in pixels.")
    height = models.PositiveIntegerField(editable=False, help_text="Of the upload, in pixels.")
    alt = models.CharField(
        "alternative text", max_length=300, blank=True, help_text="What the picture shows, for those who cannot see it."
    )
    credit = models.CharField(max_length=200, blank=True, help_text="Who made it.")
    licence = models.CharField(max_length=200, blank=True, help_text="The terms under which it may be shown.")
    source_url = models.URLField("source", blank=True)
    focus_x = models.PositiveSmallIntegerField(
        "focus from the left", default=50, help_text="Percent: what stays in sight where the picture is cropped."
    )
    focus_y = models.PositiveSmallIntegerField("focus from the top", default=50, help_text="Percent.")
    # See images.dhash; "": from before pictures were compared, and kept whole.
    dhash = models.CharField(max_length=16, blank=True, editable=False)
    # Whether its AVIF renditions are there, too: docs/decisions/0005.
    has_avif = models.BooleanField(default=False, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-created_at"]
        indexes = [models.Index(band(number), name=f"image_by_band_{number}") for number in range(4)]
        constraints = [
            models.CheckConstraint(
                name="image_has_a_size",
                condition=Q(width__gt=0, height__gt=0),
                violation_error_message="A picture is at least one pixel wide and high.",
            ),
            models.CheckConstraint(
                name="image_focus_within_it",
                condition=Q(focus_x__lte=100, focus_y__lte=100),
                violation_error_message="The focus lies within the picture: 0 to 100 percent.",
            ),
            models.CheckConstraint(
                name="image_says_what_whose_and_how",
                condition=Q(dhash="") | (~Q(alt="") & ~Q(credit="") & ~Q(licence="")),
                violation_error_message="Say what the picture shows, who made it, and under which terms it is shown.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.digest[:8]}"

    @property
    def renditions(self) -> list[Rendition]:
        """The stored sizes, narrowest first."""
        return renditions(self.kind, self.digest)
