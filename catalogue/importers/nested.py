"""Cells and documents that hold JSON, or the Python literals that many mirrors of TMDB's data hold instead. Pure."""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from catalogue.importers.reading import BrokenFileError, raw_lines, text_lines
from catalogue.importers.records import Origin, Rejected

LONGEST_CELL = 4 * 1024 * 1024  # characters
LARGEST_DOCUMENT = 256 * 1024 * 1024  # bytes of one JSON document; JSON lines have no limit
DEEPEST = 20  # brackets inside brackets; deeper text is no record and would exhaust the readers below
_BRACKETS = re.compile(r"[\[\](){}]")
Item = tuple[Origin, Any]


def read_cell(text: str) -> Any:
    """The list or object a cell holds: JSON, else a Python literal. Nothing is ever evaluated.

    >>> read_cell('[{"name": "Pixar"}]'), read_cell("[{'name': 'Pixar', 'id': None}]")
    ([{'name': 'Pixar'}], [{'name': 'Pixar', 'id': None}])

    Raises ValueError for what is neither.
    """
    if len(text) > LONGEST_CELL:
        raise ValueError(f"A cell of {len(text):,} characters is longer than {LONGEST_CELL:,}.")
    depth = deepest = 0
    for bracket in _BRACKETS.findall(text):
        depth += 1 if bracket in "[({" else -1
        deepest = max(deepest, depth)
    if deepest > DEEPEST:
        raise ValueError(f"“{text[:40]}…” is nested deeper than {DEEPEST} levels.")
    try:
        return json.loads(text)
    except ValueError:
        pass
    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError, MemoryError, RecursionError, TypeError) as error:
        raise ValueError(f"“{text[:40]}…” is neither JSON nor a Python literal.") from error


def json_items(path: Path) -> Iterator[Item | Rejected]:
    """Every record of a JSON file with where it begins: JSON lines, a list, one object, or an object keyed by id.

    Values that are JSON once more, as text, are opened. An origin without a line is the place in the list, from 1.
    Raises BrokenFileError for a document that is no JSON, or larger than ``LARGEST_DOCUMENT``.
    """
    if _is_lines(path):
        for line in text_lines(path):
            if isinstance(line, Rejected):
                yield line
            elif line[1].strip():
                yield _opened(*line)
        return
    for number, value in enumerate(_members(_document(path)), 1):
        yield _opened(Origin(path.name, number), value)


def _is_lines(path: Path) -> bool:
    """Whether the first line is a whole object and another one follows."""
    lines = (line for line in raw_lines(path) if line.strip())
    first, second = next(lines, b""), next(lines, None)
    try:
        return isinstance(json.loads(first), dict) and second is not None
    except (ValueError, RecursionError):
        # A damaged first line of many: a document never starts with a closed object.
        return first.startswith(b"{") and (second or b"").startswith(b"{")


def _document(path: Path) -> Any:
    parts: list[bytes] = []
    size = 0
    for line in raw_lines(path):
        size += len(line)
        if size > LARGEST_DOCUMENT:
            raise BrokenFileError(
                f"{path.name} is one document of more than {LARGEST_DOCUMENT:,} bytes: use JSON lines."
            )
        parts.append(line)
    try:
        return json.loads(b"\n".join(parts))
    except (ValueError, RecursionError) as error:
        raise BrokenFileError(f"{path.name} is no JSON: {error}.") from error


def _members(document: Any) -> Iterator[Any]:
    if isinstance(document, list):
        yield from document
    elif isinstance(document, dict) and document and all(str(key).isdecimal() for key in document):
        yield from document.values()
    elif isinstance(document, dict) and isinstance(document.get("results"), list) and "page" in document:
        yield from document["results"]  # a page of a search or a list
    else:
        yield document


def _opened(origin: Origin, value: Any) -> Item | Rejected:
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError) as error:
            return Rejected(origin, f"This is no JSON: {error}.")
    return (origin, value) if isinstance(value, dict) else Rejected(origin, "This is no JSON object.")
