"""What the values of Wikidata mean to us: items, labels, dates."""

import json
import re
from functools import cache
from pathlib import Path

from catalogue.codes import country_code, language_code
from catalogue.dates import PartialDate
from catalogue.importers.genres import our_genre
from catalogue.importers.mending import Mender

_FILE = Path(__file__).parent.parent / "reference" / "wikidata_items.json"
_ITEM = re.compile(r"(?:https?://www\.wikidata\.org/(?:entity|wiki)/)?(Q[1-9][0-9]{0,14})", re.ASCII)
YEAR, MONTH = 9, 10  # precisions of a time, as Wikidata numbers them


@cache
def _known() -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = json.loads(_FILE.read_text(encoding="utf-8"))
    return found


def item_of(text: str) -> str | None:
    """The item of an address or id.

    >>> item_of("http://www.wikidata.org/entity/Q42"), item_of("Q42"), item_of("Douglas")
    ('Q42', 'Q42', None)
    """
    found = _ITEM.fullmatch(text.strip())
    return found[1] if found else None


def country_of(text: str) -> str | None:
    """Our country of an item, a code or a name."""
    item = item_of(text)
    return _known()["countries"].get(item) if item else country_code(text)


def language_of(text: str) -> str | None:
    """Our language of an item, a code or a name."""
    item = item_of(text)
    return _known()["languages"].get(item) if item else language_code(re.sub(r" languages?$", "", text))


def genres_of(text: str, labels: dict[str, str]) -> list[str]:
    """Our genres of an item or label; a comedy-drama is both, what is no genre of ours none.

    >>> genres_of("Q859369", {}), genres_of("war film", {}), genres_of("Q9", {"Q9": "horror film"})
    (['Comedy', 'Drama'], ['War'], ['Horror'])
    """
    item = item_of(text)
    if item and (names := _known()["genres"].get(item)):
        return names.split(", ")
    label = labels.get(item, "") if item else text
    whole = re.sub(r" (film|movie|cinema)$", "", label.strip(), flags=re.IGNORECASE)
    parts = [our_genre(part) for part in ([whole] if our_genre(whole) else re.split(r"[ -]", whole))]
    return [genre for genre in parts if genre]


def date_of(mender: Mender, text: str, precision: str) -> PartialDate | None:
    """A time as exact as ``precision`` says; without one, 1 January is how Wikidata's exports write a mere year."""
    day = text.strip().lstrip("+")[:10]
    exact = int(precision) if precision.isdecimal() and len(precision) < 3 else 0
    if exact == YEAR or (not exact and day.endswith("-01-01")):
        return mender.year("release_date", day[:4])
    found = mender.date("release_date", day)
    return PartialDate(found.year, found.month) if found and exact == MONTH else found
