"""Wikidata (CC0): results of a query as CSV, TSV or SPARQL JSON, and JSON lines with one film a line.

docs/importing.md has the query. People without a label are left out: an item's number is nobody's name. Labels may come
in files of their own, with an item and its label a row.
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

from catalogue.importers.mending import Mender
from catalogue.importers.nested import json_items
from catalogue.importers.reading import BrokenFileError, csv_table, sniff
from catalogue.importers.records import CreditRecord, MovieRecord, Origin, Parsed, PersonRecord, Rejected
from catalogue.importers.titles import split_others
from catalogue.importers.wikidata_values import country_of, date_of, genres_of, item_of, language_of
from catalogue.vocabulary import Department

SOURCE = "Wikidata"
Values = dict[str, list[str]]
Labels = dict[str, str]
Rows = Iterator[tuple[Origin, Values] | Rejected]
# Our name of a column, and how queries and exports call it; for people and the like "...Label" columns go with them.
_COLUMNS = {
    "film": "film item movie wikidata_id", "title": "filmLabel itemLabel movieLabel label title",
    "enwiki": "enwiki_title article", "original": "originalTitle original_title", "imdb": "imdb imdb_id imdbId",
    "tmdb": "tmdb tmdb_id tmdbId", "date": "date publication_date publicationDate", "precision": "precision",
    "minutes": "minutes duration", "countries": "countries country country_of_origin",
    "languages": "languages language original_language", "genres": "genres genre", "directors": "directors director",
    "writers": "writers writer screenwriter", "cast": "cast cast_member castMember actor",
}  # fmt: skip
_OURS = {other.lower(): name for name, others in _COLUMNS.items() for other in others.split()}
_PEOPLE = {
    "cast": (Department.ACTING, ""), "directors": (Department.DIRECTING, "Director"),
    "writers": (Department.WRITING, "Writer"),
}  # fmt: skip
_FACTS = ("countries", "genres")


def parse(paths: Iterable[Path]) -> Iterator[Parsed]:
    """One item a film: rows about the same film are put together, wherever they stand in their file.

    Raises BrokenFileError for a file without a column of films.
    """
    files = list(paths)
    labels: Labels = {}
    for path in files:
        labels.update(_labels(path))
    for path in files:
        if not _is_labels(path):
            yield from _films(path, labels)


def _films(path: Path, labels: Labels) -> Iterator[Parsed]:
    films: dict[str, tuple[Origin, Values]] = {}
    for row in _rows(path):
        if isinstance(row, Rejected):
            yield row
            continue
        origin, values = row
        written = "".join(values.get("film", [])[:1])
        film = item_of(written)
        if film is None:
            yield Rejected(origin, f"“{written[:60]}” is no item of Wikidata.")
            continue
        _, known = films.setdefault(film, (origin, {}))
        for name, found in values.items():
            known.setdefault(name, []).extend(value for value in found if value not in known[name])
    for film, (origin, values) in films.items():
        yield _film(origin, film, values, labels)


def _film(origin: Origin, film: str, values: Values, labels: Labels) -> Parsed:
    mender = Mender(origin)

    def first(name: str) -> str:
        return values.get(name, [""])[0] if values.get(name) else ""

    title = mender.text("title", first("title"), 500)
    title = "" if item_of(title) else title
    title = title or split_others(mender.text("title", first("enwiki").replace("_", " "), 500))[0]
    if not title:
        return Rejected(origin, f"{film} has no label.")
    record = MovieRecord(origin, wikidata_id=film, title=title)
    record.imdb_id = mender.external_id("imdb_id", first("imdb"), "tt")
    record.tmdb_id = mender.number("tmdb_id", first("tmdb"), 2**31 - 1)
    if "original" in values:
        original = mender.text("original_title", first("original"), 500)
        record.original_title = "" if original == title else original
    record.release_date = date_of(mender, min(values.get("date") or [""]), first("precision"))
    if "minutes" in values:
        record.runtime_minutes = mender.runtime(first("minutes"))
    _set_lists(record, mender, values, labels)
    if _PEOPLE.keys() & values.keys():
        _set_credits(record, mender, values, labels)
    record.mended = mender.notes
    return record


def _set_lists(record: MovieRecord, mender: Mender, values: Values, labels: Labels) -> None:
    countries = [(text, country_of(text)) for text in values.get("countries", [])]
    languages = [(text, language_of(text)) for text in values.get("languages", [])]
    for field, found in (("countries_of_origin", countries), ("original_language", languages)):
        for text in (text for text, code in found if code is None):
            mender.note(field, text)
    if "countries" in values:
        record.countries_of_origin = list(dict.fromkeys(code for _, code in countries if code))
    if "languages" in values:
        record.original_language = next((code for _, code in languages if code and code != "zxx"), None)
    if "genres" in values:
        record.genres = list(dict.fromkeys(genre for text in values["genres"] for genre in genres_of(text, labels)))


def _set_credits(record: MovieRecord, mender: Mender, values: Values, labels: Labels) -> None:
    """The people who have names; SILENT when there are people and none has one."""
    found: list[CreditRecord] = []
    record.credited = []
    nameless = 0
    for column, (department, job) in _PEOPLE.items():
        people = [_person(mender, text, labels) for text in values.get(column, [])]
        named = [person for person in people if person]
        for place, person in enumerate(named):
            billing = place if department == Department.ACTING else None
            found.append(CreditRecord(person, department, job=job, billing_order=billing))
        nameless += len(people) - len(named)
        if column in values and len(named) == len(people):
            record.credited.append(f"{department.value}/{job}" if job else department.value)
    if nameless:
        mender.note("credits", f"{nameless} people without a label")
    if found or not nameless:
        record.credits = found


def _person(mender: Mender, text: str, labels: Labels) -> PersonRecord | None:
    item, _, label = text.partition("=")
    name = mender.text("credits", label or labels.get(item_of(item) or "", "" if item_of(item) else item), 200)
    return PersonRecord(mender.origin, name, wikidata_id=item_of(item)) if name and not item_of(name) else None


def _rows(path: Path) -> Rows:
    is_json = path.name.removesuffix(".gz").lower().endswith((".json", ".jsonl", ".ndjson", ".srj"))
    for row in _json_rows(path) if is_json else _table_rows(path):
        yield row if isinstance(row, Rejected) else (row[0], _values(row[1]))


def _json_rows(path: Path) -> Iterator[tuple[Origin, Mapping[str, Any]] | Rejected]:
    for item in json_items(path):
        results = None if isinstance(item, Rejected) else item[1].get("results")
        bindings = results.get("bindings") if isinstance(results, dict) else None
        if isinstance(item, Rejected) or not isinstance(bindings, list):
            yield item
            continue
        for number, binding in enumerate(bindings, 1):
            cells = binding.items() if isinstance(binding, dict) else ()
            yield Origin(path.name, number), {name: cell["value"] for name, cell in cells if "value" in cell}


def _table_rows(path: Path) -> Iterator[tuple[Origin, Mapping[str, Any]] | Rejected]:
    encoding, separator = sniff(path)
    table = csv_table(path, encoding=encoding, separator=separator)
    columns = [name.lstrip("?") for name in table.columns]
    if not any(_OURS.get(name.lower()) == "film" for name in columns):
        raise BrokenFileError(f"{path.name} has no column of films: “film” or “item”.")
    for row in table.rows:
        yield row if isinstance(row, Rejected) else (row.origin, dict(zip(columns, row.cells, strict=True)))


def _values(row: Mapping[str, Any]) -> Values:
    """The values by our names. "Q1=Name" joins an item with its label, which may be a column of its own."""
    values: Values = {}
    for name, cell in row.items():
        ours = _OURS.get(name.lower())
        if ours is None:
            continue
        parts = [str(part) for part in cell] if isinstance(cell, list) else _split(ours, str(cell or ""))
        label = row.get(f"{name}Label")
        if label and len(parts) == 1 and ours in (*_PEOPLE, *_FACTS, "languages"):
            parts = [f"{parts[0]}={label}"] if ours in _PEOPLE else [str(label)]
        values[ours] = [part for part in parts if part.strip()]
    return values


def _split(ours: str, cell: str) -> list[str]:
    return cell.split("|") if ours in (*_PEOPLE, *_FACTS, "languages", "date") else [cell]


def _is_labels(path: Path) -> bool:
    return bool(dict(islice(_labels(path), 1)))


def _labels(path: Path) -> Iterator[tuple[str, str]]:
    """Items and labels of a file that holds nothing else; nothing for another file."""
    rows = _json_rows(path) if ".json" in path.name.lower() else _pairs(path)
    for row in rows:
        if isinstance(row, Rejected):
            continue
        items = [str(value) for value in row[1].values()]
        if len(items) != 2 or not item_of(items[0]):
            return
        yield item_of(items[0]) or "", items[1]


def _pairs(path: Path) -> Iterator[tuple[Origin, Mapping[str, Any]] | Rejected]:
    encoding, separator = sniff(path)
    table = csv_table(path, encoding=encoding, separator=separator)
    if len(table.columns) != 2:
        return
    for row in table.rows:
        yield row if isinstance(row, Rejected) else (row.origin, dict(zip(table.columns, row.cells, strict=True)))
