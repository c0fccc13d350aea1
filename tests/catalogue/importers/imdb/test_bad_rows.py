"""Rows that cannot be used are rejected with their line, odd values are mended, and every row is accounted for."""

from pathlib import Path
from typing import Any

import pytest

from catalogue.dates import PartialDate
from catalogue.importers.imdb.fast import FastImport
from catalogue.importers.imdb.files import find
from catalogue.importers.imdb.options import Options
from catalogue.importers.imdb.report import Report, StrictError
from tests.catalogue.importers.imdb.data import AKAS, BASICS, CREW, NAMES, PRINCIPALS, RATINGS, N, reasons, run, write

pytestmark = pytest.mark.django_db  # countries and languages are read

ROW = ("tt0000009", "movie", "A", "A", "0", "2000", N, "90", N)


def basics(place: int, value: str) -> tuple[str, ...]:
    return (*ROW[:place], value, *ROW[place + 1 :])


@pytest.mark.parametrize(
    ("file", "rows", "reason"),
    [
        pytest.param("title_basics", [b"tt0000009\tmovie\tA"], "9 columns are expected, the row has 3.", id="short"),
        pytest.param("title_basics", [(*ROW, "x")], "9 columns are expected, the row has 10.", id="long"),
        pytest.param("title_basics", [b""], "9 columns are expected, the row has 1.", id="empty"),
        pytest.param("title_basics", ["\t".join(ROW).encode() + b"\xff"], "Byte 36 of the line is not UTF-8.", id="latin"),
        pytest.param("title_basics", [basics(2, "a\0b")], "The line holds NUL characters.", id="nul"),
        pytest.param("title_basics", [BASICS[0]], "tt0000001 is there twice.", id="twice"),
        pytest.param("title_basics", [basics(0, "tt12")], "“tt12” is no id: it looks like tt0000001.", id="id"),
        pytest.param("title_basics", [(*basics(2, N)[:3], N, *ROW[4:])], "The movie has no title.", id="no-title"),
        pytest.param("title_basics", [basics(4, "yes")], "isAdult is 0 or 1, not “yes”.", id="adult"),
        pytest.param("title_ratings", [("tt0000001", "7.3", "1")], "tt0000001 has a rating already.", id="rated-twice"),
        pytest.param("title_ratings", [("tt1000001", "73", "1")], "A mean lies between 1 and 10, not at 73.", id="mean"),
        pytest.param("title_ratings", [("tt1000001", "7.3", "1e3")], "“1e3” is no number of votes.", id="votes"),
        pytest.param("title_akas", [AKAS[0]], "The rows of this title lie in several places of the file.", id="apart"),
        pytest.param("title_crew", [("tt1000001", "nm9999999", N)], "nm9999999 is not in name.basics.", id="dangling"),
        pytest.param("title_crew", [CREW[0]], "tt0000001 is there twice.", id="crew-twice"),
        pytest.param(
            "title_principals", [("tt1000001", "1", "nm9999999", "actor", N, N)], "nm9999999 is not in name.basics.", id="nobody"
        ),
        pytest.param(
            "title_principals", [("tt1000001", "x", "nm0000001", "actor", N, N)], "“x” is no place in a list.", id="ordering"
        ),
        pytest.param(
            "title_principals", [("tt1000001", "1", "nm0000001", N, N, N)], "The category is empty.", id="category"
        ),
        pytest.param("name_basics", [NAMES[0]], "nm0000001 is there twice.", id="person-twice"),
        pytest.param("name_basics", [("nm0000009", N, N, N, N, N)], "The person has no name.", id="nameless"),
    ],
)  # fmt: skip
def test_a_row_that_cannot_be_used(tmp_path: Path, file: str, rows: list[Any], reason: str) -> None:
    name = file.replace("_", ".")
    every: dict[str, list[Any]] = {"title.basics": BASICS, "title.ratings": RATINGS, "title.akas": AKAS, "title.crew": CREW,
             "title.principals": PRINCIPALS, "name.basics": NAMES}  # fmt: skip
    write(tmp_path, changed={file: [*every[name], *rows]})
    line = len(every[name]) + 2

    assert reasons(run(tmp_path, is_dry=True)) == [f"{name}.tsv:{line}: {reason}"]
    with pytest.raises(StrictError, match=f"^{name}.tsv:{line}: "):
        run(tmp_path, strict=True, is_dry=True)


@pytest.mark.parametrize(
    ("file", "row", "mended"),
    [
        pytest.param("title_basics", basics(5, "20O1"), "release_date: “20O1” was left out", id="letter-in-year"),
        pytest.param("title_basics", basics(5, "2099"), "release_date: “2099” was left out", id="far-year"),
        pytest.param("title_basics", basics(7, "1000000000"), "runtime_minutes: “1000000000” was left out", id="runtime"),
        pytest.param("title_basics", basics(2, "A <b>B</b>"), "title: “A <b>B</b>” became “A B”", id="markup"),
        pytest.param("title_basics", basics(2, "A\xa0\u202eB"), "title: “A\xa0\u202eB” became “A B”", id="blanks"),
        pytest.param(
            "title_principals", ("tt0000001", "20", "nm0000003", "actor", N, "[K"), "character: “[K” was left out", id="json"
        ),
    ],
)  # fmt: skip
def test_a_value_that_is_mended(tmp_path: Path, file: str, row: Any, mended: str) -> None:
    every: list[Any] = {"title_basics": BASICS, "title_principals": PRINCIPALS[:7]}[file]  # type: ignore[assignment]
    write(tmp_path, changed={file: [*every, row]})
    with (tmp_path / "report").open("w+") as said:
        report = Report(said)
        FastImport(find([tmp_path]), Options(), report, PartialDate(2026)).rehearse()
        said.seek(0)
        lines = said.read().splitlines()

    name = file.replace("_", ".")
    assert f"mended\t{name}.tsv\t{len(every) + 2}\t{mended}" in lines
    assert reasons(report) == []
