"""Pages for when there is no page. They ask nothing of the database, which may be what failed."""

import errno
import logging
import re
import sys
from collections.abc import Sequence
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent
from django.db import DataError, IntegrityError, InterfaceError, NotSupportedError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from catalogue.http import GetResponse, NoPageError
from catalogue.observe import current

logger = logging.getLogger(__name__)
LATER = (errno.ENOSPC, errno.EDQUOT, errno.EHOSTDOWN)  # of disks, and of a bucket
RETRY_AFTER = "10"  # seconds
DEADLOCK = "40P01"


# What a lookup says of a key that is no number; it has no class of its own.
_FUNCTION = "user-defined function raised exception"  # SQLite, of a regular expression that is none
_NO_KEY = re.compile(r"Field '\w+' expected a number but got ")


class ConflictMiddleware:
    """Answers 409 where two writers crossed and the database let one of them through; 400 for keys no column holds."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        # PostgreSQL ends one of two transactions that wait for each other.
        is_deadlock = getattr(exception.__cause__, "sqlstate", "") == DEADLOCK
        if isinstance(exception, IntegrityError) or is_deadlock:
            logger.warning("Two writers crossed at %s", request.path, exc_info=exception)
            text = (
                "What you sent no longer fits what is there now. Nothing was changed. Go back, reload and look again."
            )
            return _page(request, 409, "Somebody was quicker", text)
        if (
            isinstance(exception, OverflowError | DataError)
            or _NO_KEY.match(str(exception))
            or _is_lookup(request, exception)
        ):
            logger.warning("No column holds what was sent to %s", request.path, exc_info=exception)
            return bad_request(request, exception)
        return None


def _is_lookup(request: HttpRequest, exception: Exception) -> bool:
    """Whether a list of the desk was asked for by a lookup it cannot carry out: ?updated_at__year=0, ?title__regex=("""
    if request.method not in ("GET", "HEAD") or not request.path.startswith(reverse("admin:index")):
        return False
    is_at_fault = isinstance(exception, ValueError | TypeError | IndexError | NotSupportedError) or _FUNCTION in str(
        exception
    )
    return is_at_fault and any("__" in name for name in request.GET)


def _page(
    request: HttpRequest, status: int, title: str, text: str, ways: Sequence[tuple[str, str]] = ()
) -> HttpResponse:
    """``ways``: label and address of where the reader most likely wants to go."""
    context = {"status": status, "title": title, "text": text, "ways": ways, "request_id": current.request_id.get()}
    return render(request, "error.html", context, status=status)


def bad_request(request: HttpRequest, exception: Any) -> HttpResponse:
    if isinstance(exception, RequestDataTooBig | TooManyFieldsSent):
        text = "Nothing was changed. Go back, make it shorter, and send it again."
        return _page(request, 413, "That is too long for this form", text)
    return _page(
        request,
        400,
        "That address makes no sense",
        "Something in it is too long or not text. Search for what you meant.",
    )


def permission_denied(request: HttpRequest, exception: Any) -> HttpResponse:
    # What our own views say; Django's refusals say nothing.
    text = str(exception) or "This page is for somebody with other rights. Signing in may help."
    return _page(request, 403, "Not your seat", text)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    text = "The form was open for too long, or cookies are off. Nothing was changed. Go back, reload and send it again."
    return _page(request, 403, "The form has expired", text)


def not_found(request: HttpRequest, exception: Any) -> HttpResponse:
    if isinstance(exception, NoPageError):
        return _no_page(request, exception.last)
    text = (
        "The address may be old, or the movie may have been merged with a duplicate. Search, or start from the front."
    )
    return _page(request, 404, "This reel is missing", text)


def _no_page(request: HttpRequest, last: int) -> HttpResponse:
    """Beyond the end of a list, which may have become shorter: the list, filtered as it was, from both its ends."""
    query = request.GET.copy()
    query.pop("page", None)
    first = f"{request.path}?{query.urlencode()}" if query else request.path
    if last == 1:
        ways, text = [("To the list", first)], "All of this list is on one page."
    else:
        query["page"] = str(last)
        ways = [("First page", first), (f"Last page, {last:,}", f"{request.path}?{query.urlencode()}")]
        text = f"This list has {last:,} pages."
    return _page(request, 404, "There is no such page", text, ways)


def server_error(request: HttpRequest) -> HttpResponse:
    """503 where the same request may well succeed later: a database or bucket is gone, a disk is full; else 500."""
    failure = sys.exc_info()[1]  # Django calls this while it handles what went wrong
    request.user = AnonymousUser()  # who it is may be what cannot be asked
    if isinstance(failure, OperationalError | InterfaceError) or getattr(failure, "errno", 0) in LATER:
        text = (
            "The site cannot reach what it needs. Try again in a minute. "
            "If you were sending something, look first whether it is there."
        )
        response = _page(request, 503, "A short intermission", text)
        response.headers["Retry-After"] = RETRY_AFTER
        return response
    return _page(
        request,
        500,
        "The lamp went out",
        "Something broke on our side and has been written down. Try again in a minute.",
    )
