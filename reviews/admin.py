"""Members and reviews in the admin."""

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.db.models import QuerySet
from django.http import HttpRequest

from reviews.models import Member, Review, ReviewState
from reviews.services import delete_review, set_state


@admin.register(Member)
class MemberAdmin(UserAdmin):
    """Accounts. A member who has written reviews is deactivated rather than deleted."""

    list_display = ["username", "display_name", "email", "is_active", "is_staff", "date_joined"]
    search_fields = ["username", "display_name", "email"]
    list_filter = ["is_staff", "is_superuser", "is_active", "groups"]
    show_full_result_count = False
    fieldsets = (*(UserAdmin.fieldsets or ()), ("Public", {"fields": ["display_name"]}))


@admin.register(Review)
class ReviewAdmin(admin.ModelAdmin):
    """Reviews, to be hidden or released. Their words belong to their authors and are not edited here."""

    list_display = ["__str__", "movie", "author", "rating", "state", "published_at"]
    list_filter = ["state", "rating", "has_spoilers", "published_at"]
    list_select_related = ["movie", "author"]
    search_fields = ["headline", "text", "author__username", "movie__title"]
    fields = ["movie", "author", "rating", "headline", "text", "language", "has_spoilers", "published_at", "state"]

    show_full_result_count = False
    actions = ["hide", "release"]

    def get_readonly_fields(self, request: HttpRequest, obj: Review | None = None) -> list[str]:
        return [str(name) for name in self.fields or ()]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    @admin.action(description="Hide the selected reviews", permissions=["change"])
    def hide(self, request: HttpRequest, queryset: QuerySet[Review]) -> None:
        for review in queryset:
            set_state(review, ReviewState.HIDDEN)

    @admin.action(description="Publish the selected reviews", permissions=["change"])
    def release(self, request: HttpRequest, queryset: QuerySet[Review]) -> None:
        for review in queryset:
            set_state(review, ReviewState.PUBLISHED)

    def delete_model(self, request: HttpRequest, obj: Review) -> None:
        delete_review(obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Review]) -> None:
        for review in queryset:
            delete_review(review)
