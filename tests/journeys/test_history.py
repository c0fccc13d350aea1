"""An editor saves, looks back, undoes, merges, parts and splits; on a phone and on a desk."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from catalogue.curation.duplicates import find_duplicates
from catalogue.models import Movie, Person
from reviews.demo import ACCOUNTS

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True, serialized_rollback=True)]
Check = Callable[[Page], None]


def look(page: Page, assert_accessible: Check) -> None:
    """The page as it is now is accessible and no wider than the screen."""
    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("width", [390, 1440])
def test_an_editor_looks_back_and_merges(page: Page, demo: None, assert_accessible: Check, width: int) -> None:
    movie, person = Movie.objects.get(title="Ikiru"), Person.objects.order_by("-credit_count").first()
    assert person
    twin = Movie.objects.create(title="Ikiru", release_date="1952", tagline="To live", runtime_minutes=143)
    find_duplicates()
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"/accounts/login/?next=/admin/catalogue/movie/{movie.pk}/change/")
    page.get_by_label("User name or email").fill("editor")
    page.get_by_label("Password").fill(ACCOUNTS["editor"])
    page.get_by_role("button", name="Sign in").click()
    page.get_by_label("Tagline:").fill("A man who has six months")
    page.get_by_label("Why").fill("The press kit")
    page.get_by_role("button", name="Save and continue editing").first.click()
    page.goto(f"/admin/catalogue/movie/{movie.pk}/history/")

    expect(page.get_by_text("The press kit")).to_be_visible()
    look(page, assert_accessible)
    page.get_by_role("link", name="Put back Tagline").click()
    look(page, assert_accessible)
    page.get_by_role("button", name="Put it back").click()
    expect(page.get_by_text("Put back. It is an edit")).to_be_visible()
    look(page, assert_accessible)
    page.get_by_label("Breadcrumbs").get_by_role("link", name="Recent changes").click()
    look(page, assert_accessible)
    page.get_by_role("link", name="Revert an account’s edits").click()
    look(page, assert_accessible)
    page.get_by_label("Who").fill("editor")
    page.get_by_label("Since").fill("2026-01-01T00:00")
    page.get_by_role("button", name="See what it would do").click()
    look(page, assert_accessible)

    page.goto("/admin/catalogue/suspect/")
    page.get_by_role("link", name=f"Compare and merge Ikiru {movie.pk} and {twin.pk}").click()
    look(page, assert_accessible)
    page.get_by_role("button", name="Merge").click()
    expect(page.get_by_text("is merged into")).to_be_visible()
    look(page, assert_accessible)
    page.get_by_role("link", name="Undo this edit").click()
    look(page, assert_accessible)
    page.get_by_role("button", name="Put it back").click()
    expect(page.get_by_text("Put back. It is an edit")).to_be_visible()
    assert Movie.objects.filter(pk=twin.pk).exists()

    page.goto(f"/admin/catalogue/edit/split/{person.pk}/")
    look(page, assert_accessible)
    page.get_by_label("Disambiguation").fill("another one")
    page.get_by_role("checkbox").first.check()
    page.get_by_role("button", name="Split").click()
    expect(page.get_by_text("is a person of their own now")).to_be_visible()
    page.goto(f"/admin/catalogue/edit/record/movie/{movie.pk}/on/")
    look(page, assert_accessible)
