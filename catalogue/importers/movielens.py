"""MovieLens: movies, links, ratings and tags, from ml-latest-small to 32M; with "," or ";", and the older "::".

Ratings become one RatingRecord a movie, with how many gave each half star; who gave them is not kept. Tags are not
imported. Format: the README of each set, https://grouplens.org/datasets/movielens/
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from catalogue.importers.genres import our_genre
from catalogue.importers.mending import Mender
from catalogue.importers.movielens_files import MovieLensFile, open_file
from catalogue.importers.movielens_ratings import Bars, count_ratings
from catalogue.importers.reading import BrokenFileError
from catalogue.importers.records import MovieRecord, Origin, Parsed, RatingRecord, Rejected, Skipped, TitleRecord
from catalogue.importers.titles import split_others, split_year

SOURCE = "MovieLens"
_NO_GENRES = {"(no genres listed)", "IMAX", ""}


@dataclass(slots=True)
class _Known:
    """What the smaller files say, by MovieLens id; about 100 MB for the largest set."""

    links: dict[str, tuple[Origin, str, str]] = field(default_factory=dict)  # imdbId, tmdbId
    bars: Bars = field(default_factory=dict)
    rated_in: str = ""
    seen: set[str] = field(default_factory=set)


def parse(paths: Iterable[Path]) -> Iterator[Parsed]:
    """Read links and ratings whole, then hand on one record a movie.

    Counted are the rows of movies, the rows of links without a movie, and the wrong rows of each file; the ratings of
    a movie that no file describes are one rejected item. Raises BrokenFileError for a file that is none of these.
    """
    files = [open_file(path) for path in paths]
    known = _Known()
    for file in files:
        if file.kind == "links":
            yield from _links(file, known)
        elif file.kind == "ratings":
            known.rated_in = file.path.name
            yield from count_ratings(file, known.bars)
        elif file.kind == "tags":
            yield Skipped(Origin(file.path.name), "tags")
    movies = [file for file in files if file.kind == "movies"]
    for file in movies:
        yield from _movies(file, known)
    yield from _without_a_row(known, is_complete=bool(movies))


def _links(file: MovieLensFile, known: _Known) -> Iterator[Rejected | Skipped]:
    for row in file.rows():
        if isinstance(row, Rejected):
            yield row
            continue
        movie, *ids = (cell.strip() for cell in row.cells)
        if not _is_id(movie):
            yield Rejected(row.origin, f"“{movie[:40]}” is no MovieLens id.")
        elif movie not in known.links:
            known.links[movie] = (row.origin, ids[0], ids[1])
        elif known.links[movie][1:] == (ids[0], ids[1]):
            yield Skipped(row.origin, "the same links again")
        else:
            yield Rejected(row.origin, f"Movie {movie} has other links in {known.links[movie][0]}.")


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= 9


def _movies(file: MovieLensFile, known: _Known) -> Iterator[Parsed]:
    for row in file.rows():
        yield row if isinstance(row, Rejected) else _movie(row.origin, row.cells, known)


def _movie(origin: Origin, cells: list[str], known: _Known) -> Parsed:
    number, written, genres = cells[0].strip(), cells[1], cells[2]
    mender = Mender(origin)
    title, year = split_year(mender.text("title", written, 500))
    title, others = split_others(title)
    if not _is_id(number):
        return Rejected(origin, f"“{number[:40]}” is no MovieLens id.")
    if number in known.seen:
        return Rejected(origin, f"Movie {number} is listed twice.")
    if not title:
        return Rejected(origin, f"Movie {number} has no title.")
    known.seen.add(number)
    record = _with_links(MovieRecord(origin, external_ids={"movielens": number}, title=title), mender, known)
    record.release_date = mender.year("release_date", year) if year else None
    record.genres = _genres(mender, genres)
    if others:
        record.alternative_titles = [TitleRecord(other) for other in others]
    return record


def _genres(mender: Mender, written: str) -> list[str]:
    found: list[str] = []
    for name in written.strip().split("|"):
        genre = our_genre(name)
        if genre and genre not in found:
            found.append(genre)
        elif genre is None and name not in _NO_GENRES:
            mender.note("genres", name)
    return found


def _with_links(record: MovieRecord, mender: Mender, known: _Known) -> MovieRecord:
    number = record.external_ids["movielens"]
    _, imdb_id, tmdb_id = known.links.get(number, (None, "", ""))
    record.imdb_id = mender.external_id("imdb_id", imdb_id, "tt")
    record.tmdb_id = mender.number("tmdb_id", tmdb_id, 2**31 - 1)
    if bars := known.bars.get(number):
        votes = sum(bars)
        mean = sum(step * count for step, count in enumerate(bars, 1)) / 2 / votes
        record.external_ratings = [RatingRecord(SOURCE, round(mean, 2), 5, votes, histogram=tuple(bars))]
    record.mended = mender.notes
    return record


def _without_a_row(known: _Known, *, is_complete: bool) -> Iterator[Parsed]:
    """Links and ratings of movies that movies.csv does not have, or all of them when it was not given."""
    for number in [*known.links, *(number for number in known.bars if number not in known.links)]:
        if number in known.seen:
            continue
        origin = known.links[number][0] if number in known.links else Origin(known.rated_in)
        if is_complete:
            bars = known.bars.get(number)
            what = f"{sum(bars)} ratings" if bars else "Links"
            yield Rejected(origin, f"{what} of movie {number}, which the list of movies does not have.")
        else:
            yield _with_links(MovieRecord(origin, external_ids={"movielens": number}), Mender(origin), known)


def find_files(folder: Path) -> list[Path]:
    """The files of a set in its folder. Raises BrokenFileError when there is none."""
    names = [
        f"{kind}.{ending}" for kind in ("movies", "links", "ratings", "tags") for ending in ("csv", "csv.gz", "dat")
    ]
    found = [folder / name for name in names if (folder / name).is_file()]
    if not found:
        raise BrokenFileError(f"{folder.name} holds no file of MovieLens: movies.csv, links.csv or ratings.csv.")
    return found
