"""Lists of records that lack something."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.paginator import Page
from django.test import Client
from django.urls import reverse

from catalogue import http
from catalogue.admin import queues
from catalogue.models import Collection, CollectionItem, Disagreement, ImportRun, Movie, Source, Studio
from tests.makers import make_genre, make_movie, make_person
from tests.pages import read

pytestmark = pytest.mark.django_db
MOVIES = "/admin/catalogue/movie/"


def titles(client: Client, address: str, **query: str) -> list[str]:
    page = read(client.get(address, query))
    cells = [*page.all("th"), *page.all("td")]
    return [cell.text.strip() for cell in cells if cell.attributes.get("class") in ("field-title", "field-whole_name")]


def test_a_queue_holds_what_lacks_something_most_needed_first(as_editor: Client) -> None:
    make_movie("Whole", synopsis="There.")
    make_movie("Small"), make_movie("Large", popularity=500)

    assert titles(as_editor, MOVIES, lacks="synopsis") == ["Large", "Small"]
    assert titles(as_editor, MOVIES, lacks="poster") == ["Large", "Small", "Whole"]
    assert titles(as_editor, MOVIES, lacks="nonsense") == titles(as_editor, MOVIES)


def test_people_and_studios_have_queues_too(as_editor: Client) -> None:
    make_person("Peter", biography="An actor."), make_person("Somebody")
    Studio.objects.create(name="Toho", description="A studio."), Studio.objects.create(name="Other")

    assert titles(as_editor, "/admin/catalogue/person/", lacks="biography") == ["Somebody"]
    assert titles(as_editor, "/admin/catalogue/studio/", lacks="description") == ["Other"]
    assert set(titles(as_editor, "/admin/catalogue/studio/", lacks="any")) == {"Toho", "Other"}


def test_the_list_says_how_complete_a_movie_is_and_what_it_lacks_most(as_editor: Client) -> None:
    make_movie("Ran", synopsis="Fools")

    text = " ".join(read(as_editor.get(MOVIES)).text.split())

    assert "15 no cast, no poster …" in text


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_for_any_number(as_editor: Client, count: int, django_assert_num_queries: Any) -> None:
    for _ in range(count):
        make_movie()

    # Session, member, genres and collections of the filters, the highest key, the count, the page.
    with django_assert_num_queries(7):
        as_editor.get(MOVIES, {"lacks": "synopsis"})


def test_the_movies_of_a_genre_and_of_a_collection(as_editor: Client) -> None:
    ran = make_movie("Ran", genres=["Drama", "War"])
    make_movie("Ikiru", genres=["Drama"])
    collection = Collection.objects.create(name="The long ones", slug="the-long-ones")
    CollectionItem.objects.create(collection=collection, movie=ran, position=0)

    def listed(**parameters: Any) -> set[str]:
        return {movie.title for movie in as_editor.get(MOVIES, parameters).context["cl"].result_list}

    assert listed(genre=make_genre("Drama").pk) == {"Ran", "Ikiru"}
    assert listed(genre=make_genre("War").pk, lacks="synopsis") == {"Ran"}
    assert listed(collection=collection.pk) == {"Ran"}
    assert listed(genre="drama", collection="9" * 30) == {"Ran", "Ikiru"}


def test_a_large_table_is_sorted_by_what_has_an_index(as_editor: Client, monkeypatch: Any) -> None:
    for title in ("Ran", "Ikiru", "Madadayo"):
        make_movie(title)

    def listed(**parameters: Any) -> list[str]:
        return [movie.title for movie in as_editor.get(MOVIES, parameters).context["cl"].result_list]

    newest_first = ["Madadayo", "Ikiru", "Ran"]
    assert listed(o="1") == ["Ikiru", "Madadayo", "Ran"]
    monkeypatch.setattr(queues, "MOST_SORTED", 0)
    assert listed(o="1") == newest_first
    assert listed(o="7") == newest_first[::-1]
    assert listed(o="-1", q="ran") == ["Ran"]
    assert 'class="sortable column-title' not in as_editor.get(MOVIES).content.decode()


def test_no_list_is_counted_to_its_end(as_editor: Client, monkeypatch: Any) -> None:
    monkeypatch.setattr(http, "MOST_COUNTED", 2)
    for _ in range(3):
        make_movie()

    page: Page[Movie] = http.CappedPaginator(Movie.objects.all(), 1).page(2)

    assert (page.paginator.count, page.paginator.num_pages) == (2, 2)
    assert as_editor.get(reverse("admin:catalogue_movie_changelist")).status_code == 200


@pytest.mark.parametrize(
    ("name", "title"),
    [("suspect", "Possible duplicates"), ("disagreement", "Disagreements"), ("importrun", "Import runs"),
     ("edit", "Recent changes")],
)  # fmt: skip
def test_a_queue_is_headed_by_what_it_holds(as_editor: Client, name: str, title: str) -> None:
    assert read(as_editor.get(f"/admin/catalogue/{name}/")).one("h1").text == title
    assert title in read(as_editor.get("/admin/")).text


def heads(client: Client, name: str) -> list[str]:
    page = read(client.get(f"/admin/catalogue/{name}/"))
    columns = [cell for cell in page.all("th") if "column-" in (cell.attributes.get("class") or "")]
    return [cell.text.strip() for cell in columns if cell.text.strip()]


def test_what_the_work_is_chosen_by_stands_behind_the_name(as_editor: Client) -> None:
    ran = make_movie("Ran", release_date="1985-06-01")
    Movie.objects.filter(pk=ran.pk).update(updated_at=datetime(2021, 9, 17, tzinfo=UTC))
    make_person("Peter", disambiguation="actor, born 1952", born_on="1889-04-16")

    assert heads(as_editor, "movie") == ["Title", "Complete", "Year", "Director", "Ratings", "Published", "Updated"]
    assert heads(as_editor, "person") == ["Name", "Complete", "Born", "Known for", "Credits"]
    assert "17 September 2021" in read(as_editor.get(MOVIES)).text
    people = read(as_editor.get("/admin/catalogue/person/")).text
    assert "Peter (actor, born 1952)" in people
    assert "16 April 1889" in people


def test_moments_are_written_in_one_way(as_editor: Client) -> None:
    run = ImportRun.objects.create(source="spreadsheet", label="list.csv")
    ImportRun.objects.filter(pk=run.pk).update(started_at=datetime(2026, 11, 27, 0, 0, tzinfo=UTC))

    text = read(as_editor.get("/admin/catalogue/importrun/")).text

    assert "27 November 2026, 00:00" in text
    assert "midnight" not in text


def test_sources_and_fields_are_listed_by_their_names(as_editor: Client, django_assert_num_queries: Any) -> None:
    Source.objects.create(code="spreadsheet:archive", name="The Archive")
    ran = make_movie("Ran")
    for name in ("runtime_minutes", "release_date", "budget_usd"):
        Disagreement.objects.create(movie=ran, field=name, source="spreadsheet:archive", ours=1, theirs=2)
    ImportRun.objects.create(source="spreadsheet:archive", label="a.csv", counts={"counts": {"read": 2, "created": 2}})
    ImportRun.objects.create(source="spreadsheet:new", label="b.csv", choices={"name": "A new list"})

    # Session, member, sources and fields of the filters, the count, the page.
    with django_assert_num_queries(6):
        text = read(as_editor.get("/admin/catalogue/disagreement/")).text
    assert "The Archive" in text
    assert [word for word in ("Running time", "Release date", "Budget") if word not in text] == []
    runs = read(as_editor.get("/admin/catalogue/importrun/")).text
    assert "spreadsheet:" not in text + runs
    assert "A new list" in runs
    assert "2 created" in runs
    row = Disagreement.objects.get(field="runtime_minutes")
    fields = [field.text for field in read(as_editor.get(f"/admin/catalogue/disagreement/{row.pk}/change/")).all("div")
              if field.attributes.get("class") == "readonly"]  # fmt: skip
    assert fields[:2] == ["Running time", "The Archive"]
    assert "runtime_minutes" not in read(as_editor.get(f"/admin/catalogue/disagreement/{row.pk}/change/")).text
    chosen = as_editor.get("/admin/catalogue/importrun/", {"source": "spreadsheet:archive"}).context["cl"]
    assert [run.label for run in chosen.result_list] == ["a.csv"]
    chosen = as_editor.get("/admin/catalogue/disagreement/", {"field": "budget_usd"}).context["cl"]
    assert [row.field for row in chosen.result_list] == ["budget_usd"]


def test_people_with_an_account_are_members(admin_client: Client) -> None:
    assert read(admin_client.get("/admin/reviews/member/")).one("h1").text == "Select member to change"
