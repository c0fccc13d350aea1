"""Every page of the desk that is not Django's own list or form: accessible, no wider than the screen, without complaints."""

from collections.abc import Callable
from itertools import cycle

import pytest
from django.conf import settings
from playwright.sync_api import Page

from catalogue.curation.history import recording
from catalogue.curation.suggesting import suggest
from catalogue.models import (
    BulkChange,
    Collection,
    CollectionItem,
    DeadLink,
    Disagreement,
    Edit,
    ImportRun,
    Language,
    MatchQuestion,
    Movie,
    Person,
    Suggestion,
    Suspect,
)
from catalogue.vocabulary import EditKind, RunState
from tests.makers import make_bare_review, make_cast, make_member, make_movie, make_review, sign_in

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True, serialized_rollback=True)]
WIDTHS = (390, 1440)


def fill() -> tuple[str, list[str]]:
    """Something in every queue; returns the session of an administrator and the addresses."""
    boss = make_member("boss", is_staff=True, is_superuser=True)
    first, second = make_movie("Ran", genres=["War"]), make_movie("Ran")
    make_cast(first, "Tatsuya Nakadai")
    person = Person.objects.get()
    collection = Collection.objects.create(name="Long ones", slug="long-ones", is_published=True)
    CollectionItem.objects.create(collection=collection, movie=first, position=0)
    suggest("movie", first, make_member(), {"tagline": ["", "Fools"]}, {"source": "The end roll"})
    Disagreement.objects.create(movie=first, field="runtime_minutes", source="tmdb", ours=162, theirs=160)
    question = MatchQuestion.objects.create(source="tmdb", key="1", title="Ran", record={}, reason="The same title")
    question.candidates.add(first)
    dead = {"record_kind": "movie", "record_id": first.pk, "reason": "404 Not Found", "is_dead": True}
    DeadLink.objects.create(table="catalogue.movie", row=first.pk, url="https://example.org/a/long/address", **dead)
    Suspect.objects.create(kind="movie", first=first.pk, second=second.pk, score=80)
    run = ImportRun.objects.create(source="tmdb", label="movies.json", state=RunState.FINISHED, started_by=boss)
    with recording(EditKind.IMPORT, boss, "movies.json", run=run) as edit:
        edit.watch("movie", [first.pk])
        Movie.objects.filter(pk=first.pk).update(runtime_minutes=160)
    reviewed = make_review(make_movie("Ikiru")).movie
    bulk = BulkChange.objects.create(made_by=boss, movies=[first.pk, second.pk])
    made = Edit.objects.get()
    return sign_in(boss), [
        "", "catalogue/movie/?lacks=any", "catalogue/movie/?q=ran", "catalogue/movie/keys/",
        f"catalogue/movie/bulk/{bulk.pk}/", "catalogue/suggestion/",
        f"catalogue/suggestion/{Suggestion.objects.get().pk}/change/", "catalogue/disagreement/",
        "catalogue/matchquestion/", "catalogue/suspect/", "catalogue/deadlink/", "catalogue/importrun/",
        "catalogue/importrun/upload/", f"catalogue/importrun/{run.pk}/follow/", "catalogue/edit/",
        f"catalogue/edit/?run={run.pk}", f"catalogue/edit/{made.pk}/change/", f"catalogue/edit/{made.pk}/undo/",
        f"catalogue/edit/run/{run.pk}/", "catalogue/edit/merge/movie/",
        f"catalogue/edit/merge/movie/?winner={first.pk}&loser={second.pk}", f"catalogue/edit/split/{person.pk}/",
        f"catalogue/person/{person.pk}/change/", "catalogue/person/add/", "catalogue/studio/add/",
        "catalogue/feature/add/", "catalogue/collection/add/", f"catalogue/collection/{collection.pk}/change/",
        f"catalogue/movie/{reviewed.pk}/delete/", f"catalogue/movie/{second.pk}/delete/", "catalogue/image/", "reviews/review/queue/", "reviews/member/",
    ]  # fmt: skip


def test_the_desk_s_own_pages(page: Page, transactional_db: None, assert_accessible: Callable[[Page], None]) -> None:
    session, addresses = fill()
    page.goto("/healthz")
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": page.url}])
    for address, width in zip(addresses, cycle(WIDTHS), strict=False):
        page.set_viewport_size({"width": width, "height": 900})
        answer = page.goto(f"/admin/{address}")
        assert answer is not None
        assert answer.status == 200, address
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (address, width)
        assert_accessible(page)


def test_a_change_of_many_shows_the_fields_it_reads(page: Page, transactional_db: None) -> None:
    boss = make_member("boss", is_staff=True, is_superuser=True)
    bulk = BulkChange.objects.create(made_by=boss, movies=[make_movie("Ran").pk])
    page.goto("/healthz")
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": sign_in(boss), "url": page.url}])
    page.goto(f"/admin/catalogue/movie/bulk/{bulk.pk}/")

    def shown() -> list[str]:
        labels = page.locator(".bulk-field label").all()
        return [label.inner_text().strip(":") for label in labels if label.is_visible()]

    page.select_option("[name=what]", "add_genre")
    assert shown() == ["What", "Genre", "Why"]
    page.select_option("[name=what]", "feature")
    assert shown() == ["What", "Kicker", "Starts on", "Ends on", "Why"]
    page.select_option("[name=what]", "publish")
    assert shown() == ["What", "Why"]


def test_what_a_moderator_presses_is_large_and_delete_stands_apart(page: Page, transactional_db: None) -> None:
    boss = make_member("boss", is_staff=True, is_superuser=True)
    Language.objects.get_or_create(code="en", name="English")
    make_bare_review(movie=make_movie("Ran"), author=boss, rating=8, text="It holds.", state="held", held_for="first")
    page.goto("/healthz")
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": sign_in(boss), "url": page.url}])
    page.goto("/admin/reviews/review/queue/")

    boxes = {button.inner_text(): button.bounding_box() for button in page.locator(".queue-item .button").all()}
    assert min(box["height"] for box in boxes.values() if box) >= 32
    stays, goes = boxes["Leave as it is"], boxes["Delete"]
    assert stays
    assert goes
    assert goes["x"] - stays["x"] - stays["width"] >= 16


def test_the_lists_fit_and_say_where_they_go_on(page: Page, transactional_db: None) -> None:
    session, _ = fill()
    page.goto("/healthz")
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": page.url}])
    page.set_viewport_size({"width": 1440, "height": 900})
    for name in ("movie", "person", "importrun"):
        page.goto(f"/admin/catalogue/{name}/")
        assert page.locator(".results").evaluate("box => box.scrollWidth <= box.clientWidth"), name

    page.set_viewport_size({"width": 390, "height": 900})
    page.goto("/admin/catalogue/movie/")
    complete, mask = page.locator("th.column-complete").bounding_box(), "box => getComputedStyle(box).maskImage"
    assert complete is not None
    assert complete["x"] + complete["width"] <= 390
    assert page.locator(".results").evaluate(mask) != "none"
    brand, theme = page.locator("#site-name").bounding_box(), page.locator(".theme-toggle").bounding_box()
    assert brand is not None
    assert theme is not None
    assert brand["x"] < 20
    assert theme["y"] < brand["y"] + brand["height"]
