"""Exports of Letterboxd and IMDb, and their dirt."""

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviews import exports
from reviews.exports import Export, NoExportError, read_export

RATINGS = "Date,Name,Year,Letterboxd URI,Rating\n2020-01-01,Ran,1985,https://boxd.it/1,4.5\n2020-01-02,Ikiru,1952,https://boxd.it/2,0.5\n"
REVIEWS = (
    "Date,Name,Year,Letterboxd URI,Rating,Rewatch,Review,Tags,Watched Date\n"
    '2021-01-01,Ran,1985,https://boxd.it/x,5,Yes,"It <i>burns</i> &amp; burns.\n\nTwice.",,2021-01-01\n'
)
WATCHED = (
    "Date,Name,Year,Letterboxd URI\n2020-01-01,Ran,1985,https://boxd.it/1\n2020-01-01,Unrated,2001,https://boxd.it/3\n"
)
IMDB = (
    "Const,Your Rating,Date Rated,Title,Original Title,URL,Title Type,IMDb Rating,Runtime (mins),Year,Genres,Num Votes,Release Date,Directors\n"
    'tt0089881,9,2020-01-01,Ran,Ran,https://www.imdb.com/title/tt0089881,Movie,8.2,160,1985,"Action, Drama",1,1985-06-01,Akira Kurosawa\n'
)


def read(text: str | bytes, name: str = "a.csv") -> Export:
    return read_export(io.BytesIO(text.encode() if isinstance(text, str) else text), name)


def packed(**files: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(f"{name}.csv", text)
    return file.getvalue()


@pytest.mark.parametrize(
    "text",
    [
        RATINGS,
        "\ufeff" + RATINGS,
        RATINGS.encode("utf-16"),
        b"\xfe\xff" + RATINGS.encode("utf-16-be"),
        RATINGS.replace("\n", "\r\n"),
        RATINGS.replace("\n", "\n\n"),
    ],
)
def test_half_stars_count_double(text: str) -> None:
    export = read(text)

    assert [(entry.title, entry.year, entry.rating) for entry in export.entries] == [
        ("Ran", 1985, 9),
        ("Ikiru", 1952, 1),
    ]
    assert (export.source, export.rows, export.rejected) == ("Letterboxd", 2, [])


def test_a_zip_is_one_list_of_movies() -> None:
    export = read(packed(watched=WATCHED, ratings=RATINGS, reviews=REVIEWS, profile="x"), "letterboxd-alice.zip")

    assert [(entry.title, entry.rating, entry.text) for entry in export.entries] == [
        ("Ran", 10, "It burns & burns.\n\nTwice."), ("Ikiru", 1, ""),
    ]  # fmt: skip
    assert (export.rows, export.bare, export.repeated) == (5, 1, 2)


@pytest.mark.parametrize(("folder", "number"), [("letterboxd-alice/", 2), ("a/b/", 0)])
def test_a_zip_packed_again_with_its_folder(folder: str, number: int) -> None:
    data = packed(**{f"{folder}ratings": RATINGS})

    if number:
        assert len(read(data, "again.zip").entries) == number
    else:
        with pytest.raises(NoExportError):
            read(data, "again.zip")
    beside = packed(**{f"{folder}ratings": RATINGS, "reviews": REVIEWS})
    assert len(read(beside, "both.zip").entries) == 1


def test_imdb() -> None:
    export = read(
        IMDB + "tt1,9,,Bad id\ntt0000001,11,,Eleven\ntt0000002,,,No rating\ntt0903747,10,2020-01-01,BB,BB,u,TV Series\n"
    )

    assert [(entry.imdb_id, entry.rating, entry.year) for entry in export.entries] == [("tt0089881", 9, 1985)]
    assert (export.bare, export.rejected) == (1, [
        ("a.csv, line 3", "“tt1” is no id of IMDb."),
        ("a.csv, line 4", "“11” is no rating from 1 to 10."),
        ("a.csv, line 6", "“TV Series” is no movie."),
    ])  # fmt: skip


@pytest.mark.parametrize("stars", ["6", "4.7", "-1", "five", "5.5", "1e1"])
def test_ratings_that_are_none(stars: str) -> None:
    export = read(
        f"Date,Name,Year,Letterboxd URI,Rating\n2020-01-01,Ran,1985,u,{stars}\n2020-01-01,,1985,u,4\n2020-01-01,Ran,1985,u,4,more\n"
    )

    assert (export.entries, [where for where, _ in export.rejected]) == (
        [],
        ["a.csv, line 2", "a.csv, line 3", "a.csv, line 4"],
    )


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param(b"", "neither", id="empty"),
        pytest.param(b"a,b\n1,2\n", "neither", id="another-table"),
        pytest.param(b"\x89PNG\r\n\x1a\n\0\0", "neither", id="a-picture"),
        pytest.param(packed(other="x"), "holds none", id="another-zip"),
        pytest.param(packed(ratings=RATINGS)[:-40], "damaged", id="cut-off-zip"),
        pytest.param(packed(ratings="x" * 30_000_000), "unpacks to more", id="bomb"),
        pytest.param(b"x" * (5 * 1024 * 1024 + 1), "larger than 5 MB", id="too-large"),
    ],
)
def test_what_is_no_export(content: bytes, message: str) -> None:
    with pytest.raises(NoExportError, match=message):
        read(content)


def test_too_many_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "MOST_ROWS", 1)
    with pytest.raises(NoExportError, match="more than 1 rows"):
        read(RATINGS)


@given(st.one_of(st.binary(max_size=200), st.text(max_size=80).map(lambda text: (RATINGS + text).encode())))
def test_only_the_promised_error(content: bytes) -> None:
    try:
        export = read(content)
    except NoExportError:
        return
    assert export.source in ("IMDb", "Letterboxd")


def _damaged(kind: str) -> bytes:
    file = io.BytesIO()
    method = zipfile.ZIP_LZMA if kind == "lzma" else zipfile.ZIP_STORED
    with zipfile.ZipFile(file, "w", method) as archive:
        archive.writestr("ratings.csv", RATINGS)
        archive.writestr("é.csv", "x")
    data = file.getvalue()
    if kind == "name":
        return data.replace("é.csv".encode(), b"\xff\xfe.csv")
    return data if kind == "lzma" else data[:-6] + b"\xff\xff\xff\x00" + data[-2:]


@pytest.mark.parametrize("kind", ["lzma", "name", "offset"])
def test_a_damaged_or_strangely_packed_zip_is_said_to_be_that(kind: str) -> None:
    with pytest.raises(NoExportError, match="damaged"):
        read(_damaged(kind), "a.zip")


def test_a_quotation_mark_that_is_never_closed_is_said() -> None:
    with pytest.raises(NoExportError, match="cannot be read"):
        read(RATINGS.replace("Ran", '"Ran'))


def test_a_review_that_is_too_long_is_cut_and_says_so() -> None:
    export = read(REVIEWS.replace("Twice.", "x" * exports.MOST_TEXT))

    assert len(export.entries[0].text) == exports.MOST_TEXT
    assert export.rejected == [("a.csv, line 2", "The end of the review, behind 10,000 characters.")]


def test_comments_that_never_end_are_read_once() -> None:
    """Any member can send them: for each one the rest of the text was read, half a minute for a cell as long as this."""
    export = read("Date,Name,Year,Letterboxd URI,Rating,Review\n2021-01-01,Ran,1985,x,5," + "<!--" * 32_000)

    assert export.entries[0].text.startswith("<!--<!--")
