"""The pages on which editors merge two records and split a person."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from catalogue.models import Credit, Edit, Image, ImportRun, Movie, Person, Redirect, Studio
from tests.catalogue.admin.test_history import staff, text_of
from tests.catalogue.curation.test_pictures import image
from tests.catalogue.test_images import halves
from tests.makers import make_cast, make_member, make_movie, make_person, make_review
from tests.pages import read

pytestmark = pytest.mark.django_db


def merge_page(kind: str = "movie", **query: Any) -> str:
    told = "&".join(f"{name}={value}" for name, value in query.items())
    return f"{reverse('admin:catalogue_edit_merge', args=[kind])}?{told}"


def test_two_chosen_of_the_list_are_shown_side_by_side_and_merged(as_editor: Client) -> None:
    member = make_member("alice")
    ours, theirs = make_movie("Ran", tagline="Fools"), make_movie("Chaos", imdb_id="tt0089881")
    make_review(ours, member, 7)
    make_review(theirs, member, 4)
    chosen = {"action": "merge_chosen", "_selected_action": [str(ours.pk), str(theirs.pk)]}

    response = as_editor.post(reverse("admin:catalogue_movie_changelist"), chosen)
    page = text_of(as_editor, response["Location"])
    done = as_editor.post(response["Location"], {"take-title": "loser", "why": "Twice"})

    assert "alice reviewed both: 4/10" in page
    assert "tt0089881 (of the one that goes)" in page
    movie = Movie.objects.get()
    assert (movie.pk, movie.title, movie.tagline, movie.imdb_id) == (ours.pk, "Chaos", "Fools", "tt0089881")
    edit = Edit.objects.get()
    assert (edit.kind, edit.note, done["Location"]) == ("merge", "Twice", edit.get_absolute_url())
    undo = reverse("admin:catalogue_edit_undo", args=[edit.pk])
    assert f"Chaos, number {theirs.pk}: deleted" in text_of(as_editor, edit.get_absolute_url())
    assert f"Chaos, number {theirs.pk}: comes back" in text_of(as_editor, undo)
    as_editor.post(undo)
    assert Movie.objects.count() == 2
    assert "Undone by edith" in text_of(as_editor, edit.get_absolute_url())


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_merges_exactly_two(as_editor: Client, number: int) -> None:
    keys = [str(make_movie().pk) for _ in range(number)]
    chosen = {"action": "merge_chosen", "_selected_action": keys}

    response = as_editor.post(reverse("admin:catalogue_movie_changelist"), chosen, follow=True)

    assert "Select two" in response.content.decode()


@pytest.mark.parametrize("way", ["{0.pk}", "https://example.org/movies/{0.pk}/ran/", "/admin/catalogue/movie/{0.pk}/change/", "{0.imdb_id}"])  # fmt: skip
def test_records_are_found_by_number_address_and_id(as_editor: Client, way: str) -> None:
    ours, theirs = make_movie("Ran"), make_movie("Chaos", imdb_id="tt0089881")

    page = text_of(as_editor, merge_page(winner=ours.pk, loser=way.format(theirs)))

    assert "Goes: Chaos" in page


@pytest.mark.parametrize(("loser", "said"), [("99999", "no such movie"), ("nonsense", "no such movie"), ("{0.pk}", "the same record"), ("9" * 40, "no such")])  # fmt: skip
def test_what_cannot_be_merged_is_said(as_editor: Client, loser: str, said: str) -> None:
    movie = make_movie("Ran")

    assert said in text_of(as_editor, merge_page(winner=movie.pk, loser=loser.format(movie)))


def test_the_form_offers_it(as_editor: Client) -> None:
    person = make_person("John Smith")

    page = as_editor.get(reverse("admin:catalogue_person_change", args=[person.pk])).content.decode()

    assert reverse("admin:catalogue_edit_split", args=[person.pk]) in page
    assert "Goes" in text_of(as_editor, merge_page("person", winner=person.pk, loser=""))


def test_people_and_studios_are_merged(as_editor: Client) -> None:
    people = [make_person("T. Nakadai"), make_person("Tatsuya Nakadai")]
    studios = [Studio.objects.create(name=name) for name in ("Toho", "Toho Company")]

    for kind, (winner, loser) in (("person", people), ("studio", studios)):
        assert as_editor.post(merge_page(kind, winner=winner.pk, loser=loser.pk)).status_code == 302

    assert (Person.objects.get(), Studio.objects.get()) == (people[0], studios[0])
    assert Redirect.objects.filter(name="pk").count() == 2


def test_pictures_are_chosen_by_their_looks(as_editor: Client) -> None:
    stills = [image("backdrop", halves((1280, 720))), image("backdrop", halves((1600, 900)))]
    Image.objects.filter(pk=stills[0].pk).update(alt='"' * 300)  # long as HTML, and not to be cut there
    ours = make_movie("Ran", poster=image(), backdrop=stills[0])
    theirs = make_movie("Ran", poster=image(content=halves((600, 900))), backdrop=stills[1])

    page = read(as_editor.get(merge_page(winner=ours.pk, loser=theirs.pk)))

    for name, keys in (("Poster", [ours.poster_id, theirs.poster_id]), ("Backdrop", [still.pk for still in stills])):
        (choice,) = [field for field in page.all("fieldset") if field.one("legend", "").text == name]
        pictures = [label.one("img", "").attributes["src"] for label in choice.all("label")]
        assert [str(key) in picture for key, picture in zip(keys, pictures, strict=True)] == [True, True]
        assert "(of the one that goes)" in choice.text


def test_two_of_one_name_are_told_apart_by_their_numbers(as_editor: Client) -> None:
    ours, theirs = make_movie("Ran", release_date="1985"), make_movie("Ran", release_date="1985")
    page = merge_page(winner=ours.pk, loser=theirs.pk)

    assert f"Merge Ran (1985), number {theirs.pk} into Ran (1985), number {ours.pk}" in text_of(as_editor, page)
    done = " ".join(read(as_editor.post(page, follow=True)).text.split())
    assert f"Ran (1985), number {theirs.pk} is merged into Ran (1985), number {ours.pk}." in done


def test_a_person_is_split_by_ticking_credits(as_editor: Client) -> None:
    person = make_person("John Smith")
    make_cast(make_movie("One"), person.name, "Self")
    theirs = make_cast(make_movie("Two"), person.name, "Bob")
    page = reverse("admin:catalogue_edit_split", args=[person.pk])

    assert "Two: Bob" in text_of(as_editor, page)
    refused = as_editor.post(page, {"name": "John Smith", "credits": [theirs.pk]})
    assert "Another person has this name" in refused.content.decode()
    assert "Choose at least one credit." in as_editor.post(page, {"name": "J"}).content.decode()
    as_editor.post(page, {"name": "John Smith", "disambiguation": "stunts", "credits": [theirs.pk]})

    assert Credit.objects.get(pk=theirs.pk).person == Person.objects.get(disambiguation="stunts")
    as_editor.post(reverse("admin:catalogue_edit_undo", args=[Edit.objects.get().pk]))
    history = text_of(as_editor, reverse("admin:catalogue_edit_record", args=["movie", theirs.movie_id]))
    assert history.count("John Smith (stunts), as Bob") == 2  # as it came and as it went


def test_who_may(as_member: Client) -> None:
    ours, theirs, person = make_movie("Ran"), make_movie("Chaos"), make_person("John Smith")
    page, split = merge_page(winner=ours.pk, loser=theirs.pk), reverse("admin:catalogue_edit_split", args=[person.pk])

    assert staff("change_person").post(page).status_code == 403
    assert staff("view_movie").post(page).status_code == 403
    assert as_member.post(page).status_code in {302, 403}
    assert staff("change_person").get(split).status_code == 403
    assert staff("change_person", "add_person").get(split).status_code == 200
    assert staff("change_movie").get(page).status_code == 200
    assert Movie.objects.count() == 2
    assert staff("change_movie").get(merge_page("genre")).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_the_pages_take_the_same_queries_for_any_number(
    as_editor: Client, count: int, django_assert_num_queries: Any
) -> None:
    ours, theirs, person = make_movie("Ran"), make_movie("Chaos"), make_person("John Smith")
    for number in range(count):
        make_cast(theirs, person.name, f"Part {number}")
        make_review(theirs, make_member(), 7)

    with django_assert_num_queries(24):
        as_editor.get(merge_page(winner=ours.pk, loser=theirs.pk))
    with django_assert_num_queries(5):
        as_editor.get(reverse("admin:catalogue_edit_split", args=[person.pk]))


@pytest.mark.parametrize(("kind", "way"), [("movie", "Movies"), ("person", "People"), ("studio", "Studios")])
def test_the_way_back_leads_to_the_list(as_editor: Client, kind: str, way: str) -> None:
    page = read(as_editor.get(merge_page(kind)))

    links = [link for link in page.all("a") if link.attributes["href"] == f"/admin/catalogue/{kind}/"]
    assert way in [link.text for link in links]
    assert page.one("div", "breadcrumbs").text.split() == ["Home", "›", way, "›", "Merge", "two", way.lower()]


def lit(client: Client, path: str) -> list[str]:
    """What the side bar marks as the page at hand."""
    side = read(client.get(path)).one("nav", id="nav-sidebar")
    return [link.text for link in side.all("a") if "aria-current" in link.attributes]


def test_the_side_bar_marks_what_a_page_is_about(as_editor: Client) -> None:
    one, other = make_movie("Ran"), make_movie("Chaos")
    person, studio = make_person("Peter"), Studio.objects.create(name="Toho")
    run = ImportRun.objects.create(source="imdb", label="title.basics.tsv", state="finished")

    for path, name in {
        merge_page(winner=one.pk, loser=other.pk): "Movies",
        merge_page("person"): "People",
        merge_page("studio"): "Studios",
        reverse("admin:catalogue_edit_split", args=[person.pk]): "People",
        reverse("admin:catalogue_edit_run", args=[run.pk]): "Import runs",
        reverse("admin:catalogue_edit_record", args=["studio", studio.pk]): "Studios",
        reverse("admin:catalogue_edit_past", args=["movie", one.pk]): "Movies",
        reverse("admin:catalogue_edit_changelist"): "Recent changes",
        reverse("admin:catalogue_movie_change", args=[one.pk]): "Movies",
    }.items():
        assert lit(as_editor, path) == [name], path
