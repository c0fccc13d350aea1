"""Reads the parts of a record of TMDB, which may be missing, null or of another type than promised."""

from collections.abc import Mapping
from typing import Any, TypeVar

Json = Mapping[str, Any]
_Item = TypeVar("_Item")


def text_of(data: Json, key: str) -> str:
    """A plain value as text; "" for null, lists and objects."""
    value = data.get(key)
    return "" if value is None or isinstance(value, (dict, list)) else str(value)


def object_of(data: Json, key: str) -> Json:
    """An object; an empty one for anything else."""
    value = data.get(key)
    return value if isinstance(value, dict) else {}


def items_of(data: Json, key: str, *inside: str) -> list[Json]:
    """The objects of a list, which may lie under one of the keys ``inside``; names alone become objects."""
    value: Any = data.get(key)
    if isinstance(value, dict):
        value = next((value[name] for name in inside if isinstance(value.get(name), list)), [])
    if isinstance(value, str):  # mirrors of 2023 and later: "Action, Science Fiction"
        value = value.split(", ")
    if not isinstance(value, list):
        return []
    return [item if isinstance(item, dict) else {"name": str(item)} for item in value if item]


def unique(items: list[_Item | None]) -> list[_Item]:
    """Without None and what was there before, in order."""
    found: list[_Item] = []
    for item in items:
        if item is not None and item not in found:
            found.append(item)
    return found
