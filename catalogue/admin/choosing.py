"""Choosing a movie by typing, in forms that may come back with anything."""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelect
from django.db.models import ForeignKey
from django.forms import Media
from django.http import HttpRequest

_LONGEST = 18  # digits of a key


class _KeySelect(AutocompleteSelect):
    """As Django's, which fails over a key that is none when it comes back, and has no name while it is empty."""

    @property
    def media(self) -> Media:
        found: Media = super().media + Media(js=["catalogue/choosing.js"])
        return found

    def build_attrs(self, base_attrs: dict[str, Any], extra_attrs: Any = None) -> dict[str, Any]:
        return super().build_attrs(base_attrs, extra_attrs) | {"data-placeholder": "Choose a movie"}

    def optgroups(self, name: str, value: Sequence[str], attr: Any = None) -> Any:
        return super().optgroups(
            name, [key for key in value if str(key).isdecimal() and len(str(key)) <= _LONGEST], attr
        )


class ChoosesMovie(admin.options.BaseModelAdmin):
    """An admin or an inline with a movie to choose."""

    autocomplete_fields = ["movie"]

    def formfield_for_foreignkey(self, db_field: ForeignKey[Any, Any], request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "movie":
            kwargs["widget"] = _KeySelect(db_field, self.admin_site)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)
