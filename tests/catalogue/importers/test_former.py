"""An import that meets an id of a merged record finds the one it went into, and changes none of its ids."""

import pytest

from catalogue.curation.merging import merge
from catalogue.importers.records import MovieRecord, Origin
from catalogue.models import Disagreement, ImportProblem, MatchQuestion, Movie, Person, Studio, Suspect
from catalogue.vocabulary import Suspicion
from reviews.models import Member
from tests.catalogue.importers.test_run import heat, run
from tests.makers import make_movie, make_person

pytestmark = pytest.mark.django_db


def test_the_loser_s_ids_find_the_winner(editor: Member) -> None:
    run(heat())
    loser = Movie.objects.get()
    assert loser.imdb_id
    winner = make_movie("Heat", imdb_id="tt9999999", release_date="1995")
    people = set(Person.objects.values_list("pk", flat=True))
    merge("movie", winner.pk, loser.pk, editor, "", {"imdb_id": "winner"})

    run(heat())
    again = run(heat())

    movie = Movie.objects.get()
    assert (movie.pk, movie.imdb_id) == (winner.pk, "tt9999999")
    assert again == {"unchanged": 1}
    assert not Disagreement.objects.filter(field="imdb_id").exists()
    assert set(Person.objects.values_list("pk", flat=True)) == people


def test_people_and_studios_are_found_by_what_they_were(editor: Member) -> None:
    run(heat())
    loser = Person.objects.exclude(imdb_id=None).first()
    assert loser
    winner = make_person("The same", imdb_id="nm9999999")
    merge("person", winner.pk, loser.pk, editor, "", {"name": "loser", "imdb_id": "winner"})
    people, studios = Person.objects.count(), Studio.objects.count()
    if studio := Studio.objects.first():
        other = Studio.objects.create(name="The winner")
        merge("studio", other.pk, studio.pk, editor, "", {"name": "winner"})

    run(heat())

    assert (Person.objects.count(), Studio.objects.count()) == (people, studios)
    winner.refresh_from_db()
    assert (winner.imdb_id, winner.credit_count > 0) == ("nm9999999", True)


def test_ids_of_movies_that_an_editor_told_apart_are_no_question() -> None:
    one = make_movie("Ran", imdb_id="tt0089881", source="imdb")
    other = make_movie("Ran", tmdb_id=11645, source="tmdb")
    record = MovieRecord(Origin("a"), imdb_id="tt0089881", tmdb_id=11645, runtime_minutes=162)
    assert run(record, source="tmdb") == {"skipped": 1}
    MatchQuestion.objects.all().delete()

    Suspect.objects.create(kind="movie", first=one.pk, second=other.pk, score=60, state=Suspicion.DIFFERENT)

    assert run(record, source="tmdb") == {"updated": 1}
    assert run(record, source="elsewhere") == {"skipped": 1}  # it says nothing of its own
    assert dict(Movie.objects.values_list("pk", "runtime_minutes")) == {one.pk: None, other.pk: 162}
    assert "another movie's" in ImportProblem.objects.get().text
