"""Slow queries in the log: their SQL without its values, and the page they were made for."""

import logging
import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

from catalogue.observe import current, metrics

logger = logging.getLogger("slow")
MOST_SQL = 1000  # characters; what follows are mostly placeholders


def watch() -> None:
    """Have every connection of this process watched from its beginning. Once is enough."""
    connection_created.connect(_begin, dispatch_uid="slow queries")


def _begin(connection: BaseDatabaseWrapper, **kwargs: Any) -> None:
    if _timed not in connection.execute_wrappers:
        connection.execute_wrappers.append(_timed)


def _timed(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
    started = time.perf_counter()
    try:
        return execute(sql, params, many, context)
    finally:
        ms = (time.perf_counter() - started) * 1000
        request = current.request.get()
        # What commands ask for may take its time, and their progress bars stand on the same screen.
        if request and 0 < settings.SLOW_QUERY_MS <= ms:
            extra = {"page": current.page_of(request), "ms": round(ms), "sql": sql[:MOST_SQL]}
            logger.warning("A query took %(ms)s ms.", extra, extra=extra)
            if settings.METRICS_TOKEN:
                metrics.count_slow_query()
