"""Imports in the admin: sources and runs, and what all lists of theirs share."""

from functools import partial
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from catalogue.admin import importing
from catalogue.admin.rows import LabelledInline
from catalogue.curation.wording import label
from catalogue.importers.report import OUTCOMES, Report
from catalogue.models import ImportProblem, ImportRun, Source
from catalogue.vocabulary import RunState


class ReadOnlyAdmin(admin.ModelAdmin):
    """Rows that imports write; editors decide about them by actions."""

    show_full_result_count = False

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """Headed by what is listed: nothing is chosen here to be changed."""
        title = str(self.model._meta.verbose_name_plural)
        return super().changelist_view(request, {"title": title[:1].upper() + title[1:], **(extra_context or {})})

    def change_view(self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None) -> Any:
        """Headed by what it is; with a button where there is something to decide."""
        row = self.get_object(request, unquote(object_id))
        may = row is not None and self.is_open(row) and self.has_change_permission(request, row)
        buttons = {"show_save": may, "show_save_and_continue": False, "show_delete": False}
        title = str(self.model._meta.verbose_name)
        extra = {"title": title[:1].upper() + title[1:], **buttons, **(extra_context or {})}
        return super().change_view(request, object_id, form_url, extra)

    def is_open(self, row: Any) -> bool:
        """Whether its page asks for a decision."""
        return False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return [field.name for field in self.model._meta.fields]


class SourceFilter(admin.SimpleListFilter):
    """?source=imdb, by the names of the sources."""

    title, parameter_name = "source", "source"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        known = model_admin.model._default_manager.order_by().values("source")
        return list(Source.objects.filter(code__in=known).values_list("code", "name"))

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(source=self.value()) if self.value() else queryset


class SaidByAdmin(ReadOnlyAdmin):
    """Rows of a source, which is named and not told by its code. No query more."""

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return importing.with_source_name(super().get_queryset(request))

    @admin.display(description="Source", ordering="source")
    def said_by(self, row: Any) -> str:
        return str(row.source_name or row.source)


@admin.register(Source)
class SourceAdmin(admin.ModelAdmin):
    list_display = ["name", "code", "rank", "licence"]
    search_fields = ["name", "code"]


class ProblemInline(LabelledInline):
    model = ImportProblem
    max_num = 0
    can_delete = False
    readonly_fields = ["origin", "text", "is_rejected"]


@admin.register(ImportRun)
class ImportRunAdmin(SaidByAdmin):
    """What was imported when, with the totals and the first of the rejected and mended rows."""

    list_display = ["label", "page", "state", "totals", "said_by", "started_at"]
    list_filter = ["state", SourceFilter]
    inlines = [ProblemInline]
    actions = ["stop"]
    list_select_related = ["started_by"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        told = ["said_by", "read_from", "page", "state", "totals", "changes", "message"]
        return [*told, "started_by", "started_at", "ended_at"]

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.get_readonly_fields(request, obj)

    def get_urls(self) -> list[Any]:
        wrap, site = self.admin_site.admin_view, self.admin_site
        own = [
            path("upload/", wrap(partial(importing.upload, site=site)), name="catalogue_importrun_upload"),
            path("<int:key>/follow/", wrap(partial(importing.follow, site=site)), name="catalogue_importrun_follow"),
        ]
        return [*own, *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        may = request.user.has_perm(importing.RIGHT)
        return super().changelist_view(request, {"may_import": may, **(extra_context or {})})

    @admin.display(description="Plan")
    def page(self, run: ImportRun) -> SafeString | str:
        if not run.choices:
            return "–"
        url = reverse("admin:catalogue_importrun_follow", args=[run.pk])
        return format_html('<a href="{}">Open<span class="visually-hidden"> {}</span></a>', url, run)

    @admin.display(description="Source", ordering="source")
    def said_by(self, run: Any) -> str:
        return importing.source_of(run)

    @admin.display(description="Files")
    def read_from(self, run: ImportRun) -> str:
        return ", ".join(str(file.get("name", "")) for file in run.files) or run.label

    @admin.display(description="Changed fields")
    def changes(self, run: ImportRun) -> str:
        changed = Report.from_json(run.counts).fields.most_common()
        return ", ".join(f"{label(name)} ({number:,})" for name, number in changed) or "–"

    @admin.display(description="Totals")
    def totals(self, run: ImportRun) -> str:
        counts = Report.from_json(run.plan if run.state == RunState.PLANNED else run.counts).counts
        return ", ".join(f"{counts[name]:,} {name}" for name in OUTCOMES if counts[name]) or "–"

    @admin.action(description="Stop after the batch at hand", permissions=["change"])
    def stop(self, request: HttpRequest, queryset: QuerySet[ImportRun]) -> None:
        number = queryset.filter(state="running").update(stop_asked=True)
        self.message_user(request, f"{number} asked to stop. The same command goes on from there.", messages.SUCCESS)
