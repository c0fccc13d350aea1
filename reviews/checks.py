"""What `manage.py check` says of settings that members would notice first."""

import re
from typing import Any

from django.conf import settings
from django.core.checks import INFO, WARNING, CheckMessage, Error, Tags, register

_ADDRESS = re.compile(r"https?://[^/?#\s@]+")


@register(Tags.security)
def site_url_is_an_address(**kwargs: Any) -> list[CheckMessage]:
    """SITE_URL is scheme and host, nothing else."""
    if settings.SITE_URL and not _ADDRESS.fullmatch(settings.SITE_URL):
        hint = "Write it as https://catalogue.example.org, without a path."
        return [Error("SITE_URL is no address.", hint=hint, id="reviews.E001")]
    return []


@register(Tags.security, deploy=True)
def site_url_is_set(**kwargs: Any) -> list[CheckMessage]:
    """Mails have links, and a mail is written without a request that could say where the site is."""
    if not settings.SITE_URL:
        hint = "Until then links lead to the first of ALLOWED_HOSTS."
        text = "SITE_URL is not set: mails do not know the site's address."
        return [CheckMessage(WARNING, text, hint=hint, id="reviews.W001")]
    return []


@register(Tags.security, deploy=True)
def limits_are_counted_together(**kwargs: Any) -> list[CheckMessage]:
    """Whoever asks four processes may try four times as often if each of them counts for itself."""
    if settings.CACHES["default"]["BACKEND"].endswith("LocMemCache"):
        hint = "Set CACHE_URL=redis://... where more than one process serves the site."
        return [CheckMessage(INFO, "Each process counts rate limits for itself.", hint=hint, id="reviews.I001")]
    return []


@register(Tags.security, deploy=True)
def staff_has_a_second_factor(**kwargs: Any) -> list[CheckMessage]:
    """On the internet the password of one editor is not enough to change the catalogue."""
    if not settings.STAFF_MFA:
        return [CheckMessage(INFO, "STAFF_MFA is off: a password opens the desk.", id="reviews.I002")]
    return []
