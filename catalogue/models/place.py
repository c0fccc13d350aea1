from django.db import models

from catalogue.models.epoch import OnManyPages
from catalogue.models.fields import not_blank


class Country(OnManyPages):
    """A country of production or release. The key is its ISO 3166-1 code, or the 3166-3 code of a former one (SU)."""

    code = models.CharField(max_length=4, primary_key=True)
    name = models.CharField(max_length=80, unique=True)

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "countries"
        constraints = [not_blank("country", "code")]

    def __str__(self) -> str:
        return self.name


class Language(OnManyPages):
    """A language spoken or written. The key is its ISO 639-1 code, or the 639-3 code where there is none."""

    code = models.CharField(max_length=8, primary_key=True)
    name = models.CharField(max_length=80, unique=True)

    class Meta:
        ordering = ["name"]
        constraints = [not_blank("language", "code")]

    def __str__(self) -> str:
        return self.name
