"""How accounts are made here: what we change of django-allauth."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import SignupForm as AllauthSignupForm
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme


class AccountAdapter(DefaultAccountAdapter):
    """Sends people back to where they came from, within this site only."""

    def is_safe_url(self, url: str | None) -> bool:
        request: HttpRequest = self.request
        return url_has_allowed_host_and_scheme(
            url, allowed_hosts={request.get_host()}, require_https=request.is_secure()
        )


class SignupForm(AllauthSignupForm):
    """The sign-up form, its honeypot hidden by our style sheet: the library's inline style would break the CSP."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if field.widget.attrs.pop("style", None):
                field.widget.attrs |= {"tabindex": "-1", "aria-hidden": "true", "class": "honeypot"}
