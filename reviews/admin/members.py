from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.admin import GroupAdmin as DjangoGroupAdmin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group, Permission
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html

from reviews.models import Member
from reviews.services import close_account, merge_accounts

admin.site.unregister(Group)


@admin.register(Group)
class GroupAdmin(DjangoGroupAdmin):
    """Groups and what their members may do."""

    filter_horizontal = ()


def rights_of(member: Any) -> QuerySet[Permission]:
    """What somebody who is no superuser may do, once their account is active."""
    return Permission.objects.filter(Q(user=member) | Q(group__user=member))


def is_above(member: Any, other: Any) -> bool:
    """Whether somebody may do something that ``other`` may not: 1 query."""
    if other.is_superuser or member.is_superuser:
        return not other.is_superuser
    return rights_of(member).exclude(pk__in=rights_of(other).values("pk")).exists()


@admin.register(Member)
class MemberAdmin(UserAdmin):
    """Accounts. Deleting one keeps the ratings exact; two accounts of one person can be merged.

    Nobody changes an account that may do more than their own, or makes one.
    """

    list_display = ["username", "display_name", "email", "is_active", "is_trusted", "is_staff", "date_joined"]
    search_fields = ["username", "display_name", "email"]
    list_filter = ["is_staff", "is_superuser", "is_active", "is_trusted", "groups"]
    show_full_result_count = False
    readonly_fields = ["record", "suspended_until", "last_login", "date_joined"]
    filter_horizontal = ()  # the two boxes of Django's script have no names, and no contrast in the dark
    fieldsets = (
        *(UserAdmin.fieldsets or ()),
        ("Public", {"fields": ["display_name"]}),
        ("Reviews", {"fields": ["record", "is_trusted", "suspended_until"]}),
    )
    actions = ["merge"]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and not (obj and is_above(obj, request.user))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and not (obj and is_above(obj, request.user))

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Without the password where it cannot be reset: all there is of it is the button for that."""
        given = super().get_fieldsets(request, obj)
        if obj is None or self.has_change_permission(request, obj):
            return given
        return [
            (name, {**options, "fields": [field for field in options["fields"] if field != "password"]})
            for name, options in given
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        fields = list(super().get_readonly_fields(request, obj))
        return fields if request.user.is_superuser else [*fields, "is_superuser", "user_permissions"]

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Groups that may do no more than whoever gives them; others nobody can be in whose form this is."""
        if db_field.name == "groups" and not request.user.is_superuser:
            more = Permission.objects.exclude(pk__in=rights_of(request.user).values("pk"))
            kwargs["queryset"] = Group.objects.exclude(permissions__in=more.values("pk"))
        return super().formfield_for_manytomany(db_field, request, **kwargs)

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
        return gone, counts, {name for name in permissions if name == "member"}, []

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
        if is_above(other, request.user):
            messages.error(request, "This account may do more than yours: you cannot merge it away.")
            return None
        moved = merge_accounts(other, chosen)
        messages.success(request, f"{moved} reviews came over to {chosen.username}; {other.username} is deleted.")
        return redirect("admin:reviews_member_changelist")
