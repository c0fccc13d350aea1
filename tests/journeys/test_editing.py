"""An editor makes a movie by keyboard: a pasted cast list, a poster, releases, a trailer; on a desk and on a phone."""

import re
from collections.abc import Callable

import pytest
from django.conf import settings
from django.contrib.auth.models import Group
from playwright.sync_api import Page, expect

from catalogue.models import Movie
from reviews.demo import ACCOUNTS
from reviews.groups import SUGGESTION_REVIEWERS
from tests.catalogue.test_images import halves
from tests.makers import make_member
from tests.makers import sign_in as make_session

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True, serialized_rollback=True)]
Check = Callable[[Page], None]
CAST = "\n".join([*(f"{number}. Player Number{chr(64 + number)} as Part {number}" for number in range(1, 20)),
                  "Directed by Brad Fraser", "Watch now at http://example.org"])  # fmt: skip


def sign_in(page: Page, path: str) -> None:
    page.goto(f"/accounts/login/?next={path}")
    page.get_by_label("User name or email").fill("editor")
    page.get_by_label("Password").fill(ACCOUNTS["editor"])
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"**{path}")  # and its scripts


@pytest.mark.parametrize(("width", "scheme"), [(390, "light"), (1440, "dark")])
def test_a_movie_from_nothing(page: Page, demo: None, assert_accessible: Check, width: int, scheme: str) -> None:
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.set_viewport_size({"width": width, "height": 900})
    sign_in(page, "/admin/catalogue/movie/add/")
    page.locator("#id_title").fill("Poor Super Man")
    expect(page.locator(".edit-slug")).to_contain_text("/poor-super-man/")
    page.locator("#id_poster_file").set_input_files({"name": "x.png", "mimeType": "image/png", "buffer": halves()})
    page.locator("#id_poster_alt").fill("A castle burns")
    page.locator("#id_poster_credit").fill("Somebody")
    page.locator("#id_poster_licence").fill("CC0")
    page.locator("summary", has_text="Paste a cast list").click()
    page.get_by_label("Cast list").fill(CAST)
    page.get_by_role("button", name="Preview").click()

    expect(page.locator(".edit-rows > .edit-row")).to_have_count(20)
    expect(page.locator("#id_title")).to_have_value("Poor Super Man")
    expect(page.get_by_label("Cast list")).to_have_value("Watch now at http://example.org")
    expect(page.get_by_label("Person", exact=True).last).to_have_value("Brad Fraser")
    expect(page.get_by_label("New person", exact=True).last).not_to_be_checked()  # the demo knows him
    waiting = page.locator(".edit-held")
    box = waiting.bounding_box()
    assert box
    waiting.click(position={"x": 2, "y": box["height"] / 2})
    expect(page.locator("#id_poster_focus")).to_have_value(re.compile(r"^[0-3] (49|50|51)$"))
    page.evaluate("scrollTo(0, 0)")  # else the bar may cover half of a link
    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    for number, (country, date) in enumerate([("CA", "2002"), ("US", "2002-09-13")]):
        page.locator("[name=releases-TOTAL_FORMS]").evaluate(
            "field => field.closest('.inline-group').querySelector('.add-row a').click()"
        )
        page.locator(f"[name=releases-{number}-country]").fill(country)
        page.locator(f"[name=releases-{number}-date]").fill(date)
    page.locator("#videos-group .add-row a").click()
    page.locator("[name=videos-0-title]").fill("Trailer")
    page.locator("[name=videos-0-url]").fill("https://video.example.org/1")
    page.keyboard.press("Control+s")

    expect(page.locator(".messagelist")).to_contain_text("was added successfully")
    movie = Movie.objects.get(title="Poor Super Man")
    assert (movie.cast_count, movie.director_line, movie.releases.count(), movie.videos.count()) == (
        19,
        "Brad Fraser",
        2,
        1,
    )
    assert movie.poster
    assert movie.poster.focus_x < 4
    expect(page.locator(".edit-whole")).to_be_visible()
    assert_accessible(page)


def test_credits_by_keyboard(page: Page, demo: None, assert_accessible: Check) -> None:
    movie = Movie.objects.get(title="Leaving Metropolis")
    sign_in(page, f"/admin/catalogue/movie/{movie.pk}/change/")
    rows = page.locator(".edit-rows > .edit-row")
    expect(rows.first).to_be_visible()
    number = rows.count()
    first, second = (rows.nth(place).get_by_label("Person", exact=True).input_value() for place in (0, 1))
    rows.nth(0).get_by_label("Character").focus()

    page.keyboard.press("Alt+ArrowDown")
    expect(rows.nth(0).get_by_label("Person", exact=True)).to_have_value(second)
    page.keyboard.press("Enter")
    expect(rows).to_have_count(number + 1)
    page.keyboard.type("Toshiro Mif")
    expect(page.locator(".edit-suggest [role=option]").first).to_contain_text("Toshiro Mifune")
    page.evaluate("scrollTo(0, 0)")  # else the bar may cover half of a field
    assert_accessible(page)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.keyboard.type("A passer-by")
    page.keyboard.press("Tab")
    expect(rows.nth(3).get_by_label("Person", exact=True)).to_be_focused()
    page.keyboard.press("Control+s")

    expect(page.locator(".messagelist")).to_contain_text("was changed successfully")
    cast = [credit.name for credit in movie.credits.cast()]
    assert cast[:3] == [second, first, "Toshiro Mifune"]
    page.locator("h1, #content").first.click()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    assert_accessible(page)


def test_the_keyboard_starts_where_the_work_is(page: Page, demo: None, assert_accessible: Check) -> None:
    page.set_viewport_size({"width": 1440, "height": 900})
    sign_in(page, "/admin/catalogue/movie/add/")
    expect(page.locator("#id_title")).to_be_focused()
    page.keyboard.type("Poor Super Man")
    page.locator("summary", has_text="Paste a cast list").click()
    page.get_by_label("Cast list").fill("Zed Nobody as Matt\nToshiro Mifune as Captain")
    page.get_by_role("button", name="Preview").click()
    expect(page.locator(".edit-paste [role=status]")).to_be_focused()
    expect(page.locator(".edit-paste [role=status]")).to_be_in_viewport()
    news = page.locator(".edit-rows .c-new")
    expect(news.nth(0)).to_be_visible()
    expect(news.nth(1)).to_be_hidden()
    news.nth(0).get_by_label("New person", exact=True).uncheck()
    page.keyboard.press("Control+s")

    person = page.get_by_label("Person", exact=True).nth(0)
    expect(person).to_be_focused()
    error = page.locator(".edit-row .errorlist").first
    expect(error).to_contain_text("There is nobody of this name yet")
    above, below = person.bounding_box(), error.bounding_box()
    assert above
    assert below
    assert 0 < below["y"] - above["y"] < 150
    wrong, right = (
        page.get_by_label(name, exact=True).nth(0).evaluate("field => getComputedStyle(field).borderTopColor")
        for name in ("Character", "Job")
    )
    assert wrong == right
    page.evaluate("scrollTo(0, 0)")
    assert_accessible(page)


def test_who_may_only_read(page: Page, demo: None, assert_accessible: Check) -> None:
    movie = Movie.objects.get(title="Leaving Metropolis")
    reader = make_member("rita", is_staff=True)
    reader.groups.set(Group.objects.filter(name=SUGGESTION_REVIEWERS))
    page.goto("/healthz")
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": make_session(reader), "url": page.url}])
    for width in (390, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(f"/admin/catalogue/movie/{movie.pk}/change/")
        expect(page.locator("#credits")).to_contain_text("Vince Corazza")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert_accessible(page)
