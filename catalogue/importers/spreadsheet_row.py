"""One row of a list: what its cells say about the movie itself."""

import re
from collections.abc import Callable

from catalogue.codes import country_code, language_code
from catalogue.dates import PartialDate
from catalogue.importers.genres import our_genre
from catalogue.importers.records import MovieRecord, Rejected, Skipped
from catalogue.importers.spreadsheet_cells import Row, known, read_releases, read_studios, read_titles
from catalogue.importers.titles import split_year
from catalogue.importers.values import parse_date, parse_dollars, parse_minutes
from catalogue.text import fold
from catalogue.vocabulary import Color

_FOOTNOTE = re.compile(r"\s*(\[[0-9]{1,3}\]|\[[a-z]{1,3}\])+$")  # of lists copied from an encyclopedia
_OTHER_TYPES = frozenset(
    {
        "show",
        "series",
        "tv series",
        "tvseries",
        "tv show",
        "episode",
        "tvepisode",
        "tv episode",
        "game",
        "videogame",
        "video game",
        "tvminiseries",
        "tv mini series",
        "mini series",
        "serie",
        "season",
    }
)
_SEASON = re.compile(r"([0-9]{4})/[IVX]+", re.ASCII)  # "1990/I": how IMDb told homonyms apart
_COLORS = {
    "color": Color.COLOR, "colour": Color.COLOR, "farbe": Color.COLOR, "couleur": Color.COLOR, "colore": Color.COLOR,
    "black and white": Color.BLACK_AND_WHITE, "b w": Color.BLACK_AND_WHITE, "b and w": Color.BLACK_AND_WHITE,
    "bw": Color.BLACK_AND_WHITE, "schwarzweiss": Color.BLACK_AND_WHITE, "s w": Color.BLACK_AND_WHITE,
    "noir et blanc": Color.BLACK_AND_WHITE, "n et b": Color.BLACK_AND_WHITE, "bianco e nero": Color.BLACK_AND_WHITE,
    "both": Color.BOTH, "color and black and white": Color.BOTH,
}  # fmt: skip


def read_movie(row: Row) -> MovieRecord | Rejected | Skipped:
    """The record without its credits. Rejected without a title and an id, or with several titles in one cell."""
    mender = row.mender
    if fold(row.cell("Type")) in _OTHER_TYPES:
        return Skipped(mender.origin, fold(row.cell("Type")))
    title, year = _title(row)
    record = MovieRecord(mender.origin, mended=mender.notes)
    record.imdb_id = _imdb_id(row)
    record.tmdb_id = mender.number("tmdb_id", row.cell("TMDB id"), 2**31 - 1)
    record.wikidata_id = mender.external_id("wikidata_id", row.cell("Wikidata id").rpartition("/")[2], "Q")
    if "|" in title:
        return Rejected(mender.origin, f"“{title[:80]}” names several movies.")
    if title:
        record.title = title
    elif not (record.imdb_id or record.tmdb_id or record.wikidata_id):
        return Rejected(mender.origin, "The row has no title and no id.")
    if {"Year", "Release date"} & row.cells.keys() or year:
        record.release_date = _release_date(row, year)
    for name, (attribute, read) in _FIELDS.items():
        if name in row.cells:
            setattr(record, attribute, read(row))
    _settle(record, title)
    return record


def _title(row: Row) -> tuple[str, int | None]:
    written = row.mender.text("title", row.cell("Title"), 500)
    title = _FOOTNOTE.sub("", written)
    if title != written:
        row.mender.note("title", written, title)
    return split_year(title)


def _settle(record: MovieRecord, title: str) -> None:
    """What follows from two columns: no original title when it is the title, and the language of the original."""
    if record.original_title == title:
        record.original_title = ""
    if isinstance(record.spoken_languages, list) and record.spoken_languages:
        first = record.spoken_languages[0]
        record.original_language = None if first == "zxx" else first


def _imdb_id(row: Row) -> str | None:
    """The id, also out of an address; figures alone from five on, since such columns may hold IMDb's ratings."""
    written = row.cell("IMDb id")
    found = re.search(r"tt[0-9]{7,10}", written, re.ASCII)
    if found or re.fullmatch(r"[0-9]{5,10}", written, re.ASCII):
        return row.mender.external_id("imdb_id", found[0] if found else written, "tt")
    if written:
        row.mender.note("imdb_id", written)
    return None


def _release_date(row: Row, in_title: int | None) -> PartialDate | None:
    """The date, else the year, else the year behind the title."""
    date = row.read("release_date", "Release date", lambda text: parse_date(text, day_first=row.day_first))
    if date and (plausible := row.mender.date("release_date", str(date))):
        return plausible
    written = row.cell("Year")
    season = _SEASON.fullmatch(written)
    year = row.mender.year("release_date", season[1] if season else written)
    return year or (row.mender.year("release_date", in_title) if in_title else None)


def _minutes(row: Row) -> int | None:
    minutes = row.read("runtime_minutes", "Running time", parse_minutes)
    if minutes == 0:  # databases write unknown so, which needs no note; who keeps a list wants to hear of it
        row.mender.note("runtime_minutes", row.cell("Running time"))
    return row.mender.runtime(minutes)


def _dollars(row: Row, field: str, name: str) -> int | None:
    return row.mender.money(field, row.read(field, name, parse_dollars))


def _color(row: Row) -> Color | str:
    color = _COLORS.get(fold(row.cell("Color")), "")
    if not color and row.cell("Color"):
        row.mender.note("color", row.cell("Color"))
    return color


def _aspect_ratio(row: Row) -> float | None:
    text = row.cell("Aspect ratio")
    found = re.fullmatch(r"(?:1[:x] ?)?([1-4](?:[.,][0-9]{1,3})?)(?: ?: ?1)?", text, re.ASCII)
    ratio = float(found[1].replace(",", ".")) if found else 0.0
    if text and not 1 <= ratio <= 4.1:
        row.mender.note("aspect_ratio", text)
    return round(ratio, 2) if 1 <= ratio <= 4.1 else None


def _homepage(row: Row) -> str:
    address = row.cell("Homepage")
    if address and not (re.fullmatch(r"https?://\S+", address) and len(address) <= 200):
        row.mender.note("homepage", address)
        return ""
    return address


_FIELDS: dict[str, tuple[str, Callable[[Row], object]]] = {
    "Original title": (
        "original_title",
        lambda row: row.mender.text("original_title", row.cell("Original title"), 500),
    ),
    "Running time": ("runtime_minutes", _minutes),
    "Synopsis": ("synopsis", lambda row: row.mender.prose("synopsis", row.cell("Synopsis"))),
    "Tagline": ("tagline", lambda row: row.mender.text("tagline", row.cell("Tagline"), 300)),
    "Genre": ("genres", lambda row: known(row, "genres", "Genre", our_genre)),
    "Country": ("countries_of_origin", lambda row: known(row, "countries_of_origin", "Country", country_code)),
    "Language": ("spoken_languages", lambda row: known(row, "spoken_languages", "Language", language_code)),
    "Studio": ("studios", read_studios),
    "Other titles": ("alternative_titles", read_titles),
    "Color": ("color", _color),
    "Aspect ratio": ("aspect_ratio", _aspect_ratio),
    "Homepage": ("homepage", _homepage),
    "Budget": ("budget_usd", lambda row: _dollars(row, "budget_usd", "Budget")),
    "Revenue": ("revenue_usd", lambda row: _dollars(row, "revenue_usd", "Revenue")),
    "Certification": ("releases", read_releases),
}
