from collections.abc import Iterator

from django.conf import settings
from django.core.checks import WARNING, Tags, run_checks

from catalogue.doctor.findings import Finding, Options, check


@check
def settings_are_of_production(options: Options) -> Iterator[Finding]:
    """Settings."""
    if settings.DEBUG:
        yield Finding("DEBUG is on: visitors see source code and settings in errors.", "Set DEBUG=false in .env.")
    if settings.DEMO:
        yield Finding("CATALOGUE_DEMO is on: accounts with published passwords may exist.", "Unset CATALOGUE_DEMO.")
    if len(settings.SECRET_KEY) < 50 or settings.SECRET_KEY.startswith("for-this-machine-only"):
        make = "python3 -c 'import secrets; print(secrets.token_urlsafe(48))'"
        yield Finding("SECRET_KEY is short or known: sessions can be forged.", f"Set SECRET_KEY to what {make} prints.")
    if not settings.ALLOWED_HOSTS or "*" in settings.ALLOWED_HOSTS:
        yield Finding("ALLOWED_HOSTS does not say which names the site has.", "Set ALLOWED_HOSTS=films.example.org")
    if not settings.SITE_URL.startswith("https://"):
        yield Finding("SITE_URL is not an address with https.", "Set SITE_URL=https:// and the site's name.")
    if not settings.DEBUG and settings.SECURE_SSL_REDIRECT and not hasattr(settings, "SECURE_PROXY_SSL_HEADER"):
        yield Finding(
            "TLS_PROXY is off: behind a proxy that terminates TLS every page redirects to itself.",
            "Set TLS_PROXY=true where the proxy sets X-Forwarded-Proto; with deploy/nginx it does.",
        )
    if hasattr(settings, "SECURE_PROXY_SSL_HEADER") and not settings.ALLAUTH_TRUSTED_PROXY_COUNT:
        yield Finding(
            "TRUSTED_PROXY_COUNT is 0 behind a proxy: all visitors count as one, and sign-in locks for everybody.",
            "Set TRUSTED_PROXY_COUNT to the number of proxies, 1 with deploy/nginx.",
        )


@check
def django_agrees(options: Options) -> Iterator[Finding]:
    """Django's own check for deployment."""
    for message in run_checks(include_deployment_checks=True, tags=[Tags.security, Tags.models, Tags.urls]):
        if message.level >= WARNING and not message.is_silenced():
            yield Finding(f"{message.id}: {message.msg}", message.hint or "See Django's documentation of this number.")
