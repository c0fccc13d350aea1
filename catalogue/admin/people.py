"""People and studios in the admin."""

from typing import Any

from django.contrib import admin
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString

from catalogue.admin.choosing import ChoosesRecord
from catalogue.admin.deleting import StaysWhileUsed
from catalogue.admin.finding import FoundAdmin
from catalogue.admin.merging import MergeableAdmin
from catalogue.admin.queues import QueuedAdmin
from catalogue.admin.rows import LabelledInline
from catalogue.admin.sourced import SourcedAdmin, SourcedForm
from catalogue.admin.uploads import picture_fields, whole_preview
from catalogue.curation.derive import refresh_movies
from catalogue.models import AlternativeName, Movie, Person, SearchKind, Studio
from catalogue.search.index import index_people, index_studios
from catalogue.vocabulary import ImageKind


class PersonForm(SourcedForm):
    """A person's own columns, and their portrait as a file."""

    # The fields of one picture, as if they were written out here.
    locals().update(picture_fields(ImageKind.PORTRAIT))
    kinds = (ImageKind.PORTRAIT,)

    class Meta:
        model = Person
        fields = [
            "name",
            "disambiguation",
            "born_on",
            "died_on",
            "birthplace",
            "biography",
            "homepage",
            "imdb_id",
            "tmdb_id",
            "wikidata_id",
        ]

    def clean_imdb_id(self) -> str | None:
        return self.cleaned_data["imdb_id"] or None

    def clean_wikidata_id(self) -> str | None:
        return self.cleaned_data["wikidata_id"] or None

    def save(self, commit: bool = True) -> Person:
        self.keep_pictures()
        person: Person = super().save(commit)
        return person


class NameInline(ChoosesRecord, LabelledInline):
    model = AlternativeName
    autocomplete_fields = ["language"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[AlternativeName]:
        return super().get_queryset(request).select_related("language")


class NamedAdmin(admin.ModelAdmin):
    """Lists what may have the name of another: what tells the two apart stands behind it."""

    @admin.display(description="Name", ordering="name")
    def whole_name(self, record: Person | Studio) -> str:
        return str(record)


@admin.register(Person)
class PersonAdmin(NamedAdmin, StaysWhileUsed, FoundAdmin, QueuedAdmin, MergeableAdmin, SourcedAdmin):
    """People. Their credits are edited on the movies."""

    form = PersonForm
    list_display = ["whole_name", "born", "known_for_department", "credit_count"]
    search_fields = ["name"]
    found_kind = SearchKind.PERSON
    ordering = ["-credit_count", "sort_name"]
    show_full_result_count = False
    readonly_fields = ["portrait_preview", "credit_count"]
    inlines = [NameInline]
    fieldsets = [
        (None, {"fields": [("name", "disambiguation"), ("born_on", "died_on", "birthplace"), "biography", "homepage"]}),
        (
            "Portrait",
            {
                "fields": [
                    ("portrait_preview", "portrait_file"),
                    ("portrait_alt", "portrait_focus"),
                    ("portrait_credit", "portrait_licence"),
                    "portrait_gone",
                ]
            },
        ),
        ("Identity", {"fields": [("imdb_id", "tmdb_id", "wikidata_id"), "credit_count"]}),
        ("Locks", {"fields": ["unlock"]}),
    ]

    @admin.display(description="Born", ordering="born_on")
    def born(self, person: Person) -> str:
        return person.born_on.words if person.born_on else "–"

    @admin.display(description="Portrait now")
    def portrait_preview(self, person: Person) -> SafeString | str:
        return whole_preview(person.portrait)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        person = form.instance
        index_people([person.pk])
        movies = person.credits.values_list("movie", flat=True).distinct()
        if "name" in form.changed_data:
            refresh_movies(movies)
        else:
            Movie.objects.filter(pk__in=movies).touch()  # the portrait, the address

    @transaction.atomic
    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Person]) -> None:
        keys = list(queryset.values_list("pk", flat=True))
        super().delete_queryset(request, queryset)
        index_people(keys)


@admin.register(Studio)
class StudioAdmin(NamedAdmin, StaysWhileUsed, ChoosesRecord, FoundAdmin, QueuedAdmin, MergeableAdmin):
    list_display = ["whole_name", "country"]
    list_select_related = ["country"]
    search_fields = ["name"]
    found_kind = SearchKind.STUDIO
    show_full_result_count = False
    autocomplete_fields = ["country"]

    def save_model(self, request: HttpRequest, obj: Studio, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        index_studios([obj.pk])

    @transaction.atomic
    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Studio]) -> None:
        keys = list(queryset.values_list("pk", flat=True))
        super().delete_queryset(request, queryset)
        index_studios(keys)
