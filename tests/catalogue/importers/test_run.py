"""Importing: what is created, updated and left alone, and that totals add up."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from catalogue.curation.derive import refresh_movies
from catalogue.dates import PartialDate
from catalogue.importers.reading import BrokenFileError
from catalogue.importers.records import (
    CreditRecord,
    MovieRecord,
    Origin,
    Parsed,
    PersonRecord,
    RatingRecord,
    Rejected,
    Skipped,
    StudioRecord,
    TitleRecord,
)
from catalogue.importers.report import OUTCOMES, Report
from catalogue.importers.run import Job, StoppedError, plan_import, run_import
from catalogue.models import Credit, Disagreement, ImportProblem, ImportRun, MatchQuestion, Movie, Person, Studio
from catalogue.search import search
from catalogue.vocabulary import Answer, Department, RunState
from tests.makers import make_crew, make_movie

pytestmark = pytest.mark.django_db
FILE = Path(__file__)


def origin(line: int = 1) -> Origin:
    return Origin("a.tsv", line)


def heat(**more: Any) -> MovieRecord:
    """A movie as IMDb might have it."""
    facts: dict[str, Any] = {
        "imdb_id": "tt0113277",
        "title": "Heat",
        "release_date": PartialDate(1995),
        "runtime_minutes": 170,
        "genres": ["Crime", "Drama"],
        "credits": [
            CreditRecord(PersonRecord(origin(), "Michael Mann", imdb_id="nm0000520"), Department.DIRECTING, "Director"),
            CreditRecord(PersonRecord(origin(), "Al Pacino", imdb_id="nm0000199"), character="Vincent Hanna"),
        ],
    }
    return MovieRecord(origin(2), **{**facts, **more})


def job(*items: Parsed, source: str = "imdb", **more: Any) -> Job:
    """Items as a parser yields them, anew each time."""

    def parse() -> Iterable[Parsed]:
        import copy

        return iter(copy.deepcopy(items))

    return Job(source=source, label="A test", files=[FILE], parse=parse, **more)  # type: ignore[arg-type]


def totals(report: Report) -> dict[str, int]:
    """The outcomes that occurred, after a look whether they add up."""
    assert report.counts["read"] == sum(report.counts[name] for name in OUTCOMES)
    return {name: report.counts[name] for name in OUTCOMES if report.counts[name]}


def run(*items: Parsed, **more: Any) -> dict[str, int]:
    return totals(run_import(job(*items, **more))[1])


def test_a_movie_is_created_with_everything_and_found() -> None:
    assert run(heat()) == {"created": 1}

    movie = Movie.objects.get()
    assert (movie.title, movie.year, movie.runtime_minutes, movie.source) == ("Heat", 1995, 170, "imdb")
    assert list(movie.moviegenre_set.values_list("genre__name", flat=True)) == ["Crime", "Drama"]
    assert (movie.director_line, movie.cast_line) == ("Michael Mann", "Al Pacino")
    assert Person.objects.get(imdb_id="nm0000199").credit_count == 1
    assert [found.pk for found in search("heat pacino").movies] == [movie.pk]


def test_a_second_run_changes_nothing_and_says_so() -> None:
    run(heat())
    before = Movie.objects.values().get()

    assert run(heat()) == {"unchanged": 1}
    assert Movie.objects.values().get() == before


def test_a_newer_file_updates_only_what_changed_in_it() -> None:
    run(heat())
    version = Movie.objects.get().version

    _, report = run_import(job(heat(runtime_minutes=171)))

    movie = Movie.objects.get()
    assert (totals(report), dict(report.fields)) == ({"updated": 1}, {"runtime_minutes": 1})
    assert (movie.runtime_minutes, list(movie.provenance)) == (171, ["runtime_minutes"])
    assert movie.version > version


def test_a_plan_says_what_a_run_does_and_writes_nothing() -> None:
    make_movie("Ran", imdb_id="tt0089881", source="demo")
    items: list[Parsed] = [
        heat(),
        heat(),
        MovieRecord(origin(4), imdb_id="tt0089881", runtime_minutes=162),
        Rejected(origin(5), "No."),
    ]

    planned = plan_import(job(*items))

    assert totals(planned) == {"created": 1, "updated": 1, "rejected": 2}
    assert (Movie.objects.count(), Person.objects.count(), ImportRun.objects.count()) == (1, 0, 0)
    assert run(*items) == totals(planned)


def test_a_locked_field_stays_and_the_difference_is_kept_for_an_editor() -> None:
    run(heat())
    Movie.objects.update(title="Heat!", locked_fields=["title"])

    assert run(heat()) == {"unchanged": 1}
    assert run(heat()) == {"unchanged": 1}

    row = Disagreement.objects.get()
    assert (Movie.objects.get().title, row.field, row.ours, row.theirs) == ("Heat!", "title", "Heat!", "Heat")


def test_credits_are_locked_like_any_field() -> None:
    run(heat())
    movie = Movie.objects.get()
    movie.credits.filter(department=Department.ACTING).delete()
    Movie.objects.update(locked_fields=["credits"])

    run(heat())

    assert movie.credits.count() == 1
    assert Disagreement.objects.get().field == "credits"


def test_what_was_decided_stays_decided_until_the_source_says_something_new() -> None:
    run(heat())
    Movie.objects.update(title="Heat!", locked_fields=["title"])
    run(heat())
    Disagreement.objects.update(state=Answer.KEPT)

    run(heat())
    assert Disagreement.objects.get().state == Answer.KEPT

    run(heat(title="Heat (1995)"))
    assert (Disagreement.objects.get().state, Disagreement.objects.get().theirs) == (Answer.OPEN, "Heat (1995)")


def test_movies_from_before_sources_were_kept_are_an_editors() -> None:
    make_movie("Heat", imdb_id="tt0113277", runtime_minutes=169)

    run(heat())

    movie = Movie.objects.get()
    assert (movie.runtime_minutes, movie.year) == (169, 1995)
    assert [row.field for row in Disagreement.objects.all()] == ["runtime_minutes"]


def test_a_source_of_higher_rank_replaces_and_one_of_lower_does_not() -> None:
    run(heat())
    assert run(heat(runtime_minutes=172), source="tmdb") == {"updated": 1}
    assert run(heat(runtime_minutes=170)) == {"unchanged": 1}
    assert Movie.objects.get().runtime_minutes == 172


def test_silence_touches_nothing_and_unknown_takes_back_only_ones_own() -> None:
    run(heat(synopsis="A heist."))
    assert run(MovieRecord(origin(), imdb_id="tt0113277", title="Heat")) == {"unchanged": 1}
    assert run(heat(synopsis=""), source="movielens") == {"unchanged": 1}
    assert run(heat(synopsis="")) == {"updated": 1}
    assert Movie.objects.get().synopsis == ""


@pytest.mark.parametrize(
    ("more", "outcome"),
    [
        pytest.param({"runtime_minutes": 172}, "updated", id="running time within three minutes"),
        pytest.param({"runtime_minutes": None, "release_date": PartialDate(1996)}, "updated", id="director, next year"),
        pytest.param({"runtime_minutes": 90, "credits": []}, "skipped", id="neither"),
        pytest.param({"release_date": PartialDate(1999)}, "created", id="another year"),
    ],
)
def test_without_an_id_title_and_year_need_a_witness(more: Any, outcome: str) -> None:
    movie = make_movie("The Heat", release_date=PartialDate(1995), runtime_minutes=170, source="demo")
    movie.alternative_titles.create(title="Heat")
    make_crew(movie, "Michael Mann")

    found = run(heat(imdb_id=None, **more), source="spreadsheet:archive")

    assert found == {outcome: 1}
    assert MatchQuestion.objects.count() == (outcome == "skipped")


@pytest.mark.parametrize(("minutes", "outcome"), [(150, "created"), (170, "skipped")])
def test_another_director_means_another_movie_unless_it_is_as_long(minutes: int, outcome: str) -> None:
    """Names come in many spellings: Тарковский, Tarkovsky, Tarkowskij."""
    movie = make_movie("Heat", release_date=PartialDate(1995), runtime_minutes=minutes)
    make_crew(movie, "Somebody Else")

    assert run(heat(imdb_id=None)) == {outcome: 1}


@pytest.mark.parametrize(
    ("name", "outcome"),
    [
        ("M. Mann", "updated"),
        ("Mann, Michael", "updated"),
        ("Mann Michael", "updated"),
        ("Michael K. Mann", "updated"),
        ("Michael Mann Jr", "skipped"),
        ("Thomas Mann", "skipped"),  # the running time alone does not say that it is he
        ("Майкл Манн", "skipped"),
    ],
)
def test_directors_are_written_in_several_ways(name: str, outcome: str) -> None:
    movie = make_movie("Heat", release_date=PartialDate(1995), runtime_minutes=170, source="demo")
    make_crew(movie, "Michael Mann")
    told = CreditRecord(PersonRecord(origin(), name), Department.DIRECTING, "Director")

    assert run(heat(imdb_id=None, runtime_minutes=171, credits=[told]), source="spreadsheet:archive") == {outcome: 1}

    assert MatchQuestion.objects.count() == (outcome == "skipped")
    if outcome == "updated":
        assert [credit.person.name for credit in movie.credits.all() if credit.person] == ["Michael Mann"]
    assert Person.objects.count() == 1


def test_drafts_are_matched_too() -> None:
    movie = make_movie("Heat", release_date=PartialDate(1995), runtime_minutes=170, is_published=False, source="demo")
    refresh_movies([movie.pk])

    assert run(heat(imdb_id=None)) == {"updated": 1}
    assert not Movie.objects.get().is_published


def test_an_answered_question_is_asked_once() -> None:
    movie = make_movie("Heat", release_date=PartialDate(1995))
    doubtful = heat(imdb_id=None, runtime_minutes=None)
    run(doubtful)
    assert run(doubtful) == {"skipped": 1}
    MatchQuestion.objects.update(state=Answer.SAME, answer=movie)

    assert run(doubtful) == {"updated": 1}
    assert (Movie.objects.count(), MatchQuestion.objects.count()) == (1, 1)


def test_a_lists_own_number_knows_a_movie_again_unless_its_ids_say_otherwise() -> None:
    number, source = {"spreadsheet:archive": "K 17"}, "spreadsheet:archive"
    run(heat(imdb_id=None, external_ids=number), source=source)
    assert run(heat(title="Another name", external_ids=number), source=source) == {"updated": 1}
    assert Movie.objects.get().imdb_id == "tt0113277"

    assert run(heat(title="Ran", imdb_id="tt0089881", external_ids=number), source=source) == {"skipped": 1}
    question = MatchQuestion.objects.get()
    assert question.reason == "Its number is known of a movie with another id."
    assert list(question.candidates.all()) == [Movie.objects.get()]


def test_ids_of_two_movies_are_a_question() -> None:
    make_movie("Heat", imdb_id="tt0113277")
    make_movie("Heat", tmdb_id=949)

    assert run(heat(tmdb_id=949)) == {"skipped": 1}
    assert MatchQuestion.objects.get().candidates.count() == 2


def test_of_two_rows_about_one_movie_the_first_counts() -> None:
    items = [heat(), heat(runtime_minutes=1), MovieRecord(origin(9), imdb_id="tt0113277", synopsis="A heist.")]

    assert run(*items) == {"created": 1, "updated": 1, "rejected": 1}
    assert run(*items) == {"unchanged": 2, "rejected": 1}
    assert ImportProblem.objects.filter(text__contains="imdb_id tt0113277 stands earlier").count() == 2


def test_namesakes_are_not_guessed_apart() -> None:
    for number in (1, 2):
        Person.objects.create(name="Tom Holland", tmdb_id=number)
    credits = [CreditRecord(PersonRecord(origin(), "Tom Holland"), character="A man")]

    run(heat(credits=credits))

    credit = Credit.objects.get()
    assert (credit.person, credit.credited_as) == (None, "Tom Holland")
    assert ImportProblem.objects.get().text == "Credits: “Tom Holland: 2 people have this name” left out"
    assert run(heat(credits=credits)) == {"unchanged": 1}


def test_one_name_is_one_person_beside_those_who_are_there() -> None:
    credits = [CreditRecord(PersonRecord(origin(), "Val Kilmer"), character="Chris")]
    run(heat(credits=credits), MovieRecord(origin(3), title="Top Gun", imdb_id="tt0092099", credits=credits))

    assert Person.objects.get().credit_count == 2


def test_people_arrive_with_their_lives_and_the_dead_were_born() -> None:
    born = PersonRecord(
        origin(), "Al Pacino", imdb_id="nm0000199", born_on=PartialDate(1940), died_on=PartialDate(1930)
    )
    fine = PersonRecord(
        origin(3), "Val Kilmer", imdb_id="nm0000174", born_on=PartialDate(1959), alternative_names=["V."]
    )

    assert run(born, fine, heat()) == {"created": 3}
    assert run(born, fine, heat()) == {"unchanged": 3}
    assert [str(person.born_on) for person in Person.objects.filter(imdb_id__in=["nm0000174"])] == ["1959"]


def test_ratings_of_others_set_popularity_and_keep_their_date_until_they_change() -> None:
    def rated(day: str, votes: int) -> MovieRecord:
        rating = RatingRecord("IMDb", 8.3, votes=votes, as_of=PartialDate.parse(day), histogram=(1, 2, 3))
        return heat(external_ratings=[rating])

    run(rated("2026-11-01", 700_000))
    assert run(rated("2026-11-02", 700_000)) == {"unchanged": 1}
    assert run(rated("2026-11-03", 700_001)) == {"updated": 1}

    movie = Movie.objects.get()
    assert (movie.popularity, movie.external_votes) == (673, 700_001)
    assert str(movie.external_ratings.get().as_of) == "2026-11-03"


def test_studios_of_one_name_are_told_apart_by_their_ids() -> None:
    first, second = StudioRecord("Regency", tmdb_id=508), StudioRecord("Regency", tmdb_id=10104)
    records = heat(studios=[first]), MovieRecord(origin(2), imdb_id="tt0000002", title="Other", studios=[second])

    run(*records)

    assert run(*records) == {"unchanged": 2}
    assert set(Studio.objects.values_list("tmdb_id", flat=True)) == {508, 10104}


def test_lists_drop_what_the_tables_refuse() -> None:
    run(
        heat(
            countries_of_origin=["US", "ZZ"],
            studios=[StudioRecord("Regency"), StudioRecord("Regency"), StudioRecord(" ")],
            alternative_titles=[TitleRecord("Fuego", country="ES"), TitleRecord("Fuego", country="ES")],
            genres=["Crime", "Nonsense"],
        )
    )

    movie = Movie.objects.get()
    assert [country.code for country in movie.countries_of_origin.all()] == ["US"]
    assert (movie.studios.count(), movie.alternative_titles.count(), movie.genres.count()) == (1, 1, 1)
    assert ImportProblem.objects.filter(is_rejected=False).count() == 2


def test_what_the_database_refuses_is_rejected_alone() -> None:
    bad = MovieRecord(origin(7), imdb_id="nonsense", title="Bad")

    assert run(heat(), bad, MovieRecord(origin(8), imdb_id="tt0092099", title="Top Gun")) == {
        "created": 2,
        "rejected": 1,
    }
    assert ImportProblem.objects.get().origin == "a.tsv:7"


def test_a_record_that_adds_to_nothing_is_rejected() -> None:
    assert run(MovieRecord(origin(), imdb_id="tt0113277", external_ratings=[])) == {"rejected": 1}


def test_strict_writes_nothing_when_a_row_is_rejected() -> None:
    with pytest.raises(StoppedError, match=r"a\.tsv:5: No year\."):
        run_import(job(heat(), Rejected(origin(5), "No year.")), strict=True)

    assert not Movie.objects.exists()


def test_options_that_leave_rows_out_are_counted_by_reason() -> None:
    _, report = run_import(job(heat(), Skipped(origin(3), "adult"), Skipped(origin(4), "adult")))

    assert (totals(report), report.why_skipped["adult"]) == ({"created": 1, "skipped": 2}, 2)
    assert report.line == "3 read: 1 created, 0 updated, 0 unchanged, 2 skipped, 0 rejected."


def test_a_file_that_breaks_off_leaves_what_was_read_and_fails() -> None:
    def parse() -> Any:
        yield heat()
        raise BrokenFileError("a.tsv.gz breaks off after line 2.")

    done, report = run_import(Job("imdb", "A test", [FILE], parse))

    assert (done.state, done.message, totals(report)) == (
        RunState.FAILED,
        "a.tsv.gz breaks off after line 2.",
        {"created": 1},
    )


def test_an_interrupted_run_goes_on_behind_its_last_batch() -> None:
    movies = [MovieRecord(origin(n), imdb_id=f"tt{n:07}", title=f"Movie {n}") for n in range(1, 251)]
    done, _ = run_import(job(*movies, limit=250))
    assert done.state == RunState.FINISHED
    Movie.objects.filter(imdb_id__gte="tt0000101").delete()
    ImportRun.objects.update(state=RunState.RUNNING, done=100, counts={"counts": {"read": 100, "created": 100}})

    again, report = run_import(job(*movies, limit=250))

    assert (again.pk, again.done, totals(report), Movie.objects.count()) == (done.pk, 250, {"created": 250}, 250)
