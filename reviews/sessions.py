"""Sessions in the database that end: settings.SESSION_COOKIE_AGE after the last visit, and at the latest
settings.SESSION_MOST_SECONDS after signing in."""

import time
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.utils import timezone

BEGAN = "began"  # seconds since 1970 when its member signed in; reviews/apps.py has it written
RENEWED = timedelta(hours=12)  # visits within this time of the last write do not write again


class SessionStore(DatabaseStore):
    """The library's, except that visits put the end off, and that no visit puts it off for ever."""

    def load(self) -> dict[str, Any]:
        """What is kept, {} for a session that has ended: 1 query."""
        row = self._get_session_from_db()  # type: ignore[attr-defined]  # the stubs do not know it
        if row is None:
            return {}
        data: dict[str, Any] = self.decode(row.session_data)
        if SESSION_KEY not in data:
            return data
        if data.get(BEGAN, 0) + settings.SESSION_MOST_SECONDS < time.time():
            self.delete()
            self._session_key = None
            return {}
        if row.expire_date - timezone.now() < timedelta(seconds=settings.SESSION_COOKIE_AGE) - RENEWED:
            self.modified = True  # the middleware writes it with a new end
        return data


def begin(sender: object, request: Any, **kwargs: Any) -> None:
    """Write down when a member signed in."""
    request.session[BEGAN] = int(time.time())
