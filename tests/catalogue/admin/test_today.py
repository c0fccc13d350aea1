"""The first page of the desk."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.utils import timezone

from catalogue import waiting
from catalogue.curation.history import recording
from catalogue.curation.suggesting import suggest
from catalogue.models import (
    Collection,
    CollectionItem,
    Disagreement,
    ImportRun,
    MatchQuestion,
    Movie,
    Suggestion,
    Suspect,
)
from catalogue.quality import quality
from catalogue.vocabulary import EditKind
from reviews.groups import ADMINISTRATORS, EDITORS, MODERATORS, SUGGESTION_REVIEWERS
from reviews.models import Report, Review
from tests.makers import make_member, make_movie, make_review
from tests.pages import read

pytestmark = pytest.mark.django_db


def desk_of(group: str) -> Client:
    client, member = Client(), make_member(is_staff=True)
    member.groups.set([Group.objects.get(name=group)])
    client.force_login(member)
    return client


def text_of(client: Client) -> str:
    return read(client.get("/admin/")).text


def fill(count: int) -> None:
    for number in range(count):
        movie = make_movie(f"Needs work {number}", popularity=number)
        suggest("movie", movie, make_member(), {"tagline": ["", "Fools"]}, {"source": "x"})
        Disagreement.objects.create(movie=movie, field="title", source="tmdb")
        MatchQuestion.objects.create(source="tmdb", key=str(number), title="Ran", record={})
        Suspect.objects.create(kind="movie", first=movie.pk, second=movie.pk + 1000, score=50)
        for state in ("running", "failed", "planned"):
            ImportRun.objects.create(source="tmdb", label="ran.json", state=state)
        review = make_review(movie)
        Report.objects.create(review=review, reporter=make_member(), reason="spam")
        Review.objects.filter(pk=review.pk).update(state="held", held_for="first")
        with recording(EditKind.FORM, make_member(f"editor{number}")) as edit:
            edit.watch("movie", [movie.pk])
            Movie.objects.filter(pk=movie.pk).update(tagline=str(number))


def test_an_administrator_sees_what_waits_with_its_age() -> None:
    fill(2)
    Suggestion.objects.filter(pk=Suggestion.objects.earliest("pk").pk).update(
        made_at=timezone.now() - timedelta(days=9)
    )

    text = text_of(desk_of(ADMINISTRATORS))

    for part in ("Suggestions 2", "Disagreements 2", "Match questions 2", "Possible duplicates 2",
                 "Imports at work 2", "Failed imports 2", "Held reviews 2", "Reports 2", "No synopsis 2"):  # fmt: skip
        assert part in text, part
    assert "1 week, 2 days ago" in text
    assert text.index("Needs work 1") < text.index("Needs work 0")
    assert "Saved in a form: Needs work 0 editor0" in text


def test_nobody_sees_what_they_may_not_do() -> None:
    fill(1)

    moderator, reviewer, editor = (text_of(desk_of(group)) for group in (MODERATORS, SUGGESTION_REVIEWERS, EDITORS))

    assert "Held reviews" in moderator
    assert not [part for part in ("Suggestions", "Needs work", "Lately", "imports") if part in moderator]
    assert "Suggestions 1" in reviewer
    assert not [part for part in ("Held reviews", "Disagreements", "Lately") if part in reviewer]
    assert "Lately" in editor
    assert "Held reviews" not in editor


def test_who_may_only_look_at_a_movie_is_led_nowhere_that_refuses() -> None:
    movie = make_movie("Ran", original_language_id="ja")
    reviewer, path = desk_of(SUGGESTION_REVIEWERS), f"/admin/catalogue/movie/{movie.pk}/change/"

    page = read(reviewer.get(path)).one("div", id="content")

    assert "Original language: Japanese" in page.text
    leads = [link.attributes["href"] for link in page.all("a") if link.attributes.get("href", "").startswith("/")]
    assert [lead for lead in leads if reviewer.get(lead).status_code == 403] == []
    assert "Original language" in read(desk_of(EDITORS).get(path)).text


def test_counting_ends_at_a_bound(as_editor: Client, monkeypatch: Any) -> None:
    monkeypatch.setattr(waiting, "MOST", 2)
    fill(3)

    assert "Suggestions more than 2" in text_of(as_editor)


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_costs_the_same_for_any_number(count: int, django_assert_num_queries: Any) -> None:
    fill(count)
    client = desk_of(ADMINISTRATORS)
    quality()  # as housekeeping has made it

    # session, member, their rights (2), movies, what they lack (8), queues (10), edits
    with django_assert_num_queries(24):
        client.get("/admin/")


def test_genres_and_collections_have_bars_that_lead_to_what_is_missing(as_editor: Client) -> None:
    ran = make_movie("Ran", genres=["War"])
    collection = Collection.objects.create(name="The long ones", slug="the-long-ones", is_published=True)
    CollectionItem.objects.create(collection=collection, movie=ran, position=0)

    page = read(as_editor.get("/admin/"))

    links = {link.text.strip(): link.attributes["href"] for link in page.all("a")}
    for name in ("War", "The long ones"):
        assert {movie.pk for movie in as_editor.get(links[name]).context["cl"].result_list} == {ran.pk}
    bars = [meter.attributes for meter in page.all("meter") if meter.attributes["aria-label"] == "War, complete"]
    assert [bar["value"] for bar in bars] == [str(Movie.objects.get().completeness)]


def test_an_empty_catalogue_has_a_desk(as_editor: Client) -> None:
    text = text_of(as_editor)

    assert "Suggestions 0" in text
    assert "Movies that need work" not in text


@pytest.mark.parametrize(
    ("since", "age"),
    [
        (lambda: timezone.localdate(), "today"),
        (lambda: timezone.localdate() - timedelta(days=1), "1\xa0day ago"),
        (lambda: timezone.localdate() - timedelta(days=9), "1\xa0week, 2\xa0days ago"),
        (lambda: timezone.now() - timedelta(hours=5, seconds=1), "5\xa0hours ago"),
    ],
)
def test_what_waits_is_as_old_as_is_known(since: Any, age: str) -> None:
    assert waiting.Waiting("Doubts", 1, "/", since()).age == age
