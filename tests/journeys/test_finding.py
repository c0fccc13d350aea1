"""Finding a movie by narrowing down, and by where a movie leads."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True, serialized_rollback=True)]
Check = Callable[[Page], None]


def test_narrow_down_turn_to_the_table_and_come_back(page: Page, demo: None, assert_accessible: Check) -> None:
    page.goto("/movies/")
    page.get_by_role("checkbox", name=re.compile("^Drama")).check()
    page.get_by_role("radio", name=re.compile("^1950s")).check()
    page.get_by_role("button", name="Show movies").click()

    expect(page).to_have_url(re.compile(r"/movies/\?genre=drama&decade=1950$"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Drama of the 1950s")
    assert_accessible(page)
    page.get_by_role("link", name="Table").click()
    expect(page.get_by_role("rowheader").first).to_be_visible()
    assert_accessible(page)
    page.get_by_role("columnheader", name="Title").get_by_role("link").click()
    expect(page).to_have_url(re.compile(r"sort=title&view=table$"))
    page.get_by_role("link", name="Remove 1950s").click()
    expect(page).to_have_url(re.compile(r"/movies/\?genre=drama&sort=title&view=table$"))
    page.go_back()
    expect(page).to_have_url(re.compile(r"decade=1950&sort=title&view=table$"))


def test_a_chosen_theme_is_in_the_next_page_as_it_comes(page: Page, demo: None) -> None:
    page.goto("/genres/")
    page.locator(".menu > summary").first.click()
    page.get_by_label("Dark").check()
    expect(page.locator("html")).to_have_css("color-scheme", "dark")

    response = page.goto("/people/")
    assert response
    assert 'data-theme="dark"' in response.text()
    expect(page.get_by_label("Dark")).to_be_checked()
    page.go_back()
    expect(page.locator("html")).to_have_css("color-scheme", "dark")
    page.locator(".menu > summary").first.click()
    page.get_by_label("Follow my system").check()
    assert "data-theme" not in page.goto("/people/").text()  # type: ignore[union-attr]
    assert not page.context.cookies()


PAGES = (
    "/movies/?view=table&genre=drama", "/movies/?country=fr&rating=9", "/genres/", "/genres/drama/", "/decades/1950/",
    "/countries/jp/", "/charts/top-rated/genre/drama/", "/collections/", "/people/", "/about/quality/",
    "/about/quality/tagline/",
)  # fmt: skip


def test_pages_of_finding_are_accessible(page: Page, demo: None, assert_accessible: Check) -> None:
    for width in (390, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
            for path in PAGES:
                page.goto(path)
                assert_accessible(page)
                assert page.evaluate("document.documentElement.scrollWidth") <= width, path


LARGE = (
    "/", "/movies/", "/movies/?view=table", "/search/?q=kurosawa", "/genres/", "/genres/drama/", "/people/", "/charts/top-rated/",
    "/about/quality/", "/accounts/signup/",
)  # fmt: skip


@pytest.mark.parametrize("width", [160, 195])  # as many ems as 320 and 390 px have then
def test_a_phone_with_its_text_at_200_percent(page: Page, demo: None, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 422})

    def assert_nothing_sticks_out(path: str) -> None:
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path

    for path in LARGE:
        page.goto(path)
        assert_nothing_sticks_out(path)
    page.goto("/search/?q=seven samurai")
    page.get_by_role("main").get_by_role("link", name="Seven Samurai").first.click()
    poster, score = page.locator(".opener__poster").bounding_box(), page.locator(".opener__score").bounding_box()
    assert poster
    assert score
    assert poster["y"] + poster["height"] <= score["y"]
    movie = page.url
    for part in ("", "credits/", "reviews/", "reviews/write/"):
        page.goto(f"{movie}{part}")
        assert_nothing_sticks_out(part)
    page.goto(movie)
    page.get_by_role("link", name="Akira Kurosawa").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Akira Kurosawa")
    assert_nothing_sticks_out("person")
    page.locator("summary", has_text="Display").click()
    panel = page.locator(".menu__panel").first.bounding_box()
    assert panel
    assert panel["x"] >= 0
    assert panel["x"] + panel["width"] <= width


@pytest.mark.parametrize("width", [320, 390])
def test_what_arranges_a_list_takes_two_rows_of_a_phone(page: Page, demo: None, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 844})
    page.goto("/movies/")

    boxes = [
        page.locator("summary", has_text="Filters").bounding_box(),
        page.get_by_role("combobox", name="Sort").bounding_box(),
        page.get_by_role("link", name="Posters").bounding_box(),
        page.get_by_role("link", name="Table").bounding_box(),
    ]

    found = [box for box in boxes if box]
    assert len(found) == 4
    assert len({round((box["y"] + box["height"] / 2) / 10) for box in found}) <= 2
    assert all(box["height"] >= 40 and box["width"] >= 40 for box in found)


def test_suggestions_by_keyboard_in_every_width_and_scheme(page: Page, demo: None, assert_accessible: Check) -> None:
    for width in (390, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
            page.goto("/search/?q=s")
            assert_accessible(page)
            box = page.get_by_role("combobox")
            box.press("End")
            box.press_sequentially("eve")
            expect(page.get_by_role("option").first).to_contain_text("Seven Samurai")
            expect(box).to_have_attribute("aria-expanded", "true")
            assert_accessible(page)
            assert page.evaluate("document.documentElement.scrollWidth") <= width
    box.press("ArrowDown")
    active = box.get_attribute("aria-activedescendant")
    expect(page.locator(f"#{active}")).to_have_attribute("aria-selected", "true")
    said = page.locator("form[data-suggest] [aria-live]").last
    expect(said).to_have_text(re.compile("^[0-9]+ suggestions?$"))
    box.press_sequentially("xqzxqz")
    expect(said).to_have_text("No suggestions")
    box.fill("seve")
    expect(page.get_by_role("option").first).to_be_visible()
    box.press("Escape")
    expect(box).to_have_attribute("aria-expanded", "false")
    expect(said).to_be_empty()
    box.press("ArrowDown")
    expect(page.get_by_role("option").first).to_be_visible()
    box.press("ArrowDown")
    box.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Seven Samurai")
