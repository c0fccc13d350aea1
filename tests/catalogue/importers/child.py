"""An import to be killed in a process of its own."""

import os
from collections.abc import Iterator
from pathlib import Path

from catalogue.dates import PartialDate
from catalogue.importers.records import CreditRecord, MovieRecord, Origin, Parsed, PersonRecord, RatingRecord, Rejected
from catalogue.importers.run import Job
from catalogue.vocabulary import Department

MOVIES = int(os.environ.get("MOVIES", "600"))  # 100 a batch; KILLS=20 of test_kill want 3000


def parse() -> Iterator[Parsed]:
    """Movies who share their people, and a wrong row in every seven."""
    for number in range(1, MOVIES + 1):
        origin = Origin("a.tsv", number)
        if number % 7 == 0:
            yield Rejected(origin, "Every seventh.")
            continue
        yield MovieRecord(
            origin,
            imdb_id=f"tt{number:07}",
            title=f"Movie {number}",
            release_date=PartialDate(1900 + number % 100),
            genres=["Drama"],
            external_ratings=[RatingRecord("IMDb", 7.1, votes=number)],
            credits=[
                CreditRecord(_person(origin, number % 5), Department.DIRECTING, "Director"),
                CreditRecord(_person(origin, number % 50), character="A part"),
            ],
        )


def _person(origin: Origin, number: int) -> PersonRecord:
    return PersonRecord(origin, f"Person {number}", imdb_id=f"nm{number + 1:07}")


def job() -> Job:
    """The import that is killed."""
    return Job("imdb", "A test", [Path(__file__)], parse)
