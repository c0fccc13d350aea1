"""Pictures on a disk, whole or not at all. A leaf."""

import os
import secrets
from contextlib import suppress
from typing import Any

from django.core.files.storage import FileSystemStorage


class WholeFileStorage(FileSystemStorage):
    """Django's, but a file has its name once all of it is there.

    A picture's address never changes its content, so half a one (the disk was full, the process was killed) would stay
    for ever: whoever uploads it again finds it there.
    """

    def _save(self, name: str, content: Any) -> str:
        part = f"{name}.{secrets.token_hex(4)}.part"
        try:
            part = super()._save(part, content)  # type: ignore[misc]  # the stubs leave it out
            os.replace(self.path(part), self.path(name))
        except OSError:
            with suppress(OSError):
                self.delete(part)
            raise
        return name
