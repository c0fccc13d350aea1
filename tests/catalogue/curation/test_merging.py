"""Two records become one with everything of both, and two again by one undo, to the last column."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from catalogue.curation.derive import refresh_movies, refresh_people, refresh_votes
from catalogue.curation.locks import lock_fields
from catalogue.curation.merging import choices, merge, sharing
from catalogue.curation.reverting import RefusedError, revert
from catalogue.curation.splitting import split
from catalogue.curation.tables import KINDS, TABLES
from catalogue.models import (
    AlternativeName,
    AlternativeTitle,
    Collection,
    CollectionItem,
    Country,
    Credit,
    Disagreement,
    Edit,
    ExternalId,
    ExternalRating,
    Feature,
    Language,
    MatchQuestion,
    Movie,
    MovieStudio,
    Person,
    Redirect,
    RelatedMovie,
    Release,
    Studio,
    Video,
    WatchLink,
)
from catalogue.search import search
from catalogue.vocabulary import Placing
from reviews.models import Draft, Member, Report, Review, Revision
from reviews.services import recount_ratings, report_review, vote
from reviews.services.accounts import close_account
from tests.catalogue.curation.dumps import dump
from tests.makers import judge, make_cast, make_crew, make_member, make_moderator, make_movie, make_person, make_review

pytestmark = pytest.mark.django_db


def fill(movie: Movie, number: int, shared: dict[str, Any]) -> None:
    """Rows in every list of a movie: one that the other has as well, one of its own."""
    for value in ("shared", f"own {number}"):
        AlternativeTitle.objects.create(movie=movie, title=f"Title {value}", country_id="JP")
        Release.objects.create(movie=movie, country_id="JP", date="1985", note=value)
        ExternalRating.objects.create(movie=movie, source=value, value=8, scale=10, votes=100 * number)
        ExternalId.objects.create(movie=movie, source="movielens", value=f"{value} {number}")
        Video.objects.create(movie=movie, title="Trailer", url=f"https://example.org/{value}")
        WatchLink.objects.create(
            movie=movie, provider="P", url=f"https://example.org/{value}", kind="stream", checked_on="2026-01-01"
        )
        Disagreement.objects.create(movie=movie, field=value, source="tmdb")
        make_cast(movie, f"Actor {value}", "Part")
        studio, _ = Studio.objects.get_or_create(name=f"Studio {value}")
        MovieStudio.objects.create(movie=movie, studio=studio, position=0)
    make_crew(movie, "Akira Kurosawa")
    movie.countries_of_origin.add(Country.objects.get(pk="JP"), Country.objects.get(pk="FR" if number == 2 else "US"))
    movie.spoken_languages.add(Language.objects.get(pk="ja"))
    CollectionItem.objects.create(collection=shared["collection"], movie=movie, position=number)
    Feature.objects.create(movie=movie, starts_on="2026-01-01")
    RelatedMovie.objects.create(movie=movie, other=shared["other"], placing=Placing.PINNED, reason="So")
    RelatedMovie.objects.create(movie=shared["other"], other=movie, placing=Placing.PINNED, reason="So")
    question = MatchQuestion.objects.create(source="imdb", key=f"q{number}", title="Ran", record={}, answer=movie)
    question.candidates.add(movie)
    shared["question"].candidates.add(movie)


@pytest.fixture
def pair() -> tuple[Movie, Movie]:
    """The same movie twice, with rows in every list."""
    shared = {
        "collection": Collection.objects.create(name="Late Kurosawa"),
        "other": make_movie("Kagemusha"),
        "question": MatchQuestion.objects.create(source="imdb", key="q", title="Ran", record={}),
    }
    winner = make_movie(
        "Ran", genres=["Drama", "War"], release_date="1985", tmdb_id=11645, tagline="Ours", is_published=True
    )
    loser = make_movie("Chaos", genres=["War", "Action"], imdb_id="tt0089881", tmdb_id=99, synopsis="A war.", tagline="Theirs", is_published=True)  # fmt: skip
    for number, movie in enumerate((winner, loser), 1):
        fill(movie, number, shared)
    RelatedMovie.objects.create(movie=loser, other=winner, placing=Placing.BANNED, reason="It is the same")
    lock_fields(loser, ["tagline"])
    keys = [winner.pk, loser.pk]
    refresh_people(Person.objects.values_list("pk", flat=True))
    refresh_votes(keys)
    refresh_movies(keys)
    return Movie.objects.get(pk=winner.pk), Movie.objects.get(pk=loser.pk)


@pytest.fixture
def reviewed(pair: tuple[Movie, Movie], editor: Member) -> tuple[Movie, Movie]:
    """Reviews of both, two members who reviewed both, one of them with the newer review on the loser."""
    winner, loser = pair
    alice, bob, carol, dave = (make_member(name) for name in ("alice", "bob", "carol", "dave"))
    make_review(winner, carol, 9)
    make_review(loser, dave, 3)
    for member, newer in ((alice, winner), (bob, loser)):
        for movie, score in ((winner, 7), (loser, 4)):
            review = make_review(movie, member, score)
            age = timedelta(days=1 if movie == newer else 100)
            Review.objects.filter(pk=review.pk).update(published_at=timezone.now() - age)
            make_review(movie, member, score, text="Seen again.")  # a revision
            Review.objects.filter(pk=review.pk).update(edited_at=None)
            vote(review=review.pk, member=carol, is_helpful=True)
            report_review(review=review, reporter=dave, reason="spoiler", note="")
    judge(make_moderator("mod"), Review.objects.get(movie=loser, author=alice), "mark_spoilers")
    for movie in pair:
        Draft.objects.create(movie=movie, author=carol, text=f"Draft of {movie.title}")
    recount_ratings([winner.pk, loser.pk])
    refresh_people(Person.objects.values_list("pk", flat=True))  # known for what is most looked at now
    return pair


def test_everything_comes_along_and_undo_brings_every_table_back(reviewed: tuple[Movie, Movie], editor: Member) -> None:
    winner, loser = reviewed
    before = dump()

    edit = merge("movie", winner.pk, loser.pk, editor, "Twice", {})
    merged = dump()
    revert([edit], editor, "Not the same after all")

    after = dump()
    assert before.keys() == after.keys()
    for name in before:
        assert after[name] == before[name], name
    assert {name for name in before if merged[name] != before[name]} >= {
        "catalogue.Movie", "catalogue.Credit", "catalogue.MovieGenre", "catalogue.MovieStudio", "catalogue.Release",
        "catalogue.AlternativeTitle", "catalogue.ExternalRating", "catalogue.ExternalId", "catalogue.Video",
        "catalogue.WatchLink", "catalogue.RelatedMovie", "catalogue.CollectionItem", "catalogue.Feature",
        "catalogue.Disagreement", "catalogue.MatchQuestion", "catalogue.MatchQuestion_candidates", "catalogue.Redirect",
        "catalogue.Movie_countries_of_origin", "catalogue.Movie_spoken_languages", "reviews.Review", "reviews.Revision",
        "reviews.Vote", "reviews.Report", "reviews.Decision", "reviews.Draft",
    }  # fmt: skip
    assert [found.title for found in search("chaos").movies] == ["Chaos"]


def test_lists_are_united(pair: tuple[Movie, Movie], editor: Member) -> None:
    winner, loser = pair

    merge("movie", winner.pk, loser.pk, editor, "", {})

    winner.refresh_from_db()
    assert not Movie.objects.filter(pk=loser.pk).exists()
    assert list(winner.moviegenre_set.values_list("genre__name", flat=True)) == ["Drama", "War", "Action"]
    assert [(credit.name, credit.billing_order) for credit in winner.credits.cast()] == [
        ("Actor shared", 0), ("Actor own 1", 1), ("Actor own 2", 3),
    ]  # fmt: skip
    assert [credit.name for credit in winner.credits.crew()] == ["Akira Kurosawa"]
    assert {title.title for title in winner.alternative_titles.all()} == {
        "Title shared", "Title own 1", "Title own 2", "Chaos",
    }  # fmt: skip
    assert winner.external_ids.count() == 4
    assert not RelatedMovie.objects.filter(movie=winner, other=winner).exists()
    assert winner.external_votes == 200
    assert [found.pk for found in search("chaos").movies] == [winner.pk]


def test_fields_by_their_default_and_by_choice(pair: tuple[Movie, Movie], editor: Member) -> None:
    winner, loser = pair
    defaults = {choice.name: choice.default for choice in choices("movie", winner.pk, loser.pk)}
    assert defaults == {
        "title": "winner", "synopsis": "loser", "imdb_id": "loser", "tmdb_id": "winner", "tagline": "loser",
        "release_date": "winner",
    }  # fmt: skip

    merge("movie", winner.pk, loser.pk, editor, "", {"title": "loser"})

    winner.refresh_from_db()
    assert (winner.title, winner.slug, winner.synopsis, winner.imdb_id) == ("Chaos", "chaos", "A war.", "tt0089881")
    assert (winner.tagline, winner.locked_fields) == ("Theirs", ["tagline"])


def test_what_is_shown_beforehand(reviewed: tuple[Movie, Movie]) -> None:
    winner, loser = reviewed

    shares = sharing("movie", winner.pk, loser.pk)

    assert (shares["credits"], shares["genres"], shares["external_ids"]) == ((1, 2), (1, 1), (2, 0))


def test_the_newer_review_stands_and_the_older_is_its_history(reviewed: tuple[Movie, Movie], editor: Member) -> None:
    winner, loser = reviewed

    merge("movie", winner.pk, loser.pk, editor, "", {})

    winner.refresh_from_db()
    ratings = dict(Review.objects.filter(movie=winner).values_list("author__username", "rating"))
    assert ratings == {"alice": 7, "bob": 4, "carol": 9, "dave": 3}
    of_bob = Revision.objects.filter(review__author__username="bob")
    assert sorted(of_bob.values_list("rating", "text")) == [
        (4, "It holds."), (7, "It holds."), (7, "Seen again."),
    ]  # fmt: skip
    assert (winner.rating_count, winner.rating_sum, winner.review_count) == (4, 23, 4)
    assert recount_ratings([winner.pk]) == 0
    assert Draft.objects.get().text == "Draft of Chaos"
    assert Report.objects.count() == 2


def test_who_reviewed_both_is_told_which_review_stands(
    reviewed: tuple[Movie, Movie], editor: Member, mailoutbox: Any, django_capture_on_commit_callbacks: Any
) -> None:
    winner, loser = reviewed
    Member.objects.filter(username="bob").update(email="bob@example.org")
    Member.objects.filter(username="alice").update(email="alice@example.org", wants_decision_mail=False)

    with django_capture_on_commit_callbacks(execute=True):
        merge("movie", winner.pk, loser.pk, editor, "", {})

    (mail,) = mailoutbox
    assert (mail.to, mail.subject) == (["bob@example.org"], "[Cuemark] Your reviews of Ran")
    assert "Your review with 4/10 stands" in mail.body


def test_a_review_written_since_does_not_stand_in_the_way(reviewed: tuple[Movie, Movie], editor: Member) -> None:
    winner, loser = reviewed
    edit = merge("movie", winner.pk, loser.pk, editor, "", {})
    make_review(winner, make_member("erin"), 10)
    Review.objects.filter(author__username="dave").delete()

    revert([edit], editor, "")

    assert set(Review.objects.filter(movie=winner).values_list("author__username", flat=True)) == {
        "alice", "bob", "carol", "erin",
    }  # fmt: skip
    assert recount_ratings([winner.pk, loser.pk]) == 0


def test_undo_refuses_where_a_later_edit_stands_in_the_way(pair: tuple[Movie, Movie], editor: Member) -> None:
    winner, loser = pair
    edit = merge("movie", winner.pk, loser.pk, editor, "", {})
    Movie.objects.filter(pk=winner.pk).update(synopsis="Rewritten.")
    before = dump()

    with pytest.raises(RefusedError, match="Changed since: synopsis"):
        revert([edit], editor, "")

    assert dump() == before


def test_old_addresses_lead_on_for_ever(pair: tuple[Movie, Movie], editor: Member, client: Client) -> None:
    winner, loser = pair
    third = make_movie("Ran (restored)")
    merge("movie", winner.pk, loser.pk, editor, "", {})
    edit = merge("movie", third.pk, winner.pk, editor, "", {})
    third.refresh_from_db()
    new = third.get_absolute_url()

    for old in (loser, winner):
        for tail in ("", "credits/", "reviews/", "reviews/feed/", "reviews/?sort=newest"):
            response = client.get(f"{old.get_absolute_url()}{tail}")
            assert (response.status_code, response["Location"]) == (301, f"{new}{tail}")
    revert([edit], editor, "")
    assert client.get(winner.get_absolute_url()).status_code == 200
    assert client.get(loser.get_absolute_url())["Location"] == winner.get_absolute_url()


def test_an_address_of_nothing_is_still_a_404_and_a_draft_stays_hidden(
    pair: tuple[Movie, Movie], editor: Member, client: Client
) -> None:
    winner, loser = pair
    merge("movie", winner.pk, loser.pk, editor, "", {})
    Movie.objects.filter(pk=winner.pk).update(is_published=False)

    assert client.get(loser.get_absolute_url()).status_code == 404
    assert client.get("/movies/424242/x/").status_code == 404
    assert client.get("/movies/99999999999999999999/x/").status_code == 404


def people() -> tuple[Person, Person]:
    """One person twice, in a movie each and in one that has both."""
    winner, loser = make_person("Tatsuya Nakadai", tmdb_id=1), make_person("Nakadai Tatsuya", tmdb_id=2, born_on="1932")
    both, one, two = make_movie("Ran"), make_movie("Kagemusha"), make_movie("Harakiri")
    make_cast(both, winner.name, "Hidetora")
    make_cast(both, loser.name, "Hidetora")
    make_cast(one, winner.name, "Shingen")
    make_cast(two, loser.name, "Hanshiro")
    AlternativeName.objects.create(person=loser, name="Moyo")
    Disagreement.objects.create(person=loser, field="born_on", source="tmdb")
    return Person.objects.get(pk=winner.pk), Person.objects.get(pk=loser.pk)


def test_people_are_merged_and_parted(editor: Member, client: Client) -> None:
    winner, loser = people()
    before = dump()

    edit = merge("person", winner.pk, loser.pk, editor, "", {})

    winner.refresh_from_db()
    assert (winner.credit_count, str(winner.born_on)) == (3, "1932")
    assert {name.name for name in winner.alternative_names.all()} == {"Moyo", "Nakadai Tatsuya"}
    assert Credit.objects.get(character="Hanshiro").name == "Nakadai Tatsuya"
    assert Movie.objects.get(title="Ran").cast_count == 1
    assert client.get(loser.get_absolute_url())["Location"] == winner.get_absolute_url()
    revert([edit], editor, "")
    assert dump() == before


def test_studios_are_merged_and_parted(editor: Member, client: Client) -> None:
    make_movie("Ran", studios=["Toho", "Greenwich"])
    make_movie("Kagemusha", studios=["Toho Company"])
    winner, loser = Studio.objects.get(name="Toho"), Studio.objects.get(name="Toho Company")
    MovieStudio.objects.create(movie=Movie.objects.get(title="Ran"), studio=loser, position=2)
    before = dump()

    edit = merge("studio", winner.pk, loser.pk, editor, "", {})

    assert MovieStudio.objects.filter(studio=winner).count() == 2
    assert client.get(loser.get_absolute_url())["Location"] == winner.get_absolute_url()
    chart = [reverse("chart_detail", args=["top-rated", "studio", studio.pk]) for studio in (loser, winner)]
    response = client.get(f"{chart[0]}?page=2")
    assert (response.status_code, response["Location"]) == (301, f"{chart[1]}?page=2")
    assert client.get(reverse("chart_detail", args=["top-rated", "genre", loser.pk])).status_code == 404
    revert([edit], editor, "")
    assert dump() == before


def test_a_person_is_split_and_united_again(editor: Member) -> None:
    person = make_person("John Smith")
    mine, theirs = (make_cast(make_movie(title), person.name, "Self") for title in ("One", "Two"))
    name = AlternativeName.objects.create(person=person, name="Johnny")
    before = dump()

    new, edit = split(person.pk, "John Smith", "actor, born 1950", [theirs.pk], [name.pk], editor, "Two men")

    assert (Credit.objects.get(pk=theirs.pk).person, Credit.objects.get(pk=mine.pk).person) == (new, person)
    new.refresh_from_db()
    person.refresh_from_db()
    assert (new.credit_count, person.credit_count, new.known_for_line) == (1, 1, "Two")
    assert AlternativeName.objects.get().person == new
    revert([edit], editor, "")
    assert dump() == before


def test_a_split_needs_a_credit_and_a_name_of_its_own(editor: Member) -> None:
    person = make_person("John Smith")
    credit = make_cast(make_movie("One"), person.name, "Self")

    with pytest.raises(ValidationError, match="at least one credit"):
        split(person.pk, "Another", "", [], [], editor, "")
    with pytest.raises(ValidationError, match="Another person has this name"):
        split(person.pk, "John Smith", "", [credit.pk], [], editor, "")
    assert not Edit.objects.exists()


def test_a_record_is_not_merged_with_itself_or_with_nothing(editor: Member) -> None:
    movie = make_movie("Ran")

    with pytest.raises(RefusedError, match="itself"):
        merge("movie", movie.pk, movie.pk, editor, "", {})
    with pytest.raises(RefusedError, match="gone"):
        merge("movie", movie.pk, 424242, editor, "", {})


def test_every_list_is_either_united_or_comes_along(pair: tuple[Movie, Movie], editor: Member) -> None:
    """No row of any followed table names the loser afterwards."""
    winner, loser = pair

    merge("movie", winner.pk, loser.pk, editor, "", {})

    for each in TABLES:
        for column in (column for column, model in each.links.items() if model is KINDS["movie"]):
            assert not each.model._default_manager.filter(**{column: loser.pk}).exists(), each.name


def test_a_closed_account_leaves_no_words_in_the_history(reviewed: tuple[Movie, Movie], editor: Member) -> None:
    winner, loser = reviewed
    edit = merge("movie", winner.pk, loser.pk, editor, "", {})
    assert any("Seen again." in str(change.before) for change in edit.changes.all())

    for name in ("alice", "bob", "carol"):
        close_account(Member.objects.get(username=name), keep_reviews=False)

    told = [str((change.before, change.after)) for change in edit.changes.all()]
    assert not any("Seen again." in text or "Draft of" in text or "It holds." in text for text in told)
    revert([edit], editor, "")
    assert Redirect.objects.count() == 0
