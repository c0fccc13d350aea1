"""One movie of TMDB, as an API record or a row of a mirror has it."""

from collections.abc import Callable
from typing import Any

from catalogue.codes import country_code, language_code
from catalogue.importers.genres import our_genre
from catalogue.importers.mending import Mender
from catalogue.importers.records import MovieRecord, Origin, Parsed, Rejected
from catalogue.importers.tmdb_credits import KNOWN, read_credits
from catalogue.importers.tmdb_json import Json, items_of, object_of, text_of, unique
from catalogue.importers.tmdb_lists import read_rating, read_releases, read_studios, read_titles, read_videos
from catalogue.importers.values import parse_date
from catalogue.vocabulary import Status

_STATUS = {
    "rumored": Status.RUMORED, "planned": Status.PLANNED, "in production": Status.IN_PRODUCTION,
    "post production": Status.POST_PRODUCTION, "released": Status.RELEASED, "canceled": Status.CANCELED,
}  # fmt: skip


def read_movie(origin: Origin, tmdb_id: int, data: Json) -> Parsed:
    """The record; what the data has no key for stays SILENT. Rejected when there is a title and it is empty."""
    mender = Mender(origin)
    record = MovieRecord(origin, tmdb_id=tmdb_id, mended=mender.notes)
    original = mender.text("original_title", text_of(data, "original_title"), 500)
    title = mender.text("title", text_of(data, "title"), 500) or original
    if not title and {"title", "original_title"} & data.keys():
        return Rejected(origin, f"Movie {tmdb_id} has no title.")
    if title:
        record.title = title
    if "original_title" in data and "title" in data:
        record.original_title = "" if original == title else original
    external = object_of(data, "external_ids")
    record.imdb_id = mender.external_id("imdb_id", text_of(external, "imdb_id") or text_of(data, "imdb_id"), "tt")
    record.wikidata_id = mender.external_id(
        "wikidata_id", text_of(external, "wikidata_id") or text_of(data, "wikidata_id"), "Q"
    )
    for key, (attribute, read) in _FIELDS.items():
        if key in data:
            setattr(record, attribute, read(mender, data))
    people = object_of(data, "credits") or data
    if known := [groups for key, groups in KNOWN.items() if key in people]:
        record.credits = read_credits(mender, people)
        record.credited = None if len(known) == len(KNOWN) else known[0]
    return record


def _date(mender: Mender, data: Json) -> Any:
    text = text_of(data, "release_date").strip()
    if data.get("from_csv") and "/" in text:  # saved by a spreadsheet program with American dates
        try:
            text = str(parse_date(text, day_first=False))
        except ValueError:
            mender.note("release_date", text)
            return None
    return mender.date("release_date", text)


def _language(mender: Mender, data: Json) -> str | None:
    code = language_code(text_of(data, "original_language"))
    if not code and text_of(data, "original_language"):
        mender.note("original_language", text_of(data, "original_language"))
    return None if code == "zxx" else code


def _status(mender: Mender, data: Json) -> Status:
    status = _STATUS.get(text_of(data, "status").strip().lower())
    if status is None and text_of(data, "status"):
        mender.note("status", text_of(data, "status"), Status.RELEASED)
    return status or Status.RELEASED


def _homepage(mender: Mender, data: Json) -> str:
    address = text_of(data, "homepage").strip()
    if address and not (address.startswith(("https://", "http://")) and len(address) <= 200 and " " not in address):
        mender.note("homepage", address)
        return ""
    return address


def _codes(mender: Mender, data: Json, key: str, code: str, read: Callable[[str], str | None]) -> list[str]:
    found = []
    for item in items_of(data, key):
        written = text_of(item, code) or text_of(item, "name")
        found.append(read(written))
        if found[-1] is None:
            mender.note("spoken_languages" if "lang" in key else "countries_of_origin", written)
    return unique(found)


def _genres(mender: Mender, data: Json) -> list[str]:
    names = [text_of(item, "name") for item in items_of(data, "genres")]
    for name in names:
        if name and our_genre(name) is None:
            mender.note("genres", name)
    return unique([our_genre(name) for name in names])


_FIELDS: dict[str, tuple[str, Callable[[Mender, Json], Any]]] = {
    "original_language": ("original_language", _language),
    "release_date": ("release_date", _date),
    "runtime": ("runtime_minutes", lambda mender, data: mender.runtime(text_of(data, "runtime"))),
    "overview": ("synopsis", lambda mender, data: mender.prose("synopsis", text_of(data, "overview"))),
    "tagline": ("tagline", lambda mender, data: mender.text("tagline", text_of(data, "tagline"), 300)),
    "status": ("status", _status),
    "budget": ("budget_usd", lambda mender, data: mender.money("budget_usd", text_of(data, "budget"))),
    "revenue": ("revenue_usd", lambda mender, data: mender.money("revenue_usd", text_of(data, "revenue"))),
    "homepage": ("homepage", _homepage),
    "production_countries": (
        "countries_of_origin",
        lambda mender, data: _codes(mender, data, "production_countries", "iso_3166_1", country_code),
    ),
    "spoken_languages": (
        "spoken_languages",
        lambda mender, data: _codes(mender, data, "spoken_languages", "iso_639_1", language_code),
    ),
    "genres": ("genres", _genres),
    "production_companies": ("studios", read_studios),
    "vote_average": ("external_ratings", read_rating),
    "alternative_titles": ("alternative_titles", read_titles),
    "release_dates": ("releases", read_releases),
    "videos": ("videos", read_videos),
}
