"""Counts the ratings of MovieLens: tens of millions of rows in the memory of one number per movie and half star.

A row is not split. What stands between its first and its last separator, "movie,rating", is counted as it is, and the
few hundred thousand different ones are read at the end. 32 million rows take about a third of a minute per 10 million.
"""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice

from catalogue.importers.movielens_files import MovieLensFile
from catalogue.importers.reading import raw_lines
from catalogue.importers.records import Origin, Rejected

Bars = dict[str, list[int]]  # MovieLens id -> how many gave 0.5, 1 ... 5 stars
STEPS = 10
BLOCK = 20_000  # rows


def count_ratings(file: MovieLensFile, bars: Bars) -> Iterator[Rejected]:
    """Add the ratings of a file to ``bars``; hand on the rows that are no ratings."""
    separator = file.separator.encode()
    middle = re.compile(rb'"?([0-9]{1,9})"?' + separator + rb'"?([0-4]\.[05]0*|5\.0+|[1-5])"?', re.ASCII)
    lines = enumerate(raw_lines(file.path), 1)
    if file.separator != "::":
        next(lines, None)
    counted: Counter[bytes] = Counter()
    known: set[bytes] = set()
    while block := list(islice(lines, BLOCK)):
        keys = [_middle(line, separator) for _, line in block]
        fresh = set(keys) - known
        wrong = {key for key in fresh if not middle.fullmatch(key) or key.endswith((b"0.0", b"0.00"))}
        known |= fresh - wrong
        if wrong:
            yield from _rejected(file, block, keys, wrong)
            keys = [key for key in keys if key not in wrong]
        counted.update(keys)
    for key, number in counted.items():
        movie, rating = key.replace(b'"', b"").split(separator)
        bars.setdefault(movie.decode(), [0] * STEPS)[round(float(rating) * 2) - 1] += number


def _middle(line: bytes, separator: bytes) -> bytes:
    first, last = line.find(separator), line.rfind(separator)
    return line[first + len(separator) : last] if line[:first].strip(b'"').isdigit() else b""


def _rejected(
    file: MovieLensFile, block: list[tuple[int, bytes]], keys: list[bytes], wrong: set[bytes]
) -> Iterator[Rejected]:
    for (number, line), key in zip(block, keys, strict=True):
        if key in wrong and line.strip():
            shown = line[:60].decode("utf-8", "replace")
            yield Rejected(Origin(file.path.name, number), f"“{shown}” is no rating of half a star to five stars.")
