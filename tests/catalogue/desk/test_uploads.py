"""From the file to the catalogue: what the plan says is what happens, once, and by whom it may."""

import gzip
import io
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from catalogue.desk.sources import job_of
from catalogue.exclusive import IMPORT, one_at_a_time
from catalogue.importers.run import run_import
from catalogue.models import Credit, ImportRun, Movie, Person, Source
from catalogue.vocabulary import RunState
from reviews.groups import EDITORS
from reviews.models import Member
from tests.catalogue.desk.flow import LIST, PAGE, applied, follow, planned, send, work
from tests.catalogue.importers.imdb.data import write as write_dataset
from tests.makers import make_crew, make_member, make_movie

pytestmark = pytest.mark.django_db


def browser_of(member: Member) -> Client:
    client = Client()
    client.force_login(member)
    return client


@pytest.fixture
def importer() -> Client:
    """An editor with the right to import and no other."""
    member = make_member("imke", is_staff=True)
    member.user_permissions.add(Permission.objects.get(codename="import_movies"))
    return browser_of(member)


def kept() -> list[Path]:
    return [path for path in Path(settings.IMPORT_ROOT).rglob("*") if path.is_file()]


def test_a_list_is_planned_then_applied(importer: Client) -> None:
    known = make_movie("Ikiru", release_date="1952", source="spreadsheet")
    make_crew(known, "Akira Kurosawa")
    run = planned(importer, "spreadsheet", {"films.csv": LIST})

    page = importer.get(follow(run)).content.decode()
    assert run.state == RunState.PLANNED
    assert "films.csv:4: The row has no title and no id." in page
    assert "Seven Samurai" in page
    assert "<td>143</td>" in page
    assert Movie.objects.count() == 1

    run = applied(importer, run)

    assert (run.state, run.done, run.folder) == (RunState.FINISHED, 3, "")
    assert {name: run.counts["counts"][name] for name in ("read", "created", "updated", "rejected")} == {
        "read": 3, "created": 1, "updated": 1, "rejected": 1,
    }  # fmt: skip
    assert run.plan["counts"]["created"] == run.counts["counts"]["created"]
    known.refresh_from_db()
    assert known.runtime_minutes == 143
    assert Credit.objects.filter(person__name="Akira Kurosawa").count() == 2
    assert not kept()
    assert "The row has no title" in importer.get(follow(run)).content.decode()


def test_what_is_mended_and_what_is_not_read_are_told_apart(importer: Client) -> None:
    rows = b"Title,Year,Running time,Note\nIkiru,1952,0,x\n"
    run = planned(importer, "spreadsheet", {"films.csv": rows}, name="The Archive")

    page = importer.get(follow(run)).content.decode()
    assert "films.csv:2: Running time: “0” left out" in page
    assert "films.csv:1: The column “Note” is not read." in page
    assert "Mended values: 1." in page
    assert "New movies: 1." in page
    assert "as The Archive," in page

    run = applied(importer, run)
    assert Source.objects.get(pk=run.source).name == "The Archive"
    texts = list(run.problems.values_list("text", flat=True))
    assert texts == ["The column “Note” is not read.", "Running time: “0” left out"]


@pytest.mark.parametrize(
    ("only", "titles", "minutes"),
    [("created", {"Ikiru", "Seven Samurai"}, None), ("updated", {"Ikiru"}, 143)],
)
def test_new_ones_alone_or_changes_alone(importer: Client, only: str, titles: set[str], minutes: int | None) -> None:
    known = make_movie("Ikiru", release_date="1952", source="spreadsheet")
    make_crew(known, "Akira Kurosawa")
    run = applied(importer, planned(importer, "spreadsheet", {"films.csv": LIST}), only)

    known.refresh_from_db()
    assert set(Movie.objects.values_list("title", flat=True)) == titles
    assert known.runtime_minutes == minutes
    assert run.counts["counts"]["skipped"] == 1
    assert sum(run.counts["counts"].get(name, 0) for name in ("created", "updated", "skipped", "rejected")) == 3


def test_lists_say_who_comes_and_goes(importer: Client) -> None:
    movie = make_movie("Ikiru", release_date="1952", runtime_minutes=143, source="demo", genres=["Drama"])
    make_crew(movie, "Somebody Else")
    text = b"Title,Year,Runtime,Director,Genre\nIkiru,1952,143,Somebody Else; Akira Kurosawa,Crime\n"
    run = planned(importer, "spreadsheet", {"films.csv": text})

    page = importer.get(follow(run)).content.decode()
    assert "<td>1: without Drama</td><td>1: with Crime</td>" in page
    assert "<td>1</td><td>2: with Akira Kurosawa</td>" in page


def test_changes_alone_make_nobody(importer: Client) -> None:
    run = applied(importer, planned(importer, "spreadsheet", {"films.csv": LIST}), "updated")

    assert run.state == RunState.FINISHED
    assert not Movie.objects.exists()
    assert not Person.objects.exists()


def test_a_folder_of_imdb_comes_as_a_zip(importer: Client, tmp_path: Path) -> None:
    folder = tmp_path / "imdb"
    folder.mkdir()
    write_dataset(folder)
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        for path in folder.iterdir():
            file.write(path, f"datasets/{path.name}")
        file.writestr("__MACOSX/datasets/._title.basics.tsv", "x")

    run = planned(importer, "imdb", {"imdb.zip": archive.getvalue()}, types=["movie"], minimum_votes="0")
    created = run.plan["counts"]["created"]
    run = applied(importer, run)

    assert (run.state, run.message) == (RunState.FINISHED, "")
    assert Movie.objects.filter(imdb_id="tt0000001", title="The First").exists()
    assert run.counts["counts"]["created"] == created
    assert run.counts["counts"]["read"] == run.plan["counts"]["read"]


def test_pressing_twice_imports_once(importer: Client) -> None:
    run = planned(importer, "spreadsheet", {"films.csv": LIST})
    importer.post(follow(run), {"action": "apply"})
    again = importer.post(follow(run), {"action": "apply"}, follow=True)

    assert "It was started already" in again.content.decode()
    assert DBTaskResult.objects.filter(task_path__endswith="apply_upload").count() == 1
    work()
    assert "It was started already" in importer.post(follow(run), {"action": "apply"}, follow=True).content.decode()
    assert Movie.objects.count() == 2


def test_stopped_before_it_begins_and_resumed(importer: Client) -> None:
    run = planned(importer, "spreadsheet", {"films.csv": LIST})
    importer.post(follow(run), {"action": "apply"})
    importer.post(follow(run), {"action": "stop"})
    work()
    run.refresh_from_db()
    assert (run.state, Movie.objects.count()) == (RunState.STOPPED, 0)

    importer.post(follow(run), {"action": "resume"})
    work()

    run.refresh_from_db()
    assert (run.state, Movie.objects.count()) == (RunState.FINISHED, 2)


def test_stopped_in_the_middle_and_resumed_it_goes_on_behind_the_last_batch(importer: Client) -> None:
    rows = "".join(f"Movie {number},{1900 + number % 100}\n" for number in range(250))
    run = planned(importer, "spreadsheet", {"films.csv": f"Title,Year\n{rows}".encode()})
    ImportRun.objects.filter(pk=run.pk).update(state=RunState.RUNNING, choices={**run.choices, "only": ""})
    run.refresh_from_db()
    run_import(job_of(run), run=run, progress=lambda _: importer.post(follow(run), {"action": "stop"}) and None)
    run.refresh_from_db()
    assert (run.state, run.done, Movie.objects.count()) == (RunState.STOPPED, 100, 100)
    assert "100 of 250 rows" in importer.get(follow(run)).content.decode()

    importer.post(follow(run), {"action": "resume"})
    work()

    run.refresh_from_db()
    assert (run.state, run.done, run.going_from, Movie.objects.count()) == (RunState.FINISHED, 250, 100, 250)
    assert run.counts["counts"]["created"] == 250


def test_only_one_at_a_time(importer: Client) -> None:
    first = planned(importer, "spreadsheet", {"films.csv": LIST})
    send(importer, "spreadsheet", {"others.csv": LIST})
    work()
    second = ImportRun.objects.exclude(pk=first.pk).get()
    importer.post(follow(first), {"action": "apply"})

    page = importer.post(follow(second), {"action": "apply"}, follow=True).content.decode()

    assert "Another import is at work." in page
    second.refresh_from_db()
    assert second.state == RunState.PLANNED


@pytest.mark.skipif(
    settings.DATABASES["default"]["ENGINE"].endswith("postgresql"), reason="a session takes its own lock twice"
)
def test_a_command_at_work_makes_it_wait(importer: Client) -> None:
    run = planned(importer, "spreadsheet", {"films.csv": LIST})
    importer.post(follow(run), {"action": "apply"})
    with one_at_a_time(IMPORT):
        work()
    run.refresh_from_db()

    assert (run.state, run.message) == (RunState.STOPPED, "Another import is at work.")
    importer.post(follow(run), {"action": "resume"})
    work()
    assert Movie.objects.count() == 2


def test_what_was_broken_off_can_go_on(importer: Client) -> None:
    run = planned(importer, "spreadsheet", {"films.csv": LIST})
    long_ago = timezone.now() - timedelta(minutes=2)
    choices = {**run.choices, "only": ""}
    ImportRun.objects.filter(pk=run.pk).update(state=RunState.RUNNING, moved_at=long_ago, choices=choices)

    assert "Broken off" in importer.get(follow(run)).content.decode()
    importer.post(follow(run), {"action": "resume"})
    work()

    assert Movie.objects.count() == 2


def test_reading_is_stopped_or_taken_up_again(importer: Client) -> None:
    send(importer, "spreadsheet", {"films.csv": LIST})
    run = ImportRun.objects.get()
    DBTaskResult.objects.all().delete()
    ImportRun.objects.update(moved_at=timezone.now() - timedelta(minutes=2))
    importer.post(follow(run), {"action": "resume"})
    importer.post(follow(run), {"action": "stop"})
    work()

    run.refresh_from_db()
    assert (run.state, run.message) == (RunState.FAILED, "Stopped while the files were read. Nothing was written.")
    importer.post(follow(run), {"action": "discard"})
    assert not ImportRun.objects.exists()
    assert not kept()


def test_a_file_that_breaks_off_says_so_before_and_after(importer: Client) -> None:
    whole = gzip.compress(b"Title,Year\n" + b"".join(b"Movie %d,1950\n" % number for number in range(5000)))
    run = planned(importer, "spreadsheet", {"films.csv.gz": whole[: len(whole) // 2]})

    assert "was not downloaded whole" in importer.get(follow(run)).content.decode()


@pytest.mark.parametrize(
    ("source", "name", "content", "reason"),
    [
        ("imdb", "films.csv", LIST, "title.basics.tsv or title.basics.tsv.gz is needed"),
        ("spreadsheet", "films.csv", b"\0\0\0\n1,2\n", "none of the first 10 rows names a column"),
        ("spreadsheet", "films.xlsx", b"PK no workbook", "films.xlsx"),
        ("movielens", "films.csv", LIST, ""),
        ("tmdb", "films.json", b"[[[", "no JSON"),
    ],
)
def test_files_that_are_none_fail_with_their_reason(
    importer: Client, source: str, name: str, content: bytes, reason: str
) -> None:
    run = planned(importer, source, {name: content})
    page = importer.get(follow(run))

    assert page.status_code == 200
    assert reason in page.content.decode()
    assert not Movie.objects.exists()


def test_the_right_is_needed(as_member: Client, client: Client) -> None:
    plain, moderator, editor = (make_member(name, is_staff=True) for name in ("pam", "mo", "ed"))
    moderator.groups.add(Group.objects.get(name="Moderators"))
    editor.groups.add(Group.objects.get(name=EDITORS))
    plain.user_permissions.add(Permission.objects.get(codename="view_importrun"))

    assert client.get(PAGE).status_code == 302
    assert as_member.get(PAGE).status_code in {302, 403}
    assert browser_of(plain).get(PAGE).status_code == 403
    assert browser_of(moderator).get(PAGE).status_code == 403
    assert browser_of(editor).get(PAGE).status_code == 200
    assert "Import a file" in browser_of(editor).get("/admin/catalogue/importrun/").content.decode()
    assert "Import a file" not in browser_of(plain).get("/admin/catalogue/importrun/").content.decode()


def test_another_one_s_run_is_seen_and_stopped_not_applied(importer: Client, as_editor: Client) -> None:
    run = planned(as_editor, "spreadsheet", {"films.csv": LIST})

    assert importer.get(follow(run)).status_code == 200
    for action in ("apply", "resume", "discard"):
        assert importer.post(follow(run), {"action": action}).status_code == 403
    as_editor.post(follow(run), {"action": "apply"})
    importer.post(follow(run), {"action": "stop"})
    run.refresh_from_db()
    assert run.state == RunState.STOPPED


def test_forms_are_protected(importer: Client) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = importer.cookies

    assert send(strict, "spreadsheet", {"films.csv": LIST}).status_code == 403
    assert not ImportRun.objects.exists()


@pytest.mark.parametrize("count", [1, 3])
def test_pages_cost_a_fixed_number_of_queries(importer: Client, count: int, django_assert_num_queries: Any) -> None:
    rows = "".join(f"Movie {number},1950\n,\n" for number in range(count))
    for number in range(count):
        send(importer, "spreadsheet", {f"films{number}.csv": f"Title,Year\n{rows}".encode()})
    work()
    run = ImportRun.objects.first()
    assert run is not None

    with django_assert_num_queries(4):  # session, member, rights of the member and the groups
        assert importer.get(PAGE).status_code == 200
    with django_assert_num_queries(5):  # these and the run
        assert f"Movie {count - 1}" in importer.get(follow(run)).content.decode()
    importer.post(follow(run), {"action": "apply"})
    work()
    with django_assert_num_queries(7):  # these, its edits and its problems
        assert "films" in importer.get(follow(run)).content.decode()


def test_housekeeping_removes_what_was_left(importer: Client, settings: Any) -> None:
    planned(importer, "spreadsheet", {"films.csv": LIST})
    call_command("purge_imports", verbosity=0)
    assert len(kept()) == 1

    settings.IMPORT_KEEP_DAYS = -1
    call_command("purge_imports", verbosity=0)

    assert not kept()
    run = ImportRun.objects.get()
    importer.post(follow(run), {"action": "apply"})
    work()
    run.refresh_from_db()
    assert run.message == "The files are not kept any more: upload them again."


def test_halves_of_characters_and_nul_do_not_break_the_plan(importer: Client) -> None:
    """JSON can write them; neither pages nor databases hold them."""
    text = b'[{"title": "Ran\\ud800", "year": "19\\ud80085"}, {"title": "Iki\\u0000ru", "year": "19\\u000052"}]'
    run = planned(importer, "spreadsheet", {"films.json": text})

    assert "Ran" in importer.get(follow(run)).content.decode()
    assert applied(importer, run).state == RunState.FINISHED
    assert Movie.objects.count() == 2


def test_a_file_of_which_nothing_can_be_read_offers_nothing(importer: Client) -> None:
    run = planned(importer, "spreadsheet", {"films.csv": b"a,b\n1,2\n"})

    page = importer.get(follow(run)).content.decode()

    assert (run.state, "<strong>Failed</strong>" in page) == ("failed", True)
    assert "none of the first 10 rows names a column" in page
    assert "can be imported" not in page
    assert 'value="apply"' not in page
