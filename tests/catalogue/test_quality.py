"""The public page of what the catalogue lacks."""

from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from catalogue.curation.suggesting import suggest
from catalogue.models import Collection, CollectionItem, Suspect
from tests.makers import make_member, make_movie, make_person
from tests.pages import read

pytestmark = pytest.mark.django_db
PAGE = "/about/quality/"


def fill(count: int) -> None:
    for number in range(count):
        movie = make_movie(f"Movie {number}", genres=["Drama", "War", "Crime"][: number + 1], synopsis="There.")
        collection = Collection.objects.create(name=f"Swords {number}", is_published=True)
        CollectionItem.objects.create(collection=collection, movie=movie)
        Suspect.objects.create(kind="movie", first=movie.pk, second=movie.pk + 1000, score=50)
        suggest("movie", movie, make_member(), {"tagline": ["", "Fools"]}, {"source": "x"})
        make_person()


def test_the_numbers_are_those_of_what_visitors_see(client: Client) -> None:
    fill(2)
    make_movie("Draft", is_published=False, tagline="Not counted")

    page = read(client.get(PAGE))

    for part in ("2, on average 23 of 100 points", "No poster 2 movies", "No synopsis 0 movies", "Below 30 2 movies",
                 "Suspected duplicates 2", "Drama 2 23 23", "War 1 23 23", "Swords 0 1 23 23"):  # fmt: skip
        assert part in page.text, part
    assert PAGE in [link.attributes["href"] for link in read(client.get("/")).one("footer").all("a")]


def test_the_numbers_are_kept_until_housekeeping_makes_them_anew(client: Client) -> None:
    client.get(PAGE)
    fill(1)

    assert "0, on average" in read(client.get(PAGE)).text
    call_command("tidy_desk")
    assert "1, on average" in read(client.get(PAGE)).text


def gaps_of(client: Client) -> dict[str, str]:
    """Where each line of what is missing leads."""
    section = read(client.get(PAGE)).one("section", aria_labelledby="h-missing")
    return {link.text: link.attributes["href"] for link in section.all("a")}


def test_each_gap_leads_visitors_to_the_movies_that_have_it(client: Client) -> None:
    make_movie("Small", synopsis="There."), make_movie("Large", synopsis="There.", popularity=500)
    make_movie("Draft", is_published=False)
    whole = make_movie("Whole", synopsis="There.", tagline="Fools")

    leads = gaps_of(client)
    page = read(client.get(leads["No tagline"]))

    assert "No synopsis" not in leads
    assert len(leads) == 12  # all that they lack
    assert [line.all("a")[0].text for line in page.one("ul", "years").all("li")] == ["Large", "Small"]
    assert page.one("ul", "years").all("a")[1].text == "Suggest it for Large"
    assert client.get(page.one("ul", "years").all("a")[1].attributes["href"]).status_code == 302  # to sign in
    assert {client.get(lead).status_code for lead in leads.values()} == {200}
    assert whole.title in read(client.get(leads["No poster"])).text
    assert "Suggest it" not in read(client.get(leads["No poster"])).text  # no form takes a picture
    assert "Every movie has it." in read(client.get(f"{PAGE}synopsis/")).text
    assert client.get(f"{PAGE}nonsense/").status_code == 404


def test_editors_are_led_to_the_list_of_the_desk_where_there_is_one(as_editor: Client) -> None:
    make_movie("Ran")

    leads = gaps_of(as_editor)

    assert leads["No poster"] == "/admin/catalogue/movie/?lacks=poster"
    assert "Ran" in read(as_editor.get(leads["No poster"])).text
    assert leads["No tagline"] == f"{PAGE}tagline/"
    assert gaps_of(client := Client())["No poster"] == f"{PAGE}poster/"
    assert client.get(leads["No tagline"]).status_code == 200


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("name", ["poster", "tagline"])
def test_queries_of_a_list(client: Client, count: int, name: str, django_assert_num_queries: Any) -> None:
    for _ in range(count):
        make_movie()

    with django_assert_num_queries(3):  # keys, movies, genres
        lines = read(client.get(f"{PAGE}{name}/")).one("ul", "years").all("li")
    assert len(lines) == count


@pytest.mark.parametrize("count", [1, 3])
def test_queries(client: Client, count: int, django_assert_num_queries: Any) -> None:
    fill(count)

    with django_assert_num_queries(7):  # movies, people, suggestions, genres (2), collections, duplicates
        client.get(PAGE)
    with django_assert_num_queries(0):
        client.get(PAGE)
