"""The rules that live in the database, each broken once."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError, models, transaction

from catalogue.dates import PartialDate
from catalogue.models import (
    AlternativeName,
    AlternativeTitle,
    Collection,
    CollectionItem,
    Country,
    Credit,
    ExternalRating,
    Feature,
    Language,
    Movie,
    MovieGenre,
    Person,
    RelatedMovie,
    Release,
    Studio,
    Video,
    WatchLink,
)
from catalogue.vocabulary import Department
from tests.makers import make_genre, make_movie, make_person

pytestmark = pytest.mark.django_db
LINK = {"url": "https://example.org/"}


def refused(model: type[models.Model], **columns: Any) -> str:
    """The database's reason for not taking a row."""
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        model._default_manager.bulk_create([model(**columns)])  # past save() and clean()
    return str(caught.value)


@pytest.mark.parametrize(
    "columns",
    [
        pytest.param({"billing_order": None}, id="cast-without-billing"),
        pytest.param({"job": "Editor"}, id="cast-with-job"),
        pytest.param({"department": Department.EDITING, "billing_order": None}, id="crew-without-job"),
        pytest.param({"department": Department.EDITING, "job": "Editor"}, id="crew-with-billing"),
        pytest.param(
            {"department": Department.EDITING, "job": "Editor", "billing_order": None, "character": "Matt"},
            id="crew-with-character",
        ),
    ],
)
def test_a_credit_is_cast_or_crew_never_both(columns: dict[str, Any]) -> None:
    row = {
        "movie": make_movie(),
        "person": make_person(),
        "department": Department.ACTING,
        "billing_order": 0,
        **columns,
    }

    assert "credit_cast_is_billed_crew_has_job" in refused(Credit, **row)


def test_a_credit_names_somebody() -> None:
    movie = make_movie()

    assert "credit_names_somebody" in refused(Credit, movie=movie, billing_order=0)
    assert Credit.objects.create(movie=movie, billing_order=0, credited_as="A. Nonymous").name == "A. Nonymous"


def test_a_credit_stands_once() -> None:
    row = {"movie": make_movie(), "person": make_person(), "billing_order": 0, "character": "Matt"}
    Credit.objects.create(**row)

    assert refused(Credit, **{**row, "billing_order": 1})
    nameless = {"movie": row["movie"], "billing_order": 2, "credited_as": "Crowd"}
    Credit.objects.create(**nameless)
    assert refused(Credit, **nameless)


@pytest.mark.parametrize("date", ["1954-13", "54", "1954-4-26", "1954-04-32", "yesterday"])
def test_dates_are_dates(date: str) -> None:
    # PostgreSQL may stop earlier, at the year it cannot read.
    with pytest.raises((IntegrityError, DataError)), transaction.atomic():
        Movie.objects.bulk_create([Movie(title="Ran", release_date=date)])
    with pytest.raises(ValidationError):
        Movie(title="Ran", release_date=date).full_clean()


def test_partial_dates_sort_and_print() -> None:
    for date in ("1954-04-26", "1954", "1953-12-31", "1954-04", None):
        make_movie(str(date), release_date=date)

    dates = [movie.release_date for movie in Movie.objects.exclude(release_date=None).order_by("release_date")]

    assert [date and date.words for date in dates] == ["31 December 1953", "1954", "April 1954", "26 April 1954"]
    assert set(Movie.objects.values_list("release_year", flat=True)) == {1953, 1954, None}
    assert make_movie(release_date=PartialDate(1954, 4)).release_year == 1954


@pytest.mark.parametrize("text", ["1900-02-30", "2023-02-29", "0000"])
def test_days_that_no_calendar_has(text: str) -> None:
    with pytest.raises(ValueError, match="calendar"):
        PartialDate.parse(text)


@pytest.mark.parametrize(
    ("columns", "rule"),
    [
        ({"title": ""}, "movie_title_not_blank"),
        ({"runtime_minutes": 0}, "movie_runtime_positive"),
        ({"aspect_ratio": "0.5"}, "movie_aspect_ratio_plausible"),
        ({"imdb_id": "nm0000001"}, "movie_imdb_id_has_its_form"),
        ({"imdb_id": "tt123"}, "movie_imdb_id_has_its_form"),
        ({"wikidata_id": "42"}, "movie_wikidata_id_has_its_form"),
    ],
)
def test_movie_rules(columns: dict[str, Any], rule: str) -> None:
    assert rule in refused(Movie, **{"title": "Ran", **columns})


def test_external_ids_are_unique() -> None:
    make_movie(imdb_id="tt0000001")

    assert "imdb_id" in refused(Movie, title="Ran", imdb_id="tt0000001")


def test_people_of_one_name_are_told_apart() -> None:
    make_person("Tom Holland", disambiguation="actor")

    assert refused(Person, name="Tom Holland", disambiguation="actor")
    Person.objects.create(name="Tom Holland", disambiguation="director")
    Person.objects.create(name="Tom Holland", disambiguation="actor", imdb_id="nm0000001")
    with pytest.raises(ValidationError, match="say in the disambiguation who this is"):
        Person(name="Tom Holland", disambiguation="actor").full_clean()


def test_nobody_dies_before_birth() -> None:
    assert "person_died_after_birth" in refused(Person, name="Ann", born_on="1950-06", died_on="1949")
    Person.objects.create(name="Ann", born_on="1950-06", died_on="1950")


@pytest.mark.parametrize(
    ("model", "columns", "rule"),
    [
        (ExternalRating, {"source": "A", "value": 11, "scale": 10}, "externalrating_within_its_scale"),
        (ExternalRating, {"source": "A", "value": -1, "scale": 10}, "externalrating_within_its_scale"),
        (ExternalRating, {"source": "", "value": 1, "scale": 10}, "externalrating_source_not_blank"),
        (Video, {"title": "T", "url": "javascript:alert(1)"}, "video_url_is_https"),
        (
            WatchLink,
            {"provider": "P", "url": "data:x", "kind": "free", "checked_on": "2026-01-01"},
            "watchlink_url_is_https",
        ),
        (AlternativeTitle, {"title": ""}, "alternativetitle_title_not_blank"),
        (Release, {"country_id": "CA", "date": "soon"}, "release_date_is_a_date"),
        (Feature, {"starts_on": "2026-02-01", "ends_on": "2026-01-01"}, "feature_ends_after_start"),
    ],
)
def test_rules_of_what_hangs_on_a_movie(model: type[models.Model], columns: dict[str, Any], rule: str) -> None:
    assert rule in refused(model, movie=make_movie(), **columns)


def test_nothing_is_listed_twice() -> None:
    movie, person = make_movie(), make_person()
    collection = Collection.objects.create(name="Swords")
    for model, row in (
        (MovieGenre, {"movie": movie, "genre": make_genre()}),
        (AlternativeTitle, {"movie": movie, "title": "T"}),
        (Release, {"movie": movie, "country_id": "CA"}),
        (ExternalRating, {"movie": movie, "source": "A", "value": 1}),
        (Video, {"movie": movie, "title": "T", **LINK}),
        (AlternativeName, {"person": person, "name": "N"}),
        (CollectionItem, {"movie": movie, "collection": collection}),
        (RelatedMovie, {"movie": movie, "other": make_movie(), "reason": "R"}),
        (Studio, {"name": "Toho"}),
    ):
        model._default_manager.create(**row)
        assert refused(model, **row), model


def test_a_movie_is_not_related_to_itself() -> None:
    movie = make_movie()

    assert "relatedmovie_not_itself" in refused(RelatedMovie, movie=movie, other=movie, reason="R")


def test_reference_lists_are_there() -> None:
    assert str(Country.objects.get(pk="CA")) == "Canada"
    assert str(Country.objects.get(pk="SU")) == "Soviet Union"
    assert str(Language.objects.get(pk="ja")) == "Japanese"
