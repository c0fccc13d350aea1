"""The search boxes of the desk find what visitors find, and drafts; lists cost the same however many there are."""

from typing import Any

import pytest
from django.test import Client

from catalogue.admin import finding
from catalogue.curation.derive import refresh_movies
from catalogue.models import AlternativeName, AlternativeTitle, Person, Studio
from catalogue.search.index import index_people, index_studios
from tests.makers import make_crew, make_member, make_movie, make_person, make_review

pytestmark = pytest.mark.django_db


def found(client: Client, path: str, text: str) -> set[str]:
    """The keys of what a list of the admin shows for a search."""
    response = client.get(path, {"q": text})
    assert response.status_code == 200
    return {str(row) for row in response.context["cl"].result_list}


def test_movies_are_found_by_every_title_by_ids_and_as_drafts(as_editor: Client) -> None:
    ran = make_movie("Ran", imdb_id="tt0089881")
    AlternativeTitle.objects.create(movie=ran, title="Chaos")
    refresh_movies([ran.pk])
    make_movie("Ranown, a draft", is_published=False)
    make_movie("Kagemusha")
    path = "/admin/catalogue/movie/"

    assert found(as_editor, path, "ran") == {"Ran", "Ranown, a draft"}
    assert found(as_editor, path, "chaos") == {"Ran"}
    assert found(as_editor, path, "tt0089881") == {"Ran"}
    assert found(as_editor, path, "own, a") == {"Ranown, a draft"}
    assert found(as_editor, path, "   ") == {"Ran", "Ranown, a draft", "Kagemusha"}
    assert found(as_editor, path, '" OR "*') == set()


def test_movies_are_found_by_their_makers_where_no_title_has_the_word(as_editor: Client) -> None:
    for title, is_published in (("Ran", True), ("Madadayo", False)):
        movie = make_movie(title, is_published=is_published)
        make_crew(movie, "Akira Kurosawa")
        refresh_movies([movie.pk])
    make_movie("Playtime")
    path = "/admin/catalogue/movie/"

    assert found(as_editor, path, "kurosawa") == {"Ran", "Madadayo"}
    make_movie("Kurosawa, a portrait")
    assert found(as_editor, path, "kurosawa") == {"Kurosawa, a portrait"}


def test_a_list_holds_more_than_a_page_of_search_does_and_says_where_it_ends(
    as_editor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(4):
        make_movie(f"Harbour {number}")
    path = "/admin/catalogue/movie/"
    monkeypatch.setattr(finding, "POOL", 2)

    assert len(found(as_editor, path, "harbour")) == 4
    assert "More were found" not in as_editor.get(path, {"q": "harbour"}).content.decode()
    monkeypatch.setattr(finding, "MOST_FOUND", 3)
    assert len(found(as_editor, path, "harbour")) == 3
    assert "More were found than these 3" in as_editor.get(path, {"q": "harbour"}).content.decode()
    chosen = {"app_label": "catalogue", "model_name": "feature", "field_name": "movie", "term": "harbour"}
    assert len(as_editor.get("/admin/autocomplete/", chosen).json()["results"]) == 2


def test_people_and_studios_are_found_by_their_names(as_editor: Client) -> None:
    person, _ = make_person("Akira Kurosawa"), make_person("Agnès Varda")
    AlternativeName.objects.create(person=person, name="Kurosawa Akira")
    index_people(Person.objects.values_list("pk", flat=True))
    studio = Studio.objects.create(name="Toho")
    index_studios([studio.pk])

    assert found(as_editor, "/admin/catalogue/person/", "kurosawa a") == {"Akira Kurosawa"}
    assert found(as_editor, "/admin/catalogue/person/", "agnes") == {"Agnès Varda"}
    assert found(as_editor, "/admin/catalogue/studio/", "toh") == {"Toho"}


def test_reviews_are_found_by_their_words_and_authors(as_editor: Client) -> None:
    make_review(make_movie("Ran"), make_member("alva"), headline="A castle burns")
    make_review(make_movie("Ikiru"), make_member("bo"), headline="A swing in the snow", rating=9)
    path = "/admin/reviews/review/"

    assert found(as_editor, path, "castle") == {"A castle burns"}
    assert found(as_editor, path, "bo") == {"A swing in the snow"}
    assert {str(row) for row in as_editor.get(f"{path}?rating=9").context["cl"].result_list} == {"A swing in the snow"}
    assert as_editor.get(f"{path}?rating=x").status_code in (200, 302)


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(
    ("path", "queries"),
    [("/admin/catalogue/movie/", 7), ("/admin/catalogue/person/", 5), ("/admin/reviews/review/", 4)],
)
def test_lists_cost_the_same_for_any_number(
    as_editor: Client, count: int, path: str, queries: int, django_assert_num_queries: Any
) -> None:
    for number in range(count):
        make_person(f"Person {number}")
        make_review(make_movie(f"Movie {number}"))

    with django_assert_num_queries(queries):
        as_editor.get(path)
