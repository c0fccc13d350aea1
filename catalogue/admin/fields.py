"""Fields of the movie's form, light enough for hundreds of rows: plain inputs with suggestions."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model

from catalogue.dates import PartialDate
from catalogue.importers.mending import FIRST_YEAR, YEARS_AHEAD, is_plausible

COUNTRIES, LANGUAGES = "edit-countries", "edit-languages"  # lists that the page holds once
_KEY = re.compile(r"#(\d{1,18})\s*$")


class CodeInput(forms.TextInput):
    """The code of a country or language, with their names suggested."""

    def __init__(self, datalist: str) -> None:
        super().__init__({"list": datalist, "size": 4, "class": "edit-code", "autocomplete": "off"})


class NamedField(forms.ModelChoiceField):
    """A record by its name, or by name and key, "Original Pictures #12", as it is shown and suggested."""

    queryset: Any
    known: Model | None = None  # what it points to in a row that was loaded: no query for that

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        widget = forms.TextInput({"data-suggest": kind, "class": "edit-named", "autocomplete": "off"})
        super().__init__(*args, **(kwargs | {"widget": widget}))

    def prepare_value(self, value: Any) -> Any:
        if self.known is not None and value == self.known.pk:
            value = self.known
        return named(value) if isinstance(value, Model) else value

    def to_python(self, value: Any) -> Any:
        if not value or isinstance(value, Model):
            return value or None
        if self.known is not None and value == named(self.known):
            return self.known
        key = _KEY.search(str(value))
        found = list(self.queryset.filter(pk=key[1])[:1] if key else self._called(str(value)))
        if len(found) == 1:
            return found[0]
        raise ValidationError("Nothing has this name." if not found else "Several have this name: choose a suggestion.")

    def _called(self, text: str) -> Any:
        name = "title" if hasattr(self.queryset.model, "title") else "name"
        return self.queryset.filter(**{name: text.strip()})[:2]

    def has_changed(self, initial: Any, data: Any) -> bool:
        key = _KEY.search(str(data or ""))
        return str(initial or "") != (key[1] if key else str(data or ""))


def named(record: Model) -> str:
    """A record as a NamedField shows it."""
    return f"{record} #{record.pk}"


def plausible(form: forms.ModelForm, name: str) -> PartialDate | None:
    """The date of a movie as it was typed, if imports would take it; what was there before is left."""
    date: PartialDate | None = form.cleaned_data[name]
    if date and name in form.changed_data and not is_plausible(date.year):
        raise ValidationError(
            f"A year before {FIRST_YEAR} or more than {YEARS_AHEAD} years ahead counts as unknown: leave it empty."
        )
    return date


class RowKey(forms.Field):
    """The key of a row that was loaded: no query for each, as Django's own has it."""

    widget = forms.HiddenInput

    def __init__(self, rows: dict[str, Any]) -> None:
        super().__init__(required=False)
        self.rows = rows

    def __deepcopy__(self, memo: Any) -> "RowKey":
        return RowKey(self.rows)

    def clean(self, value: Any) -> Any:
        if value and str(value) not in self.rows:
            raise ValidationError("There is no such row.")
        return self.rows.get(str(value))

    def has_changed(self, initial: Any, data: Any) -> bool:
        return False
