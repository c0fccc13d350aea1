"""What an import changes is in the history: who, what stood there before, what it was on a date, and the way back."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from catalogue.curation.past import as_of
from catalogue.curation.reverting import revert
from catalogue.importers import recorded
from catalogue.importers.records import CreditRecord, MovieRecord, PersonRecord, RatingRecord, TitleRecord
from catalogue.importers.run import run_import
from catalogue.models import Change, Credit, Edit, ImportRun, Movie, Person
from catalogue.vocabulary import Department
from reviews.models import Member
from tests.catalogue.importers.test_run import heat, job, origin, run
from tests.makers import make_movie, make_person

pytestmark = pytest.mark.django_db


def cast(*names: str) -> list[CreditRecord]:
    return [CreditRecord(PersonRecord(origin(), name), character=f"The {name}") for name in names]


def changes() -> dict[str, list[tuple[Any, Any]]]:
    found: dict[str, list[tuple[Any, Any]]] = {}
    for change in Change.objects.order_by("pk"):
        found.setdefault(change.table.removeprefix("catalogue."), []).append((change.before, change.after))
    return found


def test_what_is_new_or_the_same_leaves_nothing_in_the_history() -> None:
    run(heat())
    with CaptureQueriesContext(
        connection,
    ) as queries:
        run(heat())

    assert not Edit.objects.exists()
    assert not [query for query in queries if "catalogue_edit" in query["sql"] or "catalogue_change" in query["sql"]]


def test_a_changed_value_is_an_edit_of_the_run_and_of_who_started_it(editor: Member) -> None:
    run(heat())
    done, _ = run_import(job(heat(runtime_minutes=171), started_by=editor))

    edit = Edit.objects.get()
    assert (edit.kind, edit.made_by, edit.run, edit.label, edit.note) == (
        "import",
        editor,
        done,
        "Heat (1995)",
        "A test",
    )
    today = str(timezone.now().date())
    assert changes() == {
        "movie": [
            (
                {"runtime_minutes": 170, "provenance:runtime_minutes": None},
                {"runtime_minutes": 171, "provenance:runtime_minutes": ["imdb", today]},
            )
        ]
    }


def test_rows_of_lists_that_stay_keep_their_keys_and_are_no_change() -> None:
    run(heat(credits=cast("Ann", "Bo", "Cy")))
    before = dict(Credit.objects.values_list("credited_as", "pk")) | {
        row.person.name: row.pk for row in Credit.objects.select_related("person") if row.person
    }

    run(heat(credits=cast("Ann", "Di", "Cy")))

    assert [(old or {}).get("character") or (new or {}).get("character") for old, new in changes()["credit"]] == [
        "The Bo",
        "The Di",
    ]
    after = {row.person.name: row.pk for row in Credit.objects.select_related("person") if row.person}
    assert (after["Ann"], after["Cy"]) == (before["Ann"], before["Cy"])
    assert run(heat(credits=cast("Ann", "Di", "Cy"))) == {"unchanged": 1}


@pytest.mark.parametrize(
    ("first", "then"),
    [("abc", "xabc"), ("abc", "cba"), ("abc", "ac"), ("abc", "axc"), ("abc", ""), ("", "abc"), ("abcd", "bd")],
)
def test_a_list_without_places_is_in_the_order_of_the_source(first: str, then: str) -> None:
    run(heat(alternative_titles=[TitleRecord(f"T {letter}") for letter in first]))
    titles = [TitleRecord(f"T {letter}") for letter in then]

    run(heat(alternative_titles=titles))

    movie = Movie.objects.get()
    assert [row.title for row in movie.alternative_titles.order_by("pk")] == [title.title for title in titles]
    assert run(heat(alternative_titles=titles)) == {"unchanged": 1}


def test_genres_and_crew_that_change_their_order_do() -> None:
    crew = [CreditRecord(PersonRecord(origin(), name), Department.WRITING, "Writer") for name in ("Ann", "Bo")]
    run(heat(credits=crew, genres=["Crime", "Drama"]))

    again = heat(credits=crew[::-1], genres=["Drama", "Crime"])
    run(again)

    movie = Movie.objects.get()
    assert list(movie.moviegenre_set.order_by("position").values_list("genre__name", flat=True)) == ["Drama", "Crime"]
    assert [row.name for row in movie.credits.order_by("pk")] == ["Bo", "Ann"]
    assert run(heat(credits=crew[::-1], genres=["Drama", "Crime"])) == {"unchanged": 1}


def test_what_other_places_count_is_no_edit() -> None:
    run(heat(external_ratings=[RatingRecord("IMDb", 8.2, 10, 1000)]))
    run(heat(external_ratings=[RatingRecord("IMDb", 8.3, 10, 1001)]))
    assert not Edit.objects.exists()

    run(heat(external_ratings=[RatingRecord("IMDb", 8.4, 10, 1002)], runtime_minutes=171))

    ((before, _),) = changes()["movie"]
    assert set(before) == {"runtime_minutes", "provenance:runtime_minutes"}


def test_the_movie_as_it_was_before_an_import_and_before_it_was_there() -> None:
    run(heat())
    movie = Movie.objects.get()
    Movie.objects.update(created_at=timezone.now() - timedelta(days=9))
    run(heat(runtime_minutes=171, credits=cast("Ann")))
    Edit.objects.update(made_at=timezone.now() - timedelta(days=2))

    def at(days: int) -> Any:
        return as_of("movie", str(movie.pk), timezone.now() - timedelta(days=days))

    assert at(1)["catalogue.movie", str(movie.pk)]["runtime_minutes"] == 171
    then = at(3)
    assert then["catalogue.movie", str(movie.pk)]["runtime_minutes"] == 170
    assert {row["character"] for (name, _), row in then.items() if name == "catalogue.credit"} == {"", "Vincent Hanna"}
    assert at(10) == {}


def test_an_import_is_taken_back_and_what_an_editor_wrote_since_stays(editor: Member, as_editor: Client) -> None:
    run(heat(), MovieRecord(origin(3), imdb_id="tt0089881", title="Ran", runtime_minutes=160))
    before = sorted(Credit.objects.values_list("movie__title", "person__name", "character"))
    run(
        heat(runtime_minutes=171, credits=cast("Ann")),
        MovieRecord(origin(3), imdb_id="tt0089881", title="Ran", runtime_minutes=161),
        started_by=editor,
    )
    Movie.objects.filter(title="Ran").update(runtime_minutes=162)

    revert([Edit.objects.get()], editor, "A wrong file")

    assert dict(Movie.objects.values_list("title", "runtime_minutes")) == {"Heat": 170, "Ran": 162}
    assert sorted(Credit.objects.values_list("movie__title", "person__name", "character")) == before
    assert Movie.objects.get(title="Heat").cast_line == "Al Pacino"
    assert Movie.objects.get(title="Heat").source_of("runtime_minutes")[0] == "imdb"


def test_batches_of_one_run_are_one_edit_as_long_as_it_is_small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recorded, "MOST", 200)
    movies = [make_movie(f"Movie {number}", source="imdb", imdb_id=f"tt{number:07}") for number in range(350)]
    run_import(job(*(MovieRecord(origin(), imdb_id=movie.imdb_id, runtime_minutes=90) for movie in movies)))

    assert list(Edit.objects.order_by("pk").values_list("records", flat=True)) == [200, 150]
    assert Change.objects.count() == 350


def test_a_refused_row_takes_nothing_of_the_others_along() -> None:
    make_movie("Heat", imdb_id="tt0113277", source="imdb")
    make_movie("Ran", imdb_id="tt0089881", source="imdb")
    done = run(
        MovieRecord(origin(1), imdb_id="tt0113277", runtime_minutes=170),
        MovieRecord(origin(2), imdb_id="tt0089881", runtime_minutes=-1),
    )

    assert done == {"updated": 1, "rejected": 1}
    assert [edit.label for edit in Edit.objects.all()] == ["Heat"]


def test_the_queries_of_a_batch_do_not_grow_with_its_rows() -> None:
    def count(number: int) -> int:
        movies = [make_movie(f"Number {number} {place}", source="imdb") for place in range(number)]
        for movie in movies:
            movie.imdb_id = f"tt{movie.pk:07}"
            movie.save()
        items = [MovieRecord(origin(), imdb_id=movie.imdb_id, runtime_minutes=90) for movie in movies]
        with CaptureQueriesContext(connection) as queries:
            run_import(job(*items))
        return len([query for query in queries if "catalogue_change" in query["sql"] or "_edit" in query["sql"]])

    assert (count(1), count(30)) == (3, 3)


def test_the_desk_shows_what_an_import_changed(as_editor: Client, editor: Member) -> None:
    run(heat())
    movie = Movie.objects.get()
    address = reverse("admin:catalogue_edit_record", args=["movie", movie.pk])
    assert "from IMDb. Nothing has been changed since." in as_editor.get(address).content.decode()

    done, _ = run_import(job(heat(runtime_minutes=171)))

    page = as_editor.get(address).content.decode()
    assert "Nobody: an import: Import" in page
    assert "Nothing has been changed since" not in page
    page = as_editor.get(reverse("admin:catalogue_importrun_follow", args=[done.pk])).content.decode()
    recent = f"{reverse('admin:catalogue_edit_changelist')}?run={done.pk}"
    assert recent in page
    assert "Heat (1995)" in as_editor.get(recent).content.decode()
    assert "No edits." in as_editor.get(f"{recent}9").content.decode()


def test_a_finished_import_leads_to_the_movies_it_created(as_editor: Client) -> None:
    make_movie("An older one", source="imdb")
    done, _ = run_import(job(heat(), MovieRecord(origin(3), imdb_id="tt0089881", title="Ran")))
    first, last = Movie.objects.filter(title__in=["Heat", "Ran"]).order_by("pk").values_list("pk", flat=True)

    page = as_editor.get(reverse("admin:catalogue_importrun_follow", args=[done.pk])).content.decode()

    address = f"{reverse('admin:catalogue_movie_changelist')}?id__gte={first}&amp;id__lte={last}&amp;source=imdb"
    assert address in page
    shown = as_editor.get(address.replace("&amp;", "&")).content.decode()
    assert "Ran" in shown
    assert "An older one" not in shown


def test_a_finished_import_leads_to_the_people_it_created(as_editor: Client) -> None:
    """Those of its own rows, and those who came with the credits of movies."""
    make_person("Somebody older", source="imdb")
    person = PersonRecord(origin(3), imdb_id="nm0000134", name="Robert De Niro")
    done, _ = run_import(job(heat(), person))
    made = list(Person.objects.exclude(name="Somebody older").order_by("pk").values_list("pk", flat=True))

    page = as_editor.get(reverse("admin:catalogue_importrun_follow", args=[done.pk])).content.decode()

    address = f"{reverse('admin:catalogue_person_changelist')}?id__gte={made[0]}&amp;id__lte={made[-1]}&amp;source=imdb"
    assert address in page
    assert address in as_editor.get(reverse("admin:catalogue_edit_run", args=[done.pk])).content.decode()
    shown = as_editor.get(address.replace("&amp;", "&")).content.decode()
    assert [name for name in ("Al Pacino", "Michael Mann", "Robert De Niro") if name not in shown] == []
    assert "Somebody older" not in shown


def test_an_accounts_edits_include_its_imports_up_to_a_number_of_records(as_editor: Client, editor: Member) -> None:
    run(heat())
    run_import(job(heat(runtime_minutes=171), started_by=editor))
    address = f"{reverse('admin:catalogue_edit_account')}?by=edith&since={timezone.localdate()}"
    assert "171" in as_editor.get(address).content.decode()

    Edit.objects.update(records=2001)
    assert "undo imports edit by edit" in as_editor.get(address).content.decode()

    Edit.objects.update(records=1)
    as_editor.post(address)
    assert Movie.objects.get().runtime_minutes == 170
    assert ImportRun.objects.count() == 2
