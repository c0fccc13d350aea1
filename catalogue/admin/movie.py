"""Movies in the admin."""

from typing import Any

from django.contrib import admin
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString

from catalogue.admin.merging import MergeableAdmin
from catalogue.admin.sourced import SourcedAdmin, SourcedForm
from catalogue.admin.uploads import PictureField, keep, preview
from catalogue.curation.derive import refresh_movies, refresh_people, refresh_votes
from catalogue.models import (
    AlternativeTitle,
    Credit,
    ExternalRating,
    Movie,
    MovieGenre,
    MovieStudio,
    RelatedMovie,
    Release,
    Video,
    WatchLink,
)
from catalogue.vocabulary import ImageKind


class MovieForm(SourcedForm):
    """A movie's own columns, and its two pictures as files."""

    poster_file = PictureField(label="New poster")
    backdrop_file = PictureField(label="New backdrop")

    class Meta:
        model = Movie
        fields = [
            "title",
            "original_title",
            "original_language",
            "tagline",
            "synopsis",
            "status",
            "release_date",
            "runtime_minutes",
            "color",
            "aspect_ratio",
            "countries_of_origin",
            "spoken_languages",
            "budget_usd",
            "revenue_usd",
            "homepage",
            "imdb_id",
            "tmdb_id",
            "wikidata_id",
            "poster",
            "backdrop",
            "tint",
            "is_published",
        ]

    # Unique columns: two movies without an id must not share the empty text.
    def clean_imdb_id(self) -> str | None:
        return self.cleaned_data["imdb_id"] or None

    def clean_wikidata_id(self) -> str | None:
        return self.cleaned_data["wikidata_id"] or None

    def save(self, commit: bool = True) -> Movie:
        if self.cleaned_data.get("poster_file"):
            self.instance.poster = keep(ImageKind.POSTER, self.cleaned_data["poster_file"])
        if self.cleaned_data.get("backdrop_file"):
            self.instance.backdrop = keep(ImageKind.BACKDROP, self.cleaned_data["backdrop_file"])
        movie: Movie = super().save(commit)
        return movie


class GenreInline(admin.TabularInline):
    model = MovieGenre
    autocomplete_fields = ["genre"]
    extra = 0


class StudioInline(admin.TabularInline):
    model = MovieStudio
    autocomplete_fields = ["studio"]
    extra = 0


class CreditInline(admin.TabularInline):
    model = Credit
    autocomplete_fields = ["person"]
    extra = 0


class TitleInline(admin.TabularInline):
    model = AlternativeTitle
    autocomplete_fields = ["country", "language"]
    extra = 0


class ReleaseInline(admin.TabularInline):
    model = Release
    autocomplete_fields = ["country"]
    extra = 0


class RatingInline(admin.TabularInline):
    model = ExternalRating
    extra = 0


class VideoInline(admin.TabularInline):
    model = Video
    autocomplete_fields = ["language"]
    extra = 0


class WatchInline(admin.TabularInline):
    model = WatchLink
    autocomplete_fields = ["country"]
    extra = 0


class RelatedInline(admin.TabularInline):
    """Pin a movie to have it first, ban one to be rid of it; the others are computed."""

    model = RelatedMovie
    fk_name = "movie"
    autocomplete_fields = ["other"]
    extra = 0


@admin.register(Movie)
class MovieAdmin(MergeableAdmin, SourcedAdmin):
    """A movie and everything that hangs on it, on one page."""

    form = MovieForm
    list_display = ["title", "release_year", "director_line", "rating_count", "is_published", "updated_at"]
    list_filter = ["is_published", "status", "genres"]
    search_fields = ["title", "original_title", "alternative_titles__title", "=imdb_id"]
    ordering = ["-updated_at"]
    date_hierarchy = None
    show_full_result_count = False
    save_on_top = True
    autocomplete_fields = ["original_language", "countries_of_origin", "spoken_languages", "poster", "backdrop"]
    readonly_fields = ["poster_preview", "backdrop_preview", "slug", "rating", "version"]
    inlines = [
        GenreInline,
        StudioInline,
        CreditInline,
        TitleInline,
        ReleaseInline,
        RatingInline,
        VideoInline,
        WatchInline,
        RelatedInline,
    ]
    fieldsets = [
        (None, {"fields": ["title", "original_title", "original_language", "tagline", "synopsis", "is_published"]}),
        (
            "Facts",
            {
                "fields": [
                    ("status", "release_date", "runtime_minutes"),
                    ("color", "aspect_ratio"),
                    "countries_of_origin",
                    "spoken_languages",
                    ("budget_usd", "revenue_usd"),
                    "homepage",
                ]
            },
        ),
        (
            "Pictures",
            {
                "fields": [
                    ("poster_preview", "poster", "poster_file"),
                    ("backdrop_preview", "backdrop", "backdrop_file"),
                    "tint",
                ]
            },
        ),
        ("Identity", {"fields": [("imdb_id", "tmdb_id", "wikidata_id"), ("slug", "rating", "version")]}),
        ("Locks", {"fields": ["unlock"]}),
    ]

    @admin.display(description="Poster now")
    def poster_preview(self, movie: Movie) -> SafeString | str:
        return preview(movie.poster)

    @admin.display(description="Backdrop now")
    def backdrop_preview(self, movie: Movie) -> SafeString | str:
        return preview(movie.backdrop)

    @admin.display(description="Our rating")
    def rating(self, movie: Movie) -> str:
        return f"{movie.rating_average:.1f} of {movie.rating_count}" if movie.rating_average else "–"

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        movie = form.instance
        people = set(movie.credits.values_list("person", flat=True))
        super().save_related(request, form, formsets, change)
        people |= set(movie.credits.values_list("person", flat=True))
        refresh_people(people - {None})
        refresh_votes([movie.pk])
        refresh_movies([movie.pk])

    @transaction.atomic
    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Movie]) -> None:
        movies = list(queryset.values_list("pk", flat=True))
        people = set(Credit.objects.filter(movie__in=movies, person__isnull=False).values_list("person", flat=True))
        super().delete_queryset(request, queryset)
        refresh_people(people)
        refresh_movies(movies)
