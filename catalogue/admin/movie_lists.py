"""The lists of a movie's form."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError

from catalogue.admin.fields import COUNTRIES, LANGUAGES, plausible
from catalogue.admin.rows import RowForm, RowInline
from catalogue.dates import PartialDate
from catalogue.models import (
    AlternativeTitle,
    ExternalRating,
    Genre,
    Movie,
    MovieGenre,
    MovieStudio,
    RelatedMovie,
    Release,
    Video,
    WatchLink,
)


class GenreInline(RowInline):
    model = MovieGenre

    def formfield_for_foreignkey(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        """All genres, read once for all rows."""
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.name == "genre":
            field.choices = [("", "---------"), *Genre.objects.order_by("name").values_list("pk", "name")]
        return field


class StudioInline(RowInline):
    model = MovieStudio
    records = {"studio": "studios"}


class TitleInline(RowInline):
    model = AlternativeTitle
    codes = {"country": COUNTRIES, "language": LANGUAGES}


class ReleaseForm(RowForm):
    """A release that imports would take, too."""

    def clean_date(self) -> PartialDate | None:
        return plausible(self, "date")


class ReleaseInline(RowInline):
    model = Release
    form = ReleaseForm
    codes = {"country": COUNTRIES}


class RatingInline(RowInline):
    model = ExternalRating


class VideoInline(RowInline):
    model = Video
    codes = {"language": LANGUAGES}


class WatchInline(RowInline):
    model = WatchLink
    codes = {"country": COUNTRIES}


class RelatedForm(RowForm):
    """Says a rule that Django leaves to the database, since it names the movie that the row hangs on."""

    def clean_other(self) -> Movie:
        other: Movie = self.cleaned_data["other"]
        if other == self.instance.movie:
            raise ValidationError("A movie is not related to itself.")
        return other


class RelatedInline(RowInline):
    """Pin a movie to have it first, ban one to be rid of it; the others are computed."""

    model = RelatedMovie
    form = RelatedForm
    fk_name = "movie"
    records = {"other": "movies"}


INLINES: list[type[admin.TabularInline]] = [
    GenreInline, StudioInline, TitleInline, ReleaseInline, RatingInline, VideoInline, WatchInline, RelatedInline,
]  # fmt: skip
