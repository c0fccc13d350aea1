"""Three walks through the site, as a reader, a reviewer and an editor take them."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from reviews.demo import ACCOUNTS

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True, serialized_rollback=True)]
Check = Callable[[Page], None]


def test_read_a_movie_and_follow_a_related_one(page: Page, demo: None, assert_accessible: Check) -> None:
    page.goto("/")
    assert_accessible(page)
    page.get_by_role("search").get_by_role("searchbox").fill("leaving metro")
    page.get_by_role("search").get_by_role("button").click()
    expect(page).to_have_url(re.compile(r"/search/\?q=leaving\+metro"))
    assert_accessible(page)
    page.get_by_role("link", name="Leaving Metropolis").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Leaving Metropolis")
    assert_accessible(page)

    related = page.get_by_role("region", name="Related movies").get_by_role("article").first
    title = related.get_by_role("heading").inner_text()
    expect(related.locator(".card__why")).not_to_be_empty()
    related.get_by_role("link").click()

    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    assert page.context.cookies() == []


def test_write_a_review_and_sign_up_for_it(page: Page, demo: None, assert_accessible: Check) -> None:
    page.goto("/search/?q=buddies")
    page.get_by_role("link", name="Buddies").first.click()
    page.get_by_role("link", name="Write a review").click()
    assert_accessible(page)
    page.get_by_role("radio", name="9 of 10").check(force=True)
    page.get_by_label("Headline").fill("Two men and a window")
    page.get_by_label("Review", exact=True).fill("It was made in nine days, and every one of them shows.")
    page.get_by_role("button", name="Post review").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Create an account")
    assert_accessible(page)
    page.get_by_label("Email").fill("new@example.org")
    page.get_by_label("Username").fill("newcomer")
    page.get_by_label("Password").fill("a line of dialogue works well")
    page.get_by_role("button", name="Create account").click()

    expect(page.get_by_label("Headline")).to_have_value("Two men and a window")
    expect(page.get_by_role("radio", name="9 of 10")).to_be_checked()
    page.get_by_role("button", name="Post review").click()
    expect(page.get_by_role("status")).to_contain_text("Your review is published")
    expect(page.get_by_role("article", name="Two men and a window")).to_contain_text("newcomer")
    assert_accessible(page)


def test_an_editor_changes_a_movie_and_sees_it_live(page: Page, demo: None) -> None:
    page.goto("/admin/")
    page.get_by_label("Login").fill("editor")
    page.get_by_label("Password").fill(ACCOUNTS["editor"])
    page.get_by_role("button", name="Sign in").click()
    page.goto("/admin/catalogue/movie/?q=leaving")
    page.get_by_role("link", name="Leaving Metropolis").click()
    page.get_by_label("Tagline").fill("A painter, a diner, a marriage.")
    page.get_by_role("button", name="Save and continue editing").first.click()
    expect(page.locator(".messagelist .success")).to_be_visible()
    page.get_by_role("link", name="View on site").first.click()

    expect(page.locator(".tagline")).to_have_text("A painter, a diner, a marriage.")
