from typing import Any

from django.db import models
from django.db.models import F, Q

from catalogue import completeness as complete
from catalogue.compiled import path_of
from catalogue.models.fields import PartialDateField, external_id, not_blank, partial_date, year_of
from catalogue.models.source import Sourced
from catalogue.text import initials, slugify, sort_name
from catalogue.vocabulary import Department, Tint


class PersonQuerySet(models.QuerySet["Person"]):
    def for_lists(self) -> "PersonQuerySet":
        """Load what templates/components/person.html reads, and no biographies."""
        return self.defer("biography", "provenance", "locked_fields")


class Person(Sourced):
    """A human being credited in movies. A record, not a name: two people of one name are two rows."""

    name = models.CharField(max_length=200, help_text="The name they are best known by.")
    disambiguation = models.CharField(
        max_length=120, blank=True, help_text="Tells apart people of one name: “actor, born 1946”."
    )
    sort_name = models.CharField(max_length=200, editable=False)  # save() and the importers, by text.sort_name
    slug = models.SlugField(max_length=80, editable=False)  # save() and the importers, by text.slugify
    born_on = PartialDateField("born", null=True, blank=True)
    died_on = PartialDateField("died", null=True, blank=True)
    birthplace = models.CharField(max_length=200, blank=True)
    biography = models.TextField(blank=True)
    portrait = models.ForeignKey("catalogue.Image", on_delete=models.SET_NULL, null=True, blank=True, db_index=False)
    homepage = models.URLField(blank=True)
    imdb_id = models.CharField("IMDb id", max_length=12, null=True, blank=True, unique=True)
    tmdb_id = models.PositiveIntegerField("TMDB id", null=True, blank=True, unique=True)
    wikidata_id = models.CharField("Wikidata id", max_length=16, null=True, blank=True, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    # Derived from the credits by curation.derive.refresh_people only.
    credit_count = models.PositiveIntegerField("credits", default=0, editable=False)
    known_for_department = models.CharField("known for", max_length=16, choices=Department, blank=True, editable=False)
    known_for_line = models.CharField(max_length=200, blank=True, editable=False)  # the two most looked at movies

    # As Movie's.
    gaps = models.GeneratedField(
        expression=complete.gaps(complete.PERSON), output_field=models.IntegerField(), db_persist=True
    )
    completeness = models.GeneratedField(
        expression=complete.score(complete.PERSON), output_field=models.SmallIntegerField(), db_persist=True
    )
    need = models.GeneratedField(
        expression=complete.need(complete.PERSON, "credit_count"), output_field=models.IntegerField(), db_persist=True
    )

    objects = PersonQuerySet.as_manager()

    class Meta:
        ordering = ["sort_name", "pk"]
        verbose_name_plural = "people"
        constraints = [
            not_blank("person", "name"),
            partial_date("person", "born_on"),
            partial_date("person", "died_on"),
            models.CheckConstraint(
                name="person_died_after_birth",
                condition=Q(died_on=None) | Q(born_on=None) | Q(died_on__gte=year_of("born_on")),
                violation_error_message="Nobody dies before they are born.",
            ),
            external_id("person", "imdb_id", r"^nm[0-9]{7,10}$", "nm0000001"),
            external_id("person", "wikidata_id", r"^Q[1-9][0-9]*$", "Q42"),
            # An external id tells people apart as well; imported namesakes have one.
            models.UniqueConstraint(
                F("name"),
                F("disambiguation"),
                name="person_told_apart",
                condition=Q(imdb_id=None, tmdb_id=None, wikidata_id=None),
                violation_error_message="Another person has this name: say in the disambiguation who this is.",
            ),
        ]
        indexes = [
            models.Index(fields=["name"], name="person_by_name"),  # importers and the admin find a person by name
            models.Index(fields=["-credit_count", "sort_name"], name="person_by_credits"),  # person_list
            models.Index(fields=["-need", "id"], name="person_by_need"),  # the desk: whom to work on
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.disambiguation})" if self.disambiguation else self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.derive()
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return path_of("person_detail", self.pk, self.slug)

    def derive(self) -> None:
        """Set what follows from the name; bulk writers call it too."""
        self.sort_name = sort_name(self.name)[:200]
        self.slug = slugify(self.name, "person")

    @property
    def initials(self) -> str:
        return initials(self.name)

    @property
    def tint(self) -> str:
        """The hue of the letters that stand in for a portrait: any, but always the same."""
        return Tint.values[(self.pk or 0) % len(Tint.values)]


class AlternativeName(models.Model):
    """Another name of a person: in their own script, at birth, a pseudonym."""

    person = models.ForeignKey(
        "catalogue.Person", on_delete=models.CASCADE, related_name="alternative_names", db_index=False
    )
    name = models.CharField(max_length=200)
    language = models.ForeignKey("catalogue.Language", on_delete=models.PROTECT, null=True, blank=True, db_index=False)

    class Meta:
        ordering = ["pk"]
        constraints = [
            not_blank("alternativename", "name"),
            models.UniqueConstraint(
                fields=["person", "name"],
                name="alternativename_once",
                violation_error_message="This name is listed twice.",
            ),
        ]

    def __str__(self) -> str:
        return self.name
