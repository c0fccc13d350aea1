"""Which signals of Django's and of allauth's are written to the audit log. Connected when the site starts."""

from typing import Any

from allauth.mfa.signals import authenticator_added, authenticator_removed
from django.contrib.auth.models import Group
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.db.models import Q
from django.db.models.signals import m2m_changed

from catalogue.observe import audit
from reviews.models import Member

MOST = 200  # characters of keys; a new group has hundreds


def listen() -> None:
    """Connect them; once is enough."""
    user_logged_in.connect(_signed_in, dispatch_uid="audit")
    user_logged_out.connect(_signed_out, dispatch_uid="audit")
    user_login_failed.connect(_failed, dispatch_uid="audit")
    authenticator_added.connect(_second_factor, dispatch_uid="audit")
    authenticator_removed.connect(_second_factor, dispatch_uid="audit")
    for through in (Member.groups.through, Member.user_permissions.through, Group.permissions.through):
        m2m_changed.connect(_rights, sender=through, dispatch_uid=f"audit {through.__name__}")


def _signed_in(user: Member, **kwargs: Any) -> None:
    audit.note("signed_in", member=user.pk)


def _signed_out(user: Member | None, **kwargs: Any) -> None:
    audit.note("signed_out", member=user.pk if user else None)


def _failed(credentials: dict[str, Any], **kwargs: Any) -> None:
    """Whose account it was meant for, if there is one: 1 query. What was typed is not written down."""
    name, mail = credentials.get("username") or "", credentials.get("email") or ""
    wanted = Q(username__iexact=name) if name else Q(email__iexact=mail)
    member = Member.objects.filter(wanted).values_list("pk", flat=True).first() if name or mail else None
    audit.note("sign_in_failed", member=member)


def _second_factor(user: Member, authenticator: Any, signal: Any, **kwargs: Any) -> None:
    change = "added" if signal is authenticator_added else "removed"
    audit.note("second_factor", member=user.pk, what=f"{authenticator.type} {change}")


def _rights(sender: Any, instance: Any, action: str, pk_set: set[int] | None, **kwargs: Any) -> None:
    if action in ("post_add", "post_remove", "pre_clear"):
        keys = ",".join(map(str, sorted(pk_set or ())))[:MOST]
        if keys or action == "pre_clear":
            what = f"{sender.__name__} {action.partition('_')[2]} {keys}".strip()
            audit.note("rights_changed", **{instance._meta.model_name: instance.pk}, what=what)
