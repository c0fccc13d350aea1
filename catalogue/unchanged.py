"""Answers kept for as long as nothing at all is written: exact, and with nothing to be purged.

The database itself says whether it is as it was: PostgreSQL by its snapshot, which every write moves on, SQLite by the
changes that this connection and others made. So what is kept is never stale, and is kept only while it is quiet: for
what each reader asks for letter by letter, not for pages that a busy site has to answer from memory.
"""

import threading
from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from catalogue.compression import COMPRESS, LEAST, coded, coding_of
from catalogue.http import has_session
from catalogue.replicas import connection

View = Callable[[HttpRequest], HttpResponse]
State = tuple[object, ...]
MOST_KEPT = 256  # answers of a thread


class _Kept(threading.local):
    """What this thread answered, and the state of the database that it was read from."""

    def __init__(self) -> None:
        self.state: State = ()
        self.answers: dict[tuple[str, str], tuple[bytes, str, dict[str, str]]] = {}


_kept = _Kept()


def kept_while_unchanged(view: View) -> View:
    """Keep what ``view`` answers visitors: 1 query. Its answer hangs on the address and the database alone."""

    @wraps(view)
    def kept_view(request: HttpRequest) -> HttpResponse:
        state = None if settings.DEBUG or has_session(request) else _state()
        if state is None:
            return view(request)
        if state != _kept.state or len(_kept.answers) >= MOST_KEPT:
            _kept.state, _kept.answers = state, {}
        key = request.get_full_path(), coding_of(request)
        if key not in _kept.answers:
            response = view(request)
            if response.status_code != 200 or response.cookies:
                return response
            coding = key[1] if len(response.content) >= LEAST else ""
            _kept.answers[key] = COMPRESS[coding](response.content), coding, dict(response.headers)
        body, coding, headers = _kept.answers[key]
        return coded(HttpResponse(body, headers=headers), coding)

    return kept_view


def _state() -> State | None:
    """What is equal only while the database is as it was; None within a transaction, whose writes are not told apart.

    1 query. Raises what the database raises.
    """
    if connection.in_atomic_block:
        return None
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA data_version")
            # The number is of this connection, and another may begin with the same: hence the connection itself.
            return connection.connection, connection.connection.total_changes, *cursor.fetchone()
        cursor.execute("SELECT pg_current_snapshot()::text")
        return connection.alias, *cursor.fetchone()
