"""How complete a record is, whoever writes it."""

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

from catalogue import completeness
from catalogue.completeness import MOVIE, PERSON, STUDIO, lacks, missing
from catalogue.curation.derive import refresh_movies
from catalogue.models import Country, Image, Language, Movie, Person, Studio
from tests.makers import make_cast, make_crew, make_movie, make_person

pytestmark = pytest.mark.django_db


def names(movie: Movie) -> set[str]:
    movie.refresh_from_db()
    return {gap.name for gap in missing(MOVIE, movie.gaps)}


@pytest.mark.parametrize("table", [MOVIE, PERSON, STUDIO])
def test_the_weights_make_a_hundred(table: Any) -> None:
    # Who has no cast cannot have one without characters.
    assert sum(gap.weight for gap in table if gap.name != "characters") == 100
    assert len({gap.bit for gap in table}) == len(table)


def test_a_movie_of_which_nothing_is_known_has_no_point() -> None:
    movie = Movie.objects.create(title="Ran")
    movie.refresh_from_db()

    assert (movie.completeness, movie.need) == (0, 100 * completeness.AT_LEAST)
    assert names(movie) == {gap.name for gap in MOVIE} - {"characters"}


def test_a_movie_of_which_all_is_known_has_every_point() -> None:
    poster, backdrop = (Image.objects.create(digest=kind * 32, kind="poster", width=2, height=3) for kind in "ab")
    movie = make_movie(
        "Ran", genres=["Drama"], studios=["Toho"], synopsis="Fools", tagline="Men are fools", release_date="1985",
        runtime_minutes=162, imdb_id="tt0089881", poster=poster, backdrop=backdrop,
        original_language=Language.objects.get(pk="ja"),
    )  # fmt: skip
    movie.countries_of_origin.add(Country.objects.get(pk="JP"))
    make_crew(movie, "Akira Kurosawa")
    make_cast(movie, "Tatsuya Nakadai", "Hidetora")

    assert names(movie) == set()
    assert (movie.completeness, movie.need) == (100, 0)


def test_any_write_of_the_row_keeps_it_right() -> None:
    movie = make_movie("Ran")

    Movie.objects.update(synopsis="Fools")

    assert "synopsis" not in names(movie)
    assert movie.completeness == 15


def test_the_cast_is_there_with_or_without_characters() -> None:
    movie = make_movie("Ran")
    credit = make_cast(movie, "Peter")

    assert {"characters"} == names(movie) & {"cast", "characters"}
    credit.character = "Kyoami"
    credit.save()
    refresh_movies([movie.pk])

    assert not names(movie) & {"cast", "characters"}


def test_people_and_studios_have_points_of_their_own() -> None:
    person = make_person("Peter", born_on="1952", birthplace="Osaka")
    studio = Studio.objects.create(name="Toho", homepage="https://example.org")
    for row in (person, studio):
        row.refresh_from_db()

    assert [gap.name for gap in missing(PERSON, person.gaps)] == ["portrait", "biography", "credits", "ids"]
    assert (person.completeness, studio.completeness) == (30, 10)
    assert (Person.objects.get().need, Studio.objects.get().gaps) == (70 * completeness.AT_LEAST, 11)


def test_the_documented_weights_are_those() -> None:
    page = (Path(settings.BASE_DIR) / "docs" / "completeness.md").read_text()

    for gap in (*MOVIE, *PERSON, *STUDIO):
        assert f"| {gap.label} | {gap.weight} | {'yes' if gap.has_queue else ''} |" in page


@pytest.mark.parametrize("gap", [gap for gap in MOVIE if gap.has_queue], ids=str)
def test_a_queue_is_read_from_its_index(gap: Any) -> None:
    plan = Movie.objects.filter(lacks(gap)).order_by("-need", "pk").values("pk")[:100]
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:  # a small table would be read as a whole
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute("SET LOCAL enable_sort = off")
            # What other tests left in the statistics may speak for the index of all movies. It is back at the end.
            cursor.execute("DROP INDEX movie_by_need")

    assert f"movie_lacks_{gap.name}" in plan.explain()
