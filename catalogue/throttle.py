"""How often somebody may do something: fixed windows, counted in the cache. A leaf.

Exact with Redis; with a cache of each process's own, each process counts for itself.
"""

import hashlib
import time
from collections.abc import Callable
from functools import wraps
from ipaddress import ip_address, ip_network
from typing import Any

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

View = Callable[..., HttpResponse]
PER_ADDRESS = 10  # a university's members share an address, so it may do as much as this many of them


def is_allowed(request: HttpRequest, action: str) -> bool:
    """Count one ``action`` of settings.LIMITS and say whether it is within the limit of the member and the address."""
    address = network_of(get_adapter(request).get_client_ip(request))
    if request.user.is_authenticated:
        is_within = _is_within(action, f"member:{request.user.pk}")
        return _is_within(action, f"address:{address}", PER_ADDRESS) and is_within  # each is counted
    return _is_within(action, f"address:{address}")


def may_be_mailed(email: str) -> bool:
    """Count one mail that a stranger has sent to this mailbox and say whether it is within the limit.

    "ann+1@" and "ann+2@" reach the mailbox of "ann@" with most providers, so they count as one.
    """
    name, _, domain = email.lower().rpartition("@")
    mailbox = f"{name.partition('+')[0]}@{domain}"
    return _is_within("mail", hashlib.sha256(mailbox.encode()).hexdigest()[:32])


def _is_within(action: str, who: str, times: int = 1) -> bool:
    if action not in settings.LIMITS:
        return True
    most, seconds = settings.LIMITS[action]
    return _count(f"limit:{action}:{who}:{int(time.time()) // seconds}", seconds) <= most * times


def network_of(address: str) -> str:
    """What one reader has at least: an address, or with IPv6 a network of 2**64 of them.

    >>> network_of("192.0.2.7"), network_of("2001:db8:1:2:3:4:5:6")
    ('192.0.2.7', '2001:db8:1:2::/64')
    """
    number = ip_address(address)
    return address if number.version == 4 else str(ip_network((number, 64), strict=False))


def _count(key: str, seconds: int) -> int:
    if cache.add(key, 1, timeout=seconds):
        return 1
    try:
        return cache.incr(key)
    except ValueError:  # it ran out between the two
        return 1


def too_many(request: HttpRequest, action: str) -> HttpResponse:
    """The page that says so."""
    response = render(request, "429.html", status=429)
    response.headers["Retry-After"] = str(settings.LIMITS[action][1])
    return response


def limited(action: str) -> Callable[[View], View]:
    """Answer 429 to the POSTs of a view that come too often."""

    def decorate(view: View) -> View:
        @wraps(view)
        def limited_view(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.method == "POST" and not is_allowed(request, action):
                return too_many(request, action)
            return view(request, *args, **kwargs)

        return limited_view

    return decorate
