"""Every edit leaves what was there before and after, row by row, and nothing where nothing changed."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from catalogue.curation.history import recording
from catalogue.curation.locks import lock_fields
from catalogue.curation.tables import KINDS, every_table, traces_of
from catalogue.models import (
    Change,
    Collection,
    CollectionItem,
    Credit,
    Edit,
    Feature,
    Genre,
    Image,
    Movie,
    Person,
    Presence,
    Studio,
)
from catalogue.vocabulary import EditKind
from reviews.models import Member
from tests.catalogue.test_images import movie_form
from tests.makers import make_cast, make_movie, make_person

pytestmark = pytest.mark.django_db


def save(as_editor: Client, movie: Movie, **values: str) -> None:
    response = as_editor.post(
        reverse("admin:catalogue_movie_change", args=[movie.pk]), movie_form(as_editor, movie) | values
    )
    assert response.status_code == 302


def changes(edit: Edit | None = None) -> dict[str, tuple[Any, Any]]:
    """What the only edit changed, by table."""
    edit = edit or Edit.objects.get()
    return {change.table.removeprefix("catalogue."): (change.before, change.after) for change in edit.changes.all()}


def test_a_saved_form_is_an_edit_with_its_reason(as_editor: Client, editor: Member) -> None:
    movie = make_movie("Ran", release_date="1985", synopsis="An old man divides his land.")

    save(as_editor, movie, synopsis="An old warlord divides his land.", why=" The word of\x01 the press kit ")

    edit = Edit.objects.get()
    assert (edit.kind, edit.made_by, edit.made_by_name, edit.note) == (
        "form",
        editor,
        "edith",
        "The word of the press kit",
    )
    assert (edit.record_kind, edit.record_id, edit.label) == ("movie", str(movie.pk), "Ran (1985)")
    before, after = changes()["movie"]
    assert before == {
        "synopsis": "An old man divides his land.", "locked:synopsis": None, "provenance:synopsis": None,
    }  # fmt: skip
    assert after["synopsis"] == "An old warlord divides his land."
    assert after["locked:synopsis"] is True
    assert after["provenance:synopsis"][0] == "editor"


def test_saving_without_a_change_is_no_edit(as_editor: Client) -> None:
    movie = make_movie("Ran", genres=["Drama"])

    save(as_editor, movie, why="Just looking")

    assert not Edit.objects.exists()


def test_a_refused_form_is_no_edit_and_keeps_its_reason(as_editor: Client) -> None:
    movie = make_movie("Ran")

    response = as_editor.post(
        reverse("admin:catalogue_movie_change", args=[movie.pk]),
        movie_form(as_editor, movie) | {"title": "", "why": "No idea"},
    )

    assert response.status_code == 200
    assert 'value="No idea"' in response.content.decode()
    assert not Edit.objects.exists()


def test_rows_of_lists_are_inserted_changed_and_deleted(as_editor: Client) -> None:
    movie = make_movie("Ran")
    kept, gone = make_cast(movie, "Tatsuya Nakadai", "Hidetora"), make_cast(movie, "Peter", "Kyoami")
    new = make_person("Mieko Harada")

    save(
        as_editor, movie,
        **{"credits-0-character": "Lord Hidetora", "credits-1-DELETE": "on", "credits-TOTAL_FORMS": "3",
           "credits-2-movie": str(movie.pk), "credits-2-person": str(new.pk), "credits-2-department": "acting",
           "credits-2-billing_order": "2", "credits-2-character": "Kaede"},
    )  # fmt: skip

    found: dict[str, Any] = {
        change.row: change for change in Edit.objects.get().changes.filter(table="catalogue.credit")
    }
    assert found[str(kept.pk)].before == {"character": "Hidetora"}
    assert found[str(kept.pk)].after == {"character": "Lord Hidetora"}
    assert found[str(gone.pk)].before["character"] == "Kyoami"
    assert found[str(gone.pk)].after is None
    added = found[str(Credit.objects.get(character="Kaede").pk)]
    assert (added.before, added.after["person_id"]) == (None, new.pk)
    assert {change.about for change in found.values()} == {f"movie:{movie.pk}"}


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("person", {"name": "Peter"}),
        ("studio", {"name": "Toho"}),
        ("genre", {"name": "Jidaigeki", "tint": "argent"}),
        ("collection", {"name": "Late Kurosawa", "tint": "argent"}),
        ("feature", {"kicker": "Tonight", "starts_on": "2026-01-01"}),
    ],
)
def test_creating_a_record_is_an_edit(as_editor: Client, kind: str, values: dict[str, str]) -> None:
    values = values | {
        f"{prefix}-{name}_FORMS": "0" for prefix in ("alternative_names", "items") for name in ("TOTAL", "INITIAL")
    }
    values["movie"] = str(make_movie("Ran").pk)

    response = as_editor.post(reverse(f"admin:catalogue_{kind}_add"), values)

    assert response.status_code == 302
    edit = Edit.objects.get()
    assert (edit.record_kind, edit.record_id) == (kind, str(KINDS[kind].objects.get().pk))
    assert changes(edit)[kind][0] is None


def test_a_deletion_keeps_the_whole_record(as_editor: Client) -> None:
    movie = make_movie("Ran", genres=["Drama"], studios=["Toho"], release_date="1985")
    make_cast(movie, "Peter", "Kyoami")
    lock_fields(movie, ["title"])
    collection = Collection.objects.create(name="Late Kurosawa")
    CollectionItem.objects.create(collection=collection, movie=movie, position=1)
    Feature.objects.create(movie=movie, starts_on="2026-01-01")

    as_editor.post(reverse("admin:catalogue_movie_delete", args=[movie.pk]), {"post": "yes", "why": "Twice"})

    assert not Movie.objects.exists()
    found = changes()
    assert {"movie", "moviegenre", "moviestudio", "credit", "collectionitem", "feature"} <= found.keys()
    assert all(after is None for _, after in found.values())
    assert found["movie"][0]["release_date"] == "1985"
    assert found["movie"][0]["locked:title"] is True
    assert (Edit.objects.get().kind, Edit.objects.get().note) == ("deletion", "Twice")


def test_deleting_several_from_the_list_is_one_edit(as_editor: Client) -> None:
    movies = [make_movie(), make_movie()]

    as_editor.post(
        reverse("admin:catalogue_movie_changelist"),
        {"action": "delete_selected", "post": "yes", "_selected_action": [str(movie.pk) for movie in movies]},
    )

    assert Edit.objects.get().records == 2


def test_deleting_an_image_keeps_whose_it_was(as_editor: Client) -> None:
    image = Image.objects.create(digest="a" * 32, kind="poster", width=10, height=15)
    movie = make_movie("Ran", poster=image)

    as_editor.post(reverse("admin:catalogue_image_delete", args=[image.pk]), {"post": "yes"})

    assert changes()["movie"] == ({"poster_id": "a" * 32}, {"poster_id": None})
    assert Change.objects.get(table="catalogue.movie").about == f"movie:{movie.pk}"


def test_what_fails_leaves_no_edit(editor: Member) -> None:
    movie = make_movie("Ran")

    with pytest.raises(RuntimeError), recording(EditKind.FORM, editor) as edit:  # noqa: PT012 -- one transaction
        edit.watch("movie", [movie.pk])
        Movie.objects.update(title="Chaos")
        raise RuntimeError

    assert not Edit.objects.exists()
    assert Movie.objects.get().title == "Ran"


@pytest.mark.parametrize("count", [1, 3])
def test_recording_takes_the_same_queries_for_any_number_of_rows(editor: Member, count: int) -> None:
    movie = make_movie("Ran")
    for _ in range(count):
        make_cast(movie, "", "Soldier")

    with CaptureQueriesContext(connection) as queries, recording(EditKind.FORM, editor) as edit:
        edit.watch("movie", [movie.pk])
        Credit.objects.update(is_uncredited=True)

    tables = 15  # of a movie and what hangs on it
    assert len([query for query in queries if "SAVEPOINT" not in query["sql"]]) == 2 * tables + 4


@pytest.mark.parametrize("model", [Movie, Person, Studio, Genre, Collection, Image])
def test_the_history_follows_every_table_that_names_a_record(model: Any) -> None:
    """A new table with a foreign key to a movie has to be in ``TABLES``, or merging and deleting would lose it."""
    kind = next(kind for kind, of in KINDS.items() if of is model)
    followed = {each.model for each in every_table() if each.name in traces_of(kind, [1])}
    naming = {relation.related_model for relation in model._meta.get_fields(include_hidden=True)
              if relation.auto_created and not relation.concrete and relation.one_to_many}  # fmt: skip
    forgotten = {Presence}  # who looks at it at the moment
    assert {each for each in naming if each._meta.app_label == "catalogue"} - forgotten <= followed


def test_an_account_that_goes_leaves_its_name(as_editor: Client, editor: Member) -> None:
    movie = make_movie("Ran")
    save(as_editor, movie, tagline="Chaos")

    editor.delete()

    edit = Edit.objects.get()
    assert (edit.made_by, edit.by) == (None, "edith")
