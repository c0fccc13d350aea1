"""A cursor of PostgreSQL's that has the server keep the plan of each statement, by connection. A leaf."""

from typing import Any, cast

from django.db.backends.utils import CursorWrapper
from psycopg import Connection, Cursor
from psycopg.types.numeric import Int8

from catalogue.replicas import connection

MOST = 100  # statements a connection; compiled.py has some thirty


class _Preparing(Cursor[Any]):
    def execute(self, query: Any, params: Any = None, **options: Any) -> "_Preparing":
        # A key is a bigint whatever its size, or each size would be a statement of its own.
        return super().execute(query, [Int8(key) for key in params or ()], prepare=True)


def prepared() -> CursorWrapper:
    """A cursor for statements whose parameters are keys."""
    connection.ensure_connection()
    server = cast("Connection[Any]", connection.connection)
    server.prepare_threshold, server.prepared_max = 5, MOST  # Django turns preparing off; its own cursors never do
    cursor: Any = _Preparing(server)
    return connection.make_cursor(cursor)
