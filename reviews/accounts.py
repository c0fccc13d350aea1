"""How accounts are made here: what we change of django-allauth."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import SignupForm as AllauthSignupForm
from django.contrib import messages
from django.contrib.auth.validators import ASCIIUsernameValidator
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme

from reviews.forms import refuse_blocked_domain, resembles_staff
from reviews.names import flaw

USERNAME_VALIDATORS = [ASCIIUsernameValidator()]  # it stands in addresses, and looks like one thing only


class AccountAdapter(DefaultAccountAdapter):
    """Sends people back within this site only; refuses blocked domains and doubles of the staff."""

    def is_safe_url(self, url: str | None) -> bool:
        request: HttpRequest = self.request
        return url_has_allowed_host_and_scheme(
            url, allowed_hosts={request.get_host()}, require_https=request.is_secure()
        )

    def clean_email(self, email: str) -> str:
        refuse_blocked_domain(email)
        return str(super().clean_email(email))

    def clean_username(self, username: str, shallow: bool = False) -> str:
        username = str(super().clean_username(username, shallow=shallow))
        if reason := flaw(username):
            raise ValidationError(reason)
        if not shallow and resembles_staff(username):
            raise ValidationError("This name is too close to that of somebody who works here.")
        return username


class SignupForm(AllauthSignupForm):
    """The sign-up form, its honeypot hidden by our style sheet: the library's inline style would break the CSP."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if field.widget.attrs.pop("style", None):
                field.widget.attrs |= {"tabindex": "-1", "aria-hidden": "true", "class": "honeypot"}

    def try_save(self, request: HttpRequest) -> tuple[Any, HttpResponse | None]:
        """As the library does; of two who take a name at the same moment, the second is asked for another."""
        try:
            with transaction.atomic():
                user, response = super().try_save(request)
        except IntegrityError:
            messages.error(request, "Somebody has just taken this name. Choose another one.")
            return None, HttpResponseRedirect(request.get_full_path())
        return user, response
