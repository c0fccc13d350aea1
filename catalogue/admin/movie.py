"""Movies in the admin."""

from datetime import date, datetime
from functools import partial
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.text import capfirst

from catalogue.admin import bulk, credits, editing
from catalogue.admin.credits import CreditFormSet, CreditInline
from catalogue.admin.deleting import without
from catalogue.admin.fields import LANGUAGES, CodeInput, plausible
from catalogue.admin.finding import FoundAdmin
from catalogue.admin.merging import MergeableAdmin
from catalogue.admin.movie_lists import INLINES
from catalogue.admin.queues import CollectionFilter, GenreFilter, QueuedAdmin
from catalogue.admin.sourced import SourcedAdmin, SourcedForm
from catalogue.admin.uploads import picture_fields, whole_preview
from catalogue.curation.derive import refresh_movies, refresh_people, refresh_votes
from catalogue.curation.presence import leave
from catalogue.dates import PartialDate
from catalogue.desk.tasks import publish_movies
from catalogue.models import Country, Credit, Language, Movie, Presence, SearchKind
from catalogue.models.fields import CodeField, CodesField
from catalogue.vocabulary import ImageKind


class MovieForm(SourcedForm):
    """A movie's own columns, and its two pictures as files."""

    original_language = CodeField(Language.objects.all(), required=False, widget=CodeInput(LANGUAGES))
    countries_of_origin = CodesField(Country.objects.all(), required=False)
    spoken_languages = CodesField(Language.objects.all(), required=False)
    publish_at = forms.DateTimeField(
        required=False,
        widget=forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text="A draft becomes visible by itself then; UTC."
        if settings.TASK_WORKER
        else "A draft becomes visible once “manage.py publish_due” or the nightly housekeeping runs after that; UTC.",
    )
    # Ten fields of two pictures, as if they were written out here.
    locals().update(picture_fields(ImageKind.POSTER) | picture_fields(ImageKind.BACKDROP))
    kinds = (ImageKind.POSTER, ImageKind.BACKDROP)

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
            "tint",
            "is_published",
            "publish_at",
        ]

    # Unique columns: two movies without an id must not share the empty text.
    def clean_imdb_id(self) -> str | None:
        return self.cleaned_data["imdb_id"] or None

    def clean_wikidata_id(self) -> str | None:
        return self.cleaned_data["wikidata_id"] or None

    def clean_release_date(self) -> PartialDate | None:
        return plausible(self, "release_date")

    def clean_publish_at(self) -> datetime | None:
        moment: datetime | None = self.cleaned_data["publish_at"]
        if moment and "publish_at" in self.changed_data and moment <= timezone.now():
            raise forms.ValidationError("This moment has passed: choose a later one, or publish the movie.")
        return moment

    def save(self, commit: bool = True) -> Movie:
        self.keep_pictures()
        movie: Movie = super().save(commit)
        return movie


@admin.register(Movie)
class MovieAdmin(FoundAdmin, QueuedAdmin, MergeableAdmin, SourcedAdmin):
    """A movie and everything that hangs on it, on one page."""

    form = MovieForm
    list_display = ["title", "year", "director_line", "ratings", "is_published", "updated"]
    list_filter = ["is_published", "status", GenreFilter, CollectionFilter]
    indexed = ("updated",)
    search_fields = ["title"]
    found_kind = SearchKind.MOVIE
    ordering = ["-updated_at"]
    date_hierarchy = None
    show_full_result_count = False
    save_on_top = True
    readonly_fields = ["poster_preview", "backdrop_preview", "slug", "rating", "version", "language"]
    inlines = [*INLINES, CreditInline]
    change_form_template = "admin/catalogue/movie/change_form.html"
    actions = [*MergeableAdmin.actions, "edit_in_turn", "change_many"]
    fieldsets = [
        (
            "Main",
            {
                "fields": [
                    "title", "original_title", "original_language", "tagline", "synopsis",
                    "is_published", "publish_at", "slug",
                ]
            },
        ),
        (
            "Facts",
            {
                "fields": [
                    ("status", "release_date", "runtime_minutes"), ("color", "aspect_ratio"), "countries_of_origin",
                    "spoken_languages", ("budget_usd", "revenue_usd"), "homepage",
                ]
            },
        ),
        (
            "Pictures",
            {
                "fields": [
                    ("poster_preview", "poster_file"), ("poster_alt", "poster_focus"),
                    ("poster_credit", "poster_licence"), "poster_gone",
                    ("backdrop_preview", "backdrop_file"), ("backdrop_alt", "backdrop_focus"),
                    ("backdrop_credit", "backdrop_licence"), "backdrop_gone",
                    "tint",
                ]
            },
        ),
        ("Identity", {"fields": [("imdb_id", "tmdb_id", "wikidata_id"), ("rating", "version"), "unlock"]}),
    ]  # fmt: skip

    def get_urls(self) -> list[Any]:
        wrap = self.admin_site.admin_view
        own = [
            path("bulk/<int:key>/", wrap(partial(bulk.page, site=self.admin_site)), name="catalogue_movie_bulk"),
            path("people/", wrap(credits.people), name="catalogue_movie_people"),
            path("named/<slug:kind>/", wrap(editing.suggestions), name="catalogue_movie_named"),
            path("slug/", wrap(editing.slug), name="catalogue_movie_slug"),
            path("keys/", wrap(partial(editing.keys, site=self.admin_site)), name="catalogue_movie_keys"),
            path("<int:key>/presence/", wrap(editing.presence), name="catalogue_movie_presence"),
        ]
        return [*own, *super().get_urls()]

    def get_formset_kwargs(self, request: HttpRequest, obj: Any, inline: Any, prefix: str) -> dict[str, Any]:
        """What was sent as it is: each list takes what is its own of it, where Django's would copy all for each."""
        given = {"instance": obj, "prefix": prefix, "queryset": inline.get_queryset(request)}
        if request.method != "POST":
            return given
        return given | {"data": request.POST, "files": request.FILES, "save_as_new": False}

    def _create_formsets(self, request: HttpRequest, obj: Any, change: bool) -> Any:
        formsets, inlines = super()._create_formsets(request, obj, change)  # type: ignore[misc]
        if request.method == "POST":
            editing.prepare(request, next(found for found in formsets if isinstance(found, CreditFormSet)))
        return formsets, inlines

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        movie = kwargs.get("obj")
        if editing.is_preview(request):
            editing.forgive(context)
        context |= editing.context_of(request, context, movie)
        return super().render_change_form(request, context, *args, **kwargs)

    @admin.action(description="Change many at once …", permissions=["change"])
    def change_many(self, request: HttpRequest, queryset: QuerySet[Movie]) -> HttpResponse | None:
        return bulk.begin(request, queryset)

    @admin.action(description="Edit one after another", permissions=["change"])
    def edit_in_turn(self, request: HttpRequest, queryset: QuerySet[Movie]) -> HttpResponse:
        return editing.begin_queue(request, list(queryset.values_list("pk", flat=True)[: editing.MOST_QUEUED]))

    def response_change(self, request: HttpRequest, obj: Movie) -> HttpResponse:
        response = super().response_change(request, obj)
        return editing.next_in_queue(request) if "_next" in request.POST else response

    def get_fieldsets(self, request: HttpRequest, obj: Movie | None = None) -> Any:
        """What is read only links to its own form: the language by its name alone for those who may not open that."""
        given = super().get_fieldsets(request, obj)
        if self.has_change_permission(request, obj) or request.user.has_perm("catalogue.view_language"):
            return given
        linked, plain = ("original_language",), ("language",)
        return [
            (name, {**options, "fields": [plain if line == linked else line for line in options["fields"]]})
            for name, options in given
        ]

    @admin.display(description="Original language")
    def language(self, movie: Movie) -> str:
        return movie.original_language.name if movie.original_language else "–"

    @admin.display(description="Year", ordering="release_year")
    def year(self, movie: Any) -> Any:
        return movie.release_year

    @admin.display(description="Ratings", ordering="rating_count")
    def ratings(self, movie: Any) -> Any:
        return movie.rating_count

    @admin.display(description="Updated", ordering="updated_at")
    def updated(self, movie: Movie) -> date:
        return timezone.localdate(movie.updated_at)

    @admin.display(description="Poster now")
    def poster_preview(self, movie: Movie) -> SafeString | str:
        return whole_preview(movie.poster)

    @admin.display(description="Backdrop now")
    def backdrop_preview(self, movie: Movie) -> SafeString | str:
        return whole_preview(movie.backdrop)

    @admin.display(description="Our rating")
    def rating(self, movie: Movie) -> str:
        many = "rating" if movie.rating_count == 1 else "ratings"
        return f"{movie.rating_average:.1f} of 10 from {movie.rating_count} {many}" if movie.rating_average else "–"

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        movie = form.instance
        people = set(movie.credits.values_list("person", flat=True))
        super().save_related(request, form, formsets, change)
        people |= set(movie.credits.values_list("person", flat=True))
        refresh_people(people - {None})
        refresh_votes([movie.pk])
        refresh_movies([movie.pk])
        if settings.TASK_WORKER and movie.publish_at and "publish_at" in form.changed_data:
            publish_movies.using(run_after=movie.publish_at).enqueue()
        editing.record_people(request, formsets)
        leave(movie.pk, request.user)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """What would go along; who has the form open is nothing of the kind."""
        gone, counts, *others = super().get_deleted_objects(objs, request)
        counts.pop(str(Presence._meta.verbose_name_plural), None)
        return without(gone, f"{capfirst(Presence._meta.verbose_name)}: "), counts, *others

    @transaction.atomic
    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Movie]) -> None:
        movies = list(queryset.values_list("pk", flat=True))
        people = set(Credit.objects.filter(movie__in=movies, person__isnull=False).values_list("person", flat=True))
        super().delete_queryset(request, queryset)
        refresh_people(people)
        refresh_movies(movies)
