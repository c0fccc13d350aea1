"""The fast path's passes over the files of people: name.basics twice, crew, principals."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

from catalogue.importers.imdb.cast import Principal, parts_of
from catalogue.importers.imdb.files import WIDTH, Advance, blocks
from catalogue.importers.imdb.known import Movies, People, count
from catalogue.importers.imdb.options import Options
from catalogue.importers.imdb.report import Tally
from catalogue.importers.imdb.rows import cells_of, character_of, name_of, number_of, people_of
from catalogue.importers.imdb.titles import OUT_OF_ORDER
from catalogue.text import slugify, sort_name

Row = tuple[Any, ...]


def read_ids(path: Path, advance: Advance, people: People) -> None:
    """Who has a usable row in name.basics; what is wrong with the others is said when it is read again."""
    add = people.add
    for _, lines in blocks(path, advance):
        for line in lines:
            nconst, name, *_ = line.split(b"\t", 2) if line.count(b"\t") == 5 else (b"", b"")
            if name in (b"", b"\\N") or not (line.isascii() or _is_text(line)) or b"\0" in line:
                continue
            try:
                add(number_of(nconst, b"nm"))
            except ValueError:
                continue
    people.seal()


def _is_text(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True


def read_crew(path: Path, tally: Tally, advance: Advance, movies: Movies, people: People) -> None:
    """Who directed and wrote the wanted movies."""
    for start, lines in blocks(path, advance):
        tally.read += len(lines)
        unwanted = 0
        for number, line in enumerate(lines, start):
            movie = movies.keys.get(line[: line.find(b"\t")], 0)
            if not movie and line[:2] == b"tt":
                unwanted += 1
                continue
            try:
                cells = cells_of(line, "title.crew")
                number_of(line[: line.find(b"\t")], b"tt")
                if movies.directors[movie] or movies.writers[movie]:
                    raise ValueError(f"{cells[0]} is there twice.")
                directors, writers = (_known(people_of(cell), people) for cell in cells[1:])
            except ValueError as error:
                tally.reject(number, error)
                continue
            movies.crew_start[movie] = len(movies.crew)
            movies.directors[movie], movies.writers[movie] = len(directors), len(writers)
            movies.crew.extend(directors + writers)
            tally.created += 1
        tally.skipped["of no imported movie"] += unwanted


def _known(numbers: list[int], people: People) -> list[int]:
    """Their keys. Raises ValueError for one without a row in name.basics."""
    keys = [people.key(number) for number in numbers]
    if 0 in keys:
        raise ValueError(f"nm{numbers[keys.index(0)]:07} is not in name.basics.")
    return keys


def read_principals(
    path: Path | None, tally: Tally, advance: Advance, movies: Movies, people: People, options: Options
) -> Iterator[Row]:
    """Rows of Credit: movie, and what Part says. The movies that only title.crew knows come last."""
    if path:
        for movie, rows in _groups(path, tally, advance, movies, people):
            yield from _credits(movie, rows, tally, movies, people, options)
    for movie in range(1, len(movies.titles)):
        if not movies.is_credited[movie]:
            yield from _credits(movie, [], tally, movies, people, options)


def _credits(
    movie: int, rows: list[Principal], tally: Tally, movies: Movies, people: People, options: Options
) -> Iterator[Row]:
    directors, writers = movies.crew_of(movie)
    parts, beyond, again = parts_of(rows, directors, writers, options.maximum_billing)
    tally.created += len(rows) - beyond - again
    tally.skipped["further down the cast"] += beyond
    tally.skipped["known already"] += again
    count(movies, people, movie, parts)
    movies.is_credited[movie] = 1
    return ((movie, *part) for part in parts)


def _groups(
    path: Path, tally: Tally, advance: Advance, movies: Movies, people: People
) -> Iterator[tuple[int, list[Principal]]]:
    """The usable rows of each wanted movie, which lie together."""
    wanted, is_done = movies.keys, movies.is_credited
    current, movie = b"", 0
    rows: list[Principal] = []
    words: dict[bytes, str] = {}
    for start, lines in blocks(path, advance):
        tally.read += len(lines)
        unwanted = 0
        for number, line in enumerate(lines, start):
            tconst = line[: line.find(b"\t")]
            if tconst != current:
                if rows:
                    yield movie, rows
                    rows = []
                current, movie = tconst, wanted.get(tconst, 0)
            if not movie and tconst[:2] == b"tt":
                unwanted += 1
                continue
            try:
                if is_done[movie]:
                    raise ValueError(OUT_OF_ORDER)
                rows.append(_principal(line, number, tally, people, words))
            except ValueError as error:
                tally.reject(number, error)
        tally.skipped["of no imported movie"] += unwanted
    if rows:
        yield movie, rows


def _principal(line: bytes, number: int, tally: Tally, people: People, words: dict[bytes, str]) -> Principal:
    """A row of title.principals. ``words`` keeps categories, jobs and characters that were read before."""
    cells = line.split(b"\t")
    if len(cells) != WIDTH["title.principals"] or b"\0" in line:
        cells_of(line, "title.principals")  # says what is wrong
    _, ordering, nconst, category, job, characters = cells
    if not ordering.isdigit() or len(ordering) > 9:
        raise ValueError(f"“{ordering[:40].decode('utf-8', 'replace')}” is no place in a list.")
    person = people.key(number_of(nconst, b"nm"))
    if not person:
        raise ValueError(f"{nconst.decode()} is not in name.basics.")
    try:
        kind, written = words.get(category), words.get(job)
        if kind is None:
            kind = words[category] = cells_of(line, "title.principals")[3]
        if written is None:
            written = words[job] = job.decode()
        character = "" if characters == b"\\N" else characters.decode()
    except UnicodeDecodeError:
        cells_of(line, "title.principals")
        raise
    if kind in ("", "\\N"):
        raise ValueError("The category is empty.")
    if character:
        character = character_of(character, partial(tally.mender, number))
    return int(ordering), person, kind, written, character


def read_names(path: Path, tally: Tally, advance: Advance, movies: Movies, people: People) -> Iterator[Row]:
    """Rows of the people in wanted movies: key, name, sort name, slug, born, died, nconst, and what is counted."""
    last = 0
    for start, lines in blocks(path, advance):
        tally.read += len(lines)
        uncredited = 0
        for number, line in enumerate(lines, start):
            try:
                key = people.key(number_of(line[: line.find(b"\t")], b"nm"))
                if key == last + 1 and not people.places[key]:
                    last += 1
                    uncredited += 1
                    continue
                cells = cells_of(line, "name.basics")
                if key and key <= last:
                    raise ValueError(f"{cells[0]} is there twice.")
                row = _person(key, cells, tally, number, movies, people)
            except ValueError as error:
                tally.reject(number, error)
                continue
            last += 1
            tally.created += 1
            yield row
        tally.skipped["in no imported movie"] += uncredited


def _person(key: int, cells: list[str], tally: Tally, line: int, movies: Movies, people: People) -> Row:
    name, born, died = name_of(cells, partial(tally.mender, line))
    place = people.places[key]
    if people.is_listed[place]:
        people.names[key] = name
    titles = [movies.titles[movie] for movie in (people.best[place], people.second[place]) if movie]
    return (
        key, name, sort_name(name)[:200], slugify(name, "person"), born, died, cells[0],
        people.credits[place], people.department(place), line_of(titles),
    )  # fmt: skip


def line_of(names: list[str]) -> str:
    """As curation.derive prints it: names with commas, whole ones, at most 200 characters."""
    text = ", ".join(names)
    return text if len(text) <= 200 else text[:200].rpartition(", ")[0]
