"""A value, an edit, everything by an account is taken back; what others wrote since is shown and left alone."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from catalogue.curation.courses import plan
from catalogue.curation.history import recording
from catalogue.curation.locks import lock_fields
from catalogue.curation.presence import arrive
from catalogue.curation.reverting import RefusedError, revert
from catalogue.curation.tables import DERIVED
from catalogue.models import (
    Change,
    Credit,
    Disagreement,
    Edit,
    Genre,
    MatchQuestion,
    Movie,
    MovieGenre,
    Person,
    RelatedMovie,
)
from catalogue.search import search
from catalogue.vocabulary import EditKind, Placing
from reviews.models import Member
from tests.makers import make_cast, make_genre, make_member, make_movie, make_person, make_review

pytestmark = pytest.mark.django_db


def write(actor: Member | None, movie: Movie, **columns: Any) -> Edit:
    """An edit of a movie's columns, locked as the form does."""
    with recording(EditKind.FORM, actor) as edit:
        edit.watch("movie", [movie.pk])
        Movie.objects.filter(pk=movie.pk).update(**columns)
        lock_fields(Movie.objects.get(pk=movie.pk), columns)
    assert edit.edit
    return edit.edit


def state_of(movie: Movie) -> dict[str, Any]:
    row = Movie.objects.filter(pk=movie.pk).values().get()
    return {name: value for name, value in row.items() if name not in DERIVED}


def test_undoing_an_edit_puts_back_values_locks_and_sources(editor: Member) -> None:
    movie = make_movie("Ran", synopsis="Land is divided.")
    before = state_of(movie)
    edit = write(editor, movie, title="Chaos", synopsis="A war.")

    made = revert([edit], editor, "It was right")

    edit.refresh_from_db()
    assert made is not None
    assert state_of(movie) == before
    assert (made.edit.kind, edit.undone_by, made.edit.note) == ("revert", made.edit, "It was right")


def test_what_follows_from_a_reverted_value_follows_again(editor: Member) -> None:
    movie = make_movie("Ran")
    edit = write(editor, movie, title="Chaos")

    revert([edit], editor, "")

    movie.refresh_from_db()
    assert (movie.slug, movie.sort_title) == ("ran", "ran")
    assert search("chaos").movies == []


def test_a_revert_can_be_undone_in_its_turn(editor: Member) -> None:
    movie = make_movie("Ran")
    edit = write(editor, movie, title="Chaos")
    made = revert([edit], editor, "")
    assert made

    revert([made.edit], editor, "")

    edit.refresh_from_db()
    assert Movie.objects.get().title == "Chaos"
    assert edit.undone_by is None


def test_the_lock_of_another_field_stays(editor: Member) -> None:
    movie = make_movie("Ran")
    edit = write(editor, movie, title="Chaos")
    write(editor, movie, tagline="Men are fools")

    revert([edit], editor, "")

    movie.refresh_from_db()
    assert (movie.title, movie.tagline, movie.locked_fields) == ("Ran", "Men are fools", ["tagline"])


def test_a_later_value_stays_unless_it_is_chosen(editor: Member) -> None:
    movie = make_movie("Ran", synopsis="One")
    edit = write(editor, movie, title="Chaos", synopsis="Two")
    write(editor, movie, synopsis="Three")
    [step] = plan(edit.changes.order_by("pk"))
    assert step.conflicts == {"synopsis": "Three"}

    revert([edit], editor, "")

    movie.refresh_from_db()
    edit.refresh_from_db()
    assert (movie.title, movie.synopsis, edit.undone_by) == ("Ran", "Three", None)
    revert([edit], editor, "", chosen=frozenset({f"catalogue.movie|{movie.pk}|synopsis"}))
    movie.refresh_from_db()
    assert movie.synopsis == "One"


def test_everything_by_one_account_goes_and_nothing_of_another(editor: Member) -> None:
    vandal, movie, other = make_member("vandal"), make_movie("Ran", tagline="Fools"), make_movie("Dreams")
    edits = [
        write(vandal, movie, title="R"),
        write(vandal, movie, title="RR", tagline="Buy"),
        write(vandal, other, title="D"),
    ]
    write(editor, movie, runtime_minutes=162)

    revert(edits, editor, "Vandalism")

    movie.refresh_from_db()
    other.refresh_from_db()
    assert (movie.title, movie.tagline, movie.runtime_minutes, other.title) == ("Ran", "Fools", 162, "Dreams")
    assert Edit.objects.filter(undone_by=None, made_by=vandal).count() == 0


def test_a_value_somebody_else_wrote_in_between_is_a_conflict(editor: Member) -> None:
    vandal, movie = make_member("vandal"), make_movie("Ran")
    edits = [write(vandal, movie, title="R")]
    write(editor, movie, title="Ran!")
    edits.append(write(vandal, movie, title="X"))

    steps = plan(Change.objects.filter(edit__in=edits).order_by("pk"))

    assert steps[0].conflicts["title"] == "X"


def test_a_deleted_movie_comes_back_with_everything(as_editor: Client, editor: Member) -> None:
    movie = make_movie("Ran", genres=["Drama"], studios=["Toho"], release_date="1985", imdb_id="tt0089881")
    credit = make_cast(movie, "Peter", "Kyoami")
    before, person = state_of(movie), Person.objects.get()
    as_editor.post(reverse("admin:catalogue_movie_delete", args=[movie.pk]), {"post": "yes"})
    assert Person.objects.get().credit_count == 0

    revert([Edit.objects.get()], editor, "")

    person.refresh_from_db()
    movie = Movie.objects.get()
    assert state_of(movie) == before
    assert (Credit.objects.get(), person.credit_count, movie.cast_line) == (credit, 1, "Peter")
    assert [genre.name for genre in movie.genres.all()] == ["Drama"]
    assert [found.title for found in search("ran").movies] == ["Ran"]


def test_what_cannot_come_back_says_why(editor: Member) -> None:
    movie = make_movie("Ran")
    credit = make_cast(movie, "Peter", "Kyoami")
    with recording(EditKind.FORM, editor) as edit:
        edit.watch("movie", [movie.pk])
        credit.delete()
    assert edit.edit
    Person.objects.all().delete()

    with pytest.raises(RefusedError, match="The person it names is gone"):
        revert([edit.edit], editor, "")


def test_a_row_whose_place_is_taken_says_so(editor: Member) -> None:
    movie, genre = make_movie("Ran", genres=["Drama"]), make_genre("Drama")
    with recording(EditKind.FORM, editor) as edit:
        edit.watch("movie", [movie.pk])
        MovieGenre.objects.all().delete()
    assert edit.edit
    MovieGenre.objects.create(movie=movie, genre=genre)

    with pytest.raises(RefusedError, match="has taken its place"):
        revert([edit.edit], editor, "")


def test_a_record_that_others_name_does_not_go(editor: Member) -> None:
    with recording(EditKind.FORM, editor) as edit:
        person = make_person("Peter")
        edit.add("person", person.pk)
    assert edit.edit
    make_cast(make_movie("Ran"), "Peter", "Kyoami")

    with pytest.raises(RefusedError, match="credit names it by now"):
        revert([edit.edit], editor, "")

    Credit.objects.all().delete()
    Person.objects.update(credit_count=0)
    revert([edit.edit], editor, "")
    assert not Person.objects.exists()


def make(actor: Member, title: str = "Wholly Gone") -> tuple[Edit, Movie]:
    """A movie that somebody made at the desk, with a new person in its cast."""
    with recording(EditKind.FORM, actor) as edit:
        movie = make_movie(title, release_date="1998", genres=["Drama"])
        edit.add("movie", movie.pk)
        edit.add("person", make_cast(movie, f"Nobody of {title}", "Peter").person_id)
    assert edit.edit
    return edit.edit, movie


def test_what_nobody_wrote_does_not_keep_a_movie(editor: Member) -> None:
    edit, movie = make(editor)
    other = make_movie("Ran")
    arrive(movie, editor)
    RelatedMovie.objects.create(movie=other, other=movie, placing=Placing.COMPUTED, reason="Alike")
    Disagreement.objects.create(movie=movie, field="title", source="imdb")
    question = MatchQuestion.objects.create(source="imdb", key="tt1", title="Gone", record={}, reason="Alike")
    question.candidates.add(movie)

    revert([edit], editor, "")

    edit.refresh_from_db()
    assert edit.undone_by
    assert list(Movie.objects.all()) == [other]
    assert not Person.objects.exists()


def test_a_reviewed_movie_keeps_its_credits_and_whom_they_name(editor: Member) -> None:
    edit, movie = make(editor)
    make_review(movie)

    with pytest.raises(RefusedError) as refused:
        revert([edit], editor, "")

    assert refused.value.reasons == ["A review names it by now.", "A credit that stays names it."]
    assert movie.credits.get().person == Person.objects.get()
    assert movie.genres.count() == 1


def test_of_an_account_s_movies_the_reviewed_one_stays_whole(editor: Member) -> None:
    vandal = make_member("vandal")
    edits, movies = zip(*(make(vandal, title) for title in ("Kept", "Gone")), strict=True)
    make_review(movies[0])

    made = revert(list(edits), editor, "")

    assert made
    assert [reason for _, reason in made.left] == ["A review names it by now.", "A credit that stays names it."]
    assert [movie.title for movie in Movie.objects.all()] == ["Kept"]
    assert Credit.objects.get().movie == movies[0]
    assert [edit.undone_by for edit in Edit.objects.filter(made_by=vandal)] == [made.edit, None]


def test_a_movie_changed_since_goes_with_all_of_it_when_it_is_chosen(editor: Member) -> None:
    edit, movie = make(editor)
    write(editor, movie, title="Kept")

    with pytest.raises(RefusedError, match="Changed since: title"):
        revert([edit], editor, "")
    assert movie.credits.count() == 1

    revert([edit], editor, "", chosen=frozenset({f"catalogue.movie|{movie.pk}|"}))
    assert not Movie.objects.exists()
    assert not Person.objects.exists()


def test_a_movie_that_a_row_names_which_cannot_go_back_stays_whole(editor: Member) -> None:
    old, other = make_movie("Ran"), make_movie("Dreams")
    row = RelatedMovie.objects.create(movie=other, other=old, reason="Alike")
    with recording(EditKind.FORM, editor) as edit:
        movie = make_movie("Chaos", genres=["Drama"])
        edit.add("movie", movie.pk)
        edit.watch("movie", [other.pk])
        RelatedMovie.objects.filter(pk=row.pk).update(other=movie)
    assert edit.edit
    RelatedMovie.objects.create(movie=other, other=old, reason="Alike")

    with pytest.raises(RefusedError, match="Something names it still"):
        revert([edit.edit], editor, "")

    assert movie.genres.count() == 1


def test_unique_values_change_hands(editor: Member) -> None:
    """Two movies whose ids were swapped are swapped back, though at no moment may two have the same."""
    one, two = make_genre("One"), make_genre("Two")
    with recording(EditKind.FORM, editor) as edit:
        edit.watch("genre", [one.pk, two.pk])
        Genre.objects.filter(pk=one.pk).update(slug="other")
        Genre.objects.filter(pk=two.pk).update(slug="one")
    assert edit.edit

    revert([edit.edit], editor, "")

    assert dict(Genre.objects.values_list("name", "slug")) == {"One": "one", "Two": "two"}
