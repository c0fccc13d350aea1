"""Values of a plan for eyes: of lists, who and what comes and goes."""

from collections.abc import Iterable
from typing import Any

from catalogue.curation.wording import label
from catalogue.importers.plan import Change
from catalogue.models import Genre, Person, Studio

LONGEST = 160  # characters of a value
NAMED = 6  # entries of a list
_KEYED = {"credits": Person, "genres": Genre, "studios": Studio}  # fields whose entries are or begin with keys
Names = dict[tuple[str, Any], str]


def names_of(changes: Iterable[Change]) -> Names:
    """What the keys in these changes are called: 1 query for each kind of them."""
    keys: dict[str, set[int]] = {field: set() for field in _KEYED}
    for change in changes:
        if change.field in keys:
            entries = [entry for side in _sides(change) for entry in side[:NAMED]]
            keys[change.field].update(key for entry in entries if isinstance(key := _head(entry), int))
    found = ((field, _KEYED[field].objects.filter(pk__in=wanted)) for field, wanted in keys.items() if wanted)  # type: ignore[attr-defined]
    return {(field, pk): name for field, rows in found for pk, name in rows.values_list("pk", "name")}


def tell(change: Change, names: Names) -> list[str]:
    """The field, the old value and the new one.

    >>> tell(Change("genres", [1, 2], [2, "new: Drama"]), {("genres", 1): "Crime"})
    ['Genres', '2: without Crime', '2: with Drama']
    """
    field = label(change.field)
    if not isinstance(change.old, list) and not isinstance(change.new, list):
        return [field, _said(change.old), _said(change.new)]
    gone, come = _sides(change)
    old = f"{len(change.old)}{_listed(': without ', change.field, gone, names)}" if change.old else "–"
    new = f"{len(change.new or [])}{_listed(': with ', change.field, come, names)}"
    return [field, _said(old), _said(new)]


def _sides(change: Change) -> tuple[list[Any], list[Any]]:
    """The entries that go, and those that come."""
    old, new = (side if isinstance(side, list) else [] for side in (change.old, change.new))
    return [entry for entry in old if entry not in new], [entry for entry in new if entry not in old]


def _listed(word: str, field: str, entries: list[Any], names: Names) -> str:
    called = list(dict.fromkeys(_name(field, entry, names) for entry in entries[:NAMED]))
    more = f" and {len(entries) - NAMED} more" if len(entries) > NAMED else ""
    return f"{word}{', '.join(called)}{more}" if called else ""


def _head(entry: Any) -> Any:
    return entry[0] if isinstance(entry, list) else entry


def _name(field: str, entry: Any, names: Names) -> str:
    key = _head(entry)
    if isinstance(key, str) and key.startswith("new: "):
        return key.removeprefix("new: ").partition(" [")[0]
    if key is None and field == "credits":
        return str(entry[5])  # nobody of the catalogue: the name as printed
    return names.get((field, key), str(key))


def _said(value: Any) -> str:
    text = "–" if value in (None, "") else str(value)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
