from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_POST

from reviews.models import Decision, Report
from reviews.services import undo


class ReadOnly(admin.ModelAdmin):
    """A record that is kept as it was made."""

    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


@admin.register(Decision)
class DecisionAdmin(ReadOnly):
    """Who decided what, when and why."""

    list_display = ["made_at", "moderator_name", "action", "about", "reason", "undone_at", "undone_by"]
    list_filter = ["action", "made_at"]
    search_fields = ["about", "reason", "moderator_name"]

    def get_urls(self) -> list[URLPattern]:
        undo_view = self.admin_site.admin_view(require_POST(self.undo))
        return [path("<int:pk>/undo/", undo_view, name="reviews_decision_undo"), *super().get_urls()]

    def undo(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Put back what stood before this decision and all others of the same click."""
        if not request.user.has_perm("reviews.moderate_review"):
            raise PermissionDenied
        assert request.user.is_authenticated
        decision = get_object_or_404(Decision, pk=pk)
        same = Decision.objects.filter(batch=decision.batch).order_by("-pk") if decision.batch else [decision]
        refused: list[str] = []
        for one in same:
            try:
                undo(one, moderator=request.user)
            except ValidationError as error:
                refused += error.messages
        done = len(same) - len(refused)
        if done:
            messages.success(request, f"{done} undone. Reports they settled stay settled: their reporters were told.")
        for text in dict.fromkeys(refused):
            messages.error(request, text)
        back = request.POST.get("back", "")
        queue = reverse("admin:reviews_review_queue")
        return HttpResponseRedirect(back if back.startswith(f"{queue}?") else queue)


@admin.register(Report)
class ReportAdmin(ReadOnly):
    """What members complained about; decided about in the queue."""

    list_display = ["made_at", "reason", "review", "reporter", "outcome", "settled_at"]
    list_filter = ["outcome", "reason"]
    list_select_related = ["review", "reporter"]
