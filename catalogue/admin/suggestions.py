"""The queue of members' suggestions: what would change, taken or left field by field."""

from collections.abc import Iterator
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from catalogue.admin.imports import ReadOnlyAdmin
from catalogue.curation.suggesting import CREDITS, decide, proposals, record_of
from catalogue.models import Suggestion
from catalogue.vocabulary import SuggestionState


class StateFilter(admin.SimpleListFilter):
    """Open ones, unless another state is asked for."""

    title, parameter_name = "state", "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(state.value, str(state.label)) for state in SuggestionState if state != SuggestionState.OPEN]

    def choices(self, changelist: Any) -> Iterator[Any]:
        """Without a choice the list holds what is open, not all."""
        first, *others = super().choices(changelist)
        yield {**first, "display": SuggestionState.OPEN.label}
        yield from others

    def queryset(self, request: HttpRequest, queryset: QuerySet[Suggestion]) -> QuerySet[Suggestion]:
        wanted = self.value()
        return queryset.filter(state=wanted if wanted in SuggestionState.values else SuggestionState.OPEN)


@admin.register(Suggestion)
class SuggestionAdmin(ReadOnlyAdmin):
    """The oldest first."""

    list_display = ["__str__", "record_kind", "made_by", "made_at", "source", "state"]
    list_filter = [StateFilter, "record_kind"]
    list_select_related = ["made_by"]
    ordering = ["pk"]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """One suggestion. A POST says of each part take-title=yes, and why not the others."""
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        key = int(object_id) if object_id.isascii() and object_id.isdigit() and len(object_id) < 19 else 0
        row = get_object_or_404(Suggestion.objects.select_related("made_by", "decided_by"), pk=key)
        if request.method == "POST":
            return self._decide(request, row)
        record = record_of(row)
        is_open = row.state == SuggestionState.OPEN
        context = {
            **self.admin_site.each_context(request),
            "title": f"Suggestion for {row.label}",
            "row": row,
            "record": record,
            "proposals": proposals(row, record) if record else [],
            "may_decide": is_open and self.has_change_permission(request),
            "may_write": record and request.user.has_perm(f"catalogue.change_{row.record_kind}"),
            "helped": Suggestion.objects.that_helped(row.made_by),
            "typed": request.session.pop("suggestion_reason", ""),
        }
        return render(request, "admin/catalogue/suggestion/decide.html", context)

    def _decide(self, request: HttpRequest, row: Suggestion) -> HttpResponse:
        if not self.has_change_permission(request):
            raise PermissionDenied
        taken = {name for name in (*row.changes, CREDITS) if request.POST.get(f"take-{name}") == "yes"}
        reason = request.POST.get("reason", "")
        try:
            decide(row, taken, request.user, reason)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            request.session["suggestion_reason"] = reason[:500]  # nothing typed is lost
            return redirect("admin:catalogue_suggestion_change", row.pk)
        messages.success(request, f"{row.get_state_display()}: {row}.")
        following = Suggestion.objects.open().order_by("pk").first()
        if following and "_next" in request.POST:
            return redirect("admin:catalogue_suggestion_change", following.pk)
        return redirect("admin:catalogue_suggestion_changelist")
