"""deploy/roles.sql: the role that serves pages reads and writes rows, and changes no table."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import connection

pytestmark = pytest.mark.skipif(connection.vendor != "postgresql" or not shutil.which("psql"), reason="PostgreSQL")
PAGES = """
from django.test import Client
from reviews.models import Review
from tests.makers import PASSWORD, make_member, make_movie
movie, member = make_movie("Ran", genres=["Drama"]), make_member("alice", is_trusted=True)
client = Client(HTTP_HOST="127.0.0.1")
paths = ["/", "/movies/", "/search/?q=ran", movie.get_absolute_url(), "/accounts/login/"]
print(*(client.get(path).status_code for path in paths))
client.post("/accounts/login/", {"login": "alice", "password": PASSWORD})
print(client.post(f"{movie.get_absolute_url()}reviews/write/", {"rating": "9", "text": "Words"}).status_code)
print(Review.objects.count(), client.post("/accounts/logout/").status_code)
"""


@pytest.fixture
def site() -> Iterator[dict[str, Any]]:
    """A database of its own with the two roles, and how to connect to it."""
    ours = settings.DATABASES["default"]
    name = f"roles_{os.getpid()}"
    where = {"host": ours["HOST"] or "127.0.0.1", "port": ours["PORT"] or 5432}
    root = {**where, "user": ours["USER"], "password": ours["PASSWORD"] or None}
    with psycopg.connect(**root, dbname="postgres", autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{name}"')
        try:
            variables = {
                "migrate": f"{name}_migrate",
                "app": f"{name}_app",
                "migrate_password": "m",
                "app_password": "a",
            }
            chosen = [f"--set={key}={value}" for key, value in variables.items()]
            address = ["-h", str(where["host"]), "-p", str(where["port"]), "-U", ours["USER"], "-d", name]
            file = str(settings.BASE_DIR / "deploy/roles.sql")
            environment = {**os.environ, "PGPASSWORD": ours["PASSWORD"] or ""}
            subprocess.run(["psql", "-q", *address, *chosen, "-f", file], env=environment, check=True)
            yield {**where, "dbname": name, **variables}
        finally:
            server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
            for role in ("migrate", "app"):
                server.execute(f'DROP ROLE IF EXISTS "{name}_{role}"')


def manage(site: dict[str, Any], role: str, *arguments: str) -> str:
    url = f"postgres://{site[role]}:{role[0]}@{site['host']}:{site['port']}/{site['dbname']}"
    environment = {**os.environ, "DATABASE_URL": url, "DEBUG": "true", "LOG_LEVEL": "ERROR"}
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        env=environment,
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


def test_the_role_of_the_site_serves_pages_and_changes_no_table(site: dict[str, Any]) -> None:
    manage(site, "migrate", "migrate", "--verbosity", "0")

    assert manage(site, "app", "shell", "-v0", "-c", PAGES).split() == ["200"] * 5 + ["302", "1", "302"]

    address = {key: site[key] for key in ("host", "port", "dbname")}
    with psycopg.connect(**address, user=site["app"], password="a", autocommit=True) as app:
        for statement in (
            "DROP TABLE catalogue_movie", "ALTER TABLE catalogue_movie DROP COLUMN title", "CREATE TABLE mine (id int)",
            "TRUNCATE catalogue_movie CASCADE", "CREATE ROLE another", "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        ):  # fmt: skip
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                app.execute(statement)
        row = app.execute("SHOW statement_timeout").fetchone()
    assert row == ("1min",)


def test_what_was_restored_is_served_by_the_role_of_the_site(
    site: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MEDIA_ROOT", str(tmp_path / "media"))
    manage(site, "migrate", "migrate", "--verbosity", "0")
    manage(site, "app", "shell", "-v0", "-c", PAGES)
    manage(site, "migrate", "backup", str(tmp_path))
    (file,) = map(str, tmp_path.glob("*.tar"))

    manage(site, "migrate", "restore", file, "--force")

    count = "from reviews.models import Review; Review.objects.update(rating=1); print(Review.objects.count())"
    assert manage(site, "app", "shell", "-v0", "-c", count).split() == ["1"]
