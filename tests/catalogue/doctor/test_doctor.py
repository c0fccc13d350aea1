"""Something is broken, and the doctor says so in a sentence with its remedy."""

import json
from datetime import timedelta
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from catalogue.admin.uploads import keep
from catalogue.browse import rebuild_browse
from catalogue.doctor import Finding, Options, contents, database, examine, files, services, site, site_settings
from catalogue.images import CENTER, decode, path
from catalogue.models import Movie, SearchDocument
from reviews import doctor as of_reviews
from tests.catalogue.test_images import halves
from tests.makers import make_member, make_movie, make_review

pytestmark = pytest.mark.django_db
NOTHING = Options()


def problems(found: Any) -> str:
    return " ".join(finding.problem for finding in found)


@pytest.fixture
def production(settings: Any) -> Any:
    settings.DEBUG = settings.DEMO = False
    settings.SECRET_KEY, settings.ALLOWED_HOSTS = "k" * 60, ["films.example.org"]
    settings.SITE_URL, settings.SECURE_SSL_REDIRECT = "https://films.example.org", True
    settings.SECURE_PROXY_SSL_HEADER, settings.ALLAUTH_TRUSTED_PROXY_COUNT = ("HTTP_X_FORWARDED_PROTO", "https"), 1
    return settings


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("DEBUG", True, "DEBUG is on"),
        ("DEMO", True, "published passwords"),
        ("SECRET_KEY", "short", "sessions can be forged"),
        ("ALLOWED_HOSTS", ["*"], "which names the site has"),
        ("SITE_URL", "http://films.example.org", "not an address with https"),
        ("ALLAUTH_TRUSTED_PROXY_COUNT", 0, "all visitors count as one"),
    ],
)
def test_settings(production: Any, name: str, value: Any, sentence: str) -> None:
    assert problems(site_settings.settings_are_of_production(NOTHING)) == ""

    setattr(production, name, value)

    assert sentence in problems(site_settings.settings_are_of_production(NOTHING))


def test_migrations_that_wait() -> None:
    assert not list(database.migrations_are_applied(NOTHING))

    ((_, last),) = MigrationLoader(connection).graph.leaf_nodes("reviews")
    MigrationRecorder(connection).record_unapplied("reviews", last)

    assert f"wait: reviews {last}" in problems(database.migrations_are_applied(NOTHING))


def test_a_sound_database_has_nothing_wrong() -> None:
    for look in (database.database_answers, database.rows_keep_the_rules):
        assert not list(look(NOTHING))


@pytest.mark.skipif(connection.vendor != "sqlite", reason="a file is SQLite's")
def test_a_database_file_that_everybody_may_write() -> None:
    file = Path(str(connection.settings_dict["NAME"]))
    assert not list(database.sqlite_is_set_up(NOTHING))

    file.chmod(0o666)

    assert "Everybody on this machine may write" in problems(database.sqlite_is_set_up(NOTHING))
    file.chmod(0o644)


def test_a_cache_that_is_gone_and_one_for_each_worker(settings: Any, monkeypatch: Any) -> None:
    monkeypatch.setenv("WEB_CONCURRENCY", "1")
    assert not list(services.cache_keeps(NOTHING))
    monkeypatch.setenv("WEB_CONCURRENCY", "4")
    assert "4 workers has a cache of its own" in problems(services.cache_keeps(NOTHING))

    settings.CACHES = {
        name: {"BACKEND": "catalogue.caches.PatientRedisCache", "LOCATION": "redis://127.0.0.1:1/0"}
        for name in ("default", "pages")
    }
    assert "does not keep" in problems(services.cache_keeps(NOTHING))


def test_mails(settings: Any) -> None:
    settings.DEFAULT_FROM_EMAIL = "films@example.org"
    assert not list(services.mails_leave(Options(mail="me@example.org")))
    assert mail.outbox[0].to == ["me@example.org"]

    settings.DEFAULT_FROM_EMAIL = "x <noreply@localhost>"
    assert "will be refused" in problems(services.mails_leave(NOTHING))
    settings.MAIL_TRANSPORT, settings.EMAIL_HOST, settings.EMAIL_PORT = (
        "django.core.mail.backends.smtp.EmailBackend",
        "127.0.0.1",
        1,
    )
    assert "does not take mails" in problems(services.mails_leave(NOTHING))
    settings.MAIL_TRANSPORT = "django.core.mail.backends.console.EmailBackend"
    assert "printed, not sent" in problems(services.mails_leave(NOTHING))


def test_a_worker_that_is_not_there(settings: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(services, "WAIT_SECONDS", 0.3)
    assert "No worker did a task" in problems(services.worker_works(NOTHING))
    assert not DBTaskResult.objects.exists()

    settings.TASK_WORKER = False
    assert not list(services.worker_works(NOTHING))
    services.ping.enqueue()
    DBTaskResult.objects.update(enqueued_at=timezone.now() - timedelta(hours=1))
    assert "1 tasks wait, the oldest for 60 minutes" in problems(services.worker_works(NOTHING))
    DBTaskResult.objects.update(run_after=timezone.now() + timedelta(days=1))
    assert not list(services.worker_works(NOTHING))
    DBTaskResult.objects.update(run_after=timezone.now() - timedelta(minutes=20))
    assert "the oldest for 20 minutes" in problems(services.worker_works(NOTHING))


def test_a_draft_that_nobody_published_at_its_time() -> None:
    movie = make_movie("Ran", is_published=False, publish_at=timezone.now() - timedelta(minutes=5))
    assert not list(contents.drafts_are_published_at_their_time(NOTHING))
    Movie.objects.filter(pk=movie.pk).update(publish_at=timezone.now() - timedelta(hours=1))
    assert "1 drafts should be visible" in problems(contents.drafts_are_published_at_their_time(NOTHING))
    call_command("publish_due")
    assert not list(contents.drafts_are_published_at_their_time(NOTHING))


def test_folders(settings: Any, tmp_path: Path, monkeypatch: Any) -> None:
    assert "cannot be written" not in problems(files.folders_are_writable(NOTHING))
    (tmp_path / "file").touch()
    settings.MEDIA_ROOT = tmp_path / "file"
    assert "cannot be written" in problems(files.folders_are_writable(NOTHING))
    settings.MEDIA_ROOT = tmp_path / "media"
    monkeypatch.setattr(files, "LEAST_FREE", 10**18)
    assert "MB are left" in problems(files.folders_are_writable(NOTHING))


def test_files_that_others_may_read_or_write(settings: Any, tmp_path: Path) -> None:
    settings.BASE_DIR, settings.MEDIA_ROOT = tmp_path, tmp_path / "media"
    settings.MEDIA_ROOT.mkdir()
    secret = tmp_path / ".env"
    secret.touch(0o640)
    secret.chmod(0o640)
    assert not list(files.files_are_private(NOTHING))

    secret.chmod(0o644)
    settings.MEDIA_ROOT.chmod(0o777)
    settings.IMPORT_ROOT = settings.MEDIA_ROOT / "imports"

    said = problems(files.files_are_private(NOTHING))
    assert f"may read {secret}" in said
    assert f"may write into {settings.MEDIA_ROOT}" in said
    assert "private files are handed out" in said


def test_static_files_that_were_not_collected(settings: Any, tmp_path: Path) -> None:
    assert not list(files.static_files_are_collected(NOTHING))  # a machine of one's own serves them as they lie there

    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
    }

    assert "every page fails" in problems(files.static_files_are_collected(NOTHING))


def test_search_that_has_lost_a_movie() -> None:
    make_movie("Ran")
    assert not list(contents.search_finds_what_is_there(NOTHING))

    SearchDocument.objects.all().delete()

    said = problems(contents.search_finds_what_is_there(NOTHING))
    assert "does not know 1 of 1 movies" in said


def test_browsing_that_has_lost_a_movie() -> None:
    movie = make_movie("Ran")
    rebuild_browse()
    assert not list(contents.browsing_counts_what_is_there(NOTHING))

    Movie.objects.filter(pk=movie.pk).update(is_published=False)  # without telling anybody

    assert problems(contents.browsing_counts_what_is_there(NOTHING)) == "0 movies are published, and browsing shows 1."


def test_ratings_that_are_not_those_of_the_reviews() -> None:
    movie = make_movie("Ran")
    make_review(movie, make_member(), rating=8)
    make_movie("Unrated")
    assert not list(of_reviews.ratings_add_up(NOTHING))

    Movie.objects.filter(pk=movie.pk).update(rating_8=0, rating_7=1)
    assert "ratings of 1 movies" in problems(of_reviews.ratings_add_up(NOTHING))
    Movie.objects.filter(pk=movie.pk).update(rating_8=1, rating_7=1)
    assert "ratings of 1 movies" in problems(of_reviews.ratings_add_up(NOTHING))


def test_a_site_that_does_not_answer() -> None:
    assert not list(site.site_answers(NOTHING))
    assert "not an address with https" in problems(site.site_answers(Options(url="http://x")))
    assert "does not answer" in problems(site.site_answers(Options(url="https://127.0.0.1:1")))


def test_a_check_that_fails_is_a_finding(monkeypatch: Any) -> None:
    def broken(options: Options) -> Any:
        """Something."""
        raise OSError("no such thing")

    monkeypatch.setattr("catalogue.doctor.CHECKS", [broken])

    ((about, (found,)),) = examine(NOTHING)
    assert about == "Something"
    assert found.problem == "It could not be looked at: OSError: no such thing"


def test_the_command_ends_with_1_and_speaks_to_machines(settings: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr("catalogue.doctor.CHECKS", [lambda _: iter([Finding("It rains.", "Take a coat.")])])
    out = StringIO()

    with pytest.raises(SystemExit) as ended:
        call_command("doctor", "--json", stdout=out)

    assert ended.value.code == 1
    assert json.loads(out.getvalue())["problems"][0]["remedy"] == "Take a coat."
    monkeypatch.setattr("catalogue.doctor.CHECKS", [])
    call_command("doctor", stdout=out)


def test_pictures_without_files() -> None:
    found = keep("poster", decode(BytesIO(halves())), CENTER, {"alt": "A castle", "credit": "x", "licence": "CC0"})
    assert not list(contents.pictures_are_there(NOTHING))

    default_storage.delete(path("poster", found.pk, 320))

    said = problems(contents.pictures_are_there(NOTHING))
    assert said.startswith("Of 1 pictures looked for, 1 files are not in the storage, such as posters/")
