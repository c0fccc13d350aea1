"""The queue of dead links: each with its record, why, and since when."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import Case, OuterRef, QuerySet, Subquery, When
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from catalogue.admin.imports import ReadOnlyAdmin
from catalogue.desk.tasks import ask_again, send
from catalogue.models import DeadLink, Movie, Person, Studio

TABLES = {"catalogue.video": "video", "catalogue.watchlink": "where to watch"}
NAMES: list[tuple[str, Any, str]] = [("movie", Movie, "title"), ("person", Person, "name"), ("studio", Studio, "name")]


@admin.register(DeadLink)
class DeadLinkAdmin(ReadOnlyAdmin):
    """The oldest first. Mended in the form of the record, whose saving takes it off the list."""

    list_display = ["record", "what", "address", "reason", "failing_since", "checked_at"]
    list_display_links = None
    list_filter = ["record_kind"]
    search_fields = ["url"]
    list_per_page = 50
    actions = ["check_again"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[DeadLink]:
        named = [
            When(record_kind=kind, then=Subquery(model.objects.filter(pk=OuterRef("record_id")).values(column)))
            for kind, model, column in NAMES
        ]
        found: QuerySet[DeadLink] = super().get_queryset(request).filter(is_dead=True).annotate(name=Case(*named))
        return found

    @admin.display(description="Of")
    def record(self, link: Any) -> SafeString:
        url = reverse(f"admin:catalogue_{link.record_kind}_change", args=[link.record_id])
        return format_html('<a href="{}">{}</a>', url, link.name or f"{link.record_kind} {link.record_id}")

    @admin.display(description="What")
    def what(self, link: DeadLink) -> str:
        return TABLES.get(link.table, "homepage")

    @admin.display(description="Address", ordering="url")
    def address(self, link: DeadLink) -> SafeString:
        return format_html('<a href="{0}" rel="noreferrer noopener">{0}</a>', link.url)

    @admin.action(description="Check again", permissions=["change"])
    def check_again(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        keys = list(queryset.values_list("pk", flat=True))
        send(ask_again, keys)
        self.message_user(request, f"{len(keys)} are asked for again in the background.", messages.SUCCESS)
