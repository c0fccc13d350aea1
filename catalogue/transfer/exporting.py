"""Writes the catalogue as JSON lines and CSV, one pair of files a table, and a manifest of what they hold."""

import csv
import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import Count

from catalogue.models import Movie, Person, Source
from catalogue.transfer.parts import FORMAT, PARTS, VERSION, Part

Progress = Callable[[str], Any]
# A cell that begins with one of these is a formula to a spreadsheet, which may run programs.
FORMULAS = ("=", "+", "-", "@", "\t", "\r")


@transaction.atomic
def export_catalogue(folder: Path, progress: Progress = str) -> int:
    """Write all parts into ``folder``, made if need be; return the number of rows. Memory does not grow with them.

    ``progress`` hears the name of each part. Raises FileExistsError for a folder that holds anything.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise FileExistsError("it is not empty")
    parts = []
    for part in PARTS:
        progress(part.name)
        parts.append(_export(part, folder))
    manifest = {"format": FORMAT, "version": VERSION, "parts": parts, "sources": _sources()}
    _dump(folder / "manifest.json", manifest)
    return sum(part["rows"] for part in parts)


def _export(part: Part, folder: Path) -> dict[str, Any]:
    number, digest = 0, hashlib.sha256()
    lines, table = folder / f"{part.name}.jsonl", folder / f"{part.name}.csv"
    with lines.open("wb") as json_file, table.open("w", encoding="utf-8", newline="") as csv_file:
        writer = csv.writer(csv_file, lineterminator="\n")
        writer.writerow(part.columns)
        for row in part.read():
            line = json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
            json_file.write(line)
            digest.update(line)
            writer.writerow(map(_cell, row.values()))
            number += 1
    return {"name": part.name, "rows": number, "sha256": digest.hexdigest(), "columns": part.columns}


def _cell(value: Any) -> str:
    """
    >>> _cell("=1+1"), _cell(-3), _cell(None), _cell(["title"])
    ("'=1+1", '-3', '', '["title"]')
    """
    if isinstance(value, str):
        return f"'{value}" if value.startswith(FORMULAS) else value
    if isinstance(value, (dict, list)):
        return json.dumps(value, ensure_ascii=False)
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def _sources() -> list[dict[str, Any]]:
    """Whose values the files hold, under which terms, and how many records began with each."""
    known = {source.code: source for source in Source.objects.all()}
    counts: dict[str, dict[str, int]] = {}
    for name, model in (("movies", Movie), ("people", Person)):
        rows: Any = model.objects.order_by().values_list("source").annotate(Count("pk"))
        for code, number in rows:
            counts.setdefault(code, {})[name] = number
    return [
        {
            "code": code,
            "name": known[code].name if code in known else "Not recorded",
            "licence": known[code].licence if code in known else "",
            **counts[code],
        }
        for code in sorted(counts)
    ]


def _dump(path: Path, data: Any) -> None:
    path.write_text(json.dumps(data, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
