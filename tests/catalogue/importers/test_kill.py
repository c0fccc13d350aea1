"""Killed at any moment and started again, an import ends as if nothing had happened; editors save while it runs."""

import os
import random
import subprocess
import sys
import time
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client

from catalogue.models import Credit, ImportProblem, ImportRun, Movie, Person, SearchDocument
from catalogue.vocabulary import RunState
from tests.catalogue.importers.child import MOVIES, job
from tests.catalogue.test_images import movie_form

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)
CHILD = (
    "import django; django.setup();"
    "from catalogue.importers.run import run_import; from tests.catalogue.importers.child import job; run_import(job())"
)
KILLS = int(os.environ.get("KILLS", "3"))


def address() -> str:
    """The DATABASE_URL of this test, for other processes."""
    facts: dict[str, Any] = connection.settings_dict
    if connection.vendor != "postgresql":
        return f"sqlite:///{facts['NAME']}"
    host = str(facts["HOST"]).replace("/", "%2F")
    return f"postgres://{facts['USER']}:{facts['PASSWORD']}@{host}:{facts['PORT'] or 5432}/{facts['NAME']}"


def start() -> subprocess.Popen[bytes]:
    """The import, on the database of this test."""
    environment = {
        **os.environ,
        "DATABASE_URL": address(),
        "DEBUG": "true",
        "DJANGO_SETTINGS_MODULE": "catalogue.settings",
    }
    return subprocess.Popen(
        [sys.executable, "-c", CHILD],
        env=environment, cwd=settings.BASE_DIR, stderr=subprocess.PIPE,
    )  # fmt: skip


def wait_for(done: int, child: subprocess.Popen[bytes]) -> None:
    while child.poll() is None and not ImportRun.objects.filter(done__gt=done).exists():
        time.sleep(0.05)


def snapshot() -> dict[str, Any]:
    """Everything an import writes, without keys and dates."""
    columns = ("imdb_id", "title", "cast_line", "director_line", "popularity", "source", "provenance")
    people = ("imdb_id", "name", "credit_count", "known_for_department", "known_for_line")
    return {
        "movies": list(Movie.objects.order_by("imdb_id").values_list(*columns)),
        "people": list(Person.objects.order_by("imdb_id").values_list(*people)),
        "credits": sorted(Credit.objects.values_list("movie__imdb_id", "person__imdb_id", "job", "billing_order")),
        "search": sorted(SearchDocument.objects.values_list("kind", "level", "names", "words")),
        "problems": list(ImportProblem.objects.order_by("origin").values_list("origin", "text")),
        "counts": ImportRun.objects.get().counts | {"made": [], "made_people": []},
    }


def test_killed_and_resumed_equals_uninterrupted() -> None:
    from catalogue.importers.run import run_import

    for _ in range(KILLS):
        done = max(ImportRun.objects.values_list("done", flat=True), default=0)
        child = start()
        wait_for(done, child)
        time.sleep(random.uniform(0, 0.3))
        child.kill()
        child.wait()
    child = start()
    _, errors = child.communicate(timeout=300)
    assert child.returncode == 0, errors.decode()
    assert ImportRun.objects.get().state == RunState.FINISHED
    interrupted = snapshot()

    for model in (Movie, Person, ImportRun, SearchDocument):
        model._default_manager.all().delete()
    run_import(job())

    assert interrupted == snapshot()
    assert interrupted["counts"]["counts"]["read"] == MOVIES


def test_what_editors_save_while_an_import_runs_is_not_lost(as_editor: Client) -> None:
    child = start()
    wait_for(0, child)
    saved: list[int] = []
    while child.poll() is None and len(saved) < 5:
        movie = Movie.objects.order_by("-pk")[0]
        form = movie_form(as_editor, movie) | {"title": f"Mine {movie.pk}"}
        assert as_editor.post(f"/admin/catalogue/movie/{movie.pk}/change/", form).status_code == 302
        saved.append(movie.pk)
    _, errors = child.communicate(timeout=300)

    assert child.returncode == 0, errors.decode()
    assert saved
    ImportRun.objects.all().delete()
    child = start()
    child.communicate(timeout=300)
    assert {movie.title for movie in Movie.objects.filter(pk__in=saved)} == {f"Mine {pk}" for pk in saved}
    assert Movie.objects.count() == MOVIES - MOVIES // 7
