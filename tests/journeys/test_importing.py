"""An editor imports a list: upload, plan, apply, result; on a phone and on a desk."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from reviews.demo import ACCOUNTS
from tests.catalogue.desk.flow import LIST, work

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True, serialized_rollback=True)]
Check = Callable[[Page], None]
FILE = LIST.replace(b"143", b"144")  # the demo's Ikiru lasts 143 minutes


@pytest.mark.parametrize("width", [390, 1440])
def test_an_editor_imports_a_list(page: Page, demo: None, assert_accessible: Check, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto("/accounts/login/?next=/admin/catalogue/importrun/")
    page.get_by_label("User name or email").fill("editor")
    page.get_by_label("Password").fill(ACCOUNTS["editor"])
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("link", name="Import a file").click()
    expect(page.get_by_role("link", name="template")).to_have_attribute("href", "/list/template.csv")
    assert_accessible(page)
    page.get_by_role("button", name="Upload and see the plan").click()
    expect(page.get_by_role("alert")).to_be_visible()
    assert_accessible(page)
    page.get_by_label("Files").set_input_files({"name": "films.csv", "mimeType": "text/csv", "buffer": FILE})
    page.get_by_role("button", name="Upload and see the plan").click()

    expect(page.get_by_role("status")).to_contain_text("Being read")
    assert_accessible(page)
    work()
    expect(page.get_by_role("status")).to_contain_text("Planned", timeout=15_000)  # by itself
    expect(page.get_by_role("listitem").filter(has_text="films.csv:4")).to_contain_text("no title")
    page.locator("summary").filter(has_text="Ikiru").first.click()
    expect(page.get_by_role("rowheader", name="Running time").first).to_be_visible()
    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("button", name="Apply").click()

    expect(page.get_by_role("status")).to_contain_text("About to start")
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_role("button", name="Resume")).to_be_visible()
    page.get_by_role("button", name="Resume").click()
    work()
    expect(page.locator("#import-follow [role=status]")).to_contain_text("Finished", timeout=15_000)
    assert_accessible(page)
