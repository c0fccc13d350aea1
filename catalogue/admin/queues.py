"""Lists of what is to be worked on: records that lack something, those most looked at first."""

from typing import Any

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString

from catalogue import completeness
from catalogue.completeness import Gap, lacks, missing
from catalogue.http import CappedPaginator
from catalogue.models import Movie, Person, Studio

TABLES: dict[type[Model], tuple[Gap, ...]] = {
    Movie: completeness.MOVIE,
    Person: completeness.PERSON,
    Studio: completeness.STUDIO,
}
MOST_NAMED = 3  # gaps, in a row of the list


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


class QueuedAdmin(admin.ModelAdmin):
    """A list of records with how complete they are."""

    paginator = CappedPaginator

    def get_list_filter(self, request: HttpRequest) -> Any:
        return [GapFilter, *super().get_list_filter(request)]

    def get_list_display(self, request: HttpRequest) -> Any:
        return [*super().get_list_display(request), "complete"]

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
