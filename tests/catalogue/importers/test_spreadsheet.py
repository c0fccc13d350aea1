"""An archive's own list: every way to save it, what its cells may hold, and what is refused."""

import gzip
import json
import random
import zipfile
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from hypothesis import given
from hypothesis import strategies as st

from catalogue.importers import workbooks
from catalogue.importers.columns import COLUMNS
from catalogue.importers.reading import BrokenFileError
from catalogue.importers.records import SILENT, MovieRecord, Origin, Parsed, Rejected, Skipped
from catalogue.importers.report import told
from catalogue.importers.spreadsheet import parse
from catalogue.importers.template import template_csv
from catalogue.models import ImportRun
from catalogue.vocabulary import Color, Department
from tests.catalogue.importers.raw import raw, said
from tests.catalogue.importers.workbook import write_ods, write_xlsx
from tests.makers import make_cast, make_crew, make_movie


def write(folder: Path, content: str | bytes, name: str = "list.csv") -> Path:
    file = folder / name
    data = content.encode() if isinstance(content, str) else content
    file.write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
    return file


def movies(items: list[Parsed]) -> list[MovieRecord]:
    assert all(isinstance(item, MovieRecord) for item in items), items
    return [item for item in items if isinstance(item, MovieRecord)]


def one(folder: Path, **cells: str) -> MovieRecord:
    """The record of a list of one row; names of columns with _ for blanks."""
    head = ",".join(name.replace("_", " ") for name in cells)
    row = ",".join('"' + cell.replace('"', '""') + '"' for cell in cells.values())
    (movie,) = movies(list(parse([write(folder, f"{head}\n{row}\n")])))
    return movie


def test_the_example_is_read_as_it_is_meant(tmp_path: Path) -> None:
    (movie,) = movies(list(parse([write(tmp_path, template_csv(is_filled=True))])))

    assert movie.mended == []
    assert (movie.title, movie.original_title, str(movie.release_date), movie.runtime_minutes) == (
        "Seven Samurai",
        "七人の侍",
        "1954-04-26",
        207,
    )
    assert (movie.countries_of_origin, movie.spoken_languages, movie.original_language) == (["JP"], ["ja"], "ja")
    assert (movie.genres, movie.color, movie.aspect_ratio) == (["Drama", "Action"], Color.BLACK_AND_WHITE, 1.37)
    assert (movie.imdb_id, movie.tmdb_id, movie.wikidata_id) == ("tt0047478", 346, "Q189540")
    assert [studio.name for studio in said(movie.studios)] == ["Toho"]
    cast = [
        (credit.person and credit.person.name, credit.character, credit.billing_order)
        for credit in said(movie.credits)
        if not credit.job
    ]
    assert cast == [("Toshirō Mifune", "Kikuchiyo", 0), ("Takashi Shimura", "Kambei", 1)]
    assert Counter(credit.department for credit in said(movie.credits))[Department.WRITING] == 3


def test_the_empty_template_has_no_rows(tmp_path: Path) -> None:
    assert list(parse([write(tmp_path, template_csv())])) == []


LIST = [
    ["Titel", "Jahr", "Regie", "Notiz"],
    ["Menschen am Sonntag", "1930", "Robert Siodmak; Edgar G. Ulmer", "x"],
    ["Müde Tod, Der", "1921", "Fritz Lang", ""],
]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        pytest.param("a.csv", "\n".join(",".join(f'"{cell}"' for cell in row) for row in LIST).encode(), id="csv"),
        pytest.param("a.csv.gz", "\r\n".join(",".join(f'"{cell}"' for cell in row) for row in LIST).encode("utf-8-sig"), id="gz-crlf-bom"),
        pytest.param("a.csv", "\n".join("|".join(row) for row in LIST).encode("cp1252"), id="pipe-cp1252"),
        pytest.param("a.tsv", "\n".join("\t".join(row) for row in LIST).encode("utf-16"), id="tsv-utf16"),
        pytest.param("a.txt", "\n".join("\t".join(row) for row in LIST).encode("latin-1"), id="txt-latin1"),
        pytest.param("a.csv", ("Our list\n\n" + "\n".join(";".join(f'"{cell}"' for cell in row) for row in LIST)).encode(), id="semicolon-below-a-heading"),
        pytest.param("a.json", json.dumps([dict(zip(LIST[0], row, strict=True)) for row in LIST[1:]]).encode(), id="json"),
        pytest.param("a.jsonl", "\n".join(json.dumps(dict(zip(LIST[0], row, strict=True))) for row in LIST[1:]).encode(), id="json-lines"),
        pytest.param("a.xlsx", b"", id="xlsx"),
        pytest.param("a.ods", b"", id="ods"),
    ],
)  # fmt: skip
def test_every_way_to_save_a_list(tmp_path: Path, name: str, content: bytes) -> None:
    file = write(tmp_path, content, name)
    if name.endswith(".xlsx"):
        write_xlsx(file, [list(row) for row in LIST])
    if name.endswith(".ods"):
        write_ods(file, LIST)

    first, second = movies(list(parse([file])))

    assert (first.title, str(first.release_date), [c.person and c.person.name for c in said(first.credits)]) == (
        "Menschen am Sonntag", "1930", ["Robert Siodmak", "Edgar G. Ulmer"],
    )  # fmt: skip
    assert (second.title, second.runtime_minutes) == ("Müde Tod, Der", SILENT)
    assert ("column", "Notiz") in {(note.field, note.was) for note in first.mended}
    others = {note.was for note in second.mended if note.field == "encoding"}
    assert others <= {"Windows-1252"}
    assert bool(others) == (name in ("a.txt",) or b"|" in content)


def test_dates_and_numbers_of_a_workbook(tmp_path: Path) -> None:
    rows: list[list[str | float]] = [
        ["Title", "Release date", "Running time", "IMDb id"],
        ["A", 19840.0, 95.0, "tt0047478"],
        ["B", "c. 1954", "1:35", 47479.0],
    ]
    first, second = movies(list(parse([write_xlsx(tmp_path / "a.xlsx", rows, dates=frozenset({(1, 1)}))])))

    assert (str(first.release_date), first.runtime_minutes) == ("1954-04-26", 95)
    assert (str(second.release_date), second.runtime_minutes, second.imdb_id) == ("1954", 95, "tt0047479")


def test_a_list_says_premiere_and_minutes_in_german(tmp_path: Path) -> None:
    (movie,) = movies(
        list(
            parse(
                [
                    write_ods(
                        tmp_path / "a.ods", [["Titel", "Uraufführung", "Minuten"], ["Die Brücke", "22.10.1959", "103"]]
                    )
                ]
            )
        )
    )

    assert (str(movie.release_date), movie.runtime_minutes) == ("1959-10-22", 103)


def test_a_list_behind_a_cover_is_found_and_other_sheets_are_named(tmp_path: Path) -> None:
    cover, films, loans = [["Regional archive"], ["As of 2026"]], [["Title"], ["Ran"]], [["Title"], ["Lent out"]]

    (movie,) = movies(list(parse([write_ods(tmp_path / "a.ods", cover, films, loans)])))

    assert movie.title == "Ran"
    assert [told(note) for note in movie.mended] == [
        "The sheet “List” is not read.",
        "The sheet “List 3” is not read.",
    ]
    with pytest.raises(BrokenFileError, match="none of the first 10 rows of any sheet names"):
        list(parse([write_ods(tmp_path / "b.ods", cover, cover)]))


def test_a_bomb_and_other_workbooks_that_are_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbooks, "LARGEST_UNPACKED", 100_000)
    with pytest.raises(BrokenFileError, match="unpacks to more than"):
        list(parse([write_xlsx(tmp_path / "bomb.xlsx", [["Title"], ["A"]], extra=bytes(1_000_000))]))
    with pytest.raises(BrokenFileError, match="cannot be read as a workbook"):
        list(parse([write(tmp_path, b"not a workbook", "a.xlsx")]))
    cut = write_xlsx(tmp_path / "cut.xlsx", [["Title"], ["A"]])
    cut.write_bytes(cut.read_bytes()[:-300])
    with pytest.raises(BrokenFileError, match=r"cut\.xlsx"):
        list(parse([cut]))
    with pytest.raises(BrokenFileError, match="no filled sheet"):
        list(parse([write_xlsx(tmp_path / "empty.xlsx", [])]))


@pytest.mark.parametrize(
    "content", ["", "\n\n", "a,b\n1,2\n", "Director,Year\nA B,1999\n", b"\xff\xfe", b"\x00\x01\x02"]
)
def test_what_is_no_list(tmp_path: Path, content: Any) -> None:
    with pytest.raises(BrokenFileError, match=r"list\.csv: none of the first 10 rows"):
        list(parse([write(tmp_path, content)]))


def test_rows_that_cannot_be_used(tmp_path: Path) -> None:
    content = (
        "Title,Year,Director\nA,1999,X Y\n\n,1999,X Y\nB,1999\nC,1999,X Y,,\nD,1999,X Y,more\nE\nA,1999,X Y\nA,1999,Other One\n"
        "F|G,1999,X Y\nN\0,1999,X Y\nLast (2001),,\n"
    )
    items = list(parse([write(tmp_path, content)]))

    assert [type(item) for item in items] == [
        MovieRecord, Rejected, MovieRecord, MovieRecord, Rejected, Rejected, Rejected, MovieRecord, Rejected, Rejected, MovieRecord,
    ]  # fmt: skip
    assert [item.origin.line for item in items] == [2, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13]
    assert [item.reason for item in items if isinstance(item, Rejected)] == [
        "The row has no title and no id.",
        "3 columns are expected, the row has 4.",
        "3 columns are expected, the row has 1.",
        "This movie is listed already, in line 2.",
        "“F|G” names several movies.",
        "The row holds NUL characters.",
    ]
    last = items[-1]
    assert isinstance(last, MovieRecord)
    assert (last.title, str(last.release_date)) == ("Last", "2001")


@pytest.mark.parametrize(
    ("cells", "attribute", "value", "notes"),
    [
        ({"Year": "20O1"}, "release_date", None, ["release_date"]),
        ({"Year": "1990/I"}, "release_date", "1990", []),
        ({"Year": "1927/28"}, "release_date", None, ["release_date"]),
        ({"Release_date": "1900-01-01"}, "release_date", None, ["release_date"]),
        ({"Release_date": "2099-05-05", "Year": "1999"}, "release_date", "1999", ["release_date"]),
        ({"Release_date": "3/4/1995", "Year": "1995"}, "release_date", "1995", ["release_date"]),
        ({"Running_time": "1000000000"}, "runtime_minutes", None, ["runtime_minutes"]),
        ({"Running_time": "0"}, "runtime_minutes", None, ["runtime_minutes"]),
        ({"Running_time": "1h 35m"}, "runtime_minutes", 95, []),
        ({"Synopsis": "<p>A &amp; B</p>"}, "synopsis", "A & B", ["synopsis"]),
        ({"Country": "USA / West Germany; Atlantis"}, "countries_of_origin", ["US", "DE"], ["countries_of_origin"]),
        ({"Country": "US/UK"}, "countries_of_origin", ["US", "GB"], []),
        ({"Language": "['English', 'fr']"}, "spoken_languages", ["en", "fr"], []),
        ({"Language": "silent"}, "original_language", None, []),
        ({"Genre": "Sci-Fi|Spy"}, "genres", ["Science fiction"], ["genres"]),
        ({"Genre": "Krimi; Komödie; Comédie"}, "genres", ["Crime", "Comedy"], []),
        ({"Colour": "b/w"}, "color", Color.BLACK_AND_WHITE, []),
        ({"Colour": "sepia"}, "color", "", ["color"]),
        ({"Aspect_ratio": "2,35:1"}, "aspect_ratio", 2.35, []),
        ({"Aspect_ratio": "wide"}, "aspect_ratio", None, ["aspect_ratio"]),
        ({"Budget": "€1,000,000"}, "budget_usd", None, ["budget_usd"]),
        ({"Budget": "$1.5 million"}, "budget_usd", 1_500_000, []),
        ({"Homepage": "javascript:x"}, "homepage", "", ["homepage"]),
        ({"IMDb": "7.8"}, "imdb_id", None, ["imdb_id"]),
        ({"IMDb": "http://www.imdb.com/title/tt0047478/"}, "imdb_id", "tt0047478", []),
        ({"Wikidata": "http://www.wikidata.org/entity/Q42"}, "wikidata_id", "Q42", []),
        ({"Director": "#N/A"}, "credits", [], []),
        ({"Notes": "x"}, "credits", SILENT, ["column"]),
    ],
)
def test_cells(tmp_path: Path, cells: dict[str, str], attribute: str, value: Any, notes: list[str]) -> None:
    movie = one(tmp_path, Title="A", **cells)

    found = getattr(movie, attribute)
    assert (str(found) if attribute == "release_date" and found else found) == value
    assert [note.field for note in movie.mended] == notes


def test_slashed_dates_are_read_as_the_rest_of_the_list_shows(tmp_path: Path) -> None:
    days = "Title,Release date\nA,3/4/1995\nB,30/4/1995\nC,1995-01-02\n"
    months = "Title,Release date\nA,3/4/1995\nB,4/30/1995\n"
    both = "Title,Release date\nA,3/4/1995\nB,4/30/1995\nC,30/4/1995\n"
    assert [str(movie.release_date) for movie in movies(list(parse([write(tmp_path, days)])))] == [
        "1995-04-03",
        "1995-04-30",
        "1995-01-02",
    ]
    assert [str(movie.release_date) for movie in movies(list(parse([write(tmp_path, months)])))] == [
        "1995-03-04",
        "1995-04-30",
    ]
    assert [str(movie.release_date) for movie in movies(list(parse([write(tmp_path, both)])))] == [
        "None",
        "1995-04-30",
        "1995-04-30",
    ]


def test_people_of_a_row(tmp_path: Path) -> None:
    movie = one(
        tmp_path,
        Title="A",
        Cast="Ann Lee as Eve; Bo (uncredited); ?; Joel and Ethan Coen",
        Writer="Jo Ray (novel); Al Fox (1920) (screenplay) [nm0000123]",
    )

    found = [
        (c.person and c.person.name, c.credited_as, c.job, c.character, c.billing_order) for c in said(movie.credits)
    ]
    assert found == [
        ("Ann Lee", "", "", "Eve", 0),
        ("Bo", "", "", "", 1),
        (None, "Joel and Ethan Coen", "", "", 2),
        ("Jo Ray", "", "Novel", "", None),
        ("Al Fox", "", "Screenplay", "", None),
    ]
    alone = one(tmp_path, Title="A", Director="Joel and Ethan Coen")
    assert [(c.person, c.credited_as) for c in said(alone.credits)] == [(None, "Joel and Ethan Coen")]


def test_series_are_passed_over(tmp_path: Path) -> None:
    items = list(parse([write(tmp_path, "title,type\nA,MOVIE\nB,SHOW\nC,tvSeries\nD,\n")]))
    assert [type(item) for item in items] == [MovieRecord, Skipped, Skipped, MovieRecord]


def test_rows_are_known_again_when_the_list_comes_anew(tmp_path: Path) -> None:
    content = "Title,Year,Inventory number,IMDb id\nA,1999,K 17,\nB,1999,,\nC,1999,K 18,tt0047478\nE,1999,,tt0047479\n"
    items = list(parse([write(tmp_path, content)], source="spreadsheet:archive"))
    again = list(parse([write(tmp_path, content.replace("B,1999,,", "b,1999,,"))], source="spreadsheet:archive"))

    keys = [item.external_ids for item in items if isinstance(item, MovieRecord)]
    row = keys[1]["spreadsheet:archive"]
    assert keys == [{"spreadsheet:archive": "K 17"}, {"spreadsheet:archive": row}, {"spreadsheet:archive": "K 18"}, {}]
    assert keys == [item.external_ids for item in again if isinstance(item, MovieRecord)]


@pytest.mark.parametrize(
    ("rows", "kept"),
    [
        pytest.param("A,K 1,\nB,K 1,", 1, id="a-number-twice"),
        pytest.param("A,K 1,tt0000001\nB,K 1,", 1, id="with-an-id-first"),
        pytest.param("A,K 1,\nB,K 1,tt0000001", 1, id="with-an-id-second"),
        pytest.param("A,K 1,tt0000001\nB,K 2,tt0000001", 1, id="an-id-twice"),
        pytest.param("A,K 1,tt0000001\nB,K 1,tt0000002", 2, id="two-movies-in-one-can"),
        pytest.param("A,K 1,\nA,K 2,", 2, id="two-prints"),
    ],
)
def test_a_movie_listed_twice_counts_once(tmp_path: Path, rows: str, kept: int) -> None:
    items = list(parse([write(tmp_path, f"Title,Inventory number,IMDb id\n{rows}\n")], source="archive"))

    movies = [item for item in items if isinstance(item, MovieRecord)]
    assert len(movies) == kept
    assert [item.reason for item in items if isinstance(item, Rejected)] == (
        [] if kept == 2 else ["This movie is listed already, in line 2."]
    )
    numbers = [movie.external_ids["archive"] for movie in movies if movie.external_ids]
    assert len(numbers) == len(set(numbers))


def test_two_movies_in_one_can_are_noted(tmp_path: Path) -> None:
    _, second = parse([write(tmp_path, "Title,Inventory number,IMDb id\nA,K 1,tt0000001\nB,K 1,tt0000002\n")])

    assert isinstance(second, MovieRecord)
    assert [(note.field, note.was) for note in second.mended] == [("Inventory number", "K 1, which line 2 has")]
    assert second.external_ids == {}


def test_mojibake_and_footnotes(tmp_path: Path) -> None:
    assert one(tmp_path, Title="AmÃ©lie").title == "Amélie"
    assert one(tmp_path, Title="The Cord of Life[1]").title == "The Cord of Life"
    assert one(tmp_path, Title="Fly by Night\u00a0[fr]").title == "Fly by Night"


@given(st.lists(st.lists(st.text(max_size=12), min_size=4, max_size=4), max_size=4))
def test_every_row_is_one_item(tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]]) -> None:
    file = tmp_path_factory.mktemp("lists") / "a.json"
    names = ["title", "release date", "cast", "country"]
    file.write_text(json.dumps([dict(zip(names, row, strict=True)) for row in rows]))
    filled = [row for row in rows if any(cell.strip() for cell in row)]
    if rows:
        assert len(list(parse([file]))) == len(filled)


def test_the_documents_list_the_columns() -> None:
    text = (Path(__file__).parents[3] / "docs" / "importing.md").read_text(encoding="utf-8")
    assert [column.name for column in COLUMNS if f"| {column.name} |" not in text] == []


@pytest.mark.parametrize(
    ("name", "read", "skipped", "rejected"),
    [
        ("fivethirtyeight/bechdel_movies.csv", 1794, 0, 0),
        ("fivethirtyeight/biopics_biopics.csv", 673, 0, 88),
        ("fivethirtyeight/fandango_fandango_score_comparison.csv", 146, 0, 0),
        ("fivethirtyeight/fandango_fandango_scrape.csv", 508, 0, 2),
        ("fivethirtyeight/next-bechdel_nextBechdel_castGender.csv", 50, 2025, 0),
        ("oscars/oscars.csv.gz", 5257, 0, 6880),
        ("vega/movies.json.gz", 3200, 0, 1),
        ("wikipedia_us/movies-1910s.json.gz", 3861, 0, 8),
        ("wikipedia_us/movies-1940s.json.gz", 4515, 0, 4),
        ("timdb_bollywood/1950-1989_bollywood_text.csv.gz", 2128, 0, 0),
        ("timdb_bollywood/2010-2019_bollywood_meta.csv", 926, 0, 3),
        ("justwatch_hbomax/titles.csv.gz", 2408, 622, 0),
        ("fend16/movies-coming-soon.json", 85, 0, 10),
    ],
)
def test_real_lists_are_accounted_for(name: str, read: int, skipped: int, rejected: int) -> None:
    items = Counter(type(item) for item in parse(raw(name)))
    assert (items[MovieRecord], items[Skipped], items[Rejected]) == (read, skipped, rejected)


def test_known_movies_of_real_lists() -> None:
    bechdel = {
        movie.imdb_id: movie
        for movie in parse(raw("fivethirtyeight/bechdel_movies.csv"))
        if isinstance(movie, MovieRecord)
    }
    assert (bechdel["tt1731141"].title, bechdel["tt1731141"].budget_usd) == ("Ender's Game", 110_000_000)
    forties = [movie for movie in parse(raw("wikipedia_us/movies-1940s.json.gz")) if isinstance(movie, MovieRecord)]
    casablanca = next(movie for movie in forties if movie.title == "Casablanca")
    assert [c.person and c.person.name for c in said(casablanca.credits)][:2] == ["Humphrey Bogart", "Ingrid Bergman"]
    biopics = [movie for movie in parse(raw("fivethirtyeight/biopics_biopics.csv")) if isinstance(movie, MovieRecord)]
    assert sum(note.field == "encoding" for movie in biopics for note in movie.mended) == 1


def test_cells_far_outside_the_table_are_refused_before_room_is_made_for_them(tmp_path: Path) -> None:
    """A reader lays a sheet out whole: one cell in the last corner is a hundred gigabytes."""
    file = write_xlsx(tmp_path / "a.xlsx", [["Title", "Year"], ["Ran", 1985]])
    with zipfile.ZipFile(file) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content.replace(b"</sheetData>", far))

    with pytest.raises(BrokenFileError, match="far outside its table"):
        list(parse([file]))


@pytest.mark.parametrize(
    "tag", [b'<c r="A1"' + b' r="A1"' * 60_000, b"<table-row" + b' number-a-repeated="1"' * 20_000]
)
def test_a_tag_that_never_ends_is_read_once(tmp_path: Path, tag: bytes) -> None:
    """It takes milliseconds; read again from each of its attributes it takes minutes."""
    file = write_xlsx(tmp_path / "a.xlsx", [["Title"], ["Ran"]], extra=tag)

    assert [item.title for item in parse([file]) if isinstance(item, MovieRecord)] == ["Ran"]


def test_a_list_of_blanks_is_read_once(tmp_path: Path) -> None:
    movie = one(tmp_path, Title="Ran", Country=f"France;{' ' * 100_000}; Japan")

    assert movie.countries_of_origin == ["FR", "JP"]


def _ods(file: Path, rows: str) -> Path:
    write_ods(file, [["Title", "Year"], ["Ran", "1985"]])
    with zipfile.ZipFile(file) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content.replace(b"</table:table>", rows.encode() + b"</table:table>"))
    return file


FILLED = '<table:table-cell table:number-columns-repeated="16000" office:value="1"/>'


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param(f"<table:table-row>{FILLED}</table:table-row>" * 1300, id="columns"),
        pytest.param(f'<table:table-row table:number-rows-repeated="1300">{FILLED}</table:table-row>', id="rows"),
        pytest.param(
            '<table:table-row table:number-rows-repeated="1040000"/><table:table-row><table:covered-table-cell'
            ' table:number-columns-repeated="20"/><table:table-cell><text:p>x</text:p></table:table-cell></table:table-row>',
            id="a corner",
        ),
    ],
)
def test_repeated_cells_of_an_ods_are_counted(tmp_path: Path, rows: str) -> None:
    with pytest.raises(BrokenFileError, match="far outside its table"):
        list(parse([_ods(tmp_path / "a.ods", rows)]))


def test_empty_cells_to_the_end_of_an_ods_sheet_are_no_harm(tmp_path: Path) -> None:
    empty = '<table:table-cell table:number-columns-repeated="16384"/>'
    rows = f'<table:table-row table:number-rows-repeated="1048574">{empty}</table:table-row>'

    (ran,) = parse([_ods(tmp_path / "a.ods", rows)])

    assert isinstance(ran, MovieRecord)


def test_a_row_for_each_part_is_one_movie_with_its_cast(tmp_path: Path) -> None:
    lines = ["Movie,Year,Actor,Character_Name", "Ran,1985,Tatsuya Nakadai,Hidetora", "Ran,1985,Akira Terao,", ",,,", "Heat,1995,Al Pacino,Vincent", "Ran,1985,Late Comer,"]  # fmt: skip
    items = list(parse([write(tmp_path, "\n".join(lines))]))

    part, ran, heat, late = items
    assert (part, type(late)) == (Skipped(Origin("list.csv", 3), "a part in the movie of another row"), Rejected)
    assert isinstance(ran, MovieRecord)
    assert [(c.person and c.person.name, c.character, c.billing_order) for c in said(ran.credits)] == [
        ("Tatsuya Nakadai", "Hidetora", 0),
        ("Akira Terao", "", 1),
    ]
    assert isinstance(heat, MovieRecord)
    assert heat.title == "Heat"


def test_a_file_that_breaks_off_within_its_first_lines_is_read_up_to_there(tmp_path: Path) -> None:
    file = tmp_path / "cut.csv.gz"
    noise = random.Random(1).randbytes(40_000).hex()
    whole = gzip.compress(f"Title,Release date,Synopsis\nRan,30/4/1985,x\nHeat,3/4/1995,{noise}\n".encode())
    file.write_bytes(whole[:-1000])
    items: list[Parsed] = []

    with pytest.raises(BrokenFileError, match=r"cut\.csv\.gz breaks off after line 2"):
        items.extend(parse([file]))

    assert [item.title for item in items if isinstance(item, MovieRecord)] == ["Ran"]


@pytest.mark.parametrize("damage", [b"\xff\xfe.xml", b"lzma"])
def test_a_damaged_or_strangely_packed_workbook_is_said_to_be_that(tmp_path: Path, damage: bytes) -> None:
    file = tmp_path / "a.xlsx"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_LZMA if damage == b"lzma" else zipfile.ZIP_STORED) as archive:
        archive.writestr("é.xml", "x")
    file.write_bytes(file.read_bytes().replace("é.xml".encode(), damage))

    with pytest.raises(BrokenFileError, match=r"a\.xlsx is damaged"):
        list(parse([file]))


def test_a_quotation_mark_that_is_never_closed_is_said(tmp_path: Path) -> None:
    first, second = parse([write(tmp_path, b'Title,Year\nRan,1985\n"Ikiru,1952\nMadadayo,1993\n', "a.csv")])

    assert isinstance(first, MovieRecord)
    assert isinstance(second, Rejected)
    assert "never closed" in second.reason
    assert second.origin.line == 3


@pytest.mark.django_db
def test_a_column_of_directors_leaves_the_cast_and_a_year_a_full_date(tmp_path: Path) -> None:
    movie = make_movie("Ikiru", release_date="1952-10-09", imdb_id="tt0044741", source="demo")
    make_cast(movie, "Takashi Shimura", "Watanabe")
    make_crew(movie, "Akira Kurosawa")
    make_crew(movie, "Shinobu Hashimoto", "Screenplay", "writing")

    def imported(text: str) -> list[str]:
        path = tmp_path / "a.csv"
        path.write_text(text)
        call_command("import_spreadsheet", str(path), verbosity=0)
        movie.refresh_from_db()
        return sorted(credit.person.name for credit in movie.credits.select_related("person") if credit.person)

    same = "Title,Year,IMDb id,Director,Composer\nIkiru,1952,tt0044741,Akira Kurosawa,\n"
    assert imported(same) == ["Akira Kurosawa", "Shinobu Hashimoto", "Takashi Shimura"]
    assert (str(movie.release_date), movie.provenance) == ("1952-10-09", {})

    more = "Title,IMDb id,Director,Composer\nIkiru,tt0044741,Ishiro Honda,Fumio Hayasaka\n"
    assert imported(more) == ["Fumio Hayasaka", "Ishiro Honda", "Shinobu Hashimoto", "Takashi Shimura"]
    assert imported(more) == ["Fumio Hayasaka", "Ishiro Honda", "Shinobu Hashimoto", "Takashi Shimura"]
    assert ImportRun.objects.latest("pk").counts["counts"]["unchanged"] == 1

    assert "Fumio Hayasaka" not in imported(more.replace("Fumio Hayasaka", ""))


@pytest.mark.django_db
def test_a_dry_run_prints_the_beginning_of_long_values(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    make_movie("Ran", imdb_id="tt0089881", source="demo", release_date="1985")
    file = write(tmp_path, f"Title,IMDb id,Synopsis\nRan,tt0089881,{'s' * 5000}\n{'T' * 400},,\n")

    call_command("import_spreadsheet", str(file), "--dry-run")

    printed = capsys.readouterr().out
    assert "synopsis:  → sss" in printed
    assert max(map(len, printed.splitlines())) < 200


def test_a_column_that_is_not_read_says_why(tmp_path: Path) -> None:
    text = "The Archive\n\nTitle,Shelf,Film,Year\nRan,4,Chaos,1985\nIkiru,5,To Live,1952\n"
    first, _ = parse([write(tmp_path, text)])

    assert isinstance(first, MovieRecord)
    assert [told(note) for note in first.mended] == [
        "The column “Shelf” is not read.",
        "The column “Film” is not read: a column before it is the Title already.",
    ]
    assert {note.origin.line for note in first.mended} == {3}
