"""The same dataset as records says what the fast path writes."""

from pathlib import Path

import pytest

from catalogue.dates import PartialDate
from catalogue.importers.imdb.fast import FastImport
from catalogue.importers.imdb.files import find
from catalogue.importers.imdb.options import Options
from catalogue.importers.imdb.records import records_of
from catalogue.importers.imdb.report import Report
from catalogue.importers.records import SILENT, MovieRecord, Origin, RatingRecord, Rejected, TitleRecord
from catalogue.models import Credit
from catalogue.vocabulary import TitleKind
from tests.catalogue.importers.imdb.data import reasons, run, write
from tests.catalogue.importers.raw import said


def read(folder: Path) -> tuple[list[MovieRecord], Report]:
    report = Report()
    dataset = FastImport(find([folder]), Options(), report, PartialDate(2026, 11, 24))
    return [item for item in records_of(dataset) if isinstance(item, MovieRecord)], report


@pytest.mark.django_db
def test_a_movie_comes_with_all_that_its_files_say(tmp_path: Path) -> None:
    found, report = read(write(tmp_path))

    assert reasons(report) == []
    assert [record.imdb_id for record in found] == ["tt0000001", "tt10000015", "tt1000001"]
    first, second, _ = found
    assert (first.origin, second.origin.line) == (Origin("title.basics.tsv", 2), 3)
    assert (first.title, first.original_title, second.original_title) == ("The First", "", "Zitiert")
    assert (first.release_date, first.runtime_minutes, first.synopsis) == (PartialDate(1954), 104, SILENT)
    assert first.genres == ["Drama", "Science fiction"]
    assert first.external_ratings == [RatingRecord("IMDb", 7.3, 10, 100, PartialDate(2026, 11, 24))]
    assert said(first.alternative_titles)[0] == TitleRecord("Der Erste", TitleKind.ALTERNATIVE, "DE", "de")
    assert second.external_ratings == []
    director = said(second.credits)[0]
    assert director.person
    assert (director.job, director.person.imdb_id, director.person.born_on) == (
        "Director",
        "nm0000003",
        PartialDate(1901),
    )


@pytest.mark.django_db
def test_rejected_rows_come_first(tmp_path: Path) -> None:
    write(tmp_path, title_ratings=[("tt0000001", "73", "1")])
    items = list(records_of(FastImport(find([tmp_path]), Options(), Report(), PartialDate(2026, 11, 24))))

    assert items[0] == Rejected(Origin("title.ratings.tsv", 2), "A mean lies between 1 and 10, not at 73.")
    assert len(items) == 4


@pytest.mark.django_db
def test_what_no_file_speaks_of_stays_silent(tmp_path: Path) -> None:
    found, _ = read(write(tmp_path, title_akas=None, title_ratings=None, name_basics=None))

    assert (found[0].alternative_titles, found[0].external_ratings, found[0].credits) == (SILENT, SILENT, SILENT)


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_credits_are_those_of_the_fast_path(tmp_path: Path) -> None:
    found, _ = read(write(tmp_path))
    run(tmp_path)

    columns = ("movie__imdb_id", "person__imdb_id", "department", "job", "character", "billing_order", "is_voice")
    assert list(Credit.objects.order_by("movie", "pk").values_list(*columns)) == [
        (
            record.imdb_id, credit.person and credit.person.imdb_id, credit.department, credit.job, credit.character,
            credit.billing_order, credit.is_voice,
        )
        for record in found for credit in said(record.credits)
    ]  # fmt: skip
