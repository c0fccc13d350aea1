"""Every kind of page would be A+ in MDN's HTTP Observatory."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from tests.observatory.rules import results, score

STATUSES = {"not found": 404, "bad request": 400, "broken": 500, "forbidden": 403, "desk": 302, "signed in": 302}


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """What the site answers with production settings, in a process of its own."""
    folder = tmp_path_factory.mktemp("observed")
    ours = ("DEBUG", "CATALOGUE_DEMO", "SECRET_KEY", "DATABASE_URL", "ALLOWED_HOSTS", "CACHE_URL")
    variables = {name: value for name, value in os.environ.items() if name not in ours}
    production = {
        "DJANGO_SETTINGS_MODULE": "tests.observatory.settings", "SECRET_KEY": "x" * 60, "ALLOWED_HOSTS": "example.org",
        "SITE_URL": "https://example.org", "DATABASE_URL": f"sqlite:///{folder}/site.sqlite3", "EMAIL_VERIFICATION": "none",
        "OBSERVED_STATIC": f"{folder}/static", "SECURITY_CONTACT": "security@example.org", "LOG_LEVEL": "CRITICAL",
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-m", "tests.observatory.observe"],
        env=variables | production, cwd=settings.BASE_DIR, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    found: dict[str, dict[str, Any]] = json.loads(done.stdout)
    return found


def test_every_kind_of_page_is_a_plus(answers: dict[str, dict[str, Any]]) -> None:
    scores = {name: score(answer) for name, answer in answers.items()}

    assert not {name: (points, results(answers[name])) for name, points in scores.items() if points < 130}
    assert {name: answer["status"] for name, answer in answers.items()} == dict.fromkeys(answers, 200) | STATUSES


def test_cookies_are_for_this_host_alone(answers: dict[str, dict[str, Any]]) -> None:
    cookies = [cookie for answer in answers.values() for cookie in answer["cookies"]]

    assert {cookie["name"] for cookie in cookies} >= {"__Host-sessionid", "__Host-csrftoken"}
    assert not [cookie for cookie in cookies if not (cookie["name"].startswith("__Host-") and cookie["httponly"])]


def test_what_is_broken_is_not_told(answers: dict[str, dict[str, Any]]) -> None:
    assert "RuntimeError" not in answers["broken"]["body"]
    assert "As it happens" not in answers["broken"]["body"]


@pytest.mark.django_db
def test_pictures_are_nothing_but_pictures(client: Client, settings: Any) -> None:
    """In production the web server hands them out; docs/security.md says with which headers."""
    settings.MEDIA_ROOT.mkdir(parents=True, exist_ok=True)
    (Path(settings.MEDIA_ROOT) / "x.webp").write_bytes(b"RIFF")

    headers = client.get("/media/x.webp").headers

    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"


PAGE = {"headers": {}, "cookies": [], "plain": "https://example.org/", "body": ""}
GOOD = {"Content-Security-Policy": "default-src 'none'; form-action 'self'; frame-ancestors 'none'"}
GOOD |= {"Strict-Transport-Security": "max-age=31536000", "X-Content-Type-Options": "nosniff"}


@pytest.mark.parametrize(
    ("change", "points"),
    [
        pytest.param({}, 115, id="good"),
        pytest.param({"Content-Security-Policy": ""}, 55, id="without-a-policy-there-is-no-bonus"),
        pytest.param(
            {"Content-Security-Policy": "script-src 'unsafe-inline'; frame-ancestors 'none'"}, 80, id="inline"
        ),
        pytest.param({"Strict-Transport-Security": "max-age=60"}, 105, id="90-is-enough-for-bonuses"),
        pytest.param({"Strict-Transport-Security": ""}, 80, id="80-is-not"),
        pytest.param({"Referrer-Policy": "unsafe-url"}, 110, id="referrer"),
        pytest.param({"Access-Control-Allow-Origin": "*", "Access-Control-Allow-Credentials": "true"}, 50, id="cors"),
    ],
)
def test_the_rules_take_points_away(change: dict[str, str], points: int) -> None:
    assert score({**PAGE, "headers": GOOD | change}) == points
