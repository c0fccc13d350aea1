"""Which movies stand beside a movie, in which order, and what is said of it."""

import threading

import pytest
from django.db import connection, transaction

from catalogue.curation.locks import lock_fields
from catalogue.facts import facts_of
from catalogue.models import Movie, RelatedMovie
from catalogue.related import SHOWN, forget_related, refresh_related
from catalogue.vocabulary import Department, Placing
from tests.makers import make_cast, make_crew, make_movie

pytestmark = pytest.mark.django_db


def reasons(movie: Movie) -> dict[str, str]:
    movie.refresh_from_db()
    if movie.related_at is None:
        refresh_related([movie.pk])
    return {row.other.title: row.reason for row in facts_of(movie.pk).related}


def test_a_director_is_nearer_than_a_writer_a_player_and_a_genre() -> None:
    movie = make_movie("Here", genres=["Drama"], release_date="2002")
    make_crew(movie, "Brad Fraser")
    make_crew(movie, "Ann Writer", "Screenplay", Department.WRITING)
    make_cast(movie, "Lynda Boyd")
    make_crew(make_movie("By the director"), "Brad Fraser")
    make_crew(make_movie("By the writer"), "Ann Writer", "Screenplay", Department.WRITING)
    make_cast(make_movie("With the player"), "Lynda Boyd")
    make_movie("Of the kind", genres=["Drama"], release_date="2003")

    found = reasons(movie)

    assert found == {
        "By the director": "Same director: Brad Fraser",
        "By the writer": "Same writer: Ann Writer",
        "With the player": "Also with Lynda Boyd",
        "Of the kind": "Drama of the early 2000s",
    }
    assert next(iter(found)) == "By the director"


def test_shared_cast_is_counted_and_named() -> None:
    movie, other = make_movie(), make_movie("Reunion")
    for name in ("Ada", "Ben", "Cy"):
        make_cast(movie, name)
        make_cast(other, name)

    assert reasons(movie) == {"Reunion": "3 shared cast members: Ada, Ben and Cy"}


def test_a_rarely_credited_person_relates_more_than_a_busy_one() -> None:
    movie = make_movie()
    for name in ("Busy", "Rare"):
        make_cast(movie, name)
    for number in range(12):
        make_cast(make_movie(f"Crowd {number}"), "Busy")
    make_cast(make_movie("The other one"), "Rare")

    assert next(iter(reasons(movie))) == "The other one"


def test_strangers_and_drafts_are_not_related() -> None:
    movie = make_movie(genres=["Drama"], release_date="2002")
    make_crew(movie, "Brad Fraser")
    make_movie("Another kind", genres=["Western"], release_date="2002")
    make_crew(make_movie("Unpublished", is_published=False), "Brad Fraser")

    assert reasons(movie) == {}


def test_an_editors_choice_outlasts_the_computation() -> None:
    movie, pinned, banned = make_movie(), make_movie("Pinned"), make_movie("Banned")
    for each in (movie, banned):
        make_crew(each, "Brad Fraser")
    RelatedMovie.objects.create(movie=movie, other=pinned, placing=Placing.PINNED, reason="Seen together")
    RelatedMovie.objects.create(movie=movie, other=banned, placing=Placing.BANNED, reason="Another Fraser")

    refresh_related([movie.pk])

    assert reasons(movie) == {"Pinned": "Seen together"}


def test_a_new_credit_is_seen_after_forgetting() -> None:
    movie, other = make_movie(), make_movie("Found later")
    make_crew(movie, "Brad Fraser")
    assert reasons(movie) == {}

    make_crew(other, "Brad Fraser")
    forget_related([movie.pk])

    assert reasons(movie) == {"Found later": "Same director: Brad Fraser"}


def test_no_more_are_shown_than_there_is_room_for() -> None:
    movie = make_movie()
    make_crew(movie, "Brad Fraser")
    for number in range(SHOWN + 2):
        make_crew(make_movie(f"Other {number}"), "Brad Fraser")

    assert len(reasons(movie)) == SHOWN


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has one writer at a time")
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_nobody_who_saves_waits_for_a_movie_that_another_holds() -> None:
    """Two editors who saved movies that stand beside each other waited for each other until one was thrown out."""
    movie, beside = make_movie("Here"), make_movie("Beside")
    for one in (movie, beside):
        make_crew(one, "Brad Fraser")
        refresh_related([one.pk])
    is_held, is_over = threading.Event(), threading.Event()
    waits = []

    def hold() -> None:
        with transaction.atomic():
            Movie.objects.select_for_update(no_key=True).get(pk=beside.pk)
            is_held.set()
            waits.append(is_over.wait(5))
        connection.close()

    other = threading.Thread(target=hold)
    other.start()
    assert is_held.wait(20)
    with transaction.atomic():
        forget_related([movie.pk])
        is_over.set()
    other.join()

    assert waits == [True]
    assert list(Movie.objects.values_list("related_at", flat=True)) == [None, None]


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has one writer at a time")
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_reader_who_finds_a_movie_beside_another_does_not_wait_for_its_editor() -> None:
    """A row that is named is looked up when the reader's transaction ends: it waited for editors of those beside."""
    movie, beside = make_movie("Here"), make_movie("Beside")
    for one in (movie, beside):
        make_crew(one, "Brad Fraser")
    done = []

    def read() -> None:
        done.append(refresh_related([movie.pk]))
        connection.close()

    reader = threading.Thread(target=read)
    with transaction.atomic():
        lock_fields(beside, {"title"})
        reader.start()
        reader.join(5)
        assert done == [1]
