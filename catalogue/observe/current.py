"""The request that is being answered, for whatever writes a log line while it is."""

import re
from contextvars import ContextVar
from uuid import uuid4

from django.http import HttpRequest

HEADER = "X-Request-ID"
_SANE = re.compile(r"[A-Za-z0-9._-]{8,64}", re.ASCII)

request_id: ContextVar[str] = ContextVar("request_id", default="")
request: ContextVar[HttpRequest | None] = ContextVar("request", default=None)


def id_for(given: str) -> str:
    """The proxy's id of a request if it has given one that is sane, else a new one.

    >>> id_for("2b7e151628aed2a6abf71589")
    '2b7e151628aed2a6abf71589'
    >>> len(id_for("1\\nforged line")), len(id_for(""))
    (32, 32)
    """
    return given if _SANE.fullmatch(given) else uuid4().hex


def page_of(request: HttpRequest) -> str:
    """The name of the page, with its key where it has one: no address, so neither search words nor members' names."""
    match = request.resolver_match
    if match is None:
        return "unknown"
    key = match.kwargs.get("pk")
    return f"{match.view_name} {key}" if isinstance(key, int) else match.view_name or "unknown"
