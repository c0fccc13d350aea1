"""Visitors read from a copy of the database where there is one; who is signed in, and every write, has the primary.

A request has one database from its beginning, so that no page is put together from two states; its first write moves it
to the primary for what is left. A copy that does not answer, or is behind, is left alone until it is well. A leaf.
"""

import logging
import time
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any, cast

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, DatabaseError, InterfaceError, OperationalError, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.http import HttpRequest, HttpResponse

logger = logging.getLogger(__name__)
REPLICA = "replica"
GetResponse = Callable[[HttpRequest], HttpResponse]
# Seconds between two looks at a copy: one that is well, and one that is not, whose time-out a reader waits for.
EVERY, AFTER_A_FAILURE = 1.0, 10.0
# What was received and not replayed; without a receiver, everything since the last transaction.
_LAG = """SELECT CASE
    WHEN NOT pg_is_in_recovery() THEN 0
    WHEN EXISTS (SELECT FROM pg_stat_wal_receiver) AND pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn() THEN 0
    ELSE COALESCE(EXTRACT(EPOCH FROM now() - pg_last_xact_replay_timestamp()), 1e9)
END"""
_alias: ContextVar[str] = ContextVar("reading from", default=DEFAULT_DB_ALIAS)


class _Reading:
    """The connection that this request reads from."""

    def __getattr__(self, name: str) -> Any:
        return getattr(connections[_alias.get()], name)


connection = cast("BaseDatabaseWrapper", _Reading())


class ReplicaRouter:
    """Where the ORM reads and writes."""

    def db_for_read(self, model: Any, **hints: Any) -> str:
        return _alias.get()

    def db_for_write(self, model: Any, **hints: Any) -> str:
        _alias.set(DEFAULT_DB_ALIAS)  # what is written is read again, and the copy does not have it yet
        return DEFAULT_DB_ALIAS

    def allow_relation(self, one: Any, other: Any, **hints: Any) -> bool:
        return True

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        return db == DEFAULT_DB_ALIAS


class _Health:
    """Whether the copy may be read from, as this process knows it."""

    def __init__(self) -> None:
        self.is_well, self.next_look = False, 0.0

    def look(self) -> bool:
        """Ask the copy how far it is behind, at most once in ``EVERY`` seconds: 1 query of PostgreSQL."""
        now = time.monotonic()
        if now >= self.next_look:
            self.next_look = now + AFTER_A_FAILURE  # others go on meanwhile
            try:
                lag = _lag()
            except DatabaseError as error:
                self.fail(error)
            else:
                self.is_well, self.next_look = lag <= settings.REPLICA_MOST_LAG, now + EVERY
                if not self.is_well:
                    logger.warning("The replica is %.1f s behind: visitors read from the primary.", lag)
        return self.is_well

    def fail(self, error: Exception) -> None:
        self.is_well, self.next_look = False, time.monotonic() + AFTER_A_FAILURE
        logger.error("The replica does not answer: visitors read from the primary. %s", str(error).strip())


health = _Health()


def _lag() -> float:
    replica = connections[REPLICA]
    if replica.vendor != "postgresql":
        return 0.0
    with replica.cursor() as cursor:
        cursor.execute(_LAG)
        return float(cursor.fetchone()[0])


class ReplicaMiddleware:
    """Choose where a request reads from; one that fails on the copy is answered by the primary."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        is_visitor = request.method in ("GET", "HEAD") and settings.SESSION_COOKIE_NAME not in request.COOKIES
        chosen = REPLICA if is_visitor and REPLICA in connections.databases and health.look() else DEFAULT_DB_ALIAS
        token = _alias.set(chosen)
        try:
            return self.get_response(request)
        finally:
            _alias.reset(token)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if _alias.get() != REPLICA or not isinstance(error, OperationalError | InterfaceError):
            return None
        health.fail(error)
        connections[REPLICA].close()
        _alias.set(DEFAULT_DB_ALIAS)
        match = request.resolver_match
        assert match is not None
        response: HttpResponse = match.func(request, *match.args, **match.kwargs)
        return response
