"""Around the movie's form: sections, keys, the next one, the address."""

import pytest
from django.test import Client
from django.urls import reverse

from catalogue.admin.editing import SECTIONS
from catalogue.models import Edit, Release, Studio
from catalogue.search.index import index_studios
from tests.catalogue.admin.form import address, opened, refused, saved, send
from tests.makers import make_movie
from tests.pages import read

pytestmark = pytest.mark.django_db
RELEASE = {"country": "JP", "type": "theatrical", "date": "1985"}


def test_every_section_is_linked_and_says_what_is_wrong_in_it(as_editor: Client) -> None:
    movie = make_movie("Ran")

    page = refused(as_editor, movie, opened(as_editor, movie), runtime_minutes="-1", homepage="x")

    links = page.one("nav", "edit-nav").all("a")
    assert [link.attributes["href"] for link in links] == [f"#{name.lower()}" for name in SECTIONS]
    assert [link.text for link in links][:3] == ["Main", "Facts 2 fields to correct", "Credits"]
    assert [section.attributes["id"] for section in page.all("section", "edit-section")] == [
        name.lower() for name in SECTIONS
    ]


def test_what_is_wrong_in_a_list_is_counted_by_its_rows(as_editor: Client) -> None:
    movie = make_movie("Ran")
    for country in ("JP", "US"):
        Release.objects.create(movie=movie, country_id=country, type="theatrical", date="1985")
    wrong = {f"releases-{row}-{name}": "x" for row in range(2) for name in ("date", "country")}

    page = refused(as_editor, movie, opened(as_editor, movie), runtime_minutes="-1", **wrong)

    links = page.one("nav", "edit-nav").texts("a")
    assert [text for text in links if "to correct" in text] == [
        "Facts 1 field to correct",
        "Releases 2 rows to correct",
    ]


def test_the_chosen_movies_are_edited_one_after_another(as_editor: Client) -> None:
    one, two = make_movie("Ikiru"), make_movie("Ran")
    path = reverse("admin:catalogue_movie_changelist")
    chosen = {"action": "edit_in_turn", "_selected_action": [str(one.pk), str(two.pk)]}

    first = as_editor.post(path, chosen)["Location"]
    movie, other = (one, two) if first == address(one) else (two, one)
    page = read(as_editor.get(first))

    assert page.all("input", name="_next")[0].attributes["value"] == "Save and open the next (1 left)"
    assert send(as_editor, movie, opened(as_editor, movie), _next="1").url == address(other)
    assert send(as_editor, other, opened(as_editor, other), _next="1").url == path


def test_the_address_of_a_title_and_the_keys(as_editor: Client, as_member: Client) -> None:
    slug, keys = reverse("admin:catalogue_movie_slug"), reverse("admin:catalogue_movie_keys")

    assert as_editor.get(slug, {"title": "Amélie & Co"}).json() == {"slug": "amelie-and-co"}
    assert "Save and continue" in read(as_editor.get(keys)).text
    assert {as_member.get(path).status_code for path in (slug, keys)} <= {302, 403}


def test_a_code_of_no_country_is_an_error(as_editor: Client) -> None:
    movie = make_movie("Ran")
    release = {
        "releases-TOTAL_FORMS": "1", "releases-0-country": "XX", "releases-0-type": "theatrical", "releases-0-date": "1985",
    }  # fmt: skip

    assert refused(as_editor, movie, opened(as_editor, movie), **release).texts("ul", "errorlist")
    saved(as_editor, movie, opened(as_editor, movie), **release | {"releases-0-country": "JP"})


def test_countries_are_codes_in_one_line(as_editor: Client) -> None:
    movie = make_movie("Ran")
    form = opened(as_editor, movie)

    assert "Not known: XX." in refused(as_editor, movie, form, countries_of_origin="JP XX").text
    page = refused(as_editor, movie, form, countries_of_origin="JP, Neues Reich", original_language="Frz")
    assert "Not known: Neues Reich. Write names or codes, as in “CA, France”." in page.text
    assert "Not known: Frz. Write names or codes, as in “en, French”." in page.text
    saved(as_editor, movie, form, countries_of_origin="JP, FR")

    assert opened(as_editor, movie)["countries_of_origin"] == "FR, JP"


def test_countries_and_languages_have_names_too(as_editor: Client) -> None:
    movie = make_movie("Ran")
    release = {"releases-TOTAL_FORMS": "1", "releases-0-type": "theatrical", "releases-0-date": "1985"}
    form, named = (
        opened(as_editor, movie),
        {"original_language": "japonais", "countries_of_origin": "united states; Japon; West Germany, Fr"},
    )

    for written in ("DE FR", "Neuland"):
        page = refused(as_editor, movie, form, **release, **{"releases-0-country": written})
        assert f"Not known: {written}. Write names or codes, as in “CA, France”." in page.text
    saved(as_editor, movie, form, **release, **named, **{"releases-0-country": "Deutschland"})

    now = opened(as_editor, movie)
    assert [now[name] for name in ("original_language", "countries_of_origin", "releases-0-country")] == [
        "ja", "DE, FR, JP, US", "DE",
    ]  # fmt: skip


def test_a_date_that_imports_would_not_take_is_refused_when_it_is_typed(as_editor: Client) -> None:
    movie = make_movie("Ran", release_date="1985")
    Release.objects.create(movie=movie, country_id="JP", date="1985")
    form = opened(as_editor, movie)

    page = refused(as_editor, movie, form, **{"release_date": "1800", "releases-0-date": "2999-01"})

    assert page.text.count("A year before 1874 or more than 10 years ahead counts as unknown: leave it empty.") == 2
    Release.objects.update(date="1800")
    saved(as_editor, movie, opened(as_editor, movie), tagline="Fools")


def test_a_day_is_read_as_it_is_written_with_dots(as_editor: Client) -> None:
    movie = make_movie("Ran", release_date="1985")

    page = refused(as_editor, movie, opened(as_editor, movie), release_date="31.6.1985")
    saved(as_editor, movie, opened(as_editor, movie), release_date="1.6.1985")

    assert "is no day of the calendar" in page.text
    movie.refresh_from_db()
    assert str(movie.release_date) == "1985-06-01"
    edits = Edit.objects.count()
    saved(as_editor, movie, opened(as_editor, movie), release_date="01.06.1985")
    assert Edit.objects.count() == edits


def test_a_row_that_is_there_twice_and_a_movie_beside_itself_are_said(as_editor: Client) -> None:
    movie = make_movie("Ran")
    twice = {f"releases-{number}-{name}": value for number in range(2) for name, value in RELEASE.items()}
    itself = {"related-0-other": f"Ran #{movie.pk}", "related-0-placing": "pinned", "related-0-position": "0"}
    counts = {"releases-TOTAL_FORMS": "2", "related-TOTAL_FORMS": "1", "related-0-reason": "The same"}

    page = refused(as_editor, movie, opened(as_editor, movie), **twice, **itself, **counts)

    assert page.texts("ul", "errorlist") == ["This release is listed twice.", "A movie is not related to itself."]


def test_a_studio_is_named_or_chosen_among_suggestions(as_editor: Client) -> None:
    movie, studio = make_movie("Ran"), Studio.objects.create(name="Toho", disambiguation="Tokyo")
    index_studios([studio.pk])
    Studio.objects.create(name="Toho", disambiguation="Osaka")
    form = opened(as_editor, movie) | {
        "moviestudio_set-TOTAL_FORMS": "1", "moviestudio_set-0-position": "0",
    }  # fmt: skip
    path = reverse("admin:catalogue_movie_named", args=["studios"])

    assert as_editor.get(path, {"q": "toh"}).json() == {"names": [f"Toho (Tokyo) #{studio.pk}"]}
    page = refused(as_editor, movie, form, **{"moviestudio_set-0-studio": "Toho"})
    assert "Several have this name: choose a suggestion." in page.text
    assert "Nothing has this name." in refused(as_editor, movie, form, **{"moviestudio_set-0-studio": "#999999"}).text
    saved(as_editor, movie, form, **{"moviestudio_set-0-studio": f"Toho #{studio.pk}"})

    assert list(movie.studios.all()) == [studio]
    assert opened(as_editor, movie)["moviestudio_set-0-studio"] == f"Toho (Tokyo) #{studio.pk}"
    assert as_editor.get(reverse("admin:catalogue_movie_named", args=["boats"])).status_code == 404
