"""Real processes at one movie: editors and an import at once, and a worker killed in a merge. Nothing lost or half done."""

import os
import random
import subprocess
import sys
import time
from typing import Any

import pytest
from django.conf import settings
from django.db import close_old_connections

from catalogue.curation.derive import refresh_movies, refresh_people
from catalogue.curation.merging import merge
from catalogue.curation.reverting import revert
from catalogue.models import Edit, Movie, Person
from catalogue.search import search
from reviews.services import recount_ratings
from tests.catalogue.curation.dumps import dump
from tests.catalogue.importers.test_kill import address
from tests.makers import make_cast, make_crew, make_member, make_movie, make_review

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)
KILLS = int(os.environ.get("KILLS", "4"))
SETUP = "import django; django.setup(); "
MERGE = SETUP + (
    "import sys; from catalogue.curation.merging import merge; print('now', flush=True); "
    "merge('movie', int(sys.argv[1]), int(sys.argv[2]), None, '', {})"
)
# Opens the form, waits for a line, saves it.
SAVE = SETUP + (
    "from django.test.utils import setup_test_environment; setup_test_environment(); "
    "import sys; from django.test import Client; from reviews.models import Member; "
    "from tests.catalogue.admin.form import address, opened; from catalogue.models import Movie; "
    "browser, movie = Client(), Movie.objects.get(pk=sys.argv[1]); "
    "browser.force_login(Member.objects.get(username=sys.argv[2])); form = opened(browser, movie); "
    "print('open', flush=True); sys.stdin.readline(); "
    "print(browser.post(address(movie), {**form, sys.argv[3]: sys.argv[4]}).status_code)"
)
IMPORT = SETUP + (
    "import sys; from pathlib import Path; from catalogue.importers.records import MovieRecord, Origin; "
    "from catalogue.importers.run import Job, run_import; "
    "items = [MovieRecord(Origin('a'), imdb_id='tt0089881', runtime_minutes=163)]; "
    "print('open', flush=True); sys.stdin.readline(); "
    "print(run_import(Job('imdb', 'A test', [Path(sys.argv[1])], lambda: iter(items)))[1].line)"
)


def start(code: str, *words: object) -> subprocess.Popen[str]:
    """A process of the site on the database of this test."""
    return subprocess.Popen(
        [sys.executable, "-c", code, *map(str, words)],
        env={**os.environ, "DATABASE_URL": address(), "DEBUG": "true", "DJANGO_SETTINGS_MODULE": "catalogue.settings"},
        cwd=settings.BASE_DIR, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def line_of(child: subprocess.Popen[str]) -> str:
    assert child.stdout is not None
    return child.stdout.readline().strip()


def go(child: subprocess.Popen[str]) -> None:
    assert child.stdin is not None
    child.stdin.write("\n")
    child.stdin.flush()


@pytest.fixture
def ran() -> Movie:
    movie = make_movie("Ran", imdb_id="tt0089881", source="imdb", runtime_minutes=160, tagline="A")
    make_cast(movie, "Tatsuya Nakadai", "Hidetora")
    for name in ("edith", "otto"):
        make_member(name, is_staff=True, is_superuser=True)
    return movie


def test_two_editors_and_an_import_at_the_same_moment_lose_nothing(ran: Movie) -> None:
    children = [
        start(SAVE, ran.pk, "edith", "tagline", "B"),
        start(SAVE, ran.pk, "otto", "synopsis", "An old man divides his land."),
        start(IMPORT, __file__),
    ]
    assert [line_of(child) for child in children] == ["open"] * 3

    for child in children:
        go(child)
    told = [child.communicate(timeout=120) for child in children]

    close_old_connections()
    assert [out.split("\n")[0].split(":")[0] for out, _ in told] == ["302", "302", "1 read"], told
    ran.refresh_from_db()
    assert (ran.tagline, ran.synopsis, ran.runtime_minutes) == ("B", "An old man divides his land.", 163)
    assert ran.locked_fields == ["synopsis", "tagline"]
    assert sorted(Edit.objects.values_list("kind", "made_by_name")) == [
        ("form", "edith"),
        ("form", "otto"),
        ("import", ""),
    ]


def test_two_who_change_the_same_field_at_the_same_moment(ran: Movie) -> None:
    children = [start(SAVE, ran.pk, name, "tagline", f"Of {name}") for name in ("edith", "otto")]
    assert [line_of(child) for child in children] == ["open"] * 2

    for child in children:
        go(child)
    codes = [child.communicate(timeout=120)[0].strip() for child in children]

    close_old_connections()
    assert sorted(codes) == ["200", "302"]  # one is saved, the other is shown both
    ran.refresh_from_db()
    assert ran.tagline == f"Of {('edith', 'otto')[codes.index('302')]}"
    assert Edit.objects.count() == 1


def test_a_worker_killed_in_a_merge_leaves_all_or_nothing() -> None:
    winner, loser = make_movie("Ran", tmdb_id=11645), make_movie("Chaos", imdb_id="tt0089881", genres=["War"])
    for number in range(60):
        make_cast((winner, loser)[number % 2], f"Actor {number}", f"Part {number}")
    make_crew(loser, "Akira Kurosawa")
    alice = make_member("alice")
    for movie, score in ((winner, 7), (loser, 4)):
        make_review(movie, alice, score)
    refresh_people(Person.objects.values_list("pk", flat=True))
    refresh_movies([winner.pk, loser.pk])
    recount_ratings([winner.pk, loser.pk])
    before = dump()
    after = merged(winner, loser)
    span, wholes = 0.0, 0

    for number in range(KILLS + 1):
        child = start(MERGE, winner.pk, loser.pk)
        assert line_of(child) == "now"
        began = time.monotonic()
        if number:  # the first is left alone: how long a merge takes
            time.sleep(random.uniform(0, span))
            child.kill()
        child.wait(timeout=120)
        span = span or time.monotonic() - began
        close_old_connections()
        is_done = not Movie.objects.filter(pk=loser.pk).exists()
        assert facts(dump()) == facts(after if is_done else before)
        assert [movie.pk for movie in search("chaos").movies] == [winner.pk if is_done else loser.pk]
        if is_done:
            wholes += 1
            revert(list(Edit.objects.filter(kind="merge", undone_by=None)), None, "")
            assert dump() == before
            assert [movie.pk for movie in search("chaos").movies] == [loser.pk]
    assert wholes >= 1


def merged(winner: Movie, loser: Movie) -> dict[str, list[dict[str, Any]]]:
    """What every table is after the merge; it is undone."""
    edit = merge("movie", winner.pk, loser.pk, None, "", {})
    after = dump()
    revert([edit], None, "")
    return after


def facts(tables: dict[str, list[dict[str, Any]]]) -> dict[str, list[str]]:
    """All rows without what every merge makes anew: keys and moments."""
    return {
        name: sorted(
            str({column: value for column, value in row.items() if column != "id" and not column.endswith("_at")})
            for row in rows
        )
        for name, rows in tables.items()
    }
