"""The fast path: the whole dataset into an empty catalogue, with everything that follows from it, or nothing.

The files pass by once each (name.basics twice) and one table is filled at a time, from generators, so memory holds ids
and counts only. See docs/decisions/ for the order of the passes.
"""

import gc
import marshal
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from django.db.models import Model
from django.utils import timezone
from tqdm import tqdm

from catalogue.browse.store import rebuild_browse
from catalogue.dates import PartialDate
from catalogue.importers.bulk import Writer, bulk_writing, vacuum
from catalogue.importers.demo import GENRE_TINTS
from catalogue.importers.imdb.files import Advance
from catalogue.importers.imdb.known import LISTED, Movies, People
from catalogue.importers.imdb.options import SOURCE, SOURCE_CODE, Options
from catalogue.importers.imdb.people import line_of, read_crew, read_ids, read_names, read_principals
from catalogue.importers.imdb.report import Report
from catalogue.importers.imdb.titles import read_akas, read_basics, read_ratings, settle_ratings
from catalogue.models import (
    AlternativeTitle,
    Country,
    Credit,
    ExternalRating,
    Genre,
    Language,
    Movie,
    MovieGenre,
    Person,
)
from catalogue.related import refresh_related
from catalogue.search.build import rebuild
from catalogue.text import slugify
from catalogue.vocabulary import Tint

MODELS = [Movie, Person, Credit, MovieGenre, AlternativeTitle, ExternalRating]
SPOOLED = 2000  # rows at once
RELATED = 100  # movies that visitors come to first; the others' related movies are found when they are seen
Row = tuple[Any, ...]


class NotEmptyError(ValueError):
    """The catalogue has movies, people or credits: the fast path would not know them."""


@dataclass(slots=True)
class FastImport:
    """One run. ``progress`` shows a bar for each stage where there is a terminal."""

    files: dict[str, Path]
    options: Options
    report: Report
    as_of: PartialDate
    progress: bool = False
    movies: Movies = field(default_factory=Movies)
    people: People = field(default_factory=People)
    genres: dict[str, int] = field(default_factory=dict)  # names, numbered from 0
    ratings: dict[bytes, int] = field(default_factory=dict)
    today: str = field(default_factory=lambda: str(timezone.now().date()))

    def run(self, after: Callable[[], None] = lambda: None) -> None:
        """Import everything in one transaction, ``after`` at its end.

        Raises NotEmptyError, BrokenFileError or StrictError, and then nothing is written.
        """

        def follow() -> None:
            self._follow()
            after()

        if is_filled():
            raise NotEmptyError("The catalogue is not empty: the fast path is for a new one.")
        with bulk_writing(MODELS, follow) as writer:
            self.read(writer)
            self._write_genres(writer)
        vacuum(MODELS)
        top = Movie.objects.order_by("-popularity", "pk").values_list("pk", flat=True)[:RELATED]
        refresh_related(tqdm(top, "Related", unit="movies", disable=self._is_quiet))

    def rehearse(self) -> None:
        """Read everything and write nothing, for the report. Raises BrokenFileError or StrictError."""
        self.read(_Nowhere(()))

    def read(self, writer: Writer) -> None:
        """Let all files pass by, and give the writer the rows of each table but Genre and MovieGenre."""
        with _without_collector(), tempfile.TemporaryFile() as spool:
            self._read_movies(spool)
            self._write_titles(writer)
            self._write_people(writer)
            self._write_movies(writer, spool)

    def _read_movies(self, spool: IO[bytes]) -> None:
        """Movies wait in a file of their own until their cast is known."""
        if path := self.files.get("title.ratings"):
            with self._bar(path) as advance:
                self.ratings = read_ratings(path, self.report.of(path.name), advance)
        path = self.files["title.basics"]
        with self._bar(path) as advance:
            rows = read_basics(
                path, self.report.of(path.name), advance, self.options, self.ratings, self.movies, self.genres
            )
            for part in _parts(rows, SPOOLED):
                marshal.dump(part, spool)
        marshal.dump([], spool)
        self.movies.seal()
        if path := self.files.get("title.ratings"):
            settle_ratings(self.ratings, self.movies, self.report.of(path.name))
        self.ratings = {}

    def _write_titles(self, writer: Writer) -> None:
        if path := self.files.get("title.akas"):
            countries = frozenset(Country.objects.values_list("pk", flat=True))
            languages = frozenset(Language.objects.values_list("pk", flat=True))
            with self._bar(path) as advance:
                rows = read_akas(path, self.report.of(path.name), advance, self.movies, countries, languages)
                writer.write(AlternativeTitle, ["movie", "title", "kind", "country", "language"], rows)

    def _write_people(self, writer: Writer) -> None:
        names, crew, principals = (self.files.get(f) for f in ("name.basics", "title.crew", "title.principals"))
        if names is None:
            return
        with self._bar(names, "who is there") as advance:
            read_ids(names, advance, self.people)
        if crew:
            with self._bar(crew) as advance:
                read_crew(crew, self.report.of(crew.name), advance, self.movies, self.people)
        given = ["movie", "person", "department", "job", "character", "billing_order", "is_uncredited", "is_voice"]
        with self._bar(principals) as advance:
            tally = self.report.of(principals.name if principals else "title.principals")
            rows = read_principals(principals, tally, advance, self.movies, self.people, self.options)
            writer.write(Credit, given, rows)
        given = [
            "id", "name", "sort_name", "slug", "born_on", "died_on", "imdb_id",
            "credit_count", "known_for_department", "known_for_line", "source", "sourced_on",
        ]  # fmt: skip
        with self._bar(names) as advance:
            rows = read_names(names, self.report.of(names.name), advance, self.movies, self.people)
            writer.write(Person, given, ((*row, SOURCE_CODE, self.today) for row in rows))

    def _write_movies(self, writer: Writer, spool: IO[bytes]) -> None:
        movies = self.movies
        spool.seek(0)
        given = [
            "id", "title", "original_title", "sort_title", "slug", "release_date", "runtime_minutes", "imdb_id",
            "popularity", "cast_line", "director_line", "cast_count", "is_published",
            "external_votes", "missing_parts", "source", "sourced_on",
        ]  # fmt: skip
        rows = tqdm(self._whole(spool), "movies", len(movies.titles) - 1, unit="rows", disable=self._is_quiet)
        writer.write(Movie, given, rows)
        scores = (
            (key, SOURCE, f"{movies.tenths[key] / 10:.2f}", movies.votes[key], str(self.as_of))
            for key in range(1, len(movies.titles))
            if movies.tenths[key]
        )
        writer.write(ExternalRating, ["movie", "source", "value", "votes", "as_of"], scores)

    def _write_genres(self, writer: Writer) -> None:
        keys = [_genre(name) for name in self.genres]
        rows = (
            (movie, keys[genre], place)
            for movie, genres in enumerate(self.movies.genres)
            for place, genre in enumerate(genres)
        )
        writer.write(MovieGenre, ["movie", "genre", "position"], rows)

    def _whole(self, spool: IO[bytes]) -> Iterator[Row]:
        """The waiting rows, with the names on their cards."""
        movies, names = self.movies, self.people.names
        while part := marshal.load(spool):  # noqa: S302 -- our own, of this run
            for row in part:
                key = row[0]
                top = movies.top[key * 2 * LISTED : (key + 1) * 2 * LISTED]
                cast, directors = (
                    [names[person] for person in half if person] for half in (top[:LISTED], top[LISTED:])
                )
                yield (
                    *row, movies.popularity[key], line_of(cast), line_of(directors), movies.cast_count[key], True,
                    movies.votes[key], movies.missing_parts(key), SOURCE_CODE, self.today,
                )  # fmt: skip

    @contextmanager
    def _bar(self, path: Path | None, what: str = "") -> Iterator[Advance]:
        """A bar of the bytes of a file."""
        size = path.stat().st_size if path else 0
        name = f"{path.name} ({what})" if path and what else path.name if path else ""
        with tqdm(None, name, size, unit="B", unit_scale=True, disable=self._is_quiet) as bar:
            yield bar.update

    @property
    def _is_quiet(self) -> bool | None:
        return None if self.progress else True

    def _follow(self) -> None:
        """What is made of the tables, in the same transaction."""
        rebuild(progress=self.progress)
        with tqdm(None, "Lists", len(self.movies.titles) - 1, unit="movies", disable=self._is_quiet) as bar:
            rebuild_browse(bar.update)


@contextmanager
def _without_collector() -> Iterator[None]:
    """Rows make no cycles, and looking for some among millions of objects takes a sixth of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


class _Nowhere(Writer):
    """Takes rows and keeps none."""

    def write(self, model: type[Model], given: Sequence[str], rows: Iterable[Row]) -> int:
        return sum(1 for _ in rows)


def is_filled() -> bool:
    """Whether there is anything that the fast path would have to compare: 3 queries at most."""
    return any(model._default_manager.exists() for model in (Movie, Person, Credit))


def _genre(name: str) -> int:
    made = {"slug": slugify(name, "genre"), "tint": GENRE_TINTS.get(name, Tint.ARGENT)}
    return Genre.objects.get_or_create(name=name, defaults=made)[0].pk


def _parts(rows: Iterable[Row], size: int) -> Iterator[list[Row]]:
    part: list[Row] = []
    for row in rows:
        part.append(row)
        if len(part) == size:
            yield part
            part = []
    if part:
        yield part
