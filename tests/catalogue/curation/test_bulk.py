"""One thing done to many movies: looked at first, in batches, one edit."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from catalogue.admin import bulk as page
from catalogue.curation import bulk
from catalogue.curation.reverting import revert
from catalogue.desk.tasks import apply_bulk
from catalogue.models import BulkChange, Collection, CollectionItem, Country, Edit, Feature, Movie
from catalogue.search import search
from reviews.models import Member
from tests.catalogue.admin.test_history import staff
from tests.catalogue.desk.flow import work
from tests.makers import make_cast, make_genre, make_movie
from tests.pages import read

pytestmark = pytest.mark.django_db
MOVIES = "/admin/catalogue/movie/"


def begin(client: Client, movies: list[Movie], **more: str) -> str:
    """Choose movies in the list; return the address of the form."""
    data = {"action": "change_many", "_selected_action": [movie.pk for movie in movies], **more}
    return str(client.post(MOVIES, data)["Location"])


def text_of(response: Any) -> str:
    return " ".join(read(response).text.split())


def test_the_preview_says_what_changes_and_what_stays_and_why(as_editor: Client) -> None:
    movies = [make_movie("Ran", genres=["Drama"]), make_movie("Dreams"), make_movie("Gone")]
    address = begin(as_editor, movies)
    movies[2].delete()

    text = text_of(as_editor.post(address, {"what": "add_genre", "genre": make_genre("Drama").pk, "do": "preview"}))

    assert "Add a genre: Drama. 1 movie would change" in text
    assert "1 stays: has this genre already" in text
    assert "1 is not there any more" in text
    assert "Dreams" in text
    assert Movie.objects.filter(genres__name="Drama").count() == 1


def test_what_is_applied_is_one_edit_and_undone_at_once(as_editor: Client, editor: Member, monkeypatch: Any) -> None:
    monkeypatch.setattr(bulk, "BATCH", 2)
    movies = [make_movie(f"Draft {number}", is_published=False) for number in range(5)]
    make_cast(movies[0], "Peter")
    address = begin(as_editor, movies)

    text = text_of(as_editor.post(address, {"what": "publish", "note": "Checked", "do": "apply"}, follow=True))

    edit = Edit.objects.get()
    assert "5 movies changed" in text
    assert (edit.kind, edit.by, edit.note, edit.records) == ("bulk", "edith", "Checked", 5)
    assert len(search("draft").movies) == 5
    revert([edit], editor, "")
    assert not Movie.objects.published().exists()
    assert search("draft").movies == []


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"what": "status", "status": "planned"}, "Set the status: Planned"),
        ({"what": "language", "language": "ja"}, "Set the original language: Japanese"),
        ({"what": "country", "country": "JP"}, "Add a country of origin: Japan"),
        ({"what": "unpublish"}, "Unpublish"),
        (
            {"what": "feature", "starts_on": "2026-12-02", "ends_on": "2026-12-09", "kicker": "Tonight"},
            "Feature on the home page: from 2 December 2026 to 9 December 2026, “Tonight”",
        ),
    ],
)
def test_the_value_is_named_before_afterwards_and_in_the_history(
    as_editor: Client, data: dict[str, str], words: str
) -> None:
    address = begin(as_editor, [make_movie("Ran")])

    assert f"{words}. 1 movie would change." in text_of(as_editor.post(address, {**data, "do": "preview"}))
    assert f"Finished. {words}. 1 movie changed." in text_of(
        as_editor.post(address, {**data, "do": "apply"}, follow=True)
    )
    assert Edit.objects.get().note == words


def test_a_field_says_what_reads_it_and_holds_its_error(as_editor: Client) -> None:
    address = begin(as_editor, [make_movie("Ran")])

    page = read(as_editor.post(address, {"what": "add_genre", "do": "preview"}))

    fields = {field.attributes["data-for"]: field.text for field in page.all("div") if field.attributes.get("data-for")}
    assert set(fields) == {"add_genre remove_genre", "collection", "country", "language", "status", "feature"}
    assert "Choose one." in fields["add_genre remove_genre"]
    assert "Choose one." not in fields["collection"]


@pytest.mark.parametrize(
    ("data", "field", "value"),
    [
        ({"what": "status", "status": "planned"}, "status", "planned"),
        ({"what": "language", "language": "ja"}, "original_language_id", "ja"),
        ({"what": "unpublish"}, "is_published", False),
    ],
)
def test_a_column_is_set(as_editor: Client, data: dict[str, str], field: str, value: Any) -> None:
    movie = make_movie("Ran")

    as_editor.post(begin(as_editor, [movie]), {**data, "do": "apply"})

    before = movie.version
    movie.refresh_from_db()
    assert (getattr(movie, field), movie.version > before) == (value, True)
    assert movie.locked_fields == ([] if data["what"] == "unpublish" else [field.removesuffix("_id")])


def test_lists_get_and_lose_values(as_editor: Client) -> None:
    movies = [make_movie("Ran", genres=["War", "Drama"]), make_movie("Dreams")]
    collection = Collection.objects.create(name="Swords")
    CollectionItem.objects.create(collection=collection, movie=movies[0], position=7)
    genre = make_genre("War").pk
    for data in (
        {"what": "remove_genre", "genre": genre}, {"what": "country", "country": "JP"},
        {"what": "collection", "collection": collection.pk}, {"what": "add_genre", "genre": make_genre("Epic").pk},
    ):  # fmt: skip
        as_editor.post(begin(as_editor, movies), {**data, "do": "apply"})

    assert [[genre.name for genre in movie.genres.order_by("moviegenre__position")] for movie in movies] == [
        ["Drama", "Epic"],
        ["Epic"],
    ]
    assert [set(movie.countries_of_origin.all()) for movie in movies] == [{Country.objects.get(pk="JP")}] * 2
    assert list(collection.items.values_list("movie__title", "position")) == [("Ran", 7), ("Dreams", 8)]
    assert Edit.objects.count() == 4
    movies[0].refresh_from_db()
    assert movies[0].locked_fields == ["countries_of_origin", "genres"]


def test_a_feature_has_days_and_is_for_what_visitors_see(as_editor: Client) -> None:
    movies = [make_movie("Ran"), make_movie("Draft", is_published=False)]
    address = begin(as_editor, movies)

    wrong = {"what": "feature", "starts_on": "2026-12-02", "ends_on": "2026-12-01", "do": "apply"}
    assert "ends on or after the day it starts" in text_of(as_editor.post(address, wrong))
    assert "starts on a day" in text_of(as_editor.post(address, {"what": "feature", "do": "apply"}))
    as_editor.post(address, wrong | {"ends_on": "2026-12-09", "kicker": "Tonight"})

    feature = Feature.objects.get()
    assert (feature.movie, feature.kicker, str(feature.ends_on)) == (movies[0], "Tonight", "2026-12-09")
    assert "Tonight" in str(Edit.objects.get().changes.get().after)


@pytest.mark.parametrize(
    "data",
    [
        {"what": "nonsense"},
        {"what": "add_genre"},
        {"what": "country", "country": "XX"},
        {"what": "status", "status": "x"},
        {},
    ],
)
def test_what_does_not_fit_is_said_and_nothing_is_done(as_editor: Client, data: dict[str, str]) -> None:
    address = begin(as_editor, [make_movie("Ran")])

    assert "Correct what is marked" in text_of(as_editor.post(address, {**data, "do": "apply"}))
    assert not Edit.objects.exists()


def test_many_are_changed_in_the_background_and_once(as_editor: Client, monkeypatch: Any) -> None:
    monkeypatch.setattr(page, "BATCH", 1)
    movies = [make_movie(), make_movie()]
    address = begin(as_editor, movies)

    for _ in range(2):
        response = as_editor.post(address, {"what": "unpublish", "do": "apply"}, follow=True)
    row = BulkChange.objects.get()
    assert "0 of 2 looked at" in text_of(response)
    assert row.state == "waiting"
    apply_bulk.func(row.pk)
    apply_bulk.func(row.pk)

    row.refresh_from_db()
    assert (row.state, row.changed, row.movies, Edit.objects.count()) == ("finished", 2, [], 1)
    assert "2 movies changed" in text_of(as_editor.get(address))


def test_what_breaks_off_goes_on_from_there(editor: Member) -> None:
    movies = [make_movie(), make_movie()]
    row = BulkChange.objects.create(
        made_by=editor, movies=[movie.pk for movie in movies], what="unpublish", value=False, state="running", done=1
    )

    apply_bulk.func(row.pk)

    assert list(Movie.objects.order_by("pk").values_list("is_published", flat=True)) == [True, False]


def test_all_of_a_list_up_to_a_bound(as_editor: Client, monkeypatch: Any) -> None:
    monkeypatch.setattr(page, "MOST", 2)
    movies = [make_movie(f"Movie {number}") for number in range(3)]

    response = as_editor.post(
        MOVIES, {"action": "change_many", "_selected_action": [movies[0].pk], "select_across": "1"}, follow=True
    )

    assert "more than 2 movies" in text_of(response)
    assert not BulkChange.objects.exists()


@pytest.mark.parametrize("count", [1, 3])
def test_queries_of_the_preview(as_editor: Client, count: int, django_assert_num_queries: Any) -> None:
    address = begin(as_editor, [make_movie(synopsis=f"{number}") for number in range(count)])

    # session, member, the change, choices of the form (4), movies, those that stay, the first of the others
    with django_assert_num_queries(10):
        as_editor.post(address, {"what": "unpublish", "do": "preview"})


def test_who_may_do_what(as_editor: Client) -> None:
    movie = make_movie("Ran")
    client = staff("change_movie", "view_movie")
    address = begin(client, [movie])

    offered = [
        option.attributes["value"] for option in read(client.get(address)).one("select", name="what").all("option")
    ]

    assert "publish" in offered
    assert not {"collection", "feature"} & set(offered)
    assert staff("change_movie").get(address).status_code == 403
    assert staff("view_movie").get(address).status_code == 403
    assert as_editor.get(address).status_code == 200


def test_what_broke_off_has_a_button_that_goes_on(as_editor: Client, editor: Member, monkeypatch: Any) -> None:
    monkeypatch.setattr(bulk, "BATCH", 2)
    movies = [make_movie(f"Movie {number}") for number in range(5)]
    row = BulkChange.objects.create(
        made_by=editor, movies=[movie.pk for movie in movies], what="unpublish", value=False, state="running", done=2
    )
    assert "Resume" not in text_of(as_editor.get(row.get_absolute_url()))
    as_editor.post(row.get_absolute_url(), {"do": "resume"})
    work()
    assert BulkChange.objects.get().done == 2  # somebody is at work

    BulkChange.objects.update(moved_at=timezone.now() - timedelta(minutes=1))

    page = text_of(as_editor.get(row.get_absolute_url()))
    assert "Broken off" in page
    assert "2 of 5 were looked at; what was changed stands. Resume" in page
    as_editor.post(row.get_absolute_url(), {"do": "resume"})
    work()
    row.refresh_from_db()
    assert (row.state, row.done, row.changed) == ("finished", 5, 3)
