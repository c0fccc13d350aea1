from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path

from reviews.admin.queue import queue
from reviews.models import Review
from reviews.services import delete_review


@admin.register(Review)
class ReviewAdmin(admin.ModelAdmin):
    """Reviews, to be found. Their words belong to their authors; the queue decides about them."""

    list_display = ["__str__", "movie", "by", "rating", "state", "held_for", "published_at"]
    list_filter = ["state", "held_for", "rating", "has_spoilers", "published_at"]
    list_select_related = ["movie", "author"]
    search_fields = ["headline", "text", "author__username", "guest_name", "movie__title"]
    fields = [
        "movie", "author", "guest_name", "guest_email", "rating", "headline", "text", "language", "has_spoilers",
        "published_at", "edited_at", "state", "held_for", "helpful_count", "unhelpful_count",
    ]  # fmt: skip
    show_full_result_count = False
    change_list_template = "admin/reviews/review/change_list.html"

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(queue)
        return [path("queue/", view, {"site": self.admin_site}, name="reviews_review_queue"), *super().get_urls()]

    def get_readonly_fields(self, request: HttpRequest, obj: Review | None = None) -> list[str]:
        return [str(name) for name in self.fields or ()]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def delete_model(self, request: HttpRequest, obj: Review) -> None:
        delete_review(obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Review]) -> None:
        for review in queryset:
            delete_review(review)
