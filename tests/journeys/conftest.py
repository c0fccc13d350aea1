"""A real browser: Debian's Chromium, found by its path. Any console message about the CSP fails the test."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

# Playwright's event loop runs in this thread, so Django would refuse the database; nothing here is asynchronous.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium; without it the journeys are skipped, and with CI=true that is a failure."""
    path = next((found for name in NAMES if (found := shutil.which(name))), None)
    if path is None:
        message = f"NO BROWSER JOURNEYS: none of {', '.join(NAMES)} is installed."
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser, live_server: Any) -> Iterator[Page]:
    """An empty window on the site."""
    context = browser.new_context(base_url=live_server.url, viewport={"width": 1280, "height": 900})
    page = context.new_page()
    complaints: list[str] = []

    def listen(message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text or message.type == "error":
            complaints.append(message.text)

    page.on("console", listen)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    context.close()
    # A page that takes no part in view transitions (the admin) ends one; Chromium reports that as an error.
    assert not [text for text in complaints if not text.startswith("Transition was")]


@pytest.fixture
def assert_accessible() -> Callable[[Page], None]:
    """Fails with axe's findings on the page as it is now."""
    axe = Axe()

    def check(page: Page) -> None:
        # target-size: WCAG 2.2 AA, 24 by 24 px. preload would write styles that a sheet imports into the page, against the CSP.
        results = axe.run(page, options={"rules": {"target-size": {"enabled": True}}, "preload": False})
        assert results.violations_count == 0, results.generate_report()

    return check


@pytest.fixture
def demo(transactional_db: None, django_db_serialized_rollback: None, settings: Any) -> None:
    """Some movies of the demo catalogue with their reviews."""
    from catalogue.importers.demo import load_movies
    from reviews.demo import create_accounts, load_reviews

    folder = Path(settings.BASE_DIR) / "fixtures"
    only = ["leaving-metropolis", "chasing-amy", "pleasantville", "seven-samurai", "yojimbo", "ikiru", "buddies"]
    load_movies(folder, only=only)
    load_reviews(folder, only=only)
    create_accounts()
