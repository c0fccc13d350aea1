"""TMDB: daily id exports, saved API records, and the CSV mirrors with JSON or Python literals in their cells.

Formats: https://developer.themoviedb.org/reference/movie-details and .../docs/daily-id-exports. Budget, revenue and
running time 0, and dates "", mean unknown.
"""

import csv
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from catalogue.importers.mending import Mender
from catalogue.importers.nested import LONGEST_CELL, json_items, read_cell
from catalogue.importers.reading import BrokenFileError, csv_table, sniff
from catalogue.importers.records import Origin, Parsed, PersonRecord, Rejected, Skipped
from catalogue.importers.tmdb_movie import read_movie

SOURCE = "TMDB"
MOST_ID = 2**31 - 1
JSON_ENDS = (".json", ".jsonl", ".ndjson")
# Columns of the mirrors that other columns of ours are called by.
_RENAMED = {"movie_id": "id", "tmdb_id": "id", "tmdbid": "id"}


def parse(paths: Iterable[Path], *, include_adult: bool = False) -> Iterator[Parsed]:
    """Read the files in their order, those of credits alone last. A row or object is an item; empty rows are none.

    A file of credits alone gives records without a title, for movies that were read before; keywords are not kept.
    Raises BrokenFileError for a file that is none of these.
    """
    for path in sorted(paths, key=_is_credits):
        for item in _items(path):
            if isinstance(item, Rejected):
                yield item
            else:
                yield _read(item[0], item[1], include_adult)


def _items(path: Path) -> Iterator[tuple[Origin, dict[str, Any]] | Rejected]:
    is_json = path.name.removesuffix(".gz").lower().endswith(JSON_ENDS)
    return json_items(path) if is_json else _csv_items(path)


def _is_credits(path: Path) -> bool:
    """Whether the first record of a file has people and no title."""
    first = next(iter(_items(path)), None)
    return isinstance(first, tuple) and not {"title", "original_title", "name"} & first[1].keys()


def _csv_items(path: Path) -> Iterator[tuple[Origin, dict[str, Any]] | Rejected]:
    csv.field_size_limit(LONGEST_CELL)
    encoding, separator = sniff(path)
    table = csv_table(path, encoding=encoding, separator=separator)
    columns = [_RENAMED.get(name.lower(), name.lower()) for name in table.columns]
    if "id" not in columns or not {"title", "original_title", "cast", "crew", "keywords"} & set(columns):
        raise BrokenFileError(f"{path.name} has no columns of TMDB: “id” and “title”, “cast”, “crew” or “keywords”.")
    for row in table.rows:
        if isinstance(row, Rejected):
            yield row
            continue
        try:
            cells = {name: _cell(cell) for name, cell in zip(columns, row.cells, strict=True)}
        except ValueError as error:
            yield Rejected(row.origin, str(error))
        else:
            yield row.origin, {**cells, "from_csv": True}


def _cell(cell: str) -> Any:
    text = cell.strip()
    return read_cell(text) if text[:2] in ("[{", "{'", '{"', "[]", "['", '["') else text


def _read(origin: Origin, data: Mapping[str, Any], include_adult: bool) -> Parsed:
    written = str(data.get("id", "")).strip().removesuffix(".0")
    if not (written.isascii() and written.isdecimal() and 0 < int(written) <= MOST_ID):
        return Rejected(origin, f"“{written[:40]}” is no TMDB id.")
    if not include_adult and str(data.get("adult", "")).lower() == "true":
        return Skipped(origin, "adult")
    if {"title", "original_title", "cast", "crew"} & data.keys():
        return read_movie(origin, int(written), data)
    if "name" in data and {"biography", "birthday", "known_for_department", "popularity"} & data.keys():
        return _person(origin, int(written), data)
    if "keywords" in data:
        return Skipped(origin, "keywords")
    return Rejected(origin, "This is neither a movie nor a person.")


def _person(origin: Origin, tmdb_id: int, data: Mapping[str, Any]) -> Parsed:
    """A record of /person/{id}, or a line of the export of people's ids."""
    mender = Mender(origin)
    name = mender.text("name", str(data.get("name") or ""), 200)
    if not name:
        return Rejected(origin, f"Person {tmdb_id} has no name.")
    record = PersonRecord(origin, name, tmdb_id=tmdb_id, mended=mender.notes)
    external = data.get("external_ids") if isinstance(data.get("external_ids"), dict) else {}
    ids = {**data, **(external or {})}
    record.imdb_id = mender.external_id("imdb_id", str(ids.get("imdb_id") or ""), "nm")
    record.wikidata_id = mender.external_id("wikidata_id", str(ids.get("wikidata_id") or ""), "Q")
    for key, attribute in (("birthday", "born_on"), ("deathday", "died_on")):
        if key in data:
            setattr(record, attribute, mender.date(attribute, str(data[key] or ""), first=1))
    if "place_of_birth" in data:
        record.birthplace = mender.text("birthplace", str(data["place_of_birth"] or ""), 200)
    if "biography" in data:
        record.biography = mender.prose("biography", str(data["biography"] or ""))
    if isinstance(data.get("also_known_as"), list):
        names = [mender.text("alternative_names", str(other), 200) for other in data["also_known_as"]]
        record.alternative_names = [other for other in dict.fromkeys(names) if other and other != name]
    return record
