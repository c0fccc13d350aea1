"""A form that was sent when its record was there no more: what was typed is shown, so that it is not lost."""

import re
from collections.abc import Mapping

from django.utils.text import capfirst

_ROW = re.compile(r"([a-z_]+)-([0-9]+)-([a-z_]+)")
_UNTYPED_NAME = re.compile("^_|^csrf|^initial-|_FORMS$|-__prefix__-")
_UNTYPED = {"id", "movie", "person", "was", "collection", "DELETE"}  # in a row: keys, and what the page brought along


def typed(data: Mapping[str, str]) -> list[tuple[str, str]]:
    """What somebody wrote, by field and by row: lines that differ from what the form was sent with, and all rows.

    >>> typed({"title": "Ran", "initial-title": "Run", "year": "1985", "initial-year": "1985", "_save": "Save"})
    [('Title', 'Ran')]
    >>> typed({"credits-0-id": "7", "credits-0-person_name": "Tatsuya Nakadai", "credits-0-character": "Hidetora"})
    [('Credits 1', 'Tatsuya Nakadai, Hidetora')]
    >>> typed({"credits-__prefix__-department": "acting", "poster_focus": " "})  # the row that new ones are copied from
    []
    """
    found: dict[str, list[str]] = {}
    for name, value in data.items():
        if not value.strip() or value == "on" or _UNTYPED_NAME.search(name):
            continue
        if row := _ROW.fullmatch(name):
            if row[3] not in _UNTYPED:
                found.setdefault(f"{row[1]} {int(row[2]) + 1}", []).append(value)
        elif name != "cast_seen" and value != data.get(f"initial-{name}"):
            found[name] = [value]
    return [(capfirst(name.replace("_", " ")), ", ".join(values)) for name, values in found.items()]
