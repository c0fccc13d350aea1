"""Fields of the movie's form, light enough for hundreds of rows: plain inputs with suggestions."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model

COUNTRIES, LANGUAGES = "edit-countries", "edit-languages"  # lists that the page holds once
_KEY = re.compile(r"#(\d{1,18})\s*$")


class CodeInput(forms.TextInput):
    """The code of a country or language, with their names suggested."""

    def __init__(self, datalist: str) -> None:
        super().__init__({"list": datalist, "size": 4, "class": "edit-code", "autocomplete": "off"})


class CodesField(forms.ModelMultipleChoiceField):
    """Codes of countries or languages in one line: "CA, US". Its cleaned value is a queryset."""

    queryset: Any

    widget = forms.TextInput
    hidden_widget = forms.HiddenInput

    def prepare_value(self, value: Any) -> Any:
        if value is None or isinstance(value, str):
            return value
        return ", ".join(sorted(str(one.pk if isinstance(one, Model) else one) for one in value))

    def to_python(self, value: Any) -> Any:
        return list(self.queryset.filter(pk__in=_codes(value)))

    def clean(self, value: Any) -> Any:
        codes = set(_codes(value))
        found = self.queryset.filter(pk__in=codes)
        if missing := codes - {one.pk for one in found}:
            raise ValidationError(f"Not known: {', '.join(sorted(missing))}. Write codes, as in “CA, US”.")
        return found

    def has_changed(self, initial: Any, data: Any) -> bool:
        return set(_codes(self.prepare_value(initial))) != set(_codes(self.prepare_value(data)))


def _codes(value: Any) -> list[str]:
    text = value if isinstance(value, str) else ",".join(map(str, value or []))
    return re.findall(r"[^\s,;]+", text)


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
