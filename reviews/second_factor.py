"""The second factor: what we change of django-allauth's, and who cannot do without one. docs/decisions/0022."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from allauth.mfa import app_settings
from allauth.mfa.adapter import DefaultMFAAdapter, get_adapter
from allauth.mfa.base.forms import AuthenticateForm as AllauthAuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as AllauthReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

TOTP = Authenticator.Type.TOTP


def needs_one(user: Any) -> bool:
    """Whether this reader may not enter the desk without a second factor."""
    return bool(settings.STAFF_MFA and user.is_authenticated and user.is_staff)


class Adapter(DefaultMFAAdapter):
    """Who needs a second factor does not give it up."""

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        return not needs_one(authenticator.user)


def use(authenticator: Authenticator) -> bool:
    """Write down that a code of an app was used; False where one of these 30 seconds was used before.

    By one UPDATE: the library remembers codes in the cache, which each process has for itself without CACHE_URL.
    """
    now = timezone.now()
    start = now - timedelta(seconds=now.timestamp() % app_settings.TOTP_PERIOD)
    unused = Q(last_used_at__lt=start) | Q(last_used_at=None, created_at__lt=start)  # the first code made it
    return bool(Authenticator.objects.filter(unused, pk=authenticator.pk).update(last_used_at=now))


class _Once:
    """A form that takes a code of an app once."""

    authenticator: Authenticator  # whose code it was

    def clean_code(self) -> str:
        code = str(super().clean_code())  # type: ignore[misc]  # the form's
        if self.authenticator.type == TOTP and not use(self.authenticator):
            raise get_adapter().validation_error("incorrect_code")
        return code


class AuthenticateForm(_Once, AllauthAuthenticateForm):
    """At sign-in."""


class ReauthenticateForm(_Once, AllauthReauthenticateForm):
    """Before something important is changed."""


class StaffMiddleware:
    """Leads staff without a second factor to set one up, whatever page of the desk they ask for: 1 query there."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *args: object) -> HttpResponse | None:
        match = request.resolver_match
        if not settings.STAFF_MFA or match is None or match.app_name != "admin" or match.url_name == "logout":
            return None
        if not needs_one(request.user) or is_mfa_enabled(request.user, [TOTP]):
            return None
        messages.warning(request, "The desk asks its staff for a second factor. Set one up, then come back.")
        return redirect("mfa_activate_totp")
