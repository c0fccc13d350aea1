from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.utils.safestring import SafeString

from catalogue.http import CappedPaginator
from catalogue.models.movie import SCORES
from reviews.admin.queue import queue
from reviews.models import Member, Review
from reviews.services import delete_review

NEWEST = 10_000  # reviews whose words are looked through


class RatingFilter(admin.SimpleListFilter):
    """By rating, without asking all reviews which there are."""

    title, parameter_name = "rating", "rating"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(str(score), str(score)) for score in SCORES]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Review]) -> QuerySet[Review]:
        chosen = self.value() or ""
        return queryset.filter(rating=chosen) if chosen in [str(score) for score in SCORES] else queryset


@admin.register(Review)
class ReviewAdmin(admin.ModelAdmin):
    """Reviews, to be found. Their words belong to their authors; the queue decides about them."""

    list_display = ["__str__", "movie", "by", "rating", "state", "held_for", "published_at"]
    list_filter = ["state", "held_for", RatingFilter, "has_spoilers", "published_at"]
    list_select_related = ["movie", "author"]
    search_fields = ["headline"]
    ordering = ["-pk"]
    paginator = CappedPaginator
    fields = [
        "page", "author", "guest_name", "guest_email", "rating", "headline", "text", "written_in", "has_spoilers",
        "published_at", "edited_at", "state", "held_for", "helpful_count", "unhelpful_count",
    ]  # fmt: skip
    show_full_result_count = False
    change_list_template = "admin/reviews/review/change_list.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Review]:
        return super().get_queryset(request).defer("movie__synopsis", "movie__provenance")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Review], search_term: str
    ) -> tuple[QuerySet[Review], bool]:
        text = search_term.strip()
        if not text:
            return queryset, False
        newest = Review.objects.order_by("-pk").values("pk")[:NEWEST]
        worded = Q(headline__icontains=text) | Q(text__icontains=text) | Q(guest_name=text)
        authors = Member.objects.filter(username=text).values("pk")
        return queryset.filter(Q(pk__in=newest) & worded | Q(author__in=authors)), False

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(queue)
        return [path("queue/", view, {"site": self.admin_site}, name="reviews_review_queue"), *super().get_urls()]

    def get_readonly_fields(self, request: HttpRequest, obj: Review | None = None) -> list[str]:
        return [str(name) for name in self.fields or ()]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    @admin.display(description="Movie")
    def page(self, review: Review) -> SafeString:
        """Its public page: a moderator may not open its form."""
        return format_html('<a href="{}">{}</a>', review.movie.get_absolute_url(), review.movie)

    @admin.display(description="Language")
    def written_in(self, review: Review) -> str:
        return review.language.name

    def delete_model(self, request: HttpRequest, obj: Review) -> None:
        delete_review(obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Review]) -> None:
        for review in queryset:
            delete_review(review)
