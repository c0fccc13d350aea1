"""Headers, cookies and addresses as the security checklist wants them, on every kind of page."""

import os
import subprocess
import sys
import threading
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.db.models.signals import pre_save
from django.test import Client, RequestFactory
from django.utils import timezone

from catalogue.models import Movie
from reviews.models import Draft, Member
from tests.catalogue.admin.form import opened, send
from tests.makers import make_movie

PAGES = ["/", "/movies/", "/nope/", "/admin/login/", "/accounts/login/", "/search/?q=%00", "/healthz", "/robots.txt"]
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}


@pytest.mark.django_db
@pytest.mark.parametrize("path", PAGES)
def test_headers(client: Client, path: str) -> None:
    response = client.get(path, follow=path.startswith("/admin"))

    for name, value in HEADERS.items():
        assert response.headers[name] == value
    policy = dict(part.strip().partition(" ")[::2] for part in response.headers["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["form-action"] == "'self'"
    assert policy["base-uri"] == policy["frame-ancestors"] == "'none'"
    assert "unsafe" not in response.headers["Content-Security-Policy"]
    assert "camera=()" in response.headers["Permissions-Policy"]


@pytest.mark.django_db
def test_only_pages_of_members_are_private(client: Client, as_member: Client) -> None:
    url = make_movie().get_absolute_url()

    assert client.get(url)["Cache-Control"] == "no-cache"
    assert as_member.get(url)["Cache-Control"] == "private, no-store"


def test_no_page_holds_inline_script_or_style() -> None:
    for file in (settings.BASE_DIR / "templates").rglob("*.html"):
        text = file.read_text(encoding="utf-8")
        assert " style=" not in text, file
        assert "<style" not in text, file
        assert "onclick" not in text, file
        assert "javascript:" not in text, file
        assert "|safe" not in text, file


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """manage.py with these variables and none of ours."""
    ours = ("DEBUG", "CATALOGUE_DEMO", "SECRET_KEY", "DATABASE_URL", "ALLOWED_HOSTS")
    variables = {name: value for name, value in os.environ.items() if name not in ours}
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        env=variables | environment,
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
    )


def test_production_does_not_start_without_a_key() -> None:
    done = run("check")

    assert done.returncode == 1
    assert "Set SECRET_KEY" in done.stderr


def test_the_demo_is_not_for_production(tmp_path: Path) -> None:
    done = run(
        "load_demo", SECRET_KEY="x" * 60, ALLOWED_HOSTS="example.org", DATABASE_URL=f"sqlite:///{tmp_path}/x.sqlite3"
    )

    assert done.returncode == 1
    assert "known passwords" in done.stderr


def test_production_settings_are_strict(tmp_path: Path) -> None:
    code = (
        "from django.conf import settings as s; print(s.DEBUG, s.SESSION_COOKIE_SECURE, s.SESSION_COOKIE_NAME, "
        "s.SECURE_HSTS_SECONDS, s.SECURE_SSL_REDIRECT, s.ACCOUNT_EMAIL_VERIFICATION)"
    )

    done = run(
        "shell",
        "-v0",
        "-c",
        code,
        SECRET_KEY="x" * 60,
        ALLOWED_HOSTS="example.org",
        DATABASE_URL=f"sqlite:///{tmp_path}/x.sqlite3",
    )

    assert done.stdout.split() == ["False", "True", "__Host-sessionid", "31536000", "True", "mandatory"]


def test_a_database_is_reached_by_its_socket() -> None:
    code = "from django.conf import settings as s; print(s.DATABASES['default']['HOST'])"

    done = run(
        "shell", "-v0", "-c", code, DEBUG="true", DATABASE_URL="postgres://cuemark@%2Fvar%2Frun%2Fpostgresql/cuemark"
    )

    assert done.stdout.split() == ["/var/run/postgresql"]


@pytest.mark.parametrize(
    "charset", ["rot13", "hex", "zlib", "idna", "utf-7", "unicode_escape", "undefined", '"utf-16"']
)
@pytest.mark.django_db
def test_only_utf_8_is_read(charset: str) -> None:
    assert status_of(f"text/plain; charset={charset}") == "400 Bad Request"


@pytest.mark.parametrize("kind", ["", "text/plain", "text/plain; charset=UTF-8", 'text/plain; charset="utf8"; x=y'])
@pytest.mark.django_db
def test_utf_8_is_read(kind: str) -> None:
    assert status_of(kind) == "200 OK"


def status_of(kind: str) -> str:
    """What the server answers to a request with this Content-Type."""
    from catalogue.wsgi import application

    said: list[str] = []
    environ = RequestFactory().get("/healthz", HTTP_HOST="testserver").environ | {"CONTENT_TYPE": kind}
    application(environ, lambda status, _: said.append(status))
    return said[0]


@pytest.mark.django_db
def test_keys_no_database_holds_are_not_found(as_member: Client) -> None:
    for path in (
        "/movies/{}/x/reviews/delete/",
        "/movies/{}/x/",
        "/reviews/{}/",
        "/reviews/{}/report/",
        "/people/{}/x/",
    ):
        assert as_member.get(path.format(10**30)).status_code == 404, path


def test_browsers_may_fetch_ahead_only_what_is_for_everybody(client: Client, as_member: Client) -> None:
    address = client.get("/movies/").headers["Speculation-Rules"].strip('"')
    rules = client.get(address)
    refused = str(rules.json())

    assert rules.headers["Content-Type"] == "application/speculationrules+json"
    assert all(path in refused for path in ("/accounts/*", "/admin/*", "/*/write/*", "nofollow"))
    assert "Speculation-Rules" not in as_member.get("/movies/").headers
    assert "Speculation-Rules" not in rules.headers


def test_there_is_somebody_to_tell_of_a_weakness(client: Client, settings: Any) -> None:
    settings.SITE_URL = "https://catalogue.example.org"
    assert client.get("/.well-known/security.txt").status_code == 404

    for contact, said in (
        ("a@example.org", "mailto:a@example.org"),
        ("https://example.org/s", "https://example.org/s"),
    ):
        settings.SECURITY_CONTACT = contact
        response = client.get("/.well-known/security.txt")
        lines = dict(line.split(": ", 1) for line in response.content.decode().splitlines())
        assert response["Content-Type"].startswith("text/plain")
        assert lines["Contact"] == said
        assert lines["Canonical"] == "https://catalogue.example.org/.well-known/security.txt"
        assert timedelta(days=30) < datetime.fromisoformat(lines["Expires"]) - timezone.now() < timedelta(days=365)


def test_the_desk_is_where_the_operator_says(tmp_path: Path) -> None:
    code = "from django.urls import reverse; print(reverse('admin:index'))"

    for path in ("back-room", "/back-room/"):
        done = run(
            "shell", "-v0", "-c", code, DEBUG="true", ADMIN_PATH=path, DATABASE_URL=f"sqlite:///{tmp_path}/x.sqlite3"
        )
        assert done.stdout.strip() == "/back-room/"


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_what_the_database_refuses_at_the_last_moment_is_told(member: Member, as_member: Client) -> None:
    """An account that is closed while its member saves a draft."""
    movie = make_movie()

    def close(**kwargs: Any) -> None:
        Member.objects.filter(pk=member.pk).delete()

    pre_save.connect(close, sender=Draft)
    try:
        response = as_member.post(f"{movie.get_absolute_url()}reviews/write/", {"action": "draft", "text": "Words"})
    finally:
        pre_save.disconnect(close, sender=Draft)

    assert response.status_code == 409
    assert "Nothing was changed" in response.content.decode()
    assert not Draft.objects.exists()


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has one writer at a time")
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_two_who_wait_for_each_other_are_told_so(as_editor: Client) -> None:
    """PostgreSQL ends one of two transactions that hold what the other wants: here the editor's."""
    first, second = make_movie("First"), make_movie("Second")
    form = opened(as_editor, first)
    has_second = threading.Event()

    def other() -> None:
        with transaction.atomic():
            Movie.objects.select_for_update().get(pk=second.pk)
            has_second.set()
            Movie.objects.select_for_update().get(pk=first.pk)
        connection.close()

    thread = threading.Thread(target=other)

    def cross(**kwargs: Any) -> None:
        thread.start()
        assert has_second.wait(20)
        time.sleep(0.3)  # until the other one waits
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL deadlock_timeout = '50ms'")
        Movie.objects.select_for_update().get(pk=second.pk)

    pre_save.connect(cross, sender=Movie)
    try:
        response = send(as_editor, first, form, tagline="Mine")
    finally:
        pre_save.disconnect(cross, sender=Movie)
        thread.join()

    assert response.status_code == 409
    assert "Nothing was changed" in response.content.decode()
    assert Movie.objects.get(pk=first.pk).tagline == ""


@pytest.mark.django_db
@pytest.mark.parametrize(
    "header",
    ["SCRIPT_NAME", "HTTP_X_FORWARDED_HOST", "HTTP_X_FORWARDED_PREFIX", "HTTP_FORWARDED", "HTTP_X_ORIGINAL_URL"],
)
def test_no_header_of_a_visitor_gets_into_addresses(client: Client, settings: Any, header: str) -> None:
    settings.DEBUG = False  # pages are kept
    path = make_movie("Ran", genres=["Drama"]).get_absolute_url()

    for page in (path, "/", "/movies/", "/robots.txt", "/sitemap.xml"):
        with_header, after_it = Client().get(page, **{header: "/evil.example"}), client.get(page)  # type: ignore[arg-type]
        assert "evil" not in f"{with_header.content!r} {after_it.content!r}", page


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["//evil.example", "//evil.example/..", "/%5cevil.example", "/movies//evil.example"])
def test_a_slash_is_not_added_to_another_site(client: Client, path: str) -> None:
    response = client.get("/", PATH_INFO=path)

    assert response.status_code == 404 or not response["Location"].startswith(("//", "http"))
