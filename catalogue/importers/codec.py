"""Records as JSON and back, for those that wait: doubtful matches."""

import enum
from dataclasses import fields, is_dataclass
from typing import Any

from catalogue.dates import PartialDate
from catalogue.importers.records import (
    SILENT,
    CreditRecord,
    MovieRecord,
    Origin,
    PersonRecord,
    RatingRecord,
    ReleaseRecord,
    StudioRecord,
    TitleRecord,
    VideoRecord,
)
from catalogue.vocabulary import Color, Department, ReleaseType, Status, TitleKind, VideoKind

_LISTS: dict[str, type] = {
    "studios": StudioRecord,
    "credits": CreditRecord,
    "alternative_titles": TitleRecord,
    "releases": ReleaseRecord,
    "external_ratings": RatingRecord,
    "videos": VideoRecord,
}
_DATES = {"release_date", "born_on", "died_on", "date", "as_of"}
_WORDS: dict[tuple[type, str], type[enum.Enum]] = {
    (CreditRecord, "department"): Department,
    (TitleRecord, "kind"): TitleKind,
    (ReleaseRecord, "type"): ReleaseType,
    (VideoRecord, "kind"): VideoKind,
    (MovieRecord, "status"): Status,
}


def encode(value: Any) -> Any:
    """A record, or a part of one, as JSON holds it; what is SILENT and notes of mending are left out."""
    if is_dataclass(value) and not isinstance(value, (type, PartialDate)):
        pairs = ((field.name, getattr(value, field.name)) for field in fields(value) if field.name != "mended")
        return {name: encode(part) for name, part in pairs if part is not SILENT}
    if isinstance(value, PartialDate):
        return str(value)
    if isinstance(value, enum.Enum):
        return value.value
    return [encode(part) for part in value] if isinstance(value, (list, tuple)) else value


def decode(data: dict[str, Any], kind: type = MovieRecord) -> Any:
    """What ``encode`` wrote."""
    return kind(**{name: _part(kind, name, value) for name, value in data.items()})


def _part(kind: type, name: str, value: Any) -> Any:
    if name == "origin":
        return Origin(**value)
    if name == "person":
        return decode(value, PersonRecord) if value else None
    if name in _DATES:
        return PartialDate.parse(value) if value else None
    if name == "color":
        return Color(value) if value else ""
    if word := _WORDS.get((kind, name)):
        return word(value)
    if name == "histogram":
        return tuple(value) if value else None
    return [decode(part, _LISTS[name]) for part in value] if name in _LISTS and value else value
