"""The lists of a movie of TMDB: studios, rating, other titles, releases, videos."""

from catalogue.codes import country_code, language_code
from catalogue.importers.mending import Mender
from catalogue.importers.records import RatingRecord, ReleaseRecord, StudioRecord, TitleRecord, VideoRecord
from catalogue.importers.tmdb_json import Json, items_of, text_of, unique
from catalogue.vocabulary import ReleaseType, TitleKind, VideoKind

_VIDEOS = {"trailer": VideoKind.TRAILER, "teaser": VideoKind.TEASER, "clip": VideoKind.CLIP,
           "featurette": VideoKind.FEATURETTE}  # fmt: skip
_SITES = {"YouTube": "https://www.youtube.com/watch?v=", "Vimeo": "https://vimeo.com/"}
_KINDS = {"working title": TitleKind.WORKING, "romanized": TitleKind.ROMANIZED, "romanization": TitleKind.ROMANIZED,
          "original title": TitleKind.ORIGINAL, "festival title": TitleKind.FESTIVAL}  # fmt: skip


def read_studios(mender: Mender, data: Json) -> list[StudioRecord]:
    """The production companies; the same one once."""
    found = []
    for item in items_of(data, "production_companies"):
        number = str(item.get("id") or "")
        name = mender.text("studios", text_of(item, "name"), 200)
        known = int(number) if number.isascii() and number.isdecimal() else None
        if name:
            found.append(StudioRecord(name, country=country_code(text_of(item, "origin_country")), tmdb_id=known))
    return unique(list[StudioRecord | None](found))


def read_rating(mender: Mender, data: Json) -> list[RatingRecord]:
    """TMDB’s own score, none without votes."""
    try:
        value, votes = float(text_of(data, "vote_average") or 0), int(float(text_of(data, "vote_count") or 0))
    except (ValueError, OverflowError):
        mender.note("external_ratings", text_of(data, "vote_average"))
        return []
    return [RatingRecord("TMDB", round(value, 2), 10, votes)] if votes > 0 and 0 < value <= 10 else []


def read_titles(mender: Mender, data: Json) -> list[TitleRecord]:
    """The other titles with their countries."""
    found: list[TitleRecord | None] = []
    for item in items_of(data, "alternative_titles", "titles", "results"):
        title = mender.text("alternative_titles", text_of(item, "title"), 500)
        kind = _KINDS.get(text_of(item, "type").lower(), TitleKind.ALTERNATIVE)
        found.append(TitleRecord(title, kind, country_code(text_of(item, "iso_3166_1"))) if title else None)
    return unique(found)


def read_releases(mender: Mender, data: Json) -> list[ReleaseRecord]:
    """The releases that have a date or a certification, of countries we know."""
    found = [
        _release(mender, country_code(text_of(place, "iso_3166_1")), item)
        for place in items_of(data, "release_dates", "results")
        for item in items_of(place, "release_dates")
    ]
    return unique(found)


def _release(mender: Mender, country: str | None, item: Json) -> ReleaseRecord | None:
    date = mender.date("releases", text_of(item, "release_date"))
    certification = mender.text("releases", text_of(item, "certification"), 20)
    if not country or not (date or certification):
        return None
    number = item.get("type")
    kind = list(ReleaseType)[number - 1] if isinstance(number, int) and 0 < number <= 6 else ReleaseType.THEATRICAL
    return ReleaseRecord(country, date, kind, certification, mender.text("releases", text_of(item, "note"), 120))


def read_videos(mender: Mender, data: Json) -> list[VideoRecord]:
    """Trailers and the like on sites whose addresses are known."""
    found: list[VideoRecord | None] = []
    for item in items_of(data, "videos", "results"):
        site, key = _SITES.get(text_of(item, "site")), text_of(item, "key")
        kind, title = _VIDEOS.get(text_of(item, "type").lower()), mender.text("videos", text_of(item, "name"), 200)
        if site and kind and title and key.replace("-", "").replace("_", "").isalnum():
            found.append(VideoRecord(title, site + key, kind, language_code(text_of(item, "iso_639_1"))))
    return unique(found)
