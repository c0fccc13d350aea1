"""The audit log: who signed in, what changed about rights, what moderators decided. Keys of members, never names."""

import logging
from typing import Any

from catalogue.observe import current

logger = logging.getLogger("audit")


def note(event: str, **what: int | str | None) -> None:
    """Write one event, with the key of the member whose request it was."""
    what["by"] = _reader()
    text = " ".join(f"{name}={value}" for name, value in what.items() if value is not None)
    logger.info("%s %s", event, text, extra={"event": event, **what})


def _reader() -> int | None:
    user: Any = getattr(current.request.get(), "user", None)
    return user.pk if user is not None else None
