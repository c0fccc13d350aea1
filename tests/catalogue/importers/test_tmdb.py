"""TMDB: each format with its dirt, and the real files."""

import gzip
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from catalogue.importers.reading import BrokenFileError
from catalogue.importers.records import SILENT, MovieRecord, PersonRecord, Rejected, Skipped
from catalogue.importers.tmdb import parse
from catalogue.vocabulary import Department, ReleaseType, Status, TitleKind, VideoKind
from tests.catalogue.importers.raw import raw, said

FULL: dict[str, Any] = {
    "adult": False, "budget": 0, "genres": [{"id": 18, "name": "Drama"}, {"id": 1, "name": "TV Movie"}], "homepage": "javascript:1",
    "id": 101, "imdb_id": "tt0000101", "original_language": "cn", "original_title": "原", "overview": "<p>One &amp; two.</p>",
    "popularity": 1.5, "production_companies": [{"id": 5, "name": "Studio", "origin_country": "US"}, {"id": 5, "name": "Studio", "origin_country": "US"}],
    "production_countries": [{"iso_3166_1": "SU", "name": "Soviet Union"}, {"iso_3166_1": "XX", "name": "Nowhere"}],
    "release_date": "", "revenue": 2500000, "runtime": 0, "spoken_languages": [{"iso_639_1": "xx", "name": "No Language"}],
    "status": "Post Production", "tagline": None, "title": "The Origin", "vote_average": 7.456, "vote_count": 12,
    "external_ids": {"imdb_id": "tt0000101", "wikidata_id": "Q101"},
    "alternative_titles": {"titles": [{"iso_3166_1": "FR", "title": "L'Origine", "type": "working title"}, {"iso_3166_1": "FR", "title": "", "type": ""}]},
    "release_dates": {"results": [{"iso_3166_1": "US", "release_dates": [{"certification": "PG", "release_date": "1999-02-01T00:00:00.000Z", "type": 1, "note": "Gala"}]}]},
    "videos": {"results": [{"site": "YouTube", "key": "ab-C_1", "name": "Trailer", "type": "Trailer", "iso_639_1": "en"}, {"site": "Evil", "key": "x", "name": "n", "type": "Clip"}]},
    "credits": {
        "cast": [
            {"id": 2, "name": "Second", "character": "Voice (voice) (uncredited)", "order": 1},
            {"id": 1, "name": "First", "character": "Lead", "order": 0},
            {"id": 1, "name": "First", "character": "Lead", "order": 7},
            {"id": 3, "name": "", "character": "Nobody", "order": 3},
        ],
        "crew": [
            {"id": 4, "name": "Maker", "department": "Directing", "job": "Director"},
            {"id": 5, "name": "Double", "department": "Actors", "job": "Stunt Double"},
            {"id": 6, "name": "Odd", "department": "Catering", "job": ""},
        ],
    },
}  # fmt: skip


def write(folder: Path, name: str, text: str) -> Path:
    file = folder / name
    file.write_bytes(gzip.compress(text.encode()) if name.endswith(".gz") else text.encode())
    return file


def test_a_saved_record(tmp_path: Path) -> None:
    (movie,) = parse([write(tmp_path, "movie.json", json.dumps(FULL, indent=1))])

    assert isinstance(movie, MovieRecord)
    assert (movie.tmdb_id, movie.imdb_id, movie.wikidata_id) == (101, "tt0000101", "Q101")
    assert (movie.title, movie.original_title, movie.original_language) == ("The Origin", "原", "yue")
    assert (movie.budget_usd, movie.revenue_usd, movie.runtime_minutes, movie.release_date) == (
        None,
        2_500_000,
        None,
        None,
    )
    assert (movie.status, movie.homepage, movie.tagline, movie.synopsis) == (
        Status.POST_PRODUCTION,
        "",
        "",
        "One & two.",
    )
    assert (movie.genres, movie.countries_of_origin, movie.spoken_languages) == (["Drama"], ["SU"], ["zxx"])
    assert [(title.title, title.kind, title.country) for title in said(movie.alternative_titles)] == [
        ("L'Origine", TitleKind.WORKING, "FR")
    ]
    (release,) = said(movie.releases)
    assert (str(release.date), release.type, release.certification, release.note) == (
        "1999-02-01",
        ReleaseType.PREMIERE,
        "PG",
        "Gala",
    )
    assert [(video.url, video.kind) for video in said(movie.videos)] == [
        ("https://www.youtube.com/watch?v=ab-C_1", VideoKind.TRAILER)
    ]
    assert len(said(movie.studios)) == 1
    assert {note.field for note in movie.mended} == {"genres", "homepage", "countries_of_origin", "synopsis", "credits"}


def test_credits_are_in_order_once_and_in_our_departments(tmp_path: Path) -> None:
    (movie,) = parse([write(tmp_path, "movie.json", json.dumps(FULL))])

    assert isinstance(movie, MovieRecord)
    found = [
        (c.person and c.person.name, c.department, c.job, c.character, c.billing_order) for c in said(movie.credits)
    ]
    assert found == [
        ("First", Department.ACTING, "", "Lead", 0),
        ("Second", Department.ACTING, "", "Voice", 1),
        ("Maker", Department.DIRECTING, "Director", "", None),
        ("Double", Department.CREW, "Stunt Double", "", None),
        ("Odd", Department.CREW, "Crew", "", None),
    ]
    second = said(movie.credits)[1]
    assert (second.is_voice, second.is_uncredited) == (True, True)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(json.dumps([FULL, FULL | {"id": 102}]), id="list"),
        pytest.param(json.dumps({"101": FULL, "102": FULL | {"id": 102}}), id="by-id"),
        pytest.param(
            json.dumps({"101": json.dumps(FULL), "102": json.dumps(FULL | {"id": 102})}), id="by-id-encoded-twice"
        ),
        pytest.param(json.dumps(FULL) + "\r\n\r\n" + json.dumps(FULL | {"id": 102}) + "\r\n", id="lines-crlf"),
        pytest.param("\ufeff" + json.dumps({"page": 1, "results": [FULL, FULL | {"id": 102}]}), id="page-bom"),
    ],
)
@pytest.mark.parametrize("name", ["a.json", "a.json.gz"])
def test_every_way_to_save_records(tmp_path: Path, name: str, text: str) -> None:
    assert [record.tmdb_id for record in parse([write(tmp_path, name, text)]) if isinstance(record, MovieRecord)] == [
        101,
        102,
    ]


def test_the_daily_exports(tmp_path: Path) -> None:
    lines = [
        '{"adult":false,"id":3924,"original_title":"Blondie","popularity":2.4,"video":false}',
        '{"adult":true,"id":3925,"original_title":"No","popularity":2.4,"video":false}',
        '{"adult":false,"id":16767,"name":"Aki Kaurismäki","popularity":2.4}',
        '{"id":1,"name":"A collection"}',
        '{"adult":false,"id":0,"original_title":"Zero","popularity":2.4,"video":false}',
        '{"adult":false,"id":7,"original_title":"  ","popularity":2.4,"video":false}',
        '{"adult":false,"id":8,"original_ti',
        "[1]",
    ]
    items = list(parse([write(tmp_path, "movie_ids_11_24_2026.json.gz", "\n".join(lines))]))

    assert [type(item) for item in items] == [MovieRecord, Skipped, PersonRecord, *[Rejected] * 5]
    assert isinstance(items[0], MovieRecord)
    assert (items[0].title, items[0].credits, items[0].runtime_minutes) == ("Blondie", SILENT, SILENT)
    assert [item.origin.line for item in items] == list(range(1, 9))
    assert len(list(parse([tmp_path / "movie_ids_11_24_2026.json.gz"], include_adult=True))) == 8


def test_a_person(tmp_path: Path) -> None:
    data = {"id": 9, "name": "A. Person", "birthday": "1899-08-13", "deathday": None, "place_of_birth": "London", "imdb_id": "nm0000033",
            "biography": "Made movies.", "also_known_as": ["A. Person", "Ann Person"], "known_for_department": "Directing"}  # fmt: skip
    (person,) = parse([write(tmp_path, "p.json", json.dumps(data))])

    assert isinstance(person, PersonRecord)
    assert (str(person.born_on), person.died_on, person.alternative_names, person.imdb_id) == (
        "1899-08-13",
        None,
        ["Ann Person"],
        "nm0000033",
    )


def test_mirrors_with_python_literals(tmp_path: Path) -> None:
    header = "adult,budget,genres,id,imdb_id,original_title,release_date,runtime,title,vote_average,vote_count\n"
    rows = [
        "FALSE,0,\"[{'id': 35, 'name': 'Comedy'}]\",862,tt0114709,Toy,10/30/1995,81.0,Toy,7.7,5415",
        'False,12000000,"[{""id"": 35, ""name"": ""Comedy""}]",863,113497,Toy,1995-10-30,1000000000,Toy,0,0',
        ",,,,,,,,,,",
        " - Written by X,0,[],1997-08-20,0,A,1,B,C,D,E",
        "False,0,\"[{'id': 35, 'name': \",864,tt0114709,Toy,1995-10-30,81,Toy,7.7,1",
        "False,0,[],865,tt0114709,Toy,1995-10-30,81",
    ]
    items = list(parse([write(tmp_path, "movies_metadata.csv", header + "\r\n".join(rows))]))

    assert [type(item) for item in items] == [MovieRecord, MovieRecord, Rejected, Rejected, Rejected]
    first, second = items[0], items[1]
    assert isinstance(first, MovieRecord)
    assert isinstance(second, MovieRecord)
    assert (str(first.release_date), first.runtime_minutes, first.genres, first.budget_usd) == (
        "1995-10-30",
        81,
        ["Comedy"],
        None,
    )
    assert (second.imdb_id, second.runtime_minutes, second.external_ratings) == ("tt0113497", None, [])
    assert [note.field for note in second.mended] == ["runtime_minutes"]
    assert [item.origin.line for item in items] == [2, 3, 5, 6, 7]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.csv", "x,y\n1,2\n"),
        ("a.csv", ""),
        ("a.json", '{"a": '),
        ("a.json", ""),
        ("ratings.csv", "userId,movieId\n1,2\n"),
    ],
)
def test_other_files_are_refused(tmp_path: Path, name: str, text: str) -> None:
    with pytest.raises(BrokenFileError, match=name):
        list(parse([write(tmp_path, name, text)]))


def test_a_cut_off_download(tmp_path: Path) -> None:
    file = write(
        tmp_path,
        "ids.json.gz",
        "\n".join(f'{{"id":{n},"original_title":"M{n * 7919}","adult":false}}' for n in range(1, 9000)),
    )
    file.write_bytes(file.read_bytes()[:-500])

    with pytest.raises(BrokenFileError, match="breaks off after line"):
        list(parse([file]))


def test_the_real_api_records() -> None:
    movies = list(parse(raw("tmdb_api_sample/tmdb_id2detail_small.json", "tmdb_api_sample/tmdb_id2credit_small.json")))

    assert len(movies) == 20
    ghosts = next(movie for movie in movies if isinstance(movie, MovieRecord) and movie.tmdb_id == 10016)
    assert (ghosts.title, str(ghosts.release_date), ghosts.budget_usd) == ("Ghosts of Mars", "2001-08-24", 28_000_000)


def test_the_real_mirror() -> None:
    files = raw(*(f"tmdb_kaggle_partial/{name}" for name in ("movies_metadata.csv.gz", "credits.csv", "keywords.csv")))
    items = list(parse(files))

    assert Counter(type(item) for item in items) == {MovieRecord: 1652 + 35, Skipped: 57}
    movies = [item for item in items if isinstance(item, MovieRecord)]
    assert sum(len(said(movie.credits)) for movie in movies if movie.credits is not SILENT) == 724 + 980
    toy = movies[0]
    assert (toy.title, str(toy.release_date), toy.runtime_minutes, toy.imdb_id) == (
        "Toy Story",
        "1995-10-30",
        81,
        "tt0114709",
    )
