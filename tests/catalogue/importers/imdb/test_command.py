"""The command: totals, answers to what cannot be, and runs that are killed."""

import os
import random
import signal
import subprocess
import sys
import time
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection

from catalogue.importers.imdb.fast import MODELS
from catalogue.models import Movie, RelatedMovie, SearchDocument
from tests.catalogue.importers.imdb.data import BASICS, write
from tests.makers import make_movie

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)
KILLS = int(os.environ.get("KILLS", "2"))  # more of them, and at every moment, when asked for


def command(folder: Path, *arguments: str) -> str:
    out = StringIO()
    call_command("import_imdb", str(folder), "--report", str(folder / "report"), *arguments, stdout=out, verbosity=0)
    return out.getvalue()


def test_it_says_what_became_of_every_row(tmp_path: Path) -> None:
    said = command(write(tmp_path, title_ratings=[("tt0000001", "7.3", "100"), ("tt1000001", "73", "1")]))

    assert "title.basics.tsv: 6 read = 3 created + 3 skipped + 0 rejected (2 another type, 1 adult)\n" in said
    assert "title.ratings.tsv: 2 read = 1 created + 0 skipped + 1 rejected\n" in said
    assert "  title.ratings.tsv:3: A mean lies between 1 and 10, not at 73.\n" in said
    assert Movie.objects.count() == 3
    listed = (tmp_path / "report").read_text()
    assert "rejected\ttitle.ratings.tsv\t3\tA mean lies between 1 and 10, not at 73.\n" in listed


def test_a_dry_run_says_so(tmp_path: Path) -> None:
    assert command(write(tmp_path), "--dry-run").endswith("This was a dry run: nothing was written.\n")
    assert not Movie.objects.exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--types", "movie,tvSeries"], "tvSeries: choose of movie, "),
        (["--strict"], "title.ratings.tsv:2: “x” is no number of votes. Nothing was written."),
        (["--minimum-votes", "many"], "“many” is no number from 0"),
    ],
)
def test_what_cannot_be_is_said(tmp_path: Path, arguments: list[str], said: str) -> None:
    write(tmp_path, title_ratings=[("tt0000001", "7.3", "x")])

    with pytest.raises(CommandError, match=said):
        command(tmp_path, *arguments)


def test_the_same_files_again_change_nothing_and_say_so(tmp_path: Path) -> None:
    command(write(tmp_path))
    before = everything()

    assert "there is nothing new in them" in command(tmp_path)
    with (tmp_path / "title.episode.tsv").open("w") as other:
        other.write("not read\n")
    assert "there is nothing new in them" in command(tmp_path)
    assert "3 read: 0 created, 0 updated, 3 unchanged, 0 skipped, 0 rejected" in command(tmp_path, "--dry-run")
    assert everything() == before


def test_newer_files_change_what_is_new_and_nothing_an_editor_saved(tmp_path: Path) -> None:
    command(write(tmp_path))
    Movie.objects.filter(imdb_id="tt0000001").update(locked_fields=["title"], title="An editor's")
    changed = [(*row[:2], "Renamed", row[3], *row[4:7], "99", row[8]) for row in BASICS]

    said = command(write(tmp_path, title_basics=changed[:3]))

    assert "3 read: 0 created, 3 updated, 0 unchanged, 0 skipped, 0 rejected" in said
    assert list(Movie.objects.order_by("pk").values_list("title", "runtime_minutes")) == [
        ("An editor's", 99), ("Renamed", 99), ("Renamed", 99),
    ]  # fmt: skip


def test_a_catalogue_with_movies_of_its_own_gets_the_others(tmp_path: Path) -> None:
    make_movie("Ran", imdb_id="tt0089881")

    said = command(write(tmp_path))

    assert "3 read: 3 created, 0 updated" in said
    assert Movie.objects.count() == 4
    assert Movie.objects.get(imdb_id="tt0000001").cast_line == "Zoë Ann, Bo Ng, Bo Ng"


def everything() -> list[Any]:
    """All rows that an import writes, but for keys, times, and what is computed when it is looked at."""
    found: list[Any] = [SearchDocument.objects.count()]
    for model in MODELS:
        names = [
            field.attname
            for field in model._meta.concrete_fields
            if field.name not in ("id", "version") and not field.name.endswith("_at")
        ]
        found.append(list(model._default_manager.order_by("pk").values_list(*names)))
    return found


def test_a_run_that_is_killed_leaves_nothing_and_can_be_run_again(tmp_path: Path) -> None:
    basics = [(f"tt{number:07}", "movie", f"Movie {number}", f"Movie {number}", "0", "1954", "\\N", "90", "Drama")
              for number in range(1, 1500)]  # fmt: skip
    folder = write(tmp_path, title_basics=basics)
    database = {**connection.settings_dict}
    url = f"sqlite:///{database['NAME']}" if connection.vendor == "sqlite" else _postgres(database)
    environment = {**os.environ, "DATABASE_URL": url, "DEBUG": "true"}
    start = [sys.executable, str(Path(settings.BASE_DIR) / "manage.py"), "import_imdb", str(folder)]
    start += ["--report", str(tmp_path / "report")]
    connection.close()
    began = time.monotonic()
    subprocess.run(start, env=environment, check=True, capture_output=True)
    seconds = time.monotonic() - began
    expected = everything()
    assert len(expected[1]) == 1499
    empty()

    for number in range(KILLS):
        connection.close()
        process = subprocess.Popen(start, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        time.sleep(seconds * random.uniform(0.2, 1))
        process.send_signal(signal.SIGKILL if number % 2 else signal.SIGINT)
        process.communicate()
        if Movie.objects.exists():  # it was done already
            assert everything() == expected
            empty()
    connection.close()
    subprocess.run(start, env=environment, check=True, capture_output=True)

    assert everything() == expected


def empty() -> None:
    for model in reversed([*MODELS, RelatedMovie]):
        model._default_manager.all().delete()


def _postgres(database: dict[str, Any]) -> str:
    where = f"{database['HOST'] or '127.0.0.1'}:{database['PORT'] or 5432}"
    word = f":{database['PASSWORD']}" if database["PASSWORD"] else ""
    return f"postgres://{database['USER']}{word}@{where}/{database['NAME']}"
