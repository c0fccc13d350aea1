"""MovieLens: the three ways its files are written, their dirt, and the real sets."""

import gzip
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from catalogue.importers.movielens import find_files, parse
from catalogue.importers.reading import BrokenFileError
from catalogue.importers.records import SILENT, MovieRecord, Rejected, Skipped
from tests.catalogue.importers.raw import raw, said

MOVIES = """movieId,title,genres\r
1,Toy Story (1995),Adventure|Children\r
50,"Usual Suspects, The (1995)",Crime|IMAX|Slapstick\r
40697,Babylon 5,(no genres listed)\r
50,Again (1995),Drama\r
x,No id (1995),Drama\r
7,,Drama\r
8,One (1995)\r
9,Long ago (1066),Drama\r
"""
LINKS = "movieId,imdbId,tmdbId\n1,0114709,862\n50,114814,\n99,0000099,99\n1,0114709,862\n1,0114709,863\n"
RATINGS = "userId,movieId,rating,timestamp\n1,1,4.0,964982703\n2,1,4.0,1\n3,1,0.5,1\n4,50,5.0,1\n5,50,5.5,1\n6,50,0.0,1\n7,50,four,1\n\n8,1\n9,77,3.0,1\n"


def write(folder: Path, **files: str) -> list[Path]:
    for name, text in files.items():
        (folder / f"{name}.csv").write_text(text, newline="")
    return find_files(folder)


def test_a_set(tmp_path: Path) -> None:
    items = list(
        parse(write(tmp_path, movies=MOVIES, links=LINKS, ratings=RATINGS, tags="userId,movieId,tag,timestamp\n"))
    )

    movies = {item.external_ids["movielens"]: item for item in items if isinstance(item, MovieRecord)}
    assert list(movies) == ["1", "50", "40697", "9"]
    toy, suspects, babylon, ago = movies.values()
    assert (toy.title, str(toy.release_date), toy.imdb_id, toy.tmdb_id) == ("Toy Story", "1995", "tt0114709", 862)
    (rating,) = said(toy.external_ratings)
    assert (rating.source, rating.value, rating.scale, rating.votes) == ("MovieLens", 2.83, 5, 3)
    assert rating.histogram == (1, 0, 0, 0, 0, 0, 0, 2, 0, 0)
    assert (suspects.title, suspects.tmdb_id, suspects.genres) == ("The Usual Suspects", None, ["Crime"])
    assert (babylon.release_date, babylon.genres, babylon.external_ratings) == (None, [], SILENT)
    assert (ago.release_date, [note.field for note in ago.mended]) == (None, ["release_date"])
    rejected = [(item.origin.file, item.origin.line) for item in items if isinstance(item, Rejected)]
    assert sorted(rejected) == [
        ("links.csv", 4), ("links.csv", 6), ("movies.csv", 5), ("movies.csv", 6), ("movies.csv", 7), ("movies.csv", 8),
        ("ratings.csv", 0), ("ratings.csv", 6), ("ratings.csv", 7), ("ratings.csv", 8), ("ratings.csv", 10),
    ]  # fmt: skip
    assert [item.reason for item in items if isinstance(item, Skipped)] == ["the same links again", "tags"]


def test_ratings_alone_are_for_movies_that_are_known_already(tmp_path: Path) -> None:
    (movie,) = parse(write(tmp_path, ratings="userId,movieId,rating,timestamp\n1,1,4.5,1\n"))

    assert isinstance(movie, MovieRecord)
    assert (movie.title, movie.external_ids) == (SILENT, {"movielens": "1"})


def test_semicolons_without_quotes(tmp_path: Path) -> None:
    files = write(
        tmp_path,
        movies="movieId;title;genres\n50;Usual Suspects, The (1995);Crime\n",
        ratings="userId;movieId;rating;timestamp\n1;50;4.5;1\n",
    )
    (movie,) = parse(files)

    assert isinstance(movie, MovieRecord)
    assert (movie.title, said(movie.external_ratings)[0].value) == ("The Usual Suspects", 4.5)


def test_the_old_files(tmp_path: Path) -> None:
    (tmp_path / "movies.dat").write_bytes(
        "50::Misérables, Les (1995)::Drama|Children's\n51::Broken\n".encode("latin-1")
    )
    (tmp_path / "ratings.dat").write_bytes(b"1::50::5::978300760\n2::50::4::1\n3::50::9::1\n")
    items = list(parse(find_files(tmp_path)))

    assert [type(item) for item in items] == [Rejected, MovieRecord, Rejected]
    movie = items[1]
    assert isinstance(movie, MovieRecord)
    assert (movie.title, movie.genres, said(movie.external_ratings)[0].votes) == (
        "Les Misérables",
        ["Drama", "Family"],
        2,
    )


def test_a_broken_file(tmp_path: Path) -> None:
    rows = "".join(f"{n},{n * 7919 % 1000},{n % 5 + 1}.0,{n * 104729}\n" for n in range(1, 20000))
    (tmp_path / "ratings.csv.gz").write_bytes(
        gzip.compress(b"userId,movieId,rating,timestamp\n" + rows.encode())[:-500]
    )
    with pytest.raises(BrokenFileError, match="breaks off"):
        list(parse(find_files(tmp_path)))
    with pytest.raises(BrokenFileError, match="no file of MovieLens"):
        find_files(tmp_path / "nowhere")


def test_another_file(tmp_path: Path) -> None:
    (tmp_path / "movies.csv").write_text("a,b\n1,2\n")
    with pytest.raises(BrokenFileError, match="its first line is “a,b”"):
        list(parse([tmp_path / "movies.csv"]))


# In the second, without quotes, the title "Steins;Gate (2013)" has lost its end.
@pytest.mark.parametrize(("folder", "undated"), [("ml-latest-small", 12), ("ml-latest-small-semicolon", 13)])
def test_the_real_sets(folder: Any, undated: Any) -> None:
    (found,) = raw(folder)
    items = list(parse(find_files(found)))

    assert Counter(type(item) for item in items) == {MovieRecord: 9742, Skipped: 1}
    movies = {item.external_ids["movielens"]: item for item in items if isinstance(item, MovieRecord)}
    assert (
        sum(
            said(movie.external_ratings)[0].votes or 0
            for movie in movies.values()
            if movie.external_ratings is not SILENT
        )
        == 100_836
    )
    leon = movies["293"]
    assert (leon.title, str(leon.release_date), [other.title for other in said(leon.alternative_titles)]) == (
        "Léon: The Professional", "1994", ["The Professional", "Léon"],
    )  # fmt: skip
    assert sum(said(movie.release_date) is None for movie in movies.values()) == undated
