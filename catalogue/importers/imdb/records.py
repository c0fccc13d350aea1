"""The dataset as records, for a catalogue that has movies already: what one title has in all files comes together.

The passes are those of the fast path. What they would write waits in a temporary SQLite database, since the files need
not have one order, and comes back a movie at a time; memory holds ids only.
"""

import marshal
import sqlite3
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Model

from catalogue.dates import PartialDate
from catalogue.importers.bulk import Writer
from catalogue.importers.imdb.fast import FastImport
from catalogue.importers.imdb.options import CREDITED, SOURCE
from catalogue.importers.records import (
    CreditRecord,
    MovieRecord,
    Origin,
    PersonRecord,
    RatingRecord,
    Rejected,
    TitleRecord,
)
from catalogue.models import AlternativeTitle, Credit, Movie, Person
from catalogue.vocabulary import Department, TitleKind

Row = tuple[Any, ...]
_TABLES: dict[type[Model], str] = {Movie: "movies", AlternativeTitle: "titles", Credit: "credits", Person: "people"}


def records_of(dataset: FastImport) -> Iterator[MovieRecord | Rejected]:
    """The rejected rows, then a record a movie in the order of title.basics.

    Fields of files that are not there stay silent. Totals of the files are in the dataset's report. Raises
    BrokenFileError or StrictError before the first item.
    """
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryFile() as spool:
        waiting = _Waiting((), sqlite3.connect(f"{folder}/waiting.sqlite3", isolation_level=None))
        try:
            waiting.begin()
            dataset.report.listen = lambda item: marshal.dump((item.origin.file, item.origin.line, item.reason), spool)
            dataset.read(waiting)
            marshal.dump(None, spool)
            spool.seek(0)
            while row := marshal.load(spool):  # noqa: S302 -- our own, of this run
                yield Rejected(Origin(*row[:2]), row[2])
            yield from _Assembly(dataset, waiting)
        finally:
            waiting.database.close()


@dataclass(frozen=True)
class _Waiting(Writer):
    """Keeps the rows of each movie and person by key."""

    database: sqlite3.Connection

    def begin(self) -> None:
        self.database.execute("PRAGMA journal_mode = OFF")
        for table in _TABLES.values():
            self.database.execute(f"CREATE TABLE {table} (key INTEGER PRIMARY KEY, data BLOB)")

    def write(self, model: type[Model], given: Sequence[str], rows: Iterable[Row]) -> int:
        table = _TABLES.get(model)
        if table is None:
            return 0  # genres and ratings are in memory
        values = ((key, marshal.dumps(group)) for key, group in _grouped(rows))
        self.database.execute("BEGIN")
        self.database.executemany(f"INSERT INTO {table} VALUES (?, ?)", values)  # noqa: S608
        self.database.execute("COMMIT")
        return 0

    def rows(self, model: type[Model], key: int) -> list[Row]:
        """The rows of one key, without it."""
        row = self.database.execute(f"SELECT data FROM {_TABLES[model]} WHERE key = ?", [key]).fetchone()  # noqa: S608
        found: list[Row] = marshal.loads(row[0]) if row else []  # noqa: S302 -- our own, of this run
        return found


def _grouped(rows: Iterable[Row]) -> Iterator[tuple[int, list[Row]]]:
    """Rows that begin with the same key, which lie together."""
    current = 0
    group: list[Row] = []
    for key, *row in rows:
        if key != current and group:
            yield current, group
            group = []
        current = key
        group.append(tuple(row))
    if group:
        yield current, group


@dataclass(frozen=True, slots=True)
class _Assembly:
    """Puts the records together."""

    dataset: FastImport
    waiting: _Waiting

    def __iter__(self) -> Iterator[MovieRecord]:
        genres = list(self.dataset.genres)
        for key in range(1, len(self.dataset.movies.titles)):
            yield self._movie(key, genres)

    def _movie(self, key: int, genres: list[str]) -> MovieRecord:
        files, movies = self.dataset.files, self.dataset.movies
        title, original, _, _, year, minutes, imdb_id, *_ = self.waiting.rows(Movie, key)[0]
        record = MovieRecord(Origin(files["title.basics"].name, movies.lines[key]), imdb_id=imdb_id)
        record.title, record.original_title, record.release_date = title, original, _date(year)
        record.runtime_minutes, record.genres = minutes, [genres[number] for number in movies.genres[key]]
        if "title.akas" in files:
            rows = self.waiting.rows(AlternativeTitle, key)
            record.alternative_titles = [TitleRecord(name, TitleKind(kind), *where) for name, kind, *where in rows]
        if "title.ratings" in files:
            tenths, votes = movies.tenths[key], movies.votes[key]
            rating = RatingRecord(SOURCE, tenths / 10, 10, votes, self.dataset.as_of)
            record.external_ratings = [rating] if tenths else []
        people = files.keys() & CREDITED.keys()
        if "name.basics" in files and people:
            record.credits = [self._credit(row) for row in self.waiting.rows(Credit, key)]
            record.credited = None if len(people) == len(CREDITED) else CREDITED[people.pop()]
        return record

    def _credit(self, row: Row) -> CreditRecord:
        key, department, job, character, place, is_uncredited, is_voice = row
        name, _, _, born, died, imdb_id, *_ = self.waiting.rows(Person, key)[0]
        origin = Origin(self.dataset.files["name.basics"].name)
        person = PersonRecord(origin, name, imdb_id=imdb_id, born_on=_date(born), died_on=_date(died))
        return CreditRecord(
            person, Department(department), job, character, place, is_uncredited=is_uncredited, is_voice=is_voice
        )


def _date(year: str | None) -> PartialDate | None:
    return PartialDate(int(year)) if year else None
