"""Django asks PostgreSQL whether a kept connection still lives before each request: a journey of its own to the server,
half of what a kept page needs of it. One that was used a moment ago and on which nothing has come is trusted. A leaf.

What the server says unasked is that it goes, so a restart is seen at once; a line that went dead in silence is found by
Django's question, after a pause.
"""

import select
import time
from typing import Any

from django.core.signals import request_started
from django.db import connections

PAUSE = 1.0  # seconds after which it is asked


def watch() -> None:
    """From now on, look at the connections when a request begins."""
    request_started.connect(_trust, dispatch_uid="reconnecting")


def _trust(**_: Any) -> None:
    now = time.monotonic()
    for connection in connections.all(initialized_only=True):
        if connection.vendor != "postgresql" or connection.connection is None:
            continue
        own = vars(connection)
        used, own["used_at"] = own.get("used_at", 0.0), now
        is_trusted = now - used < PAUSE and _is_quiet(connection.connection.fileno())
        own["health_check_enabled"] = connection.settings_dict["CONN_HEALTH_CHECKS"] and not is_trusted


def _is_quiet(socket: int) -> bool:
    """Whether nothing, and no end, has come on it."""
    poll = select.poll()
    poll.register(socket, select.POLLIN)
    return not poll.poll(0)
