"""The doorways: each command imports its files, says what it did, and does nothing the second time."""

import gzip
import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from catalogue.importers.template import template_csv
from catalogue.models import ExternalRating, ImportProblem, Movie, Source
from tests.makers import make_movie

pytestmark = pytest.mark.django_db
FILES: dict[str, dict[str, str]] = {
    "import_tmdb": {
        "movies.json": json.dumps([{"id": 346, "title": "Seven Samurai", "release_date": "1954-04-26", "adult": False}]),
        "z.json": '{"adult":true,"id":7,"original_title":"X","popularity":1}\n{"adult":false,"id":0,"original_title":"Y"}\n',
    },
    "import_movielens": {
        "movies.csv": "movieId,title,genres\n2019,Seven Samurai (1954),Drama\n",
        "ratings.csv": "userId,movieId,rating,timestamp\n1,2019,4.5,1\n2,2019,9,1\n",
        "tags.csv": "userId,movieId,tag,timestamp\n",
    },
    "import_wikidata": {
        "a.csv": "film,filmLabel,date,precision\nQ189540,Seven Samurai,1954-04-26,11\nhere,There,,\n",
        "b.json": '{"wikidata_id": "Q1", "label": "One", "genre": []}\n{"wikidata_id": "Q2"}\n',
    },
    "import_spreadsheet": {"a.csv": "Titel;Jahr\nDie sieben Samurai;1954\n;1955\n", "b.tsv": "Title\tType\nA show\tseries\n"},
}  # fmt: skip


def write(folder: Path, command: str) -> Path:
    for name, text in FILES[command].items():
        (folder / name).write_text(text)
    return folder


def run(*arguments: Any, **options: Any) -> str:
    out = io.StringIO()
    call_command(*map(str, arguments), stdout=out, verbosity=0, **options)
    return out.getvalue()


@pytest.mark.parametrize(
    ("command", "line"),
    [
        ("import_tmdb", "3 read: 1 created, 0 updated, 0 unchanged, 1 skipped, 1 rejected"),
        ("import_movielens", "3 read: 1 created, 0 updated, 0 unchanged, 1 skipped, 1 rejected"),
        ("import_wikidata", "4 read: 2 created, 0 updated, 0 unchanged, 0 skipped, 2 rejected"),
        ("import_spreadsheet", "3 read: 1 created, 0 updated, 0 unchanged, 1 skipped, 1 rejected"),
    ],
)
def test_a_folder_is_imported_once(tmp_path: Path, command: str, line: str) -> None:
    folder = write(tmp_path, command)

    assert "dry run" in run(command, folder, "--dry-run")
    assert not Movie.objects.exists()
    assert run(command, folder).startswith(line)
    created = int(line.partition(": ")[2].split()[0])
    assert Movie.objects.published().count() == created
    again = line.replace(f"{created} created", "0 created").replace("0 unchanged", f"{created} unchanged")
    assert run(command, folder).startswith(again)


def test_ratings_arrive_with_their_histogram(tmp_path: Path) -> None:
    run("import_movielens", write(tmp_path, "import_movielens"))

    rating = ExternalRating.objects.get()
    assert (rating.source, float(rating.value), rating.votes) == ("MovieLens", 4.5, 1)


def test_a_dry_run_prints_the_plan(tmp_path: Path) -> None:
    make_movie("Die sieben Samurai", release_date="1954")
    out = run("import_spreadsheet", write(tmp_path, "import_spreadsheet") / "a.csv", "--dry-run")

    assert "a.csv:3: The row has no title and no id." in out
    assert "2 read" in out


def test_lists_have_names_and_new_movies_may_be_drafts(tmp_path: Path) -> None:
    run("import_spreadsheet", write(tmp_path, "import_spreadsheet"), "--name", "Film Archive", "--drafts")

    assert not Movie.objects.published().exists()
    assert Movie.objects.get().source == "spreadsheet:film-archive"
    assert Source.objects.filter(code="spreadsheet:film-archive").exists()


def test_strict_writes_nothing(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"a\.csv:3: The row has no title and no id\. Nothing was written"):
        run("import_spreadsheet", write(tmp_path, "import_spreadsheet"), "--strict")
    assert not Movie.objects.exists()


@pytest.mark.parametrize("command", FILES)
def test_what_cannot_be_read_is_said(tmp_path: Path, command: str) -> None:
    with pytest.raises(CommandError, match="Name the files"):
        run(command)
    with pytest.raises(CommandError, match="There is no"):
        run(command, tmp_path / "nowhere.csv")
    (tmp_path / "wrong.csv").write_text("a,b\n1,2\n")
    with pytest.raises(CommandError, match=r"wrong\.csv"):
        run(command, tmp_path / "wrong.csv")


def test_the_template_is_printed() -> None:
    assert run("import_spreadsheet", "--template").encode() == template_csv()
    assert run("import_spreadsheet", "--example").encode() == template_csv(is_filled=True)


def test_a_file_that_is_cut_off_or_wrong_all_through_is_told_apart(tmp_path: Path) -> None:
    whole = gzip.compress(b"film,filmLabel\n" + b"".join(b"Q%d,Movie %d\n" % (row, row) for row in range(1, 3000)))
    cut = tmp_path / "cut.csv.gz"
    for command in ("import_tmdb", "import_wikidata"):
        cut.write_bytes(whole[:-200])
        with pytest.raises(CommandError, match=r"cut\.csv\.gz"):
            run(command, cut, "--dry-run")
        cut.write_bytes(b"film,filmLabel\n")
        with pytest.raises(CommandError, match=r"cut\.csv\.gz .*Not a gzipped file.* Nothing was written"):
            run(command, cut)


def test_a_limit_below_zero_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="from 0"):
        run("import_spreadsheet", write(tmp_path, "import_spreadsheet"), "--limit", "-1")


@pytest.mark.parametrize("name", ["a.csv", "a.json"])
def test_what_no_database_stores_rejects_or_mends_its_row(tmp_path: Path, name: str) -> None:
    """NUL and halves of characters, which JSON can write, end in the report and not in an error."""
    text = '[{"title": "Ran\\ud800", "year": "19\\ud80085"}, {"title": "Iki\\u0000ru", "year": "19\\u000052"}]'
    (tmp_path / name).write_text(text if name == "a.json" else 'Title,Year\n"Ran,1985\nIkiru,1952\n')

    line = run("import_spreadsheet", tmp_path / name)

    assert line.startswith("2 read: 2 created" if name == "a.json" else "1 read: 0 created")
    problems = ImportProblem.objects.values_list("text", flat=True)
    assert problems
    assert not any("\0" in problem or "\ud800" in problem for problem in problems)
    assert name == "a.json" or "never closed" in problems[0]
