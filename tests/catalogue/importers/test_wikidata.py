"""Wikidata: results of queries in each form, and films a line."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from catalogue.importers.reading import BrokenFileError
from catalogue.importers.records import SILENT, MovieRecord, Parsed, Rejected
from catalogue.importers.wikidata import parse
from catalogue.vocabulary import Department
from tests.catalogue.importers.raw import raw, said

ENTITY = "http://www.wikidata.org/entity/"


def write(folder: Path, name: str, text: str) -> Path:
    file = folder / name
    file.write_text(text)
    return file


def films(items: list[Parsed]) -> list[MovieRecord]:
    return [item for item in items if isinstance(item, MovieRecord)]


def people(movie: MovieRecord) -> list[tuple[Any, ...]]:
    return [
        (c.person.name, c.person.wikidata_id, c.department, c.billing_order) for c in said(movie.credits) if c.person
    ]


def test_the_documented_query_as_csv(tmp_path: Path) -> None:
    text = (
        "film,filmLabel,imdb,tmdb,date,precision,minutes,originalTitle,countries,languages,genres,directors,cast\r\n"
        f"{ENTITY}Q189540,Seven Samurai,tt0047478,346,1954-04-26T00:00:00Z,11,207,七人の侍,JP,ja,Q130232|Q188473,Q8006=Akira Kurosawa,Q199927=Toshirō Mifune|Q1=|Q2=Q2\r\n"
        f"{ENTITY}Q5,Month,,,1954-03-01T00:00:00Z,10,,Month,,,,,\r\n"
        f"{ENTITY}Q6,Year,,,1954-01-01T00:00:00Z,9,1e9,,XX,,Q9999999,,\r\n"
        f"{ENTITY}Q7,Q7,,,1954-01-01T00:00:00Z,9,,,,,,,\r\n"
        "somewhere,No item,,,,,,,,,,,\r\n"
        " ,Empty item,,,,,,,,,,,\r\n"
        f"{ENTITY}Q8,Short row\r\n"
    )
    items = list(parse([write(tmp_path, "query.csv", text)]))

    samurai, month, year = films(items)
    assert (samurai.wikidata_id, samurai.imdb_id, samurai.tmdb_id) == ("Q189540", "tt0047478", 346)
    assert (samurai.title, samurai.original_title, str(samurai.release_date), samurai.runtime_minutes) == (
        "Seven Samurai",
        "七人の侍",
        "1954-04-26",
        207,
    )
    assert (samurai.countries_of_origin, samurai.original_language, samurai.genres) == (
        ["JP"],
        "ja",
        ["Drama", "Action"],
    )
    assert people(samurai) == [
        ("Toshirō Mifune", "Q199927", Department.ACTING, 0),
        ("Akira Kurosawa", "Q8006", Department.DIRECTING, None),
    ]
    assert [(note.field, note.was) for note in samurai.mended] == [("credits", "2 people without a label")]
    assert [str(month.release_date), str(year.release_date), month.original_title, year.runtime_minutes] == [
        "1954-03",
        "1954",
        "",
        None,
    ]
    assert [type(item) for item in items].count(Rejected) == 4


def test_sparql_json_with_a_row_for_every_value(tmp_path: Path) -> None:
    def row(**cells: str) -> dict[str, Any]:
        return {name: {"type": "literal", "value": value} for name, value in cells.items()}

    bindings = [
        row(
            film=f"{ENTITY}Q1",
            filmLabel="One",
            date="1970-01-01T00:00:00Z",
            director=f"{ENTITY}Q11",
            directorLabel="Ann Lee",
            countryLabel="France",
            country=f"{ENTITY}Q142",
        ),
        row(
            film=f"{ENTITY}Q2",
            filmLabel="Two",
            date="1970-05-02T00:00:00Z",
            director=f"{ENTITY}Q12",
            directorLabel="Q12",
        ),
        row(
            film=f"{ENTITY}Q1",
            filmLabel="One",
            date="1970-01-01T00:00:00Z",
            director=f"{ENTITY}Q13",
            directorLabel="Bo Fox",
        ),
    ]
    document = {"head": {"vars": ["film"]}, "results": {"bindings": bindings}}
    one, two = films(list(parse([write(tmp_path, "query.json", json.dumps(document, indent=1))])))

    assert ([name for name, *_ in people(one)], str(one.release_date), one.countries_of_origin) == (
        ["Ann Lee", "Bo Fox"],
        "1970",
        ["FR"],
    )
    assert (two.credits, str(two.release_date)) == (SILENT, "1970-05-02")


def test_lines_of_films_with_labels_in_another_file(tmp_path: Path) -> None:
    lines = [
        {"wikidata_id": "Q1", "label": "One", "imdb_id": "tt0000001", "director": ["Q11"], "cast_member": ["Q12", "Q13"], "genre": ["Q77"], "publication_date": "1999-01-01", "country_of_origin": "Q145"},
        {"wikidata_id": "Q2", "enwiki_title": "Le Brio (2017 film)"},
        {"wikidata_id": "Q3"},
        {"label": "None"},
    ]  # fmt: skip
    file = write(tmp_path, "films.json", "\n".join(map(json.dumps, lines)) + "\n{broken\n")
    labels = write(tmp_path, "labels.csv", "item,itemLabel\nQ11,Ann Lee\nQ13,Bo Fox\nQ77,war film\n")
    items = list(parse([file, labels]))

    one, two = films(items)
    assert (one.genres, one.countries_of_origin, str(one.release_date), [name for name, *_ in people(one)]) == (
        ["War"],
        ["GB"],
        "1999",
        ["Bo Fox", "Ann Lee"],
    )
    assert (two.title, two.credits, two.release_date) == ("Le Brio", SILENT, None)
    assert Counter(type(item) for item in items) == {MovieRecord: 2, Rejected: 3}
    assert films(list(parse([file])))[0].credits is SILENT


@pytest.mark.parametrize(("name", "text"), [("a.csv", "x,y,z\n1,2,3\n"), ("a.csv", ""), ("a.json", "{")])
def test_other_files(tmp_path: Path, name: str, text: str) -> None:
    with pytest.raises(BrokenFileError, match=name):
        list(parse([write(tmp_path, name, text)]))


def test_the_real_films() -> None:
    items = list(parse(raw("wikidata_sfu/wikidata-movies.json.gz", "wikidata_sfu/genres.json.gz")))

    assert Counter(type(item) for item in items) == {MovieRecord: 40_430}
    movies = films(items)
    dates = [date for movie in movies if (date := said(movie.release_date))]
    assert sum(date.month is None for date in dates) > 32_700
    casablanca = next(movie for movie in movies if movie.imdb_id == "tt0034583")
    assert (casablanca.title, casablanca.wikidata_id, casablanca.countries_of_origin, casablanca.credits) == (
        "Casablanca",
        "Q132689",
        ["US"],
        SILENT,
    )
