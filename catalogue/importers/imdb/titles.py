"""The fast path's passes over the files of titles: ratings, basics, akas."""

import math
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

from catalogue.importers.imdb.files import Advance, blocks
from catalogue.importers.imdb.known import Movies
from catalogue.importers.imdb.options import Options
from catalogue.importers.imdb.report import Tally
from catalogue.importers.imdb.rows import aka_of, cells_of, number_of, rating_of, title_of
from catalogue.text import slugify, sort_title

Row = tuple[Any, ...]
OUT_OF_ORDER = "The rows of this title lie in several places of the file."


def popularity_of(votes: int) -> int:
    """How much a movie is looked for, by its votes: ln(1 + votes) * 50, as for the ratings of our members.

    >>> popularity_of(0), popularity_of(100), popularity_of(2_900_000)
    (0, 231, 744)
    """
    return round(math.log1p(votes) * 50)


def read_ratings(path: Path, tally: Tally, advance: Advance) -> dict[bytes, int]:
    """tconst -> votes * 256 + tenths of the mean."""
    found: dict[bytes, int] = {}
    for start, lines in blocks(path, advance):
        tally.read += len(lines)
        for number, line in enumerate(lines, start):
            try:
                cells = cells_of(line, "title.ratings")
                tconst = line[: line.index(b"\t")]
                number_of(tconst, b"tt")
                if tconst in found:
                    raise ValueError(f"{cells[0]} has a rating already.")
                tenths, votes = rating_of(cells)
                found[tconst] = votes << 8 | tenths
            except ValueError as error:
                tally.reject(number, error)
    return found


def settle_ratings(ratings: dict[bytes, int], movies: Movies, tally: Tally) -> None:
    """Count the ratings of title.ratings, now that the wanted movies are known."""
    tally.created = sum(tconst in movies.keys for tconst in ratings)
    tally.skipped["of no imported movie"] = len(ratings) - tally.created


def read_basics(
    path: Path, tally: Tally, advance: Advance, options: Options, ratings: dict[bytes, int], movies: Movies,
    genre_keys: dict[str, int],
) -> Iterator[Row]:  # fmt: skip
    """Rows of the wanted movies: key, title, original title, sort title, slug, year, minutes, tconst."""
    types = {name.encode() for name in options.types}
    for start, lines in blocks(path, advance):
        tally.read += len(lines)
        for number, line in enumerate(lines, start):
            parts = line.split(b"\t", 2)
            if len(parts) == 3 and parts[1] not in types and parts[1].isalpha():
                tally.skipped["another type"] += 1
                continue
            try:
                cells = cells_of(line, "title.basics")
                number_of(parts[0], b"tt")
                if parts[0] in movies.keys:
                    raise ValueError(f"{cells[0]} is there twice.")
                if parts[1] not in types:
                    raise ValueError(f"“{cells[1][:40]}” is no type of title.")
                if cells[4] not in ("0", "1", "\\N"):
                    raise ValueError(f"isAdult is 0 or 1, not “{cells[4][:40]}”.")
                title, original, year, minutes, genres = title_of(cells, partial(tally.mender, number))
            except ValueError as error:
                tally.reject(number, error)
                continue
            votes = ratings.get(parts[0], 0)
            if cells[4] == "1" and not options.adult:
                tally.skipped["adult"] += 1
            elif votes >> 8 < options.minimum_votes:
                tally.skipped["too few votes"] += 1
            else:
                keys = tuple(genre_keys.setdefault(name, len(genre_keys)) for name in genres)
                key = movies.add(parts[0], title, year, popularity_of(votes >> 8), keys, number)
                movies.votes[key], movies.tenths[key] = votes >> 8, votes & 0xFF
                tally.created += 1
                yield (
                    key, title, original, sort_title(title)[:200], slugify(title, "movie"), year, minutes, cells[0]
                )  # fmt: skip


def read_akas(
    path: Path, tally: Tally, advance: Advance, movies: Movies, countries: frozenset[str], languages: frozenset[str]
) -> Iterator[Row]:
    """Rows of AlternativeTitle: movie, title, kind, country, language."""
    wanted, titles = movies.keys, movies.titles
    is_done = bytearray(len(titles))
    current, movie = b"", 0
    said: set[tuple[str, str | None, str | None]] = set()
    for start, lines in blocks(path, advance):
        tally.read += len(lines)
        unwanted = 0
        for number, line in enumerate(lines, start):
            tconst = line[: line.find(b"\t")]
            if tconst != current:
                current, said = tconst, set()
                is_done[movie] = movie > 0
                movie = wanted.get(tconst, 0)
            if not movie and tconst[:2] == b"tt":
                unwanted += 1
                continue
            try:
                cells = cells_of(line, "title.akas")
                number_of(tconst, b"tt")
                if is_done[movie]:
                    raise ValueError(OUT_OF_ORDER)
                aka = aka_of(cells, partial(tally.mender, number), countries, languages)
            except ValueError as error:
                tally.reject(number, error)
                continue
            key = aka and (aka.title, aka.country, aka.language)
            if not aka or aka.title == titles[movie] or key in said:
                tally.skipped["known already"] += 1
                continue
            said.add((aka.title, aka.country, aka.language))
            tally.created += 1
            yield movie, aka.title, aka.kind.value, aka.country, aka.language
        tally.skipped["of no imported movie"] += unwanted
