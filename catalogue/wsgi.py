"""What gunicorn serves."""

import gc
import os
import re
from collections.abc import Callable, Iterable
from typing import Any

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "catalogue.settings")

Environ = dict[str, Any]
Application = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]
_OTHER_CODEC = re.compile(r"charset=(?!\"?utf-?8\"?\s*(;|$))", re.IGNORECASE)


def only_utf_8(application: Application) -> Application:
    """Answer 400 to requests that say they are in another encoding.

    Browsers send UTF-8. Django would decode the address and the form with whichever codec is named, before any
    middleware runs, and some of Python's are none for text.
    """

    def checked(environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        if _OTHER_CODEC.search(environ.get("CONTENT_TYPE", "")):
            start_response("400 Bad Request", [("Content-Type", "text/plain"), ("Cache-Control", "no-store")])
            return [b"Requests are read as UTF-8.\n"]
        return application(environ, start_response)

    return checked


application = only_utf_8(get_wsgi_application())
# Loaded before the workers fork, so that they share it; frozen, so that no garbage collection walks through it again
# (it took a tenth of a second now and then) or copies it into each worker.
assert get_resolver().url_patterns
gc.collect()
gc.freeze()
