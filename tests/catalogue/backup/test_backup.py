"""Backups are taken while others write, are whole or refused, and come back to the last row and byte."""

import fcntl
import gzip
import hashlib
import json
import os
import subprocess
import sys
import tarfile
import threading
from collections.abc import Callable, Iterator
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as site
from django.core.cache import caches
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from catalogue.admin.uploads import keep
from catalogue.curation.pictures import make_avif
from catalogue.images import CENTER, decode, files, renditions
from catalogue.models import Image, Movie
from reviews.models import Review
from tests.catalogue.test_images import halves
from tests.makers import make_member, make_movie, make_review

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)  # a backup sees what is committed
DIGEST = "0123456789abcdef0123456789abcdef"


def back_up(folder: Path, *options: str) -> Path:
    call_command("backup", folder, *options, stdout=StringIO())
    return max(folder.glob("backup-*.tar"))


def make_picture(digest: str = DIGEST) -> list[str]:
    """A picture of a movie, with a file for each size; return their paths."""
    Image.objects.create(digest=digest, kind="poster", width=600, height=900)
    paths = [rendition.path for rendition in renditions("poster", digest)]
    for path in paths:
        default_storage.save(path, ContentFile(path.encode()))
    return paths


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[Callable[..., subprocess.CompletedProcess[str]]]:
    """manage.py of a site of its own, with an empty database and no pictures (in tmp_path/elsewhere)."""
    if connection.vendor == "sqlite":
        url, drop = f"sqlite:///{tmp_path}/elsewhere.sqlite3", ""
    else:
        at, drop = connection.settings_dict, f"{connection.settings_dict['NAME']}_elsewhere"
        url = f"postgres://{at['USER']}:{at['PASSWORD']}@{at['HOST'].replace('/', '%2F')}:{at['PORT']}/{drop}"
        with connection.cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{drop}"')
            cursor.execute(f'CREATE DATABASE "{drop}"')
    variables = {"DEBUG": "true", "DATABASE_URL": url, "MEDIA_ROOT": str(tmp_path / "elsewhere")}

    def manage(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            env={**os.environ, **variables},
            cwd=site.BASE_DIR,
            capture_output=True,
            text=True,
            check=False,
        )

    yield manage
    if drop:
        with connection.cursor() as cursor:
            cursor.execute(f'DROP DATABASE "{drop}"')


def test_everything_comes_back_in_an_empty_place(tmp_path: Path, elsewhere: Any) -> None:
    movie = make_movie("七人の侍")
    review = make_review(movie, make_member("alice"), rating=9, text="Rain, mud & horses.")
    pictures = make_picture()
    archive = back_up(tmp_path / "backups")

    done = elsewhere("restore", str(archive))

    assert done.returncode == 0, done.stderr
    assert f"{len(pictures)} pictures" in done.stdout
    said = "from catalogue.models import *; from reviews.models import *; from catalogue.search import search; "
    said += f"print(Movie.objects.get(pk={movie.pk}), Review.objects.get(pk={review.pk}).text, Member.objects.get(), sep='|')"
    assert elsewhere("shell", "-v0", "-c", said).stdout.strip() == "七人の侍|Rain, mud & horses.|alice"
    for path in pictures:
        assert (tmp_path / "elsewhere" / path).read_bytes() == path.encode()
    again = elsewhere("restore", str(archive))
    assert again.returncode == 1
    assert "--force replaces all of them" in again.stderr
    assert elsewhere("restore", "--force", str(archive)).returncode == 0


def test_writers_go_on_and_the_backup_is_of_one_moment(tmp_path: Path, elsewhere: Any) -> None:
    """Each movie comes with a review in one transaction, so at any moment there are as many of the ones as the others."""
    author, stop, written = make_member("alice"), threading.Event(), 0

    def write() -> None:
        nonlocal written
        while not stop.is_set():
            with transaction.atomic():
                make_review(Movie.objects.create(title=f"Written {written}", is_published=True), author)
            written += 1
        connection.close()

    thread = threading.Thread(target=write)
    thread.start()
    try:
        while written < 3:
            thread.join(0.01)
        archive = back_up(tmp_path / "backups")
        after = written
    finally:
        stop.set()
        thread.join()

    counts = manifest_of(archive)["counts"]
    assert 3 <= counts["catalogue_movie"] == counts["reviews_review"]
    assert after <= Movie.objects.count() == Review.objects.count()
    assert elsewhere("restore", str(archive)).returncode == 0


def manifest_of(archive: Path) -> dict[str, Any]:
    with tarfile.open(archive) as tar:
        content: dict[str, Any] = json.load(tar.extractfile("manifest.json"))  # type: ignore[arg-type]
    return content


def test_only_the_owner_reads_backups_and_old_ones_go(tmp_path: Path) -> None:
    folder = tmp_path / "backups"

    made = [back_up(folder, "--keep", "2", "--no-rehearsal") for _ in range(3)]

    assert sorted(folder.glob("*.tar")) == made[1:]
    assert sorted(file.name for file in folder.iterdir()) == [".lock", *(file.name for file in made[1:])]
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {file.stat().st_mode & 0o777 for file in made[1:]} == {0o600}


def test_pictures_without_a_file_are_named_and_strange_files_stay_out(tmp_path: Path, capsys: Any) -> None:
    first, *_ = make_picture()
    default_storage.delete(first)
    default_storage.save("strange.txt", ContentFile(b"x"))

    archive = back_up(tmp_path / "backups")

    assert f"1 pictures are not in the storage, among them {first}" in capsys.readouterr().err
    with tarfile.open(archive) as tar:
        assert not {f"media/{first}", "media/strange.txt"} & set(tar.getnames())


def test_all_that_is_kept_of_an_upload_is_in_it(tmp_path: Path, elsewhere: Any) -> None:
    """What was cropped is kept whole, too, and some as AVIF."""
    told = {"alt": "A castle burns", "credit": "Somebody", "licence": "CC0"}
    found = keep("poster", decode(BytesIO(halves())), CENTER, told)
    make_avif([found.pk])
    paths = files("poster", found.pk, has_avif=True, has_whole=True)
    before = {path: default_storage.open(path).read() for path in paths}

    archive = back_up(tmp_path / "backups")

    assert elsewhere("restore", str(archive)).returncode == 0
    assert {path: (tmp_path / "elsewhere" / path).read_bytes() for path in paths} == before


def test_a_backup_of_the_database_alone_leaves_pictures_where_they_are(tmp_path: Path) -> None:
    paths = make_picture()

    archive = back_up(tmp_path / "backups", "--no-pictures")

    assert manifest_of(archive)["pictures"] == 0
    call_command("restore", archive, "--force", verbosity=0)
    assert all(map(default_storage.exists, paths))


def test_kept_pages_are_forgotten(tmp_path: Path) -> None:
    caches["pages"].set("x", 1)

    call_command("restore", back_up(tmp_path / "backups"), verbosity=0)

    assert caches["pages"].get("x") is None


def cut(archive: Path) -> None:
    content = archive.read_bytes()
    archive.write_bytes(content[: len(content) // 2])


def spoil(archive: Path) -> None:
    content = bytearray(archive.read_bytes())
    content[len(content) // 3] ^= 0xFF
    archive.write_bytes(content)


def rewrite(archive: Path, change: Callable[[list[tuple[tarfile.TarInfo, bytes]]], None]) -> None:
    with tarfile.open(archive) as tar:
        members = [(member, tar.extractfile(member).read()) for member in tar]  # type: ignore[union-attr]
    change(members)
    with tarfile.open(archive, "w") as tar:
        for member, content in members:
            member.size = len(content)
            tar.addfile(member, BytesIO(content))


def lose_the_manifest(archive: Path) -> None:
    rewrite(archive, lambda members: members.remove(members[-1]))


def lose_a_picture(archive: Path) -> None:
    rewrite(archive, lambda members: members.remove(members[1]))


def smuggle(archive: Path) -> None:
    rewrite(archive, lambda members: members.insert(0, (tarfile.TarInfo("../../evil"), b"x")))


def claim(**said: Any) -> Callable[[Path], None]:
    def change(members: list[tuple[tarfile.TarInfo, bytes]]) -> None:
        info, content = members[-1]
        members[-1] = info, json.dumps(json.loads(content) | said).encode()

    return lambda archive: rewrite(archive, change)


@pytest.mark.parametrize(
    ("damage", "sentence"),
    [
        (cut, "broken off"),
        (spoil, "database.* is damaged: its checksum"),
        (lose_the_manifest, "has no manifest"),
        (lose_a_picture, "is missing in the backup"),
        (smuggle, "does not belong there"),
        (claim(format=2), "reads format 1"),
        (claim(engine="oracle"), "This is a backup of oracle"),
        (claim(migrations=["catalogue.9999_later"]), "comes from a newer release: catalogue.9999_later"),
        (lambda archive: archive.write_text("no tar"), "is no backup"),
        (lambda archive: archive.unlink(), "is no backup, or it cannot be read"),
    ],
)
def test_what_is_not_whole_or_not_ours_changes_nothing(tmp_path: Path, damage: Any, sentence: str) -> None:
    make_picture()
    movie = make_movie("Ran")
    archive = back_up(tmp_path / "backups", "--no-rehearsal")
    Movie.objects.filter(pk=movie.pk).update(title="Renamed since")
    damage(archive)

    with pytest.raises(CommandError, match=sentence):
        call_command("restore", archive, "--force")

    assert Movie.objects.get(pk=movie.pk).title == "Renamed since"
    assert not (tmp_path / "evil").exists()


def test_a_restore_that_fails_half_way_changes_nothing(tmp_path: Path) -> None:
    """A dump that is whole for tar, and broken for the database."""
    make_movie("Ran")
    archive = back_up(tmp_path / "backups", "--no-rehearsal")

    def shorten(members: list[tuple[tarfile.TarInfo, bytes]]) -> None:
        info, content = members[0]
        packed = info.name.endswith(".gz")
        content = gzip.compress(gzip.decompress(content)[:-40_000]) if packed else content[:-2000]
        members[0] = info, content
        sums = f"{hashlib.sha256(content).hexdigest()}  {info.name}\n".encode()
        said = json.loads(members[-1][1]) | {"sums": hashlib.sha256(sums).hexdigest()}
        members[1:] = [(members[1][0], sums), (members[-1][0], json.dumps(said).encode())]

    rewrite(archive, shorten)
    with pytest.raises(CommandError, match=r"damaged|malformed|pg_restore: error"):
        call_command("restore", archive, "--force")

    assert Movie.objects.get().title == "Ran"


def test_two_backups_at_once_do_not_mix(tmp_path: Path) -> None:
    with (tmp_path / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(CommandError, match="Another backup"):
            back_up(tmp_path)


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite needs no other programs")
def test_a_program_that_is_missing_is_named(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setenv("PATH", "/nowhere")

    with pytest.raises(CommandError, match="pg_dump is not installed"):
        back_up(tmp_path)
