"""Choosing a record by typing, in forms that may come back with anything."""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelect
from django.db.models import ForeignKey
from django.forms import Media
from django.http import HttpRequest

_LONGEST = 18  # digits of a key


class _RecordSelect(AutocompleteSelect):
    """As Django's, with a name also while it is empty."""

    @property
    def media(self) -> Media:
        found: Media = super().media + Media(js=["admin/js/autocomplete.js", "catalogue/choosing.js"])
        return found

    def build_attrs(self, base_attrs: dict[str, Any], extra_attrs: Any = None) -> dict[str, Any]:
        name = self.field.remote_field.model._meta.verbose_name
        return super().build_attrs(base_attrs, extra_attrs) | {"data-placeholder": f"Choose a {name}"}


class _KeySelect(_RecordSelect):
    """Of records whose key is a number: Django's fails over one that is none when it comes back."""

    def optgroups(self, name: str, value: Sequence[str], attr: Any = None) -> Any:
        return super().optgroups(
            name, [key for key in value if str(key).isdecimal() and len(str(key)) <= _LONGEST], attr
        )


class ChoosesRecord(admin.options.BaseModelAdmin):
    """An admin or an inline whose ``autocomplete_fields`` are chosen by typing."""

    def formfield_for_foreignkey(self, db_field: ForeignKey[Any, Any], request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in self.autocomplete_fields:
            has_number = db_field.target_field.get_internal_type() != "CharField"
            kwargs["widget"] = (_KeySelect if has_number else _RecordSelect)(db_field, self.admin_site)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)
