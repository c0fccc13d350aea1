"""The plain fields of a movie or a person as members may correct them: as text, checked by the rules of the models."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator

from catalogue.models import Country, Language, Movie, Person
from catalogue.models.fields import CodesField
from catalogue.text import clean

MOST_TEXT = 20_000  # characters of a synopsis or a biography


class Correction(forms.ModelForm):
    """The fields with what they hold now. ``data`` may lack fields: they stay as they are."""

    def __init__(self, data: Mapping[str, str] | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        for field in self.fields.values():
            if isinstance(field.widget, forms.Textarea):
                field.widget.attrs.update(rows=8, maxlength=MOST_TEXT)
                field.validators.append(MaxLengthValidator(MOST_TEXT))
        self.now = {name: self._text(name) for name in self.fields}
        if data is not None:
            self.is_bound = True
            self.data = {name: clean(data[name]) if name in data else now for name, now in self.now.items()}

    def _text(self, name: str) -> str:
        value = self[name].value()
        return "" if value is None else str(value)

    def clean_imdb_id(self) -> str | None:
        return self.cleaned_data["imdb_id"] or None  # unique: two without one must not share the empty text

    def clean_wikidata_id(self) -> str | None:
        return self.cleaned_data["wikidata_id"] or None

    @property
    def changes(self) -> dict[str, list[str]]:
        """Of each field that differs: the value there is, and the one proposed."""
        return {name: [self.now[name], str(self.data[name])] for name in self.changed_data}


class MovieCorrection(Correction):
    countries_of_origin = CodesField(Country.objects.all(), required=False, label="Countries")
    spoken_languages = CodesField(Language.objects.all(), required=False, label="Spoken languages")

    class Meta:
        model = Movie
        fields = [
            "title", "original_title", "original_language", "release_date", "runtime_minutes", "tagline", "synopsis",
            "countries_of_origin", "spoken_languages", "homepage", "imdb_id", "tmdb_id", "wikidata_id",
        ]  # fmt: skip


class PersonCorrection(Correction):
    class Meta:
        model = Person
        fields = [
            "name", "disambiguation", "born_on", "died_on", "birthplace", "biography", "homepage", "imdb_id", "tmdb_id",
            "wikidata_id",
        ]  # fmt: skip


CORRECTIONS: dict[str, type[Correction]] = {"movie": MovieCorrection, "person": PersonCorrection}
