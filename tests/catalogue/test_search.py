"""Search: what is found by which words, and what comes first."""

import pytest
from django.core.management import call_command
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalogue.models import AlternativeName, AlternativeTitle, Collection, SearchDocument, SearchKind, Studio
from catalogue.search import search
from catalogue.search.index import index_collections, index_movies, index_people, index_studios
from tests.makers import make_movie, make_person
from tests.pages import read

pytestmark = pytest.mark.django_db


def found(text: str) -> list[str]:
    return [movie.title for movie in search(text).movies]


@pytest.mark.parametrize(
    ("query", "title"),
    [
        pytest.param("amelie", "Amélie", id="accent"),
        pytest.param("AMÉLIE", "Amélie", id="capitals"),
        pytest.param("third man", "The Third Man", id="without-article"),
        pytest.param("man third", "The Third Man", id="any-order"),
        pytest.param("thir", "The Third Man", id="beginning"),
        pytest.param("七人", "Seven Samurai", id="own-script"),
        pytest.param("shichinin", "Seven Samurai", id="alternative-title"),
        pytest.param("8 1/2", "8½", id="fraction"),
        pytest.param("hulots holiday", "M. Hulot’s Holiday", id="apostrophe"),
        pytest.param("M", "M", id="one-letter"),
        pytest.param("solaris 1972", "Solaris", id="year"),
        pytest.param("1917", "1917", id="lone-year-is-a-title"),
        pytest.param("2001 a space odyssey 1968", "2001: A Space Odyssey", id="title-with-year-and-year"),
    ],
)
def test_finds(query: str, title: str) -> None:
    for name in ("Amélie", "The Third Man", "8½", "M. Hulot’s Holiday", "M", "1917", "2001: A Space Odyssey", "Mirror"):
        make_movie(name, release_date="1968" if name.startswith("2001") else None)
    make_movie("Solaris", release_date="2002")
    make_movie("Solaris", release_date="1972")
    samurai = make_movie("Seven Samurai", original_title="七人の侍")
    AlternativeTitle.objects.create(movie=samurai, title="Shichinin no samurai")
    index_movies([samurai.pk])

    assert found(query)[0] == title
    if query == "solaris 1972":
        assert [movie.year for movie in search(query).movies] == [1972]


def test_whole_titles_come_before_beginnings_and_those_before_the_rest() -> None:
    for title in ("The Ran Affair", "Ransom", "Ran", "Ran Again"):
        make_movie(title)

    assert found("ran") == ["Ran", "Ran Again", "Ransom", "The Ran Affair"]


def test_drafts_are_not_found_and_vanish_when_unpublished() -> None:
    movie = make_movie("Ran")
    make_movie("Ran too", is_published=False)
    assert found("ran") == ["Ran"]

    movie.is_published = False
    movie.save()
    index_movies([movie.pk])

    assert found("ran") == []


def test_finds_people_by_their_other_names_studios_and_collections(client: Client) -> None:
    person = make_person("Akira Kurosawa")
    AlternativeName.objects.create(person=person, name="黒澤明", language_id="ja")
    index_people([person.pk])
    studio = Studio.objects.create(name="Kurosawa Production")
    index_studios([studio.pk])
    collection = Collection.objects.create(name="Kurosawa in color", is_published=True)
    index_collections([collection.pk])

    page = read(client.get("/search/", {"q": "kurosawa"}))

    assert page.one("p", role="status").text == "3 results for “kurosawa”: 1 person 1 studio 1 collection"
    assert [found.name for found in search("黒澤").people] == ["Akira Kurosawa"]


def test_nothing_found_offers_a_way_on(client: Client) -> None:
    page = read(client.get("/search/", {"q": "zzz"}))

    assert page.one("p", role="status").text == "Nothing found for “zzz”."
    assert page.one("div", "empty").one("a").attributes["href"] == "/movies/"


def test_rebuild_mends_a_broken_index() -> None:
    make_movie("Ran")
    SearchDocument.objects.all().delete()
    SearchDocument.objects.create(kind=SearchKind.MOVIE, object_id=999_999, names="|gone|")
    assert found("gone") == []

    call_command("rebuild_search", verbosity=0)

    assert found("ran") == ["Ran"]
    assert SearchDocument.objects.count() == 1


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=300))
def test_no_text_breaks_it(text: str) -> None:
    search(text)
