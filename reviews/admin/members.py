from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html

from reviews.models import Member
from reviews.services import close_account, merge_accounts


@admin.register(Member)
class MemberAdmin(UserAdmin):
    """Accounts. Deleting one keeps the ratings exact; two accounts of one person can be merged."""

    list_display = ["username", "display_name", "email", "is_active", "is_trusted", "is_staff", "date_joined"]
    search_fields = ["username", "display_name", "email"]
    list_filter = ["is_staff", "is_superuser", "is_active", "is_trusted", "groups"]
    show_full_result_count = False
    readonly_fields = ["record", "suspended_until"]
    fieldsets = (
        *(UserAdmin.fieldsets or ()),
        ("Public", {"fields": ["display_name"]}),
        ("Reviews", {"fields": ["record", "is_trusted", "suspended_until"]}),
    )
    actions = ["merge"]

    @admin.display(description="Record")
    def record(self, member: Member) -> str:
        url = f"{reverse('admin:reviews_review_queue')}?member={member.pk}"
        return format_html('<a href="{}">Everything this member wrote, and what was decided</a>', url)

    def delete_model(self, request: HttpRequest, obj: Member) -> None:
        close_account(obj, keep_reviews=False)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Member]) -> None:
        for member in queryset:
            close_account(member, keep_reviews=False)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Reviews protect their author from a plain delete; ours takes them along, so nothing stands in the way."""
        gone, counts, permissions, _ = super().get_deleted_objects(objs, request)
        return gone, counts, {name for name in permissions if name == "user"}, []

    @admin.action(description="Merge the two selected accounts", permissions=["change", "delete"])
    def merge(self, request: HttpRequest, queryset: QuerySet[Member]) -> HttpResponse | None:
        """Ask which one stays, then give it everything of the other."""
        pair = list(queryset.order_by("date_joined")[:3])
        if len(pair) != 2:
            messages.error(request, "Select two accounts: one stays and receives everything of the other.")
            return None
        chosen = next((member for member in pair if str(member.pk) == request.POST.get("keep")), None)
        if chosen is None:
            context = {**self.admin_site.each_context(request), "pair": pair, "title": "Which account stays?"}
            return render(request, "admin/reviews/merge.html", context)
        other = next(member for member in pair if member != chosen)
        if other.is_superuser and not request.user.is_superuser:
            messages.error(request, "Only an administrator merges an administrator's account away.")
            return None
        moved = merge_accounts(other, chosen)
        messages.success(request, f"{moved} reviews came over to {chosen.username}; {other.username} is deleted.")
        return redirect("admin:reviews_member_changelist")
