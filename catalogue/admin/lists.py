"""The smaller tables in the admin: genres, collections, features, images, countries, languages."""

from typing import Any

from django.contrib import admin, messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.text import capfirst

from catalogue.admin.choosing import ChoosesRecord
from catalogue.admin.deleting import StaysWhileUsed, without
from catalogue.admin.recorded import RecordedAdmin
from catalogue.admin.rows import LabelledInline
from catalogue.admin.rules import RuledForm
from catalogue.admin.uploads import preview
from catalogue.models import Collection, CollectionItem, Country, Feature, Genre, Image, Language, Movie
from catalogue.search.index import index_collections


@admin.register(Genre)
class GenreAdmin(StaysWhileUsed, RecordedAdmin):
    list_display = ["name", "slug", "tint"]
    search_fields = ["name"]
    prepopulated_fields = {"slug": ["name"]}


class ItemInline(ChoosesRecord, LabelledInline):
    model = CollectionItem
    autocomplete_fields = ["movie"]


@admin.register(Collection)
class CollectionAdmin(RecordedAdmin):
    list_display = ["name", "is_published", "home_position"]
    search_fields = ["name"]
    list_filter = ["is_published", ("home_position", admin.EmptyFieldListFilter)]
    inlines = [ItemInline]

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """What would go along; its places are counted, since without their movies' names they tell nothing."""
        gone, *others = super().get_deleted_objects(objs, request)
        return without(gone, f"{capfirst(CollectionItem._meta.verbose_name)}: "), *others

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        collection = form.instance
        index_collections([collection.pk])
        Movie.objects.filter(collection_items__collection=collection).touch()

    @transaction.atomic
    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Collection]) -> None:
        keys = list(queryset.values_list("pk", flat=True))
        Movie.objects.filter(collection_items__collection__in=keys).touch()
        super().delete_queryset(request, queryset)
        index_collections(keys)


@admin.register(Feature)
class FeatureAdmin(ChoosesRecord, RecordedAdmin):
    autocomplete_fields = ["movie"]
    list_display = ["movie", "kicker", "starts_on", "ends_on"]
    list_select_related = ["movie"]

    def save_model(self, request: HttpRequest, obj: Feature, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if not obj.movie.is_published:
            messages.warning(request, f"“{obj.movie}” is a draft: the home page shows it once it is published.")


class ImageForm(RuledForm):
    """Knows the rule of what is said although it asks for a field that no form has."""

    def _get_validation_exclusions(self) -> set[str]:
        return super()._get_validation_exclusions() - {"dhash"}  # type: ignore[misc,no-any-return]


@admin.register(Image)
class ImageAdmin(RecordedAdmin):
    """What is said about pictures; they themselves come with the form of what they show."""

    form = ImageForm
    list_display = ["preview", "kind", "alt", "credit", "licence", "created_at"]
    list_filter = ["kind"]
    search_fields = ["digest", "alt", "credit"]
    readonly_fields = ["preview", "digest", "kind", "width", "height", "created_at"]
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    @admin.display(description="Picture")
    def preview(self, image: Image) -> SafeString | str:
        return preview(image)


@admin.register(Country, Language)
class ReferenceAdmin(StaysWhileUsed):
    list_display = ["name", "code"]
    search_fields = ["name", "=code"]
