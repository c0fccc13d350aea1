"""Files that know some of the credits leave the others, whoever wrote them."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.db.models import F

from catalogue.dates import PartialDate
from catalogue.importers.imdb import job as imdb
from catalogue.importers.imdb.fast import FastImport
from catalogue.importers.imdb.files import find
from catalogue.importers.imdb.options import Options
from catalogue.importers.imdb.report import Report as ImdbReport
from catalogue.importers.report import OUTCOMES
from catalogue.importers.run import Job, run_import
from catalogue.importers.spreadsheet import parse as parse_list
from catalogue.importers.tmdb import parse as parse_tmdb
from catalogue.importers.wikidata import parse as parse_wikidata
from catalogue.models import Credit, Movie
from tests.catalogue.importers.imdb.data import write
from tests.makers import make_cast, make_crew, make_movie

pytestmark = pytest.mark.django_db
CAST = [{"id": 1, "name": "Ann Lee", "character": "Eve", "order": 0}]
CREW = [
    {"id": 2, "name": "Dee Rector", "department": "Directing", "job": "Director"},
    {"id": 3, "name": "Will Write", "department": "Writing", "job": "Screenplay"},
]


def outcomes(job: Job) -> dict[str, int]:
    _, report = run_import(job)
    return {name: report.counts[name] for name in OUTCOMES if report.counts[name]}


def tmdb(folder: Path, *records: dict[str, Any]) -> dict[str, int]:
    files = []
    for number, record in enumerate(records):
        files.append(folder / f"{number}.json")
        files[-1].write_text(json.dumps({"id": 101, **record}))
    return outcomes(Job("tmdb", "TMDB", files, lambda: parse_tmdb(files)))


def imdb_files(folder: Path, **changed: object) -> dict[str, int]:
    for file in folder.iterdir():
        file.unlink()
    dataset = FastImport(find([write(folder, changed=changed)]), Options(), ImdbReport(), PartialDate(2026, 11, 24))
    return outcomes(imdb.job_of(dataset))


def credits(**movie: object) -> list[tuple[str | None, str, str]]:
    rows = Credit.objects.filter(movie=Movie.objects.get(**movie)).order_by(
        F("billing_order").asc(nulls_last=True), "pk"
    )
    return list(rows.values_list("person__name", "department", "job"))


def test_a_cast_without_a_crew_leaves_the_crew_and_the_other_way_round(tmp_path: Path) -> None:
    movie = make_movie("The First", tmdb_id=101, source="imdb")
    make_crew(movie, "Dee Rector")
    make_cast(movie, "Somebody Else")

    assert tmdb(tmp_path, {"title": "The First", "cast": CAST}) == {"updated": 1}
    assert credits() == [("Ann Lee", "acting", ""), ("Dee Rector", "directing", "Director")]

    assert tmdb(tmp_path, {"title": "The First", "crew": CREW}) == {"updated": 1}
    assert credits() == [
        ("Ann Lee", "acting", ""),
        ("Dee Rector", "directing", "Director"),
        ("Will Write", "writing", "Screenplay"),
    ]
    assert tmdb(tmp_path, {"title": "The First", "cast": CAST}) == {"unchanged": 1}


def test_files_of_cast_and_of_crew_complete_each_other_in_one_run(tmp_path: Path) -> None:
    files: list[dict[str, Any]] = [{"title": "The First", "cast": CAST}, {"crew": CREW}, {"cast": CAST, "crew": []}]

    assert tmdb(tmp_path, *files) == {"created": 1, "updated": 1, "rejected": 1}
    assert [job for _, _, job in credits()] == ["", "Director", "Screenplay"]
    assert tmdb(tmp_path, *files) == {"unchanged": 2, "rejected": 1}


def test_a_whole_list_behind_a_partial_one_adds_the_rest(tmp_path: Path) -> None:
    files: list[dict[str, Any]] = [
        {"title": "The First", "cast": CAST},
        {"cast": [{"id": 9, "name": "Not She"}], "crew": CREW},
    ]

    assert tmdb(tmp_path, *files) == {"created": 1, "updated": 1}
    assert [name for name, _, _ in credits()] == ["Ann Lee", "Dee Rector", "Will Write"]
    assert tmdb(tmp_path, *files) == {"unchanged": 2}


@pytest.mark.parametrize("missing", ["title_crew", "title_principals"])
def test_part_of_imdbs_files_takes_nothing_back(tmp_path: Path, missing: str) -> None:
    imdb_files(tmp_path)
    before = credits(imdb_id="tt0000001")

    assert imdb_files(tmp_path, **{missing: None}) == {"unchanged": 3}
    assert credits(imdb_id="tt0000001") == before


def test_crew_alone_says_who_directs_and_leaves_the_rest(tmp_path: Path) -> None:
    imdb_files(tmp_path)
    crew = [("tt0000001", "nm0000002", "nm10499820"), ("tt10000015", "nm0000003", "\\N")]

    assert imdb_files(tmp_path, title_principals=None, title_crew=crew) == {"updated": 1, "unchanged": 2}
    found = credits(imdb_id="tt0000001")
    assert ("Bo Ng", "directing", "Director") in found
    assert ("Zoë Ann", "directing", "Director") not in found
    assert ("Zoë Ann", "sound", "Original Music Composer") in found


def test_a_writer_who_is_credited_more_exactly_is_no_second_writer(tmp_path: Path) -> None:
    principals = [("tt0000001", "1", "nm10499820", "writer", "screenplay", "\\N")]
    imdb_files(tmp_path, title_principals=principals)

    assert imdb_files(tmp_path, title_principals=None) == {"unchanged": 3}
    assert [job for _, department, job in credits(imdb_id="tt0000001") if department == "writing"] == ["Screenplay"]


def test_people_without_labels_are_not_the_whole_cast(tmp_path: Path) -> None:
    movie = make_movie("The First", wikidata_id="Q1", source="demo")
    for name in ("Ann Lee", "Bo Ng"):
        make_cast(movie, name)
    file = tmp_path / "films.csv"
    file.write_text("film,filmLabel,cast,directors\nQ1,The First,Q11=Cy Young|Q12,Q14=Dee Rector\n")
    job = Job("wikidata", "Wikidata", [file], lambda: parse_wikidata([file]))

    assert outcomes(job) == {"updated": 1}
    assert [name for name, _, _ in credits()] == ["Ann Lee", "Bo Ng", "Cy Young", "Dee Rector"]
    assert list(Credit.objects.filter(department="acting").values_list("billing_order", flat=True)) == [0, 1, 2]


def test_an_empty_cell_takes_back_ones_own_and_nobody_elses_however_often_it_is_read(tmp_path: Path) -> None:
    make_cast(make_movie("The First", imdb_id="tt0000001", source="wikidata"), "Ann Lee")
    file = tmp_path / "list.csv"
    file.write_text("Title,IMDb id,Cast,Director\nThe First,tt0000001,,Dee Rector\nOther,tt0000002,Bo Ng,Cy Young\n")
    job = Job("spreadsheet:a", "A list", [file], lambda: parse_list([file]))

    assert outcomes(job) == {"created": 1, "updated": 1}
    assert outcomes(job) == {"unchanged": 2}
    assert [name for name, _, _ in credits(imdb_id="tt0000001")] == ["Ann Lee", "Dee Rector"]

    file.write_text("Title,IMDb id,Cast,Director\nOther,tt0000002,,Cy Young\n")
    assert outcomes(job) == {"updated": 1}
    assert [name for name, _, _ in credits(imdb_id="tt0000002")] == ["Cy Young"]
