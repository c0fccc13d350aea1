"""Lists of records that lack something."""

from typing import Any

import pytest
from django.core.paginator import Page
from django.test import Client
from django.urls import reverse

from catalogue import http
from catalogue.admin import queues
from catalogue.models import Collection, CollectionItem, Movie, Studio
from tests.makers import make_genre, make_movie, make_person
from tests.pages import read

pytestmark = pytest.mark.django_db
MOVIES = "/admin/catalogue/movie/"


def titles(client: Client, address: str, **query: str) -> list[str]:
    page = read(client.get(address, query))
    cells = [*page.all("th"), *page.all("td")]
    return [cell.text.strip() for cell in cells if cell.attributes.get("class") in ("field-title", "field-name")]


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

    assert "15 no cast, no poster, no release date …" in text


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
    assert listed(o="6") == newest_first[::-1]
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
