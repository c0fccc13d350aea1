"""What keeps personal data out of the logs, whoever writes them.

Addresses of pages may hold search words, members' names and keys of mails, so a page is named, not quoted. A database's
error may quote a row, so whatever looks like a mail address is struck out of the finished line.
"""

import logging
import re

from django.http import HttpRequest
from pythonjsonlogger.core import RESERVED_ATTRS
from pythonjsonlogger.json import JsonFormatter

from catalogue.observe import current

# At most the 64 characters that an address may have before the sign: a long run would be read again from each of them.
_MAIL = re.compile(r"[\w.+%-]{1,64}@[\w-]+(\.[\w-]+)+")


class RequestFilter(logging.Filter):
    """Adds the request's id to a line and puts the name of the page where Django would write its address."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = current.request_id.get()
        request = getattr(record, "request", None)
        if isinstance(request, HttpRequest):
            # Django logs a 404 when the last middleware has ended.
            record.request_id = current.request_id.get() or request.headers.get(current.HEADER, "")
            page = record.page = current.page_of(request)
            if isinstance(record.args, tuple):
                addresses = (request.path, request.get_full_path())
                record.args = tuple(page if argument in addresses else argument for argument in record.args)
        return True


class CleanFormatter(logging.Formatter):
    """Text for eyes."""

    def format(self, record: logging.LogRecord) -> str:
        return _MAIL.sub("[mail]", super().format(record))


class CleanJsonFormatter(JsonFormatter):
    """One object a line."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, reserved_attrs=[*RESERVED_ATTRS, "request"], **kwargs)  # type: ignore[arg-type]

    def format(self, record: logging.LogRecord) -> str:
        return _MAIL.sub("[mail]", super().format(record))
