"""Field types and shared rules of the models."""

import re
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.db.models.functions import Substr

from catalogue.codes import country_code, language_code
from catalogue.dates import LENGTH, PATTERN, PartialDate


class PartialDateFormField(forms.CharField):
    """A partial date as it is typed, a day also as 26.4.1954: where dots are written, the day comes first.

    What is no date never reaches the record, whose name may hold its year.
    """

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        try:
            return PartialDate.parse(_iso(text)) if text else None
        except ValueError as error:
            raise ValidationError(str(error), code="invalid") from error

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(str(initial or ""), _iso(str(data or "").strip()))


_DOTTED = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})", re.ASCII)


def _iso(text: str) -> str:
    """
    >>> _iso("26.4.1954"), _iso("1954-04")
    ('1954-04-26', '1954-04')
    """
    found = _DOTTED.fullmatch(text)
    return f"{found[3]}-{found[2]:0>2}-{found[1]:0>2}" if found else text


_EXAMPLES = {"country": "CA, France", "language": "en, French"}
_READ = {"country": country_code, "language": language_code}


class CodeField(forms.ModelChoiceField):
    """A country or language by its code or its name."""

    queryset: Any

    def to_python(self, value: Any) -> Any:
        try:
            return super().to_python(value)
        except ValidationError:
            codes = _read(self.queryset, value)
        if len(codes) > 1:
            raise _not_known(self.queryset, [value])
        return self.queryset.get(pk=codes.pop())


class CodesField(forms.ModelMultipleChoiceField):
    """Countries or languages in one line, by codes or names: "CA, France". Its cleaned value is a queryset."""

    queryset: Any

    widget = forms.TextInput
    hidden_widget = forms.HiddenInput

    def __init__(self, queryset: Any, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", f"Names or codes: {_EXAMPLES[queryset.model._meta.model_name]}.")
        super().__init__(queryset, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        if value is None or isinstance(value, str):
            return value
        return ", ".join(sorted(str(one.pk if isinstance(one, models.Model) else one) for one in value))

    def to_python(self, value: Any) -> Any:
        return list(self.queryset.filter(pk__in=_codes(value)))

    def clean(self, value: Any) -> Any:
        codes = set(_codes(value))
        found = self.queryset.filter(pk__in=codes)
        return found if len(found) == len(codes) else self.queryset.filter(pk__in=_read(self.queryset, value))

    def has_changed(self, initial: Any, data: Any) -> bool:
        return set(_codes(self.prepare_value(initial))) != set(_codes(self.prepare_value(data)))


def _codes(value: Any) -> list[str]:
    text = value if isinstance(value, str) else ",".join(map(str, value or []))
    return re.findall(r"[^\s,;]+", text)


def _read(queryset: Any, text: str) -> set[str]:
    """The codes of what is written by code or by name, as imports read them too: 1 query. Raises ValidationError."""
    rows = list(queryset.values_list("pk", "name"))
    codes = {name.casefold(): code for code, name in rows} | {code.casefold(): code for code, _ in rows}
    read = _READ[queryset.model._meta.model_name]
    found, missing = set(), []
    for part in filter(None, map(str.strip, re.split("[,;]", text))):
        words = {part: codes.get(part.casefold()) or read(part)}
        if words[part] not in codes.values():
            words = {word: codes.get(word.casefold()) or read(word) for word in part.split()}
        strange = [word for word, code in words.items() if code not in codes.values()]
        found |= {str(code) for word, code in words.items() if word not in strange}
        missing += [part] if len(strange) == len(words) else strange
    if missing or not found:
        raise _not_known(queryset, missing or [text])
    return found


def _not_known(queryset: Any, words: list[str]) -> ValidationError:
    example = _EXAMPLES[queryset.model._meta.model_name]
    return ValidationError(f"Not known: {', '.join(words)}. Write names or codes, as in “{example}”.")


if TYPE_CHECKING:
    _DateField = models.Field[PartialDate | str | None, PartialDate | None]
else:
    _DateField = models.Field


class PartialDateField(_DateField):
    """A date of which the month and day may be unknown, kept as ISO text: "1954", "1954-04" or "1954-04-26".

    The text sorts right on every database. Null when nothing is known. Give the model ``partial_date(name)`` as a
    constraint too.
    """

    description = "A year, a year and month, or a day"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["max_length"] = LENGTH
        kwargs.setdefault("help_text", "YYYY, YYYY-MM or YYYY-MM-DD: only as exact as is known.")
        super().__init__(*args, **kwargs)

    def get_internal_type(self) -> str:
        return "CharField"

    def from_db_value(self, value: str | None, *args: object) -> PartialDate | None:
        return PartialDate(*map(int, value.split("-"))) if value else None

    def to_python(self, value: PartialDate | str | None) -> PartialDate | None:
        if value is None or isinstance(value, PartialDate):
            return value
        try:
            return PartialDate.parse(value.strip()) if value.strip() else None
        except ValueError as error:
            raise ValidationError(str(error), code="invalid") from error

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**{"form_class": PartialDateFormField, "max_length": LENGTH, **kwargs})

    def get_prep_value(self, value: PartialDate | str | None) -> str | None:
        return str(value) if value else None

    def value_to_string(self, obj: models.Model) -> str:
        value = self.value_from_object(obj)
        return str(value) if value else ""


def partial_date(model: str, name: str) -> models.CheckConstraint:
    """The rule that a PartialDateField holds an ISO date; null passes."""
    return models.CheckConstraint(
        name=f"{model}_{name}_is_a_date",
        condition=Q(**{f"{name}__regex": PATTERN}),
        violation_error_message="Dates are written YYYY, YYYY-MM or YYYY-MM-DD.",
    )


def year_of(name: str) -> Substr:
    """The four digits of the year of a PartialDateField."""
    return Substr(name, 1, 4)


def external_id(model: str, name: str, pattern: str, example: str) -> models.CheckConstraint:
    """The rule that an external id has its source's form; null passes."""
    return models.CheckConstraint(
        name=f"{model}_{name}_has_its_form",
        condition=Q(**{f"{name}__regex": pattern}),
        violation_error_message=f"This id looks like {example}.",
    )


def not_blank(model: str, name: str) -> models.CheckConstraint:
    """The rule that a text is not empty."""
    return models.CheckConstraint(
        name=f"{model}_{name}_not_blank",
        condition=~Q(**{name: ""}),
        violation_error_message=f"The {name} may not be empty.",
    )


def web_address(model: str) -> models.CheckConstraint:
    """The rule that ``url`` is an address a browser opens as a page, never javascript: or data:."""
    return models.CheckConstraint(
        name=f"{model}_url_is_https",
        condition=Q(url__startswith="https://") | Q(url__startswith="http://"),
        violation_error_message="An address starts with https:// or http://.",
    )
