"""What the site says of itself from outside, with --url: the only checks that see the proxy."""

import http.client
import socket
import ssl
import time
from collections.abc import Iterator
from urllib.parse import urlsplit

from django.conf import settings

from catalogue.doctor.findings import Finding, Options, check

LEAST_DAYS = 14
LEAST_HSTS = 31_536_000


@check
def site_answers(options: Options) -> Iterator[Finding]:
    """The site from outside."""
    if not options.url:
        return
    parts = urlsplit(options.url)
    host, port = parts.hostname or "", parts.port or 443
    if parts.scheme != "https" or not host:
        yield Finding(f"{options.url} is not an address with https.", "Give it as https://films.example.org")
        return
    try:
        yield from _certificate(host, port)
        status, headers = _get(http.client.HTTPSConnection(host, port, timeout=10), "/")
    except (OSError, http.client.HTTPException) as error:
        yield Finding(f"{options.url} does not answer: {error}", "Start nginx; mend name, port or certificate.")
        return
    yield from _headers(status, headers, parts.netloc)
    if port == 443:
        yield from _redirect(host)


def _get(line: http.client.HTTPConnection, path: str) -> tuple[int, http.client.HTTPMessage]:
    line.request("GET", path)
    answer = line.getresponse()
    answer.read()
    line.close()
    return answer.status, answer.headers


def _certificate(host: str, port: int) -> Iterator[Finding]:
    context = ssl.create_default_context()
    with (
        socket.create_connection((host, port), timeout=10) as raw,
        context.wrap_socket(raw, server_hostname=host) as line,
    ):
        certificate = line.getpeercert() or {}
    days = int((ssl.cert_time_to_seconds(str(certificate["notAfter"])) - time.time()) // 86_400)
    if days < LEAST_DAYS:
        yield Finding(f"The certificate ends in {days} days.", "Run: certbot renew, and see why it did not by itself.")


def _headers(status: int, headers: http.client.HTTPMessage, name: str) -> Iterator[Finding]:
    if status in (301, 302) and headers.get("Location", "").startswith(f"https://{name}"):
        yield Finding("The home page redirects to itself: the site does not see the TLS.", "Set TLS_PROXY=true.")
        return
    if status != 200:
        yield Finding(f"The home page answers {status}.", f"See the log; is {name} among ALLOWED_HOSTS?")
        return
    seconds = headers.get("Strict-Transport-Security", "").partition("max-age=")[2].partition(";")[0]
    if not seconds.isdigit() or int(seconds) < LEAST_HSTS:
        yield Finding("Strict-Transport-Security is missing or short.", "Let the proxy pass the site's headers on.")
    if "Set-Cookie" in headers:
        yield Finding("A visitor gets a cookie: something before the site sets one.", "Look at the proxy's settings.")
    if not headers.get("X-Request-ID"):
        yield Finding("Answers have no X-Request-ID.", "Let the proxy pass it on, or add its own as deploy/nginx does.")


def _redirect(host: str) -> Iterator[Finding]:
    try:
        status, headers = _get(http.client.HTTPConnection(host, 80, timeout=10), "/")
    except OSError:
        return  # a closed port sends nobody astray
    if status not in (301, 308) or not headers.get("Location", "").startswith(settings.SITE_URL or "https://"):
        yield Finding("Plain http is not sent to https.", "Redirect port 80 as deploy/nginx does.")
