"""Credits in the movie's form: people by key or name, places, jobs, pasted lists, a bounded number of queries."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from catalogue.models import Credit, Movie, Person
from reviews.models import Member
from tests.catalogue.admin.form import address, new_row, opened, place_of, refused, row, saved, send
from tests.makers import make_cast, make_crew, make_movie, make_person
from tests.pages import read

pytestmark = pytest.mark.django_db
LISTS = [
    "moviegenre_set", "moviestudio_set", "credits", "alternative_titles", "releases", "external_ratings", "videos",
    "watch_links", "related",
]  # fmt: skip
LIST = "Vince Corazza as Matt\nKryla ..... Cherilee Taylor (uncredited)\nDirected by Brad Fraser\nBuy now at http://x"


@pytest.fixture
def movie() -> Movie:
    return make_movie("Leaving Metropolis")


def test_a_name_that_only_one_has_needs_no_key(as_editor: Client, movie: Movie) -> None:
    person = make_person("Vince Corazza")

    saved(as_editor, movie, opened(as_editor, movie), **new_row(0, person_name="Vince  Corazza", character="Matt"))

    credit = Credit.objects.get()
    person.refresh_from_db()
    assert (credit.person, credit.billing_order, person.credit_count) == (person, 0, 1)


def test_namesakes_are_shown_for_choosing(as_editor: Client, movie: Movie) -> None:
    old = make_person("Steve McQueen", disambiguation="actor", born_on="1930")
    make_person("Steve McQueen", disambiguation="director", born_on="1969")
    form = opened(as_editor, movie)

    page = refused(as_editor, movie, form, **new_row(0, person_name="Steve McQueen"))

    assert "There are 2 people of this name: choose one." in page.texts("li")
    assert f"{old.pk}: Steve McQueen (actor, b. 1930)" in page.texts("option")
    saved(as_editor, movie, form, **new_row(0, person_name="Steve McQueen", person=str(old.pk)))
    assert Credit.objects.get().person == old


def test_nobody_is_made_without_being_asked_for(as_editor: Client, movie: Movie) -> None:
    form, fresh = opened(as_editor, movie), new_row(0, person_name="Vince Corazza", character="Matt")

    assert "There is nobody of this name yet" in refused(as_editor, movie, form, **fresh).text
    assert not Person.objects.exists()
    saved(as_editor, movie, form, **fresh, **row(0, is_new="on"))

    made = Person.objects.get()
    assert (made.name, made.source, made.locked_fields, made.credit_count) == ("Vince Corazza", "editor", ["name"], 1)


def test_a_new_namesake_is_told_apart(as_editor: Client, movie: Movie) -> None:
    make_person("Steve McQueen")
    form, fresh = opened(as_editor, movie), new_row(0, person_name="Steve McQueen", is_new="on")

    assert "Another person has this name: say who this is" in refused(as_editor, movie, form, **fresh).text
    saved(as_editor, movie, form, **fresh, **row(0, note="director"))

    person = Credit.objects.get().person
    assert person is not None
    assert str(person) == "Steve McQueen (director)"


def test_a_new_person_named_twice_is_one(as_editor: Client, movie: Movie) -> None:
    crew = row(1, person_name="Brad Fraser", is_new="on", department="directing", job="Director")
    cast = new_row(0, person_name="Brad Fraser", is_new="on", character="Himself")

    saved(as_editor, movie, opened(as_editor, movie), **cast | crew | {"credits-TOTAL_FORMS": "2"})

    assert (Person.objects.count(), Credit.objects.count()) == (1, 2)


@pytest.mark.parametrize("key", ["999999", "-1", "x", "9" * 30])
def test_a_key_of_nobody_is_an_error(as_editor: Client, movie: Movie, key: str) -> None:
    page = refused(as_editor, movie, opened(as_editor, movie), **new_row(0, person=key, person_name="Vince"))

    assert page.texts("ul", "errorlist")
    assert page.one("input", name="credits-0-person_name").attributes["value"] == "Vince"


def test_who_may_not_add_people_cannot_do_it_by_a_credit(as_editor: Client, editor: Member, movie: Movie) -> None:
    from django.contrib.auth.models import Permission

    form = opened(as_editor, movie)
    editor.is_superuser = False
    editor.save()
    editor.user_permissions.set(Permission.objects.exclude(codename="add_person"))

    assert (
        "You may not add people" in refused(as_editor, movie, form, **new_row(0, person_name="X Y", is_new="on")).text
    )


def test_a_usual_job_brings_its_department_and_cast_without_a_place_comes_last(as_editor: Client, movie: Movie) -> None:
    make_cast(movie, "Vince Corazza", "Matt", billing_order=7)
    form = opened(as_editor, movie)
    rows = new_row(1, credited_as="Brad Fraser", job="Director") | row(2, credited_as="Somebody", department="acting")

    saved(as_editor, movie, form, **rows | {"credits-TOTAL_FORMS": "3"})

    found = {credit.credited_as: (credit.department, credit.billing_order) for credit in movie.credits.all()}
    assert found == {"": ("acting", 7), "Brad Fraser": ("directing", None), "Somebody": ("acting", 8)}


def test_numbers_move_rows_without_javascript(as_editor: Client, movie: Movie) -> None:
    first, second = make_cast(movie, "Vince Corazza", "Matt"), make_cast(movie, "Troy Ruptash", "David")
    form = opened(as_editor, movie)

    saved(as_editor, movie, form, **{f"{place_of(form, 'Matt')}billing_order": "9"})

    movie.refresh_from_db()
    assert list(movie.credits.cast()) == [second, first]
    assert movie.cast_line == "Troy Ruptash, Vince Corazza"


def test_crew_stands_behind_the_cast_on_every_database(as_editor: Client, movie: Movie) -> None:
    make_crew(movie, "Brad Fraser")
    make_cast(movie, "Vince Corazza", "Matt")

    form = opened(as_editor, movie)

    assert [form["credits-0-person_name"], form["credits-1-person_name"]] == ["Vince Corazza", "Brad Fraser"]


def test_a_pasted_list_becomes_rows_and_nothing_is_written_or_lost(as_editor: Client, movie: Movie) -> None:
    known = make_person("Vince Corazza", born_on="1967")
    form = opened(as_editor, movie)

    response = send(as_editor, movie, form, tagline="Typed with care", cast_list=LIST, _cast="1")

    page = read(response)
    assert not Credit.objects.exists()
    assert page.one("input", id="id_tagline").attributes["value"] == "Typed with care"
    assert page.one("textarea", id="cast-list").text == "Buy now at http://x"
    assert page.one("input", name="credits-0-person").attributes["value"] == str(known.pk)
    assert "b. 1967" in page.texts("span", "c-hint")
    assert "checked" in page.one("input", name="credits-1-is_new").attributes


def test_a_previewed_list_is_saved_in_its_order(as_editor: Client, movie: Movie) -> None:
    make_cast(movie, "Troy Ruptash", "David")
    form = opened(as_editor, movie) | {"cast_list": LIST}
    page = read(send(as_editor, movie, form, _cast="1"))

    preview = _fields_of(page)
    saved(as_editor, movie, preview)

    movie.refresh_from_db()
    assert movie.cast_line == "Troy Ruptash, Vince Corazza, Cherilee Taylor"
    assert movie.director_line == "Brad Fraser"
    assert movie.credits.get(character="Kryla").is_uncredited
    assert movie.locked_fields == ["credits"]


def test_a_list_that_was_not_previewed_is_previewed_before_anything_is_saved(as_editor: Client, movie: Movie) -> None:
    page = refused(as_editor, movie, opened(as_editor, movie), cast_list="Vince Corazza as Matt", _save="1")

    assert page.one("input", name="credits-0-character").attributes["value"] == "Matt"


def test_a_row_is_added_without_javascript(as_editor: Client, movie: Movie) -> None:
    page = refused(as_editor, movie, opened(as_editor, movie), _row="1")

    assert page.one("input", name="credits-TOTAL_FORMS").attributes["value"] == "1"
    assert not page.texts("ul", "errorlist")


def test_the_row_that_was_added_has_the_keyboard_and_nothing_is_judged_yet(as_editor: Client) -> None:
    form = {**row(0, department="acting"), "title": "", "poster_credit": "Toho", "homepage": "x", "_row": "1"}
    empty = {f"{name}-{count}_FORMS": "0" for name in LISTS for count in ("TOTAL", "INITIAL")}

    page = read(as_editor.post(reverse("admin:catalogue_movie_add"), form | empty))

    assert not page.texts("ul", "errorlist")
    assert not page.texts("p", "errornote")
    assert "autofocus" in page.one("input", name="credits-0-person_name").attributes


def test_a_preview_says_what_another_changed_and_has_the_keyboard(as_editor: Client, movie: Movie) -> None:
    form = opened(as_editor, movie)
    Movie.objects.update(tagline="Theirs")
    rating = {"external_ratings-TOTAL_FORMS": "1", "external_ratings-0-value": "x", "external_ratings-0-source": "A"}

    page = refused(as_editor, movie, form, tagline="Mine", homepage="x", cast_list=LIST, _cast="1", **rating)

    assert [text[:37] for text in page.texts("ul", "errorlist")] == ["Another changed this meanwhile, from "]
    assert "autofocus" in page.one("details", "edit-paste").one("p", role="status").attributes


def test_only_what_is_wrong_in_a_row_is_marked(as_editor: Client, movie: Movie) -> None:
    page = refused(as_editor, movie, opened(as_editor, movie), **new_row(0, person_name="Zed Nobody"))

    fields = page.one("ol", "edit-rows").all("input")
    assert [field.attributes["name"] for field in fields if "aria-invalid" in field.attributes] == [
        "credits-0-person_name"
    ]


def _fields_of(page: Any) -> dict[str, str]:
    boxes = [field for field in page.all("input") if field.attributes.get("type") != "file"]
    form = {
        field.attributes["name"]: field.attributes.get("value", "")
        for field in boxes
        if field.attributes.get("name") and field.attributes.get("type") not in {"submit", "checkbox"}
    }
    form |= {box.attributes["name"]: "on" for box in boxes if "checked" in box.attributes and "name" in box.attributes}
    form |= {area.attributes["name"]: area.text for area in page.all("textarea")}
    for select in page.all("select"):
        for option in select.all("option"):
            if "selected" in option.attributes and "name" in select.attributes:
                form[select.attributes["name"]] = option.attributes["value"]
    return {name: value for name, value in form.items() if "__prefix__" not in name}


def test_suggestions_tell_people_apart_and_are_for_editors(as_editor: Client, as_member: Client) -> None:
    person = make_person("Vince Corazza", born_on="1967")
    make_cast(make_movie("Leaving Metropolis"), "Vince Corazza")
    path = reverse("admin:catalogue_movie_people")

    found = as_editor.get(path, {"q": "vince cor"}).json()["people"]

    assert found == [{"key": person.pk, "name": "Vince Corazza", "hint": "b. 1967, Acting, Leaving Metropolis"}]
    assert as_editor.get(path).json() == {"people": []}
    assert as_member.get(path, {"q": "vince"}).status_code in {302, 403}


@pytest.mark.parametrize("count", [1, 3])
def test_opening_and_saving_cost_the_same_for_any_number_of_credits(
    as_editor: Client, movie: Movie, count: int, django_assert_num_queries: Any
) -> None:
    for number in range(count):
        make_cast(movie, f"Person {number}", f"Part {number}")
        make_crew(movie, f"Worker {number}")
        make_movie(f"Other {number}", genres=["Drama"])
    form = opened(as_editor, movie)
    as_editor.get(address(movie))

    with django_assert_num_queries(OPENING):
        as_editor.get(address(movie))
    with django_assert_num_queries(SAVING):
        saved(as_editor, movie, form, tagline="Another")


OPENING = 23
SAVING = 114
