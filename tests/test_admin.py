"""Every page of every admin opens, and what an editor saves is seen at once."""

from typing import Any

import pytest
from django.contrib import admin
from django.contrib.admin.sites import all_sites
from django.test import Client
from django.urls import reverse

from catalogue.models import (
    Collection,
    CollectionItem,
    Credit,
    Epoch,
    Feature,
    Genre,
    Image,
    Movie,
    Person,
    SearchDocument,
)
from catalogue.search import search
from reviews.models import Member, Review
from tests.catalogue.test_images import movie_form
from tests.makers import make_cast, make_movie, make_person, make_review
from tests.pages import read

pytestmark = pytest.mark.django_db
ADDED_ELSEWHERE = {
    "image", "review", "report", "decision", "importrun", "disagreement", "matchquestion", "dbtaskresult", "edit", "suggestion", "authenticator", "suspect", "deadlink",
}  # fmt: skip
ADMINS = [
    pytest.param(model_admin, id=str(model_admin).partition(".")[2])
    for site in all_sites
    for model_admin in site._registry.values()
]


def address(model_admin: admin.ModelAdmin, page: str) -> str:
    options = model_admin.model._meta
    return reverse(f"admin:{options.app_label}_{options.model_name}_{page}")


@pytest.mark.parametrize("model_admin", ADMINS)
def test_pages_open(as_editor: Client, model_admin: Any) -> None:
    assert (
        as_editor.get(address(model_admin, "changelist"), {"q": "x"} if model_admin.search_fields else {}).status_code
        == 200
    )
    if model_admin.model._meta.model_name not in ADDED_ELSEWHERE:
        assert as_editor.get(address(model_admin, "add")).status_code == 200


@pytest.mark.parametrize("model_admin", ADMINS)
def test_an_endless_search_is_refused_and_a_long_one_answered(admin_client: Client, model_admin: Any) -> None:
    path = address(model_admin, "changelist")

    assert admin_client.get(path, {"q": "a " * 1500}).status_code == 400
    if model_admin.search_fields:
        assert admin_client.get(path, {"q": "a " * 100}).status_code == 200


@pytest.mark.parametrize("name", ["original_language", "countries_of_origin", "title"])
def test_nul_in_a_form_is_refused(as_editor: Client, name: str) -> None:
    movie = make_movie("Ran")
    data = movie_form(as_editor, movie) | {name: "\0"}

    assert as_editor.post(f"/admin/catalogue/movie/{movie.pk}/change/", data).status_code == 400


@pytest.mark.parametrize("is_published", [True, False])
def test_who_features_a_draft_is_told_that_nobody_sees_it(as_editor: Client, is_published: bool) -> None:
    movie = make_movie("Ran", is_published=is_published)
    sent = {"movie": movie.pk, "kicker": "New", "text": "", "starts_on": "2026-01-01", "ends_on": "", "why": ""}

    page = read(as_editor.post(reverse("admin:catalogue_feature_add"), sent, follow=True))

    assert Feature.objects.get().movie == movie
    assert ("“Ran” is a draft" in page.text) is not is_published


def test_the_desk_is_for_staff(client: Client, as_member: Client, as_editor: Client) -> None:
    assert client.get("/admin/", follow=True).redirect_chain[-1][0].startswith("/accounts/login/")
    assert as_member.get("/admin/").status_code in {302, 403}
    assert as_editor.get("/admin/").status_code == 200


def test_an_editor_s_credit_reaches_page_search_and_person(as_editor: Client, client: Client) -> None:
    movie, person = make_movie("Ran"), make_person("Tatsuya Nakadai")
    data = movie_form(as_editor, movie) | {
        "credits-TOTAL_FORMS": "1", "credits-0-movie": str(movie.pk), "credits-0-person": str(person.pk),
        "credits-0-department": "acting", "credits-0-billing_order": "0", "credits-0-character": "Hidetora",
    }  # fmt: skip

    response = as_editor.post(f"/admin/catalogue/movie/{movie.pk}/change/", data)

    assert response.status_code == 302
    movie.refresh_from_db()
    person.refresh_from_db()
    assert (movie.cast_line, movie.cast_count, person.credit_count) == ("Tatsuya Nakadai", 1, 1)
    assert "Hidetora" in client.get(movie.get_absolute_url()).content.decode()


def test_a_broken_rule_is_said_in_the_form(as_editor: Client) -> None:
    movie = make_movie("Ran")
    data = movie_form(as_editor, movie) | {
        "credits-TOTAL_FORMS": "1", "credits-0-movie": str(movie.pk), "credits-0-department": "directing",
        "credits-0-credited_as": "Somebody",
    }  # fmt: skip

    response = as_editor.post(f"/admin/catalogue/movie/{movie.pk}/change/", data)

    assert response.status_code == 200
    assert "Cast has a billing order and no job" in response.content.decode()
    assert not Credit.objects.exists()


@pytest.mark.parametrize(
    ("kind", "field", "data"),
    [
        ("movie", "imdb_id", {"title": "Ran", "imdb_id": "12345"}),
        ("movie", "wikidata_id", {"title": "Ran", "wikidata_id": "12"}),
        ("person", "imdb_id", {"name": "Peter", "imdb_id": "abc"}),
        ("person", "died_on", {"name": "Peter", "born_on": "1950", "died_on": "1940"}),
        ("person", "disambiguation", {"name": "Akira Kurosawa"}),
        ("studio", "wikidata_id", {"name": "Toho", "wikidata_id": "12"}),
        ("feature", "ends_on", {"starts_on": "2026-02-01", "ends_on": "2026-01-01"}),
    ],
)
def test_a_broken_rule_stands_beside_its_field(as_editor: Client, kind: str, field: str, data: dict[str, str]) -> None:
    make_person("Akira Kurosawa")

    page = read(as_editor.post(f"/admin/catalogue/{kind}/add/", data))

    assert page.one("", id=f"id_{field}").attributes["aria-invalid"] == "true"
    assert page.one("ul", id=f"id_{field}_error").text


@pytest.mark.parametrize("date", ["20O1", "1950-13", "0000", "1985-02-30"])
def test_a_date_that_is_none_is_said_in_the_form(as_editor: Client, date: str) -> None:
    movie, person = make_movie("Ran", release_date="1985"), make_person("Tatsuya Nakadai")
    data = movie_form(as_editor, movie) | {"release_date": date}

    response = as_editor.post(f"/admin/catalogue/movie/{movie.pk}/change/", data)

    assert response.status_code == 200
    assert date in response.content.decode()
    assert "is no da" in response.content.decode()
    response = as_editor.post(f"/admin/catalogue/person/{person.pk}/change/", {"name": "T", "born_on": date})
    assert "is no da" in response.content.decode()


@pytest.mark.parametrize("key", ["2026-13-45", "1e309", "-1", "9" * 20, "\u0663", "0"])
def test_a_movie_that_is_none_is_said_in_the_form(as_editor: Client, key: str) -> None:
    items = {"items-TOTAL_FORMS": "1", "items-INITIAL_FORMS": "0", "items-0-movie": key, "items-0-position": "1"}

    for path, data in (
        ("feature", {"movie": key, "starts_on": "2026-01-01"}),
        ("collection", {"name": "Swords", **items}),
    ):
        response = as_editor.post(f"/admin/catalogue/{path}/add/", data)
        assert response.status_code == 200
        assert "errorlist" in response.content.decode()


def test_what_a_picture_needs_is_said_in_the_form(as_editor: Client) -> None:
    picture = Image.objects.create(
        digest="a" * 32, kind="poster", width=2, height=3, dhash="b" * 16, alt="A poster", credit="Toho", licence="CC0"
    )
    data = {"alt": "", "credit": "", "licence": "", "focus_x": "50", "focus_y": "50"}

    response = as_editor.post(f"/admin/catalogue/image/{picture.pk}/change/", data)

    assert "Say what the picture shows" in response.content.decode()
    picture.refresh_from_db()
    assert picture.alt == "A poster"


def test_unpublishing_takes_a_movie_out_of_search(as_editor: Client) -> None:
    movie = make_movie("Ran")
    data = movie_form(as_editor, movie)
    del data["is_published"]

    as_editor.post(f"/admin/catalogue/movie/{movie.pk}/change/", data)

    assert search("ran").movies == []


def test_deleting_a_movie_takes_its_traces_along(as_editor: Client) -> None:
    movie = make_movie("Ran")
    person = make_cast(movie, "Tatsuya Nakadai").person

    as_editor.post(f"/admin/catalogue/movie/{movie.pk}/delete/", {"post": "yes"})

    assert not Movie.objects.exists()
    assert person is not None
    assert Person.objects.get().credit_count == 0
    assert list(SearchDocument.objects.values_list("object_id", flat=True)) == [person.pk]


def test_a_reviewed_movie_is_not_deleted(as_editor: Client) -> None:
    movie = make_movie("Ran")
    make_review(movie)

    page = read(as_editor.post(f"/admin/catalogue/movie/{movie.pk}/delete/", {"post": "yes"}))

    assert Movie.objects.exists()
    assert "Unpublish it in its form, or, if it is there twice, merge it into the other" in page.text


def test_renaming_a_person_renames_them_everywhere(as_editor: Client) -> None:
    movie = make_movie("Ran")
    person = make_cast(movie, "Tatsuya Nakadai").person
    assert person is not None
    data = {
        "name": "Nakadai Tatsuya", "disambiguation": "", "alternative_names-TOTAL_FORMS": "0",
        "alternative_names-INITIAL_FORMS": "0",
    }  # fmt: skip

    response = as_editor.post(f"/admin/catalogue/person/{person.pk}/change/", data)

    assert response.status_code == 302
    movie.refresh_from_db()
    assert movie.cast_line == "Nakadai Tatsuya"


def test_renaming_a_genre_raises_the_epoch_and_deleting_a_collection_the_version_of_its_movies(
    as_editor: Client,
) -> None:
    movie = make_movie("Ran", genres=["Drama"])
    genre, before, epoch = Genre.objects.get(), movie.version, Epoch.objects.get().number
    as_editor.post(
        f"/admin/catalogue/genre/{genre.pk}/change/", {"name": "Tragedy", "slug": "tragedy", "tint": "argent"}
    )
    assert Epoch.objects.get().number > epoch
    collection = Collection.objects.create(name="Swords")
    CollectionItem.objects.create(collection=collection, movie=movie)
    as_editor.post(f"/admin/catalogue/collection/{collection.pk}/delete/", {"post": "yes"})
    movie.refresh_from_db()

    assert before < movie.version


def test_deleting_reviews_in_the_admin_uncounts_them(as_editor: Client) -> None:
    movie = make_movie("Ran")
    for _ in range(2):
        make_review(movie)
    keys = list(Review.objects.values_list("pk", flat=True))

    as_editor.post(f"/admin/reviews/review/{keys[0]}/delete/", {"post": "yes"})
    as_editor.post("/admin/reviews/review/", {"action": "delete_selected", "_selected_action": keys[1:], "post": "yes"})

    movie.refresh_from_db()
    assert (movie.rating_count, Member.objects.count()) == (0, 3)


@pytest.mark.parametrize("key", ["1" + "0" * 30, "abc", "-1"])
@pytest.mark.parametrize("action", ["merge_chosen", "edit_in_turn"])
def test_a_key_that_no_column_holds_is_refused(as_editor: Client, key: str, action: str) -> None:
    response = as_editor.post("/admin/catalogue/movie/", {"action": action, "_selected_action": key, "index": "0"})

    assert response.status_code in {302, 400}
    assert as_editor.get("/admin/catalogue/movie/", {"id__in": f"1,{key}"}).status_code in {200, 302, 400}
