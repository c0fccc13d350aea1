"""Reads an export back into an empty catalogue: all of it in one transaction, or nothing."""

import hashlib
import json
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.color import no_style
from django.db import DataError, IntegrityError, connection, transaction

from catalogue.curation.derive import refresh_movies, refresh_people, refresh_votes
from catalogue.importers.reading import BrokenFileError, json_lines
from catalogue.importers.records import Rejected
from catalogue.models import Collection, Movie, Person, Studio
from catalogue.search.index import index_collections, index_studios
from catalogue.text import slugify
from catalogue.transfer.parts import FORMAT, PARTS, VERSION, Part

BATCH = 1000
Progress = Callable[[str], Any]


class NotEmptyError(ValueError):
    """The catalogue has movies: an export is read into an empty one, or keys would clash."""


@transaction.atomic
def import_catalogue(folder: Path, progress: Progress = str) -> int:
    """Load every part and make what follows from them; return the number of rows.

    Raises NotEmptyError, and BrokenFileError naming file and line for anything that is not as the export wrote it.
    """
    if Movie.objects.exists() or Person.objects.exists():
        raise NotEmptyError("The catalogue is not empty: an export is read into an empty one.")
    manifest = _manifest(folder)
    total = 0
    for part in PARTS:
        progress(part.name)
        total += _load(part, folder, manifest)
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), [part.model for part in PARTS]):
            cursor.execute(statement)
    progress("search and lists")
    _follow()
    return total


def _manifest(folder: Path) -> dict[str, dict[str, Any]]:
    path = folder / "manifest.json"
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        if (data["format"], data["version"]) != (FORMAT, VERSION):
            raise BrokenFileError(f"manifest.json is not of {FORMAT}, version {VERSION}.")
        return {part["name"]: part for part in data["parts"]}
    except (OSError, KeyError, TypeError, json.JSONDecodeError, UnicodeDecodeError) as error:
        raise BrokenFileError(f"{path.name} cannot be read: {error}") from error


def _load(part: Part, folder: Path, manifest: dict[str, dict[str, Any]]) -> int:
    path = folder / f"{part.name}.jsonl"
    expected = manifest.get(part.name)
    if expected is None:
        raise BrokenFileError(f"manifest.json does not name {part.name}.")
    if not path.is_file() or _digest(path) != expected["sha256"]:
        raise BrokenFileError(f"{path.name} is missing, or not as the manifest describes it.")
    if part.has_key:
        part.model._default_manager.all().delete()  # what migrations put there: countries, languages, sources
    rows, number = _rows(part, path), 0
    while batch := list(islice(rows, BATCH)):
        days = [getattr(row, "created_at", None) for row in batch]
        try:
            with transaction.atomic():
                part.model._default_manager.bulk_create(batch)
        except (IntegrityError, DataError) as error:
            first = str(error).splitlines()[0]
            raise BrokenFileError(f"{path.name}, lines {number + 1} to {number + len(batch)}: {first}") from error
        _restore_dates(part, batch, days)
        number += len(batch)
    return number


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _rows(part: Part, path: Path) -> Iterator[Any]:
    fields = {field.attname: field for field in part.model._meta.concrete_fields}
    columns = part.columns
    for line in json_lines(path):
        if isinstance(line, Rejected):
            raise BrokenFileError(f"{line.origin}: {line.reason}")
        origin, data = line
        if list(data) != columns:
            raise BrokenFileError(f"{origin}: the columns are not {', '.join(columns)}.")
        try:
            row: Any = part.model(**{name: fields[name].to_python(value) for name, value in data.items()})
        except (ValidationError, TypeError, ValueError) as error:
            raise BrokenFileError(f"{origin}: {error}") from error
        if hasattr(row, "derive"):
            row.derive()
        elif isinstance(row, Collection):
            row.slug = slugify(row.name, "collection")
        yield row


def _restore_dates(part: Part, batch: list[Any], days: list[Any]) -> None:
    """The day a record was made is its own; bulk_create has just written today's over it."""
    if "created_at" in part.columns:
        for row, day in zip(batch, days, strict=True):
            row.created_at = day
        part.model._default_manager.bulk_update(batch, ["created_at"])


def _follow() -> None:
    movies = list(Movie.objects.order_by("pk").values_list("pk", flat=True))
    refresh_votes(movies)
    refresh_people(Person.objects.order_by("pk").values_list("pk", flat=True))
    refresh_movies(movies)
    index_studios(Studio.objects.order_by("pk").values_list("pk", flat=True))
    index_collections(Collection.objects.order_by("pk").values_list("pk", flat=True))
