"""Every write of a form of the desk becomes an edit of the history, with the reason its editor gave."""

from typing import Any, cast

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.http import urlencode

from catalogue.admin.gone import typed
from catalogue.admin.rules import RuledForm
from catalogue.curation.duplicates import find_for
from catalogue.curation.history import Recording, recording
from catalogue.curation.links import forget_mended
from catalogue.curation.tables import KINDS
from catalogue.vocabulary import EditKind


class RecordedAdmin(admin.ModelAdmin):
    """A ModelAdmin of a kind of record that has a history. Its templates ask for the reason as ``why``."""

    form = RuledForm

    @property
    def kind(self) -> str:
        """What the history calls these records."""
        return next(kind for kind, model in KINDS.items() if model is self.model)

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> Any:
        extra = {"asks_why": True, **(extra_context or {})}
        if request.method != "POST":
            return super().changeform_view(request, object_id, form_url, extra)
        record = self.get_object(request, object_id) if object_id else None
        is_gone = object_id and not record and object_id.isascii() and object_id.isdecimal()
        if object_id and is_gone and self.has_change_permission(request):
            return self._show_gone(request, object_id)
        with recording(EditKind.FORM, request.user, request.POST.get("why", "")) as edit:
            if record:
                edit.watch(self.kind, [record.pk])
            _attach(request, edit)
            response = super().changeform_view(request, object_id, form_url, extra)
            if response.status_code == 302 and edit.records:
                kind, key = edit.records[0]
                if alike := find_for(kind, key):
                    _offer(request, kind, key, alike[0])
                forget_mended(kind, key)
        return response

    def _show_gone(self, request: HttpRequest, key: str) -> HttpResponse:
        title = f"This {self.opts.verbose_name} is not there any more"
        page = {"title": title, "kind": self.kind, "key": key, "typed": typed(request.POST)}
        context = {**self.admin_site.each_context(request), **page}
        return render(request, "admin/catalogue/gone.html", context, status=410)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if not change and (edit := edit_of(request)):
            edit.add(self.kind, obj.pk)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        with recording(EditKind.DELETION, request.user, request.POST.get("why", "")) as edit:
            edit.watch(self.kind, list(queryset.values_list("pk", flat=True)), everywhere=True)
            super().delete_queryset(request, queryset)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        self.delete_queryset(request, self.model._default_manager.filter(pk=obj.pk))

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """To the record's page of the history; 404 for what is no key."""
        try:
            return redirect("admin:catalogue_edit_record", self.kind, object_id)
        except NoReverseMatch as error:
            raise Http404("There is no such record.") from error


def edit_of(request: HttpRequest) -> Recording | None:
    """The edit that the form at hand is recorded as."""
    return cast("Recording | None", getattr(request, "edit", None))


def _offer(request: HttpRequest, kind: str, key: int, other: int) -> None:
    """Say that a saved record may be there twice, to those who may merge them."""
    if not request.user.has_perm(f"catalogue.change_{kind}"):
        return
    record = KINDS[kind]._default_manager.get(pk=other)
    page, pair = reverse("admin:catalogue_edit_merge", args=[kind]), sorted((key, other))
    query = urlencode({"winner": pair[0], "loser": pair[1]})
    messages.warning(
        request, format_html('There is another {}: <a href="{}?{}">compare them</a>.', record, page, query)
    )


def _attach(request: HttpRequest, edit: Recording) -> None:
    request.edit = edit  # type: ignore[attr-defined]
