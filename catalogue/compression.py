"""Compressed responses where no web server in front does it. A leaf."""

import gzip
import re
from collections.abc import Callable
from functools import partial

import brotli
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

GetResponse = Callable[[HttpRequest], HttpResponse]
# Made for one reader of many: the next quality takes twice as long and saves a twentieth.
COMPRESS: dict[str, Callable[[bytes], bytes]] = {
    "br": partial(brotli.compress, quality=3),
    "gzip": partial(gzip.compress, compresslevel=4),
    "": bytes,
}
LEAST = 860  # bytes; what is shorter travels in one packet anyway
TEXTS = ("text/html", "application/atom+xml", "application/xml", "application/json", "text/plain")
_REFUSED = re.compile(r"\s*q\s*=\s*0(\.0*)?\s*", re.ASCII)  # a coding with the weight 0


def coding_of(request: HttpRequest) -> str:
    """The best of our codings that the reader's browser takes; "" for none."""
    asked = (part.partition(";") for part in request.headers.get("Accept-Encoding", "").lower().split(","))
    names = {name.strip() for name, _, weight in asked if not _REFUSED.fullmatch(weight)}
    return next((coding for coding in ("br", "gzip") if coding in names), "")


def coded(response: HttpResponse, coding: str) -> HttpResponse:
    """Say in the headers that its body is in this coding, and that another reader may get another."""
    if coding:
        response.headers["Content-Encoding"] = coding
    patch_vary_headers(response, ["Accept-Encoding"])
    return response


class CompressionMiddleware:
    """Compress what visitors get.

    What is for one reader stays as it is: a secret beside words of an attacker's choice would show in its length.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not _may_be_compressed(request, response):
            return response
        coding = coding_of(request)
        if coding:
            response.content = COMPRESS[coding](response.content)
            if etag := response.headers.get("ETag"):
                response.headers["ETag"] = etag if etag.startswith("W/") else f"W/{etag}"
        if response.has_header("Content-Length"):
            response.headers["Content-Length"] = str(len(response.content))
        return coded(response, coding)


def _may_be_compressed(request: HttpRequest, response: HttpResponse) -> bool:
    is_private = response.cookies or {settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME} & request.COOKIES.keys()
    if response.streaming or is_private or response.has_header("Content-Encoding") or response.status_code == 304:
        return False
    return response.headers.get("Content-Type", "").partition(";")[0] in TEXTS and len(response.content) >= LEAST
