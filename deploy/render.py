"""Fills in the names of a configuration file: ``SITE_HOST=... python3 deploy/render.py cuemark.conf.template``.

A name that is not in the environment is an error: half a configuration is none.
"""

import os
import re
import sys
from collections.abc import Mapping
from pathlib import Path

_NAME = re.compile(r"\$\{([A-Z_]+)\}")


def render(template: str, names: Mapping[str, str]) -> str:
    """Put the values in. Raises KeyError with the names that have none.

    >>> render("listen ${PORT}; $host", {"PORT": "443"})
    'listen 443; $host'
    """
    if missing := sorted(set(_NAME.findall(template)) - names.keys()):
        raise KeyError(", ".join(missing))
    return _NAME.sub(lambda match: names[match[1]], template)


if __name__ == "__main__":
    try:
        sys.stdout.write(render(Path(sys.argv[1]).read_text(encoding="utf-8"), os.environ))
    except KeyError as error:
        sys.exit(f"Set {error.args[0]}.")
