"""How accounts are made here: what we change of django-allauth."""

from typing import Any, cast
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import LoginForm as AllauthLoginForm
from allauth.account.forms import SignupForm as AllauthSignupForm
from allauth.account.utils import filter_users_by_email
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.validators import ASCIIUsernameValidator
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from catalogue.http import site_address
from reviews.forms import refuse_blocked_domain, resembles_staff
from reviews.names import flaw

USERNAME_VALIDATORS = [ASCIIUsernameValidator()]  # it stands in addresses, and looks like one thing only

MOST_ADDRESS = 254  # the column's; the library would cut off the rest


class AccountAdapter(DefaultAccountAdapter):
    """Sends people back within this site only, by mail too; refuses blocked domains and doubles of the staff."""

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """As the library does, but it names the site and its address as we do, not as the request did."""
        links = {
            name: site_address(urlsplit(value)._replace(scheme="", netloc="").geturl())
            for name, value in context.items()
            if name.endswith("_url")
        }
        site = {"name": settings.SITE_NAME, "domain": urlsplit(site_address("")).netloc}
        super().send_mail(template_prefix, email, {**context, **links, "current_site": site})

    def is_safe_url(self, url: str | None) -> bool:
        request: HttpRequest = self.request
        return url_has_allowed_host_and_scheme(
            url, allowed_hosts={request.get_host()}, require_https=request.is_secure()
        )

    def get_client_ip(self, request: HttpRequest) -> str:
        """As the library does; what came past some of the proxies counts as its sender's."""
        try:
            return str(super().get_client_ip(request))
        except ImproperlyConfigured:
            return str(request.META["REMOTE_ADDR"] or "0.0.0.0")  # a Unix socket has none  # noqa: S104

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        """As the library does, but once: an address given as name and as address would take twice as long if known."""
        if credentials.get("email") == credentials.get("username"):
            credentials.pop("email", None)
        return super().authenticate(request, **credentials)

    def clean_email(self, email: str) -> str:
        if len(email) > MOST_ADDRESS:
            raise ValidationError(f"An address has at most {MOST_ADDRESS} characters.")
        refuse_blocked_domain(email)
        return str(super().clean_email(email))

    def clean_username(self, username: str, shallow: bool = False) -> str:
        username = str(super().clean_username(username, shallow=shallow))
        if reason := flaw(username):
            raise ValidationError(reason)
        if "@" in username:
            raise ValidationError("A user name has no @: it is public, an address is not.")
        if not shallow and resembles_staff(username):
            raise ValidationError("This name is too close to that of somebody who works here.")
        return username


class LoginForm(AllauthLoginForm):
    """The sign-in form; the link for a forgotten password stands once, beside the button."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].help_text = ""
        self.fields["login"].label = "User name or email"
        for name in ("login", "password"):
            self.fields[name].widget.attrs.pop("placeholder", None)  # the label says it
        self.fields["remember"].label = "Keep me signed in"


class SignupForm(AllauthSignupForm):
    """The sign-up form, its honeypot hidden by our style sheet: the library's inline style would break the CSP."""

    account_already_exists: bool  # the library's

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if field.widget.attrs.pop("style", None):
                field.widget.attrs |= {"tabindex": "-1", "aria-hidden": "true", "class": "honeypot"}

    def try_save(self, request: HttpRequest) -> tuple[Any, HttpResponse | None]:
        """As the library does; of two who take a name or an address at the same moment, the second is told so."""
        try:
            with transaction.atomic():
                return cast("tuple[Any, HttpResponse | None]", super().try_save(request))
        except IntegrityError:
            if not filter_users_by_email(self.cleaned_data["email"]):
                messages.error(request, "Somebody has just taken this name. Choose another one.")
                return None, HttpResponseRedirect(request.get_full_path())
        if settings.ACCOUNT_EMAIL_VERIFICATION != "mandatory":
            messages.error(request, "There is an account with this address: sign in.")
            return None, HttpResponseRedirect(reverse("account_login"))
        self.account_already_exists = True  # what the form would have found a moment later
        return cast("tuple[Any, HttpResponse | None]", super().try_save(request))
