from django.db import models
from django.db.models import Q

from catalogue.vocabulary import Department


class CreditQuerySet(models.QuerySet["Credit"]):
    def cast(self) -> "CreditQuerySet":
        """On-screen and voice roles in billing order."""
        return self.filter(department=Department.ACTING).order_by("billing_order", "pk")

    def crew(self) -> "CreditQuerySet":
        """Everybody behind the camera in the order they were entered."""
        return self.exclude(department=Department.ACTING).order_by("pk")


class Credit(models.Model):
    """One person's one contribution to one movie: a part in the cast, or a job in the crew."""

    movie = models.ForeignKey("catalogue.Movie", on_delete=models.CASCADE, related_name="credits", db_index=False)
    person = models.ForeignKey(
        "catalogue.Person",
        on_delete=models.PROTECT,
        related_name="credits",
        null=True,
        blank=True,
        db_index=False,
        help_text="Empty when only the name is known.",
    )
    credited_as = models.CharField(max_length=200, blank=True, help_text="The name on the screen, where it is another.")
    department = models.CharField(max_length=16, choices=Department, default=Department.ACTING)
    job = models.CharField(max_length=120, blank=True, help_text="Crew only: “Film Editor”.")
    character = models.CharField(max_length=300, blank=True, help_text="Cast only, as billed.")
    billing_order = models.PositiveIntegerField(
        null=True, blank=True, help_text="Cast only: the place in the cast list, 0 on top."
    )
    is_uncredited = models.BooleanField("uncredited", default=False)
    is_voice = models.BooleanField("voice", default=False)

    objects = CreditQuerySet.as_manager()

    class Meta:
        ordering = ["billing_order", "pk"]
        constraints = [
            models.CheckConstraint(
                name="credit_cast_is_billed_crew_has_job",
                condition=Q(department=Department.ACTING, billing_order__isnull=False, job="")
                | (~Q(department=Department.ACTING) & ~Q(job="") & Q(billing_order__isnull=True, character="")),
                violation_error_message="Cast has a billing order and no job; crew only a job.",
            ),
            models.CheckConstraint(
                name="credit_names_somebody",
                condition=Q(person__isnull=False) | ~Q(credited_as=""),
                violation_error_message="A credit names a person, or says what was on the screen.",
            ),
            models.CheckConstraint(
                name="credit_voice_is_cast",
                condition=Q(is_voice=False) | Q(department=Department.ACTING),
                violation_error_message="Only cast is heard as a voice.",
            ),
            # Also the index of "credits of a movie" (movie_detail, movie_credits).
            models.UniqueConstraint(
                fields=["movie", "department", "person", "job", "character", "credited_as"],
                name="credit_once",
                violation_error_message="This credit is listed twice.",
            ),
            models.UniqueConstraint(
                fields=["movie", "department", "job", "character", "credited_as"],
                name="credit_without_person_once",
                condition=Q(person=None),
                violation_error_message="This credit is listed twice.",
            ),
        ]
        indexes = [
            models.Index(fields=["movie", "billing_order"], name="credit_by_billing"),  # the cast list of movie_detail
            models.Index(fields=["person", "movie"], name="credit_by_person"),  # person_detail, related movies
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.character or self.job or self.get_department_display()}"

    @property
    def name(self) -> str:
        """The name as credited, else the person's."""
        if self.credited_as or self.person is None:
            return self.credited_as
        return self.person.name
