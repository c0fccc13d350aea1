"""The forms of visitors: all GET, none with a side effect."""

from typing import Any

from django import forms

from catalogue.browse import DEFAULT_SORT, SORTS
from catalogue.models import Genre


class BrowseForm(forms.Form):
    """The filters of the browse page. Unknown values are errors; absent ones are no filter."""

    genre = forms.ModelChoiceField(Genre.objects.all(), to_field_name="slug", required=False)
    decade = forms.TypedChoiceField(
        choices=[(str(year), f"{year}s") for year in range(1870, 2100, 10)],
        coerce=int,
        empty_value=None,
        required=False,
    )
    sort = forms.ChoiceField(choices=[(sort.slug, sort.name) for sort in SORTS.values()], required=False)

    def clean_sort(self) -> str:
        return self.cleaned_data["sort"] or DEFAULT_SORT

    @property
    def canonical(self) -> dict[str, Any]:
        """The parameters of the one address of this selection, in the one order: no empty ones, no defaults."""
        data = self.cleaned_data
        pairs = {
            "genre": data["genre"].slug if data["genre"] else "",
            "decade": data["decade"] or "",
            "sort": data["sort"] if data["sort"] != DEFAULT_SORT else "",
        }
        return {name: value for name, value in pairs.items() if value != ""}
