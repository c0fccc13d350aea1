"""What may be in the catalogue twice is found, by the whole pass and by each saved form; what was told apart stays so."""

from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from catalogue.curation import duplicates
from catalogue.curation.duplicates import find_duplicates, find_for
from catalogue.curation.merging import merge
from catalogue.models import MatchQuestion, Movie, Person, Suspect
from reviews.models import Member
from tests.catalogue.admin.test_history import staff, text_of
from tests.catalogue.test_images import movie_form
from tests.makers import make_cast, make_crew, make_movie, make_person
from tests.pages import read

pytestmark = pytest.mark.django_db
QUEUE = "admin:catalogue_suspect_changelist"


def pairs() -> list[tuple[str, int, str]]:
    return [(pair.kind, pair.score, pair.reasons) for pair in Suspect.objects.all()]


def test_namesakes_of_about_the_same_year_and_director() -> None:
    for year in ("1985", "1986", "1999"):
        make_crew(make_movie("Ran", release_date=year), "Akira Kurosawa")
    make_movie("Rán", release_date="1985-06-01", runtime_minutes=90)
    make_movie("Dreams", release_date="1985")

    assert find_duplicates() == 2

    assert pairs() == [
        ("movie", 75, "same title, a year apart, same director"),
        ("movie", 50, "same title, same year"),
    ]


def test_other_ids_and_other_directors_tell_apart() -> None:
    make_movie("Ran", release_date="1985", imdb_id="tt0000001")
    make_movie("Ran", release_date="1985", imdb_id="tt0000002")
    for director in ("One", "Two"):
        make_crew(make_movie("Dreams", release_date="1990", runtime_minutes=119), director)

    assert find_duplicates() == 0


def test_people_of_one_name_by_birth_and_shared_movies() -> None:
    for index, born in enumerate(("1932", "1932-12-13", None), 1):
        make_person("Tatsuya Nakadai", disambiguation=str(index) if index > 1 else "", born_on=born)
    movie = make_movie("Ran")
    for person in Person.objects.all():
        make_cast(movie, "", f"Part {person.pk}", person=person)

    find_duplicates()

    assert pairs() == [
        ("person", 100, "same name, born in the same year, 1 movie in common"),
        ("person", 70, "same name, 1 movie in common"),
        ("person", 50, "same name, 1 movie in common"),
    ]


def test_what_a_source_s_record_may_be_and_old_ids(editor: Member) -> None:
    one, two = make_movie("Ran"), make_movie("Chaos", wikidata_id="Q1")
    question = MatchQuestion.objects.create(source="imdb", key="q", title="Ran", record={})
    question.candidates.set([one, two])
    third = make_movie("Dreams", wikidata_id="Q2")
    merge("movie", third.pk, two.pk, editor, "", {})
    back = make_movie("Yume", wikidata_id="Q1")

    find_duplicates()

    assert {(pair.first, pair.second, pair.score) for pair in Suspect.objects.all()} == {
        (one.pk, third.pk, 70), (third.pk, back.pk, 90),
    }  # fmt: skip


def test_what_was_told_apart_is_not_asked_again(as_editor: Client) -> None:
    for _ in range(2):
        make_movie("Ran", release_date="1985")
    find_duplicates()
    pair = Suspect.objects.get()

    as_editor.post(reverse(QUEUE), {"action": "tell_apart", "_selected_action": [str(pair.pk)]})

    assert find_duplicates() == 0
    assert Suspect.objects.get().state == "different"
    assert "Ran" not in text_of(as_editor, reverse(QUEUE)).partition("Same?")[2]
    assert "Ran" in text_of(as_editor, reverse(QUEUE), state="different").partition("Same?")[2]
    assert "By state To be looked at Not the same" in text_of(as_editor, reverse(QUEUE))


def test_saving_a_form_looks_for_its_namesakes(as_editor: Client) -> None:
    make_movie("Ran", release_date="1985")
    movie = make_movie("Chaos", release_date="1985")

    data = movie_form(as_editor, movie) | {"title": "Ran"}
    as_editor.post(reverse("admin:catalogue_movie_change", args=[movie.pk]), data)

    assert Suspect.objects.get().second == movie.pk


def test_a_second_of_the_same_title_and_year_is_said_until_they_are_told_apart(as_editor: Client) -> None:
    first, second = (make_movie("Ran", release_date="1985") for _ in range(2))
    page = reverse("admin:catalogue_movie_change", args=[second.pk])

    saved = read(as_editor.post(page, movie_form(as_editor, second), follow=True))

    assert "There is another Ran (1985): compare them." in " ".join(saved.text.split())
    compare = next(link.attributes["href"] for link in saved.all("a") if link.text == "compare them")
    assert compare == f"{reverse('admin:catalogue_edit_merge', args=['movie'])}?winner={first.pk}&loser={second.pk}"
    Suspect.objects.update(state="different")
    assert "There is another" not in read(as_editor.post(page, movie_form(as_editor, second), follow=True)).text


@pytest.mark.parametrize("count", [1, 3])
def test_queries_of_looking_for_one(count: int, django_assert_num_queries: Any) -> None:
    movies = [make_movie("Ran", release_date="1985") for _ in range(1 + count)]

    with django_assert_num_queries(5):  # the namesakes, the pairs in a savepoint, which of them are open
        found = find_for("movie", movies[0].pk)

    assert found == [movie.pk for movie in movies[1:]]
    assert Suspect.objects.count() == count


def test_a_name_of_many_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(duplicates, "MOST_NAMESAKES", 3)
    for _ in range(4):
        make_movie("Untitled", release_date="1985")

    assert find_duplicates() == 0
    find_for("movie", Movie.objects.latest("pk").pk)
    assert not Suspect.objects.exists()


def test_a_pair_of_which_one_is_gone_is_no_question(as_editor: Client) -> None:
    movies = [make_movie("Ran", release_date="1985") for _ in range(2)]
    find_duplicates()
    movies[0].delete()

    assert "0 possible duplicates" in text_of(as_editor, reverse(QUEUE))
    assert find_duplicates() == 0
    assert not Suspect.objects.exists()


def test_the_command_says_how_many(capsys: pytest.CaptureFixture[str]) -> None:
    for _ in range(2):
        make_movie("Ran", release_date="1985")

    call_command("find_duplicates")

    assert capsys.readouterr().out == "1 possible duplicate waits for an editor.\n"


@pytest.mark.parametrize("count", [1, 3])
def test_queries_of_the_queue(as_editor: Client, count: int, django_assert_num_queries: Any) -> None:
    for number in range(count):
        for _ in range(2):
            make_movie(f"Ran {number}", release_date="1985")
    find_duplicates()

    with django_assert_num_queries(4):
        page = text_of(as_editor, reverse(QUEUE))

    assert page.count("Compare and merge") == count
    assert staff("change_movie").get(reverse(QUEUE)).status_code == 403
