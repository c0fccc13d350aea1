"""The groups that the staff is put into. Created with their rights once; afterwards they are the operator's."""

from typing import Any

from django.apps import apps
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group, Permission
from django.db.models import Q

MODERATORS = "Moderators"
EDITORS = "Editors"
RIGHTS = {
    EDITORS: Q(content_type__app_label="catalogue"),
    # They decide about reviews and see what they need for that: nothing of the catalogue, no account to change.
    MODERATORS: Q(content_type__app_label="reviews")
    & (
        Q(codename="moderate_review")
        | Q(codename__in=["view_review", "view_report", "view_decision", "view_member"])
        | Q(codename__endswith="_heldword")
    ),
}


def create_groups(sender: Any, using: str, **kwargs: Any) -> None:
    """After each migration; a group that is there is left alone."""
    for label in ("catalogue", "reviews"):
        create_permissions(apps.get_app_config(label), verbosity=0, using=using)
    for name, rights in RIGHTS.items():
        group, is_new = Group.objects.using(using).get_or_create(name=name)
        if is_new:
            group.permissions.set(Permission.objects.using(using).filter(rights))
