"""A dataset in an empty catalogue, with all that follows from it."""

from pathlib import Path

import pytest

from catalogue.browse.index import Bitmaps
from catalogue.curation.derive import refresh_movies, refresh_people
from catalogue.importers.imdb.fast import NotEmptyError
from catalogue.importers.imdb.files import find
from catalogue.importers.imdb.options import Options
from catalogue.models import AlternativeTitle, Credit, ExternalRating, Movie, Person
from catalogue.search import search
from tests.catalogue.importers.imdb.data import BASICS, reasons, run, write
from tests.makers import make_movie

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


def test_everything_is_there_after_one_run(tmp_path: Path) -> None:
    report = run(write(tmp_path, ".tsv.gz"))

    assert reasons(report) == []
    columns = (
        "imdb_id",
        "title",
        "original_title",
        "sort_title",
        "slug",
        "release_year",
        "runtime_minutes",
        "popularity",
    )
    assert list(Movie.objects.order_by("pk").values_list(*columns)) == [
        ("tt0000001", "The First", "", "first, the", "the-first", 1954, 104, 231),
        ("tt10000015", '"Quoted', "Zitiert", "quoted", "quoted", None, None, 0),
        ("tt1000001", "Third & Last", "", "third and last", "third-and-last", 2031, 51420, 0),
    ]
    first = Movie.objects.get(imdb_id="tt0000001")
    assert [genre.name for genre in first.genres.all()] == ["Drama", "Science fiction"]
    assert (first.cast_line, first.cast_count, first.director_line) == ("Zoë Ann, Bo Ng, Bo Ng", 4, "Zoë Ann")
    assert [str(rating) for rating in ExternalRating.objects.all()] == ["7.3/10 IMDb"]
    assert [movie.title for movie in search("quoted").movies] == ['"Quoted']
    assert [person.name for person in search("zoe ann").people] == ["Zoë Ann"]
    assert len(Bitmaps.load().everything) == 3


def test_the_credits_of_both_files_make_one_list(tmp_path: Path) -> None:
    run(write(tmp_path))

    credits = Credit.objects.filter(movie__imdb_id="tt0000001").order_by("pk")
    assert list(credits.values_list("person__name", "department", "job", "character", "billing_order", "is_voice")) == [
        ("Zoë Ann", "acting", "", 'Ann "Annie" Lee', 0, True),
        ("Bo Ng", "acting", "", "A / B", 1, False),
        ("Dee Rector", "directing", "Co-director", "", None, False),
        ("Bo Ng", "acting", "", "Self", 2, False),
        ("Zoë Ann", "sound", "Original Music Composer", "", None, False),
        ("Late Comer", "acting", "", "K", 3, False),
        ("Zoë Ann", "directing", "Director", "", None, False),
        ("Will Write", "writing", "Writer", "", None, False),
    ]
    late = Person.objects.get(name="Late Comer")
    assert (late.born_on, late.died_on, late.known_for_line) == (None, None, "The First")


def test_other_titles_have_kind_country_and_language(tmp_path: Path) -> None:
    report = run(write(tmp_path))

    assert list(AlternativeTitle.objects.order_by("pk").values_list("title", "kind", "country", "language")) == [
        ("Der Erste", "alternative", "DE", "de"),
        ("First, Working", "working", None, None),
        ("Pervyy", "romanized", "SU", "ru"),
    ]
    assert report.of("title.akas.tsv").skipped == {"known already": 2, "of no imported movie": 1}


def test_derived_columns_are_what_curation_makes_of_the_rows(tmp_path: Path) -> None:
    run(write(tmp_path))
    movies, people = Movie.objects.order_by("pk"), Person.objects.order_by("pk")
    lines = ("cast_line", "cast_count", "director_line", "sort_title", "slug", "missing_parts", "completeness")
    known = ("credit_count", "known_for_department", "known_for_line", "sort_name", "slug")
    before = list(movies.values_list(*lines)), list(people.values_list(*known))

    refresh_movies(movies.values_list("pk", flat=True))
    refresh_people(people.values_list("pk", flat=True))
    for row in (*movies, *people):
        row.save()

    assert (list(movies.values_list(*lines)), list(people.values_list(*known))) == before


def test_the_next_record_gets_the_next_key(tmp_path: Path) -> None:
    run(write(tmp_path))

    # SQLite goes on from the largest there ever was, in a test that ran before too.
    assert make_movie("Another").pk > max(Movie.objects.exclude(title="Another").values_list("pk", flat=True))


def test_a_catalogue_with_a_movie_is_refused(tmp_path: Path) -> None:
    make_movie("Ran")

    with pytest.raises(NotEmptyError, match="not empty"):
        run(write(tmp_path))


def test_a_file_that_breaks_off_leaves_the_catalogue_empty(tmp_path: Path) -> None:
    write(tmp_path, ".tsv.gz")
    names = tmp_path / "name.basics.tsv.gz"
    names.write_bytes(names.read_bytes()[:-12])

    with pytest.raises(ValueError, match=r"name\.basics\.tsv\.gz breaks off"):
        run(tmp_path)

    assert not Movie.objects.exists()
    assert not Credit.objects.exists()


@pytest.mark.parametrize(
    ("options", "titles"),
    [
        (Options(frozenset(["short"])), ["Brief"]),
        (Options(adult=True), ["The First", '"Quoted', "Third & Last", "Not for All"]),
        (Options(minimum_votes=100), ["The First"]),
    ],
)
def test_options_choose_titles(tmp_path: Path, options: Options, titles: list[str]) -> None:
    run(write(tmp_path), options)

    assert list(Movie.objects.order_by("pk").values_list("title", flat=True)) == titles


def test_a_cast_is_cut_at_the_maximum(tmp_path: Path) -> None:
    report = run(write(tmp_path), Options(maximum_billing=1))

    assert Movie.objects.get(imdb_id="tt0000001").cast_line == "Zoë Ann"
    # The repeated row of Bo Ng is beyond it, too.
    assert report.of("title.principals.tsv").skipped["further down the cast"] == 4


def test_a_subset_of_the_files_will_do(tmp_path: Path) -> None:
    report = run(write(tmp_path, title_crew=None, title_principals=None, name_basics=None, title_akas=None))

    assert (Movie.objects.count(), Person.objects.count(), reasons(report)) == (3, 0, [])
    with pytest.raises(ValueError, match=r"title\.basics"):
        find([tmp_path / "title.ratings.tsv"])


def test_a_dry_run_counts_the_same_and_writes_nothing(tmp_path: Path) -> None:
    dry = run(write(tmp_path), is_dry=True)
    assert not Movie.objects.exists()
    wet = run(tmp_path)

    assert [(t.read, t.created, t.skipped) for t in dry.tallies.values()] == [
        (t.read, t.created, t.skipped) for t in wet.tallies.values()
    ]
    assert dry.of("title.basics.tsv").read == len(BASICS)
