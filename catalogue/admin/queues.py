"""Lists of what is to be worked on: records that lack something, those most looked at first."""

from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import Max, Model, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString

from catalogue import completeness
from catalogue.completeness import Gap, lacks, missing
from catalogue.http import CappedPaginator
from catalogue.models import Collection, CollectionItem, Genre, Movie, MovieGenre, Person, Studio

TABLES: dict[type[Model], tuple[Gap, ...]] = {
    Movie: completeness.MOVIE,
    Person: completeness.PERSON,
    Studio: completeness.STUDIO,
}
MOST_NAMED = 2  # gaps, in a row of the list
MOST_SORTED = 200_000  # records: to sort more of them by a column without an index takes longer than a page may


class GapFilter(admin.SimpleListFilter):
    """?lacks=poster; ?lacks=any lists all that are not complete. The most needed come first."""

    title, parameter_name = "what is missing", "lacks"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [
            ("any", "Anything"),
            *((gap.name, gap.label.capitalize()) for gap in TABLES[model_admin.model] if gap.has_queue),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() == "any":
            return queryset.exclude(completeness=completeness.MOST)
        gap = next((gap for gap in TABLES[queryset.model] if gap.has_queue and gap.name == self.value()), None)
        return queryset.filter(lacks(gap)) if gap else queryset


class _PartFilter(admin.SimpleListFilter):
    """Movies of one record, found by a list of keys: a join would make the database look for doubles in all of them."""

    of: Any
    rows: Any

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(str(key), name) for key, name in self.of.objects.order_by("name").values_list("pk", "name")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        known = {key for key, _ in self.lookup_choices}
        if self.value() not in known:
            return queryset
        rows = self.rows.objects.filter(**{str(self.parameter_name): self.value()})
        return queryset.filter(pk__in=rows.values("movie"))


class GenreFilter(_PartFilter):
    """?genre=12."""

    title, parameter_name, of, rows = "genre", "genre", Genre, MovieGenre


class CollectionFilter(_PartFilter):
    """?collection=3."""

    title, parameter_name, of, rows = "collection", "collection", Collection, CollectionItem


class _List(ChangeList):
    """Sorted by no column that the list does not offer for it."""

    def get_ordering_field(self, field_name: Any) -> Any:
        return super().get_ordering_field(field_name) if field_name in (self.sortable_by or ()) else None


class QueuedAdmin(admin.ModelAdmin):
    """A list of records with how complete they are."""

    paginator = CappedPaginator
    indexed: ClassVar[tuple[str, ...]] = ()  # columns by which a list of millions is sorted at once

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return _List

    def get_sortable_by(self, request: HttpRequest) -> Any:
        """In a large table what a search found is sorted by any column, the whole by those that have an index."""
        # The highest key is as good as a count here, and costs nothing.
        highest = self.model._default_manager.aggregate(highest=Max("pk"))["highest"] or 0
        if highest > MOST_SORTED and not request.GET.get("q"):
            return self.indexed
        return super().get_sortable_by(request)

    def get_list_filter(self, request: HttpRequest) -> Any:
        return [GapFilter, *super().get_list_filter(request)]

    def get_list_display(self, request: HttpRequest) -> Any:
        first, *others = super().get_list_display(request)
        return [first, "complete", *others]

    def get_ordering(self, request: HttpRequest) -> Any:
        if "lacks" not in request.GET:
            return super().get_ordering(request)
        names = {field.name for field in self.model._meta.concrete_fields}
        return ["-need", "pk"] if "need" in names else ["completeness", "pk"]

    @admin.display(description="Complete", ordering="completeness")
    def complete(self, record: Any) -> SafeString:
        """A bar, the number, and the heaviest of what is missing."""
        gaps = sorted(missing(TABLES[type(record)], record.gaps), key=lambda gap: -gap.weight)
        told = ", ".join(gap.label for gap in gaps[:MOST_NAMED]) + (" …" if len(gaps) > MOST_NAMED else "")
        return format_html(
            '<meter max="100" value="{0}" aria-label="Complete">{0}</meter> {0}<br><small>{1}</small>',
            record.completeness,
            told,
        )
