"""Pictures in a bucket: a server that speaks S3 stands for it, and is asked over HTTP."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
from django.conf import settings as site
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from moto.server import ThreadedMotoServer

from catalogue import images
from catalogue.admin.uploads import keep
from catalogue.curation.pictures import make_sizes, remove_unused
from catalogue.doctor import files
from catalogue.doctor.findings import Options
from catalogue.models import Image
from tests.catalogue.admin.form import opened, saved, send
from tests.catalogue.test_images import SAID, halves, picture
from tests.makers import make_movie
from tests.pages import read

NOTHING = Options()


@pytest.fixture(scope="module")
def service() -> Iterator[str]:
    """The address of a service with room for buckets."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


def use(settings: Any, service: str, bucket: str = "pictures") -> None:
    """Have the site keep its pictures there."""
    keys = {"access_key": "key", "secret_key": "secret", "region_name": "us-east-1"}
    options = {"bucket_name": bucket, "endpoint_url": service, **keys}
    settings.S3_BUCKET, settings.MEDIA_URL = bucket, f"{service}/{bucket}/"
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": "catalogue.bucket.BucketStorage", "OPTIONS": options}
    }


@pytest.fixture
def bucket(settings: Any, service: str) -> Iterator[Any]:
    """An empty bucket, in use: everybody may read what is in it."""
    use(settings, service)
    made: Any = default_storage.bucket  # type: ignore[attr-defined]
    made.create()
    everybody = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::pictures/*"}
    made.Policy().put(Policy=json.dumps({"Version": "2012-10-17", "Statement": [everybody]}))
    yield made
    made.objects.all().delete()
    made.delete()


def names(bucket: Any) -> set[str]:
    return {found.key for found in bucket.objects.all()}


def image(content: bytes = b"") -> Image:
    told = {"alt": "A castle burns", "credit": "Somebody", "licence": "CC0"}
    return keep("poster", images.decode(BytesIO(content or halves())), images.CENTER, told)


def problems(found: Any) -> str:
    return " ".join(finding.problem for finding in found)


@pytest.mark.django_db
def test_what_an_editor_uploads_visitors_get_from_the_bucket(as_editor: Client, bucket: Any, settings: Any) -> None:
    movie = make_movie("Ran")

    saved(as_editor, movie, opened(as_editor, movie), **SAID, poster_file=ContentFile(picture(), "ran.jpg"))

    movie.refresh_from_db()
    assert movie.poster
    kept = images.files("poster", movie.poster.pk, has_avif=False, has_whole=True)
    assert names(bucket) == kept
    page = read(Client().get(movie.get_absolute_url()))
    poster = page.one("img", "poster").attributes
    addresses = [poster["src"], *(source.split()[0] for source in poster["srcset"].split(","))]
    assert {address.removeprefix(settings.MEDIA_URL) for address in addresses} <= kept
    for address in addresses:
        with urlopen(address) as answer:
            assert answer.headers["Content-Type"] == "image/webp"
            assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
            assert answer.read(4) == b"RIFF"


@pytest.mark.django_db
def test_a_bucket_that_is_gone_takes_no_page_with_it(as_editor: Client, settings: Any) -> None:
    use(settings, "http://127.0.0.1:9")
    as_editor.raise_request_exception = False
    movie = make_movie("Ran")
    form = opened(as_editor, movie)

    response = send(as_editor, movie, form, **SAID, title="Chaos", poster_file=ContentFile(picture(), "ran.jpg"))

    assert response.status_code == 503
    assert "Try again in a minute" in response.content.decode()
    movie.refresh_from_db()
    assert (movie.title, movie.poster) == ("Ran", None)
    assert Client().get(movie.get_absolute_url()).status_code == 200
    assert "does not take pictures" in problems(files.bucket_keeps_pictures(NOTHING))


@pytest.mark.parametrize("action", ["exists", "size", "open", "delete", "get_modified_time", "listdir"])
def test_a_bucket_that_does_not_answer_fails_as_a_disk_does(settings: Any, action: str) -> None:
    use(settings, "http://127.0.0.1:9")

    with pytest.raises(OSError, match=r"127\.0\.0\.1:9"):
        getattr(default_storage, action)("posters/ab/x.webp")


@pytest.mark.parametrize("action", ["size", "open", "get_modified_time"])
def test_what_is_not_there_is_no_file(bucket: Any, action: str) -> None:
    assert not default_storage.exists("posters/ab/x.webp")
    with pytest.raises(FileNotFoundError):
        getattr(default_storage, action)("posters/ab/x.webp")


@pytest.mark.django_db
def test_sizes_that_are_missing_are_made_from_what_is_there(bucket: Any) -> None:
    found = image()
    before, narrowest = names(bucket), images.path("poster", found.pk, images.SIZES["poster"][0][0])
    default_storage.delete(narrowest)

    assert make_sizes() == 1

    assert names(bucket) == before


@pytest.mark.django_db
def test_what_nobody_needs_leaves_the_bucket(bucket: Any, monkeypatch: Any) -> None:
    unused = image()
    Image.objects.update(created_at=timezone.now() - timedelta(days=10))
    movie = make_movie("Ran", poster=image(picture()))
    kept = images.files("poster", movie.poster_id or "", has_avif=False, has_whole=True)
    default_storage.save(f"posters/ab/{'ab' * 16}-160.webp", ContentFile(b"of a form that was never saved"))

    remove_unused(1)
    assert names(bucket) > kept  # all of it is younger than two days

    later = timezone.now() + timedelta(days=3)
    monkeypatch.setattr(timezone, "now", lambda: later)
    remove_unused(1)
    assert names(bucket) == kept
    assert not Image.objects.filter(pk=unused.pk).exists()


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_backup_holds_the_pictures_and_fills_another_bucket(
    bucket: Any, service: str, settings: Any, tmp_path: Path
) -> None:
    movie = make_movie("Ran", poster=image())
    before = {name: default_storage.open(name).read() for name in names(bucket)}
    lost = min(before)
    call_command("backup", tmp_path, stdout=StringIO())
    default_storage.delete(lost)
    default_storage.save(max(before), ContentFile(b"spoilt since"))

    call_command("restore", next(tmp_path.glob("backup-*.tar")), "--force", stdout=StringIO())

    assert {name: default_storage.open(name).read() for name in names(bucket)} == before
    assert movie.poster_id == Image.objects.get().pk


def test_the_doctor_looks_as_visitors_do(bucket: Any, settings: Any, service: str) -> None:
    assert not list(files.bucket_keeps_pictures(NOTHING))
    assert not names(bucket)

    bucket.Policy().delete()
    assert "answers 403" in problems(files.bucket_keeps_pictures(NOTHING))
    settings.MEDIA_URL = f"{service}/elsewhere/"
    assert "Visitors do not see pictures" in problems(files.bucket_keeps_pictures(NOTHING))
    settings.MEDIA_URL = "http://127.0.0.1:9/"
    assert "does not answer" in problems(files.bucket_keeps_pictures(NOTHING))
    settings.MEDIA_ROOT = Path("/proc/none")  # not used, so not judged
    assert "/proc/none" not in problems([*files.folders_are_writable(NOTHING), *files.files_are_private(NOTHING)])


def test_the_variables_lead_to_the_bucket(tmp_path: Path) -> None:
    variables = {
        "DEBUG": "true",
        "DATABASE_URL": f"sqlite:///{tmp_path}/x.sqlite3",
        "S3_BUCKET": "films",
        "S3_ENDPOINT_URL": "https://s3.example.net",
        "S3_ACCESS_KEY_ID": "AB",
        "S3_SECRET_ACCESS_KEY": "CD",
        "MEDIA_URL": "https://media.example.org/films",
    }
    said = (
        "from django.conf import settings; from django.core.files.storage import default_storage as s; "
        "print(s.bucket_name, s.endpoint_url, s.access_key, s.secret_key, s.url('posters/ab/x.webp'), "
        "settings.CONTENT_SECURITY_POLICY['DIRECTIVES']['img-src'][-1])"
    )
    command = [sys.executable, "manage.py", "shell", "-v0", "-c", said]

    done = subprocess.run(
        command, env={**os.environ, **variables}, cwd=site.BASE_DIR, capture_output=True, text=True, check=True
    )

    assert done.stdout.split() == [
        "films", "https://s3.example.net", "AB", "CD", "https://media.example.org/films/posters/ab/x.webp",
        "https://media.example.org",
    ]  # fmt: skip
