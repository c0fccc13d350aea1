"""What is in use is not deleted, and the desk says by what."""

import pytest
from django.test import Client

from catalogue.models import (
    AlternativeTitle,
    Collection,
    CollectionItem,
    Country,
    Genre,
    Movie,
    MovieStudio,
    Person,
    Studio,
)
from tests.makers import make_crew, make_movie
from tests.pages import Element, read

pytestmark = pytest.mark.django_db


def page(client: Client, address: str) -> Element:
    return read(client.get(f"/admin/catalogue/{address}/delete/"))


def test_what_movies_use_leads_to_them_and_stays(as_editor: Client) -> None:
    studio, genre = Studio.objects.create(name="Toho"), Genre.objects.create(name="Jidaigeki", slug="jidaigeki")
    for title in ("Ran", "Ikiru", "Dodesukaden"):
        movie = make_movie(title)
        MovieStudio.objects.create(movie=movie, studio=studio)
        movie.genres.add(genre)
        make_crew(movie, "Akira Kurosawa")
        make_crew(movie, "Akira Kurosawa", job="Editor", department="editing")

    for address, record in (("genre", genre), ("studio", studio), ("person", Person.objects.get())):
        shown = page(as_editor, f"{address}/{record.pk}")
        use = shown.one("ul", id="deleted-objects").one("a")
        assert (use.text, use.attributes["href"]) == ("3 movies", record.get_absolute_url())
        assert not shown.all("input", value="yes")
        as_editor.post(f"/admin/catalogue/{address}/{record.pk}/delete/", {"post": "yes"})
        assert type(record).objects.filter(pk=record.pk).exists()


def test_what_nothing_uses_goes(as_editor: Client) -> None:
    genre = Genre.objects.create(name="Jidaigeki", slug="jidaigeki")
    make_movie().genres.set([])

    assert page(as_editor, f"genre/{genre.pk}").all("input", value="yes")
    as_editor.post(f"/admin/catalogue/genre/{genre.pk}/delete/", {"post": "yes"})
    assert not Genre.objects.exists()


def test_every_kind_of_use_is_said(admin_client: Client) -> None:
    france = Country.objects.get(pk="FR")
    AlternativeTitle.objects.create(movie=make_movie(), title="Chaos", country=france)
    Studio.objects.create(name="Gaumont", country=france)

    uses = page(admin_client, "country/FR").one("ul", id="deleted-objects").texts("li")
    assert sorted(uses) == ["1 movie", "1 studio"]
    assert Movie.objects.count() == 1


def test_the_places_of_a_collection_are_counted(as_editor: Client) -> None:
    collection = Collection.objects.create(name="Rain", slug="rain")
    for position, title in enumerate(("Ran", "Ikiru"), 1):
        CollectionItem.objects.create(collection=collection, movie=make_movie(title), position=position)

    shown = page(as_editor, f"collection/{collection.pk}").one("main")
    assert "Collection items: 2" in shown.text
    assert "Place 2" not in shown.text
    as_editor.post(f"/admin/catalogue/collection/{collection.pk}/delete/", {"post": "yes"})
    assert (Collection.objects.count(), CollectionItem.objects.count(), Movie.objects.count()) == (0, 0, 2)
