"""What an import changed, taken back as a whole: in the background, stopped and resumed, around what came since."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from catalogue.curation import undoing
from catalogue.curation.reverting import RefusedError, revert
from catalogue.desk import uploads
from catalogue.importers import recorded
from catalogue.importers.records import TitleRecord
from catalogue.importers.run import run_import
from catalogue.models import AlternativeTitle, Edit, ImportRun, Movie, RunUndo
from catalogue.vocabulary import RunState
from reviews.models import Member
from tests.catalogue.curation.dumps import dump
from tests.catalogue.desk.flow import LIST, applied, follow, planned, work
from tests.catalogue.importers.test_run import heat, job, run
from tests.makers import make_movie
from tests.pages import read

pytestmark = pytest.mark.django_db
TITLES = [f"Heat {number}" for number in range(3)]


def catalogue() -> dict[str, Any]:
    """The tables that the imports here write."""
    names = ("Movie", "AlternativeTitle", "Credit", "MovieGenre", "Person", "ExternalId")
    return {name: rows for name, rows in dump().items() if name.rpartition(".")[2] in names}


@pytest.fixture
def imported(monkeypatch: pytest.MonkeyPatch, editor: Member) -> tuple[ImportRun, Any]:
    """An import that changed three movies in three edits, and what the catalogue was before."""
    monkeypatch.setattr(recorded, "MOST", 1)
    for number, title in enumerate(TITLES):
        run(heat(title=title, imdb_id=f"tt00000{number}1"))
    before = catalogue()
    for number, title in enumerate(TITLES):
        more = {"runtime_minutes": 200 + number, "alternative_titles": [TitleRecord("Hot")]}
        done, _ = run_import(job(heat(title=title, imdb_id=f"tt00000{number}1", **more), started_by=editor))
    Edit.objects.update(run=done)
    return done, before


def address(run: ImportRun) -> str:
    return f"/admin/catalogue/edit/run/{run.pk}/"


def test_everything_is_as_it_was_before(as_editor: Client, imported: Any) -> None:
    done, before = imported
    assert Edit.objects.count() == 3
    assert AlternativeTitle.objects.count() == 3

    as_editor.post(address(done), {"action": "begin", "why": "The wrong file"})
    work()

    assert catalogue() == before
    assert {edit.note for edit in Edit.objects.filter(kind="revert")} == {"The wrong file"}
    text = read(as_editor.get(address(done))).text
    assert "3 edits taken back, 0 in part, 0 kept" in text
    assert "Its changes are taken back." in text


def test_what_an_editor_changed_since_stays(as_editor: Client, imported: Any) -> None:
    done, _ = imported
    Movie.objects.filter(title=TITLES[1]).update(runtime_minutes=99)

    as_editor.post(address(done), {"action": "begin"})
    work()

    assert list(Movie.objects.order_by("title").values_list("runtime_minutes", flat=True)) == [170, 99, 170]
    undo = RunUndo.objects.get()
    assert (undo.state, undo.whole, undo.partly, undo.kept) == (RunState.FINISHED, 2, 1, 0)


def test_it_goes_on_where_it_was_stopped(as_editor: Client, imported: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    done, before = imported
    as_editor.post(address(done), {"action": "begin"})
    real = undoing._take_back

    def stop_after(edit: Edit, undo: RunUndo) -> None:
        real(edit, undo)
        undo.stop_asked = True

    monkeypatch.setattr(undoing, "_take_back", stop_after)
    work()
    undo = RunUndo.objects.get()
    assert (undo.state, undo.done, undo.whole) == (RunState.STOPPED, 1, 1)

    monkeypatch.undo()
    as_editor.post(address(done), {"action": "resume"})
    work()

    undo.refresh_from_db()
    assert (undo.state, undo.done, undo.whole) == (RunState.FINISHED, 3, 3)
    assert catalogue() == before


def test_an_edit_that_fails_leaves_those_before_it_taken_back(imported: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    done, before = imported
    undo = undoing.begin(done, None, "")
    assert undo
    real, edits = undoing._take_back, list(undoing.edits_of(done))

    def fail_at_the_second(edit: Edit, undo: RunUndo) -> None:
        real(edit, undo)
        if edit == edits[1]:
            raise OSError("The disk is gone.")

    monkeypatch.setattr(undoing, "_take_back", fail_at_the_second)
    with pytest.raises(OSError, match="disk"):
        undoing.carry_out(undo.pk)
    undo.refresh_from_db()
    assert (undo.done, undo.whole, undoing.edits_of(done).count()) == (1, 1, 2)

    monkeypatch.undo()
    undoing.carry_out(undo.pk)
    assert catalogue() == before


def test_what_cannot_be_undone_is_told(as_editor: Client, imported: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    done, _ = imported
    taken = Movie.objects.get(title=TITLES[0])
    as_editor.post(address(done), {"action": "begin"})
    taken.delete()
    work()

    undo = RunUndo.objects.get()
    assert (undo.whole, undo.partly, undo.kept) == (2, 0, 1)
    assert TITLES[0] in read(as_editor.get(address(done))).text


def test_one_at_a_time(as_editor: Client, imported: Any) -> None:
    done, _ = imported
    assert undoing.begin(done, None, "")
    assert undoing.begin(done, None, "") is None

    ImportRun.objects.filter(pk=done.pk).update(state=RunState.RUNNING)
    RunUndo.objects.all().delete()
    text = read(as_editor.post(address(done), {"action": "begin"}, follow=True)).text
    assert "is at work" in text
    assert not RunUndo.objects.exists()


def test_an_edit_is_left_alone_while_its_import_may_add_to_it(imported: Any) -> None:
    done, _ = imported
    edit = undoing.edits_of(done)[0]
    ImportRun.objects.filter(pk=done.pk).update(state=RunState.RUNNING, moved_at=timezone.now())

    with pytest.raises(RefusedError, match="still at work"):
        revert([edit], None, "")

    ImportRun.objects.update(moved_at=timezone.now() - timedelta(minutes=1))  # its process was killed
    assert revert([edit], None, "")


def test_an_import_that_was_killed_is_taken_back_and_does_not_go_on_meanwhile(as_editor: Client, imported: Any) -> None:
    done, before = imported
    long_ago = timezone.now() - timedelta(minutes=1)
    choices = {"only": ""}
    ImportRun.objects.filter(pk=done.pk).update(
        state=RunState.RUNNING, moved_at=long_ago, folder="kept", choices=choices
    )
    done.refresh_from_db()

    as_editor.post(address(done), {"action": "begin"})
    assert uploads.resume(done) == "It is being taken back. Let that end, or stop it first."
    work()

    assert catalogue() == before


def test_discarding_what_was_killed_ends_it(imported: Any) -> None:
    done, _ = imported
    ImportRun.objects.filter(pk=done.pk).update(state=RunState.RUNNING, moved_at=timezone.now() - timedelta(minutes=1))
    done.refresh_from_db()

    uploads.discard(done)

    done.refresh_from_db()
    assert done.state == RunState.STOPPED
    assert undoing.begin(done, None, "")


def test_a_page_that_is_out_of_date_resumes_nothing(imported: Any) -> None:
    done, _ = imported
    begun = undoing.begin(done, None, "")
    assert begun
    RunUndo.objects.update(state=RunState.STOPPED)
    one, other = RunUndo.objects.get(), RunUndo.objects.get()
    assert undoing.resume(one)
    undoing.carry_out(one.pk)

    assert not undoing.resume(other)
    assert RunUndo.objects.get().whole == 3


def test_what_broke_off_is_resumed_and_what_runs_is_not(imported: Any) -> None:
    done, before = imported
    undo = undoing.begin(done, None, "")
    assert undo
    assert not undoing.resume(undo)

    RunUndo.objects.update(state=RunState.RUNNING, moved_at=timezone.now() - timedelta(minutes=1))
    undo.refresh_from_db()
    assert undo.is_broken_off
    assert undoing.resume(undo)
    undoing.carry_out(undo.pk)
    assert catalogue() == before


def test_what_it_created_stays_and_is_unpublished_after_a_question(as_editor: Client) -> None:
    run = applied(as_editor, planned(as_editor, "spreadsheet", {"list.csv": LIST}))
    Movie.objects.update(is_published=True)
    other = make_movie("Ran")
    assert "Unpublish what it created …" in read(as_editor.get(follow(run))).text

    page = read(as_editor.get(address(run)))
    assert "What it created stays: 2 movies, 2 of them published. The people it created stay, too." in " ".join(
        page.text.split()
    )
    listed = next(link.attributes["href"] for link in page.all("a") if link.text == "2 movies")
    assert "2 movies" in read(as_editor.get(listed)).text
    offered = as_editor.post(address(run), {"action": "unpublish"})
    question = " ".join(read(as_editor.get(offered["Location"])).text.split())
    assert "Unpublish. 2 movies would change." in question
    assert not Movie.objects.filter(is_published=False).exists()

    as_editor.post(offered["Location"], {"what": "unpublish", "do": "apply"})

    assert list(Movie.objects.filter(is_published=True)) == [other]
    assert Edit.objects.get().kind == "bulk"
    text = " ".join(read(as_editor.get(address(run))).text.split())
    assert "2 movies, none of them published" in text
    assert "Unpublish them" not in text


def test_the_page_costs_the_same_for_one_edit_and_for_three(
    as_editor: Client, imported: Any, django_assert_num_queries: Any
) -> None:
    done, _ = imported
    as_editor.get(address(done))
    with django_assert_num_queries(5):
        as_editor.get(address(done))
    Edit.objects.filter(pk__in=list(Edit.objects.values_list("pk", flat=True)[:2])).delete()
    with django_assert_num_queries(5):
        as_editor.get(address(done))
