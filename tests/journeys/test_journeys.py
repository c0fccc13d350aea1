"""Walks through the site, as readers, reviewers, moderators and editors take them."""

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
    page.get_by_role("search").get_by_role("combobox").fill("leaving metro")
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
    page.get_by_label("User name or email").fill("editor")
    page.get_by_label("Password").fill(ACCOUNTS["editor"])
    page.get_by_role("button", name="Sign in").click()
    page.goto("/admin/catalogue/movie/?q=leaving")
    page.get_by_role("link", name="Leaving Metropolis").click()
    page.get_by_label("Tagline").fill("A painter, a diner, a marriage.")
    page.get_by_role("button", name="Save and continue editing").first.click()
    expect(page.locator(".messagelist .success")).to_be_visible()
    page.get_by_role("link", name="View on site").first.click()

    expect(page.locator(".tagline")).to_have_text("A painter, a diner, a marriage.")


def test_a_rating_is_given_with_the_keyboard_and_typing_survives_a_lost_connection(
    page: Page, demo: None, assert_accessible: Check
) -> None:
    page.goto("/search/?q=buddies")
    page.get_by_role("link", name="Buddies").first.click()
    page.get_by_role("link", name="Write a review").click()
    assert page.locator("input[name=rating]:checked").count() == 0
    page.get_by_role("radio", name="1 of 10", exact=True).focus()
    page.keyboard.press("Space")
    for _ in range(6):
        page.keyboard.press("ArrowRight")
    expect(page.get_by_role("radio", name="7 of 10")).to_be_checked()
    page.get_by_label("Review", exact=True).fill("Half a thought")

    page.reload()

    expect(page.get_by_label("Review", exact=True)).to_have_value("Half a thought")
    page.get_by_text("Post it without an account").click()
    assert_accessible(page)


def test_suggestions_are_chosen_with_the_keyboard(page: Page, demo: None, assert_accessible: Check) -> None:
    page.goto("/")
    field = page.get_by_role("combobox")
    field.press_sequentially("leav", delay=30)
    expect(page.get_by_role("option").first).to_contain_text("Leaving Metropolis")
    assert_accessible(page)
    page.keyboard.press("ArrowDown")
    expect(field).to_have_attribute("aria-activedescendant", "sug-1")
    page.keyboard.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("listbox")).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", level=1)).to_have_text("Leaving Metropolis")


def test_spoilers_are_shown_for_the_visit(page: Page, demo: None) -> None:
    page.goto("/search/?q=leaving+metro")
    page.get_by_role("link", name="Leaving Metropolis").first.click()
    page.get_by_role("link", name="All 8 reviews").click()
    inline = page.locator("details.covered > span").first
    page.get_by_text("Read the rest").first.click()
    expect(inline).not_to_be_visible()
    page.locator("details.covered > summary").first.click()
    expect(inline).to_be_visible()
    page.locator("details.covered > summary").first.click()
    expect(inline).not_to_be_visible()
    folded = page.locator("article.review details.spoiler .prose").first
    expect(folded).not_to_be_visible()
    page.get_by_role("button", name="Show spoilers").click()
    expect(folded).to_be_visible()

    page.reload()

    expect(folded).to_be_visible()
    assert page.context.cookies() == []


def test_a_moderator_decides_and_undoes(page: Page, demo: None, assert_accessible: Check) -> None:
    from reviews.models import HeldFor, Review, ReviewState

    held = Review.objects.exclude(text="").first()
    assert held is not None
    Review.objects.filter(pk=held.pk).update(state=ReviewState.HELD, held_for=HeldFor.FIRST)
    page.goto("/admin/reviews/review/queue/")
    page.get_by_label("User name or email").fill("moderator")
    page.get_by_label("Password").fill(ACCOUNTS["moderator"])
    page.get_by_role("button", name="Sign in").click()
    page.goto("/admin/reviews/review/queue/")
    assert_accessible(page)
    item = page.get_by_role("article")
    item.get_by_label("Reason").fill("It is an advertisement.")
    item.get_by_role("button", name="Hide").click()
    expect(page.locator(".messagelist .success")).to_contain_text("Hide: 1 review")
    expect(page.get_by_role("article")).to_have_count(0)

    page.get_by_role("button", name="Undo").first.click()

    expect(page.get_by_role("article")).to_have_count(1)
    page.goto(f"/reviews/{held.pk}/")
    expect(page.get_by_text("Waits for a moderator")).to_be_visible()
    for address in ("/members/odette_k/", "/accounts/reviews/", "/accounts/profile/", f"/reviews/{held.pk}/"):
        page.goto(address)
        assert_accessible(page)


def test_a_member_brings_ratings_along(page: Page, demo: None, assert_accessible: Check) -> None:
    page.goto("/accounts/login/?next=/accounts/import/")
    page.get_by_label("User name or email").fill("editor")
    page.get_by_label("Password").fill(ACCOUNTS["editor"])
    page.get_by_role("button", name="Sign in").click()
    assert_accessible(page)
    rows = "d,Buddies,1985,u,4.5\nd,Ikiru,1951,u,5\nd,Nowhere At All,1999,u,2\nd,Yojimbo,1961,u,11\n"
    content = f"Date,Name,Year,Letterboxd URI,Rating\n{rows}".encode()
    page.get_by_label("Your export").set_input_files({"name": "ratings.csv", "mimeType": "text/csv", "buffer": content})
    page.get_by_role("button", name="Upload").click()

    expect(page.get_by_role("status")).to_contain_text("1 draft saved")
    expect(page.get_by_role("region", name="Not read")).to_contain_text("no rating of half a star")
    assert_accessible(page)
    page.get_by_role("radio", name="Ikiru (1952)").check()
    page.get_by_role("button", name="Save as drafts").click()
    page.get_by_role("checkbox", name="Ikiru (1952)").uncheck()
    page.get_by_role("button", name="Publish the chosen ratings").click()

    expect(page.get_by_role("status")).to_contain_text("1 rating sent")
