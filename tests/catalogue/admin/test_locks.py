"""What an editor saves is locked and survives the next import; disagreements and questions are decided in the admin."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from catalogue.curation.locks import LOCKABLE
from catalogue.dates import PartialDate
from catalogue.importers import decisions
from catalogue.importers.records import MovieRecord
from catalogue.importers.state import MOVIES, PEOPLE
from catalogue.models import Disagreement, MatchQuestion, Movie, Release
from catalogue.vocabulary import Answer
from reviews.models import Member
from tests.catalogue.importers.test_run import heat, origin, run
from tests.catalogue.test_images import movie_form
from tests.makers import make_genre, make_movie
from tests.pages import read

pytestmark = pytest.mark.django_db


def address(movie: Movie) -> str:
    return reverse("admin:catalogue_movie_change", args=[movie.pk])


def save(as_editor: Client, movie: Movie, **values: str) -> None:
    response = as_editor.post(address(movie), movie_form(as_editor, movie) | values)
    assert response.status_code == 302


def act(as_editor: Client, model: str, action: str, *rows: Any, reason: str = "") -> None:
    data = {"action": action, "_selected_action": [str(row.pk) for row in rows], "reason": reason}
    assert as_editor.post(reverse(f"admin:catalogue_{model}_changelist"), data).status_code == 302


@pytest.fixture
def movie() -> Movie:
    """A movie as an import left it."""
    run(heat())
    return Movie.objects.get()


def test_saving_locks_exactly_what_changed(as_editor: Client, movie: Movie) -> None:
    save(as_editor, movie, runtime_minutes="171", tagline="")

    movie.refresh_from_db()
    assert (movie.locked_fields, movie.source_of("runtime_minutes")[0]) == (["runtime_minutes"], "editor")
    assert movie.source_of("title")[0] == "imdb"
    assert run(heat()) == {"unchanged": 1}
    movie.refresh_from_db()
    assert movie.runtime_minutes == 171


def test_a_source_is_said_of_values_alone_and_locks_in_words(as_editor: Client, movie: Movie) -> None:
    save(as_editor, movie, homepage="https://heat.example")
    save(as_editor, movie, homepage="", runtime_minutes="171")

    said = {
        name: " ".join(read(as_editor.get(address(movie))).one("div", id=f"id_{name}_helptext").text.split())
        for name in ("title", "homepage", "runtime_minutes", "tagline")
    }

    today = timezone.now().date()
    assert said["homepage"] == "Locked: imports leave it."
    assert f"Locked: imports leave it. Source: An editor, {today}." in said["runtime_minutes"]
    assert "Source: IMDb" in said["title"]
    assert said["tagline"] == ""


def test_saving_without_a_change_locks_nothing(as_editor: Client, movie: Movie) -> None:
    save(as_editor, movie)

    movie.refresh_from_db()
    assert (movie.locked_fields, movie.provenance) == ([], {})


def test_a_changed_list_is_locked_whole(as_editor: Client, movie: Movie) -> None:
    credit = movie.credits.get(character="Vincent Hanna")
    form = movie_form(as_editor, movie)
    name = next(key for key, value in form.items() if key.startswith("credits-") and value == "Vincent Hanna")

    save(as_editor, movie, **{name: "Lt. Vincent Hanna"})

    movie.refresh_from_db()
    credit.refresh_from_db()
    assert (movie.locked_fields, credit.character) == (["credits"], "Lt. Vincent Hanna")
    assert run(heat()) == {"unchanged": 1}
    assert movie.credits.filter(character="Lt. Vincent Hanna").count() == 1


def test_what_an_import_writes_while_the_form_is_open_is_neither_lost_nor_locked(
    as_editor: Client, movie: Movie
) -> None:
    form = movie_form(as_editor, movie)
    run(heat(synopsis="A heist.", countries_of_origin=["US"]))

    assert as_editor.post(address(movie), form | {"title": "Heat!"}).status_code == 302

    movie.refresh_from_db()
    assert (movie.title, movie.synopsis, movie.locked_fields) == ("Heat!", "A heist.", ["title"])
    assert movie.countries_of_origin.count() == 1


def test_a_movie_made_by_an_editor_is_an_editors(as_editor: Client) -> None:
    movie = make_movie("Draft")
    form = movie_form(as_editor, movie) | {"title": "Heat", "imdb_id": "tt0113277", "runtime_minutes": "169"}
    form = {name: value for name, value in form.items() if not name.startswith("initial-")}
    movie.delete()

    assert as_editor.post(reverse("admin:catalogue_movie_add"), form).status_code == 302

    made = Movie.objects.get()
    assert (made.source, made.locked_fields) == ("editor", ["imdb_id", "runtime_minutes", "title"])


def test_padlock_source_and_unlocking_stand_in_the_form(as_editor: Client, movie: Movie) -> None:
    save(as_editor, movie, runtime_minutes="171")

    text = read(as_editor.get(address(movie))).text
    assert "Locked: imports leave it. Source: An editor" in text
    assert "Source: IMDb" in text

    save(as_editor, movie, unlock="runtime_minutes")
    movie.refresh_from_db()
    assert movie.locked_fields == []
    assert run(heat()) == {"updated": 1}


@pytest.mark.parametrize(
    ("action", "minutes", "locked", "state"),
    [
        ("keep", 171, ["runtime_minutes"], Answer.KEPT),
        ("take", 170, [], Answer.TAKEN),
        ("unlock", 171, [], None),
    ],
)
def test_disagreements_are_decided_in_bulk(
    as_editor: Client, movie: Movie, action: str, minutes: int, locked: list[str], state: Any
) -> None:
    save(as_editor, movie, runtime_minutes="171")
    run(heat())
    row = Disagreement.objects.get()

    act(as_editor, "disagreement", action, row, reason="Seen on the print")

    movie.refresh_from_db()
    assert (movie.runtime_minutes, movie.locked_fields) == (minutes, locked)
    assert [(row.state, row.reason) for row in Disagreement.objects.all()] == (
        [(state, "Seen on the print")] if state else []
    )
    assert run(heat()) == ({"updated": 1} if action == "unlock" else {"unchanged": 1})


@pytest.mark.parametrize(("decision", "minutes", "left"), [("keep", 171, 1), ("take", 170, 1), ("unlock", 171, 0)])
def test_a_disagreement_is_decided_on_its_page(
    as_editor: Client, movie: Movie, decision: str, minutes: int, left: int
) -> None:
    save(as_editor, movie, runtime_minutes="171")
    run(heat())
    page = reverse("admin:catalogue_disagreement_change", args=[Disagreement.objects.get().pk])
    shown = read(as_editor.get(page))
    assert {"Running time", "171", "170"} <= {field.text.strip() for field in shown.all("div", "readonly")}
    assert not [link for link in shown.all("a") if link.text == "Delete"]

    assert as_editor.post(page, {"decision": "nonsense"}).status_code == 200
    response = as_editor.post(page, {"decision": decision, "why": "Seen on the print"}, follow=True)

    assert "Heat (1995): decided." in read(response).text
    movie.refresh_from_db()
    assert (movie.runtime_minutes, Disagreement.objects.count()) == (minutes, left)
    if left:
        assert Disagreement.objects.get().reason == "Seen on the print"
        assert 'name="decision"' not in as_editor.get(page).content.decode()
        assert "somebody has decided it before" in read(as_editor.post(page, {"decision": "take"}, follow=True)).text
        movie.refresh_from_db()
        assert movie.runtime_minutes == minutes  # decided is decided


def test_of_two_who_decide_at_once_the_first_counts(as_editor: Client, editor: Member, movie: Movie) -> None:
    """Both have read it while it was open."""
    save(as_editor, movie, runtime_minutes="171")
    run(heat())
    mine, theirs = Disagreement.objects.get(), Disagreement.objects.get()
    assert decisions.keep(mine, editor)
    assert not decisions.take(theirs, editor)
    movie.refresh_from_db()
    assert (movie.runtime_minutes, Disagreement.objects.get().state) == (171, Answer.KEPT)

    make_movie("Ran")
    run(MovieRecord(origin(), title="Ran"))
    mine_too, theirs_too = MatchQuestion.objects.get(), MatchQuestion.objects.get()
    assert decisions.answer(mine_too, Answer.NEW, editor)
    assert not decisions.answer(theirs_too, Answer.NEW, editor)
    assert Movie.objects.filter(title="Ran").count() == 2


def test_lists_that_differ_are_told_by_names(as_editor: Client, movie: Movie, django_assert_num_queries: Any) -> None:
    for title in ("Ran", "Ikiru"):
        other = make_movie(title, genres=["War"])
        ours, theirs = [make_genre("War").pk, make_genre("Drama").pk], [make_genre("War").pk, "new: Comedy"]
        Disagreement.objects.create(movie=other, field="genres", source="imdb", ours=ours, theirs=theirs)

    # Session, member, sources and fields of the filters, the count, the page, names of genres.
    with django_assert_num_queries(7):
        text = read(as_editor.get(reverse("admin:catalogue_disagreement_changelist"))).text

    assert "2: without Drama" in text
    assert "2: with Comedy" in text


def test_a_question_shows_both_side_by_side(as_editor: Client) -> None:
    known = make_movie("Heat", source="demo", runtime_minutes=90, genres=["Drama"])
    run(heat(imdb_id=None, runtime_minutes=None))

    rows = [
        [cell.text for cell in (*row.all("th"), *row.all("td"))]
        for row in read(as_editor.get(question_page())).all("tr")
    ]

    assert ["Field", "The source", f"Ours: number {known.pk}"] in rows
    assert ["Title", "Heat", "Heat"] in rows
    assert ["Director", "Michael Mann", "–"] in rows
    assert ["Running time", "–", "90"] in rows
    assert ["Genres", "Crime, Drama", "Drama"] in rows
    assert not [row for row in rows if row[0] == "IMDb id"]  # neither says anything


@pytest.mark.parametrize(("action", "movies"), [("same", 1), ("new", 2), ("skip", 1)])
def test_doubtful_matches_are_answered(as_editor: Client, action: str, movies: int) -> None:
    known = make_movie("Heat", source="demo")
    doubtful = heat(imdb_id=None, runtime_minutes=None)
    assert run(doubtful) == {"skipped": 1}

    question = MatchQuestion.objects.get()
    act(as_editor, "matchquestion", action, question)

    known.refresh_from_db()
    question.refresh_from_db()
    said = read(as_editor.get(reverse("admin:catalogue_matchquestion_changelist"))).one("li", "success")
    assert said.text == (f"1 answered: {question.answer}." if question.answer else "1 answered.")
    assert [link.attributes["href"] for link in said.all("a")] == (
        [question.answer.get_absolute_url()] if question.answer else []
    )
    assert (Movie.objects.count(), known.director_line) == (movies, "Michael Mann" if action == "same" else "")
    assert run(doubtful) == {"skipped" if action == "skip" else "unchanged": 1}


def test_lists_of_doubts_offer_the_answers_they_can_have(as_editor: Client) -> None:
    offered = {
        kind: [
            link.attributes["href"].partition("=")[2]
            for link in read(as_editor.get(reverse(f"admin:catalogue_{kind}_changelist"))).all("a")
            if link.attributes.get("href", "").startswith("?state=")
        ]
        for kind in ("disagreement", "matchquestion")
    }

    assert offered == {"disagreement": ["open", "kept", "taken"], "matchquestion": ["open", "same", "new", "skipped"]}


def test_every_field_that_imports_write_can_be_locked() -> None:
    assert {*MOVIES.columns, *MOVIES.sections} == LOCKABLE[MOVIES.model]
    assert {*PEOPLE.columns, *PEOPLE.sections} == LOCKABLE[PEOPLE.model]


def test_a_release_with_a_date_that_was_not_touched_is_not_locked(as_editor: Client, movie: Movie) -> None:
    Release.objects.create(movie=movie, country_id="FR", date=PartialDate(1996))

    save(as_editor, movie, tagline="A Los Angeles crime saga")

    movie.refresh_from_db()
    assert movie.locked_fields == ["tagline"]


def two_that_fit() -> tuple[Movie, Movie]:
    """Two movies of one title, either of which the record may be: each has one of its ids."""
    first, second = make_movie("Heat", imdb_id="tt0113277", source="demo"), make_movie("Heat", tmdb_id=949)
    assert run(heat(tmdb_id=949)) == {"skipped": 1}
    return first, second


def question_page() -> str:
    return reverse("admin:catalogue_matchquestion_change", args=[MatchQuestion.objects.get().pk])


def test_an_editor_chooses_which_of_several_movies_a_record_is(as_editor: Client) -> None:
    first, second = two_that_fit()
    act(as_editor, "matchquestion", "same", MatchQuestion.objects.get())
    assert MatchQuestion.objects.get().state == Answer.OPEN
    assert question_page() in as_editor.get(reverse("admin:catalogue_matchquestion_changelist")).content.decode()
    assert f"Heat (number {second.pk})" in as_editor.get(question_page()).content.decode()

    assert as_editor.post(question_page(), {"decision": str(first.pk)}).status_code == 302

    first.refresh_from_db()
    assert (first.director_line, first.tmdb_id, Movie.objects.count()) == ("Michael Mann", None, 2)
    assert MatchQuestion.objects.get().answer == first
    assert run(heat(tmdb_id=949)) == {"unchanged": 1}
    assert 'name="decision"' not in as_editor.get(question_page()).content.decode()


@pytest.mark.parametrize(("decision", "movies"), [("new", 3), ("skipped", 2)])
def test_a_record_with_ids_of_two_movies_may_be_neither(as_editor: Client, decision: str, movies: int) -> None:
    two_that_fit()

    assert as_editor.post(question_page(), {"decision": decision}).status_code == 302

    assert Movie.objects.count() == movies
    assert run(heat(tmdb_id=949)) == ({"unchanged": 1} if decision == "new" else {"skipped": 1})


@pytest.mark.parametrize("decision", ["", "999999", "open"])
def test_an_answer_has_to_be_one_of_those_offered(as_editor: Client, decision: str) -> None:
    two_that_fit()

    assert as_editor.post(question_page(), {"decision": decision}).status_code == 200
    assert MatchQuestion.objects.get().state == Answer.OPEN
