"""Further formats of pictures, and what is removed of those that nothing needs."""

import os
import time
from datetime import timedelta
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from PIL import Image as Pillow

from catalogue import images
from catalogue.admin.uploads import keep
from catalogue.curation.pictures import make_avif, remove_unused
from catalogue.models import Edit, Epoch, Image, Movie, Person
from tests.catalogue.admin.form import opened, saved
from tests.catalogue.desk.flow import work
from tests.catalogue.test_images import SAID, halves, picture, upload
from tests.makers import make_movie
from tests.pages import read

pytestmark = pytest.mark.django_db
TOLD = {"alt": "A castle burns", "credit": "Somebody", "licence": "CC0"}
AGO = timedelta(days=10)


def image(kind: str = "poster", content: bytes = b"") -> Image:
    return keep(kind, images.decode(BytesIO(content or halves())), images.CENTER, TOLD)


def old(found: Image, days: int = 10) -> Image:
    """As if it had been uploaded then."""
    when = time.time() - days * 86_400
    for path in stored(found):
        os.utime(path, (when, when))
    Image.objects.filter(pk=found.pk).update(created_at=timezone.now() - timedelta(days=days))
    return found


def stored(found: Image) -> list[Path]:
    from django.conf import settings

    return sorted(Path(settings.MEDIA_ROOT).glob(f"{found.kind}s/*/{found.pk}-*"))


@pytest.mark.parametrize("kind", ["poster", "backdrop"])
def test_avif_stands_beside_webp(kind: str) -> None:
    found, before = image(kind), Epoch.objects.get().number

    assert make_avif([found.pk]) == 1

    found.refresh_from_db()
    assert found.has_avif
    assert Epoch.objects.get().number > before  # pages follow
    names = {path.name for path in stored(found)}
    for width in images.SIZES[kind][0]:
        assert {f"{found.pk}-{width}.webp", f"{found.pk}-{width}.avif"} <= names
    for path in stored(found):
        with Pillow.open(path) as opened_again:
            assert opened_again.format == path.suffix[1:].upper()
    assert make_avif([found.pk]) == 0


def test_avif_is_cropped_like_webp() -> None:
    found = keep("poster", images.decode(BytesIO(halves())), (100, 50), TOLD)

    make_avif([found.pk])

    with Pillow.open(next(path for path in stored(found) if path.name.endswith("-160.avif"))) as opened_again:
        color = opened_again.convert("RGB").getpixel((80, 120))
    assert isinstance(color, tuple)
    assert color[2] > 200


def test_a_picture_without_files_has_no_avif() -> None:
    found = image()
    for path in stored(found):
        path.unlink()

    assert make_avif([found.pk]) == 0
    assert not Image.objects.get().has_avif


def test_an_upload_has_avif_made_and_its_pages_show_it(as_editor: Client, settings: Any) -> None:
    settings.IMAGE_AVIF = settings.TASK_WORKER = True
    movie = make_movie("Ran")
    upload(as_editor, movie, halves(), **SAID)
    assert not read(as_editor.get(movie.get_absolute_url())).all("source")

    work()

    source = read(as_editor.get(movie.get_absolute_url())).one("picture").one("source").attributes
    assert source["type"] == "image/avif"
    assert as_editor.get(source["srcset"].split()[0]).status_code == 200


def test_make_renditions_makes_what_is_missing(settings: Any) -> None:
    image(), image("backdrop"), image("portrait")
    settings.IMAGE_AVIF = True
    out = StringIO()

    call_command("make_renditions", stdout=out)

    assert "AVIF of 2 pictures" in out.getvalue()
    assert not Image.objects.get(kind="portrait").has_avif


def test_make_renditions_makes_a_size_that_came_with_a_release() -> None:
    made = image("backdrop")
    there = stored(made)
    narrowest = images.renditions("backdrop", made.pk)[0].path
    default_storage.delete(narrowest)
    out = StringIO()

    call_command("make_renditions", stdout=out)

    assert out.getvalue() == "Missing sizes of 1 pictures made.\n"
    assert stored(made) == there
    with default_storage.open(narrowest) as file, Pillow.open(file) as picture:
        assert picture.width == images.SIZES["backdrop"][0][0]
    call_command("make_renditions", stdout=out)
    assert out.getvalue().endswith("Missing sizes of 0 pictures made.\n")


def test_what_a_record_names_stays() -> None:
    kept = [old(image()), old(image("backdrop")), old(image("portrait"))]
    movie = make_movie("Ran")
    Movie.objects.filter(pk=movie.pk).update(poster=kept[0], backdrop=kept[1])
    Person.objects.create(name="Akira Kurosawa", portrait=kept[2])

    assert remove_unused(0) == (0, 0)
    assert all(stored(found) for found in kept)


def test_what_nothing_names_goes_with_its_files() -> None:
    found, young = old(image()), image(content=picture())
    files = len(stored(found))

    assert remove_unused(0, is_rehearsal=True) == (1, files)
    assert Image.objects.count() == 2
    assert remove_unused(0) == (1, files)

    assert Image.objects.get() == young
    assert not stored(found)
    assert stored(young)


def test_what_an_edit_may_bring_back_stays_as_long_as_the_history_asks(as_editor: Client) -> None:
    movie = make_movie("Ran")
    upload(as_editor, movie, halves(), **SAID)
    found = old(Image.objects.get())
    saved(as_editor, movie, opened(as_editor, movie), poster_gone="on")

    assert remove_unused(90).pictures == 0
    Edit.objects.update(made_at=timezone.now() - timedelta(days=91))
    assert remove_unused(90).pictures == 1
    assert not stored(found)


def test_files_that_no_picture_owns_go_once_no_form_waits_for_them() -> None:
    decoded = images.decode(BytesIO(halves()))
    images.keep_whole("poster", decoded)
    assert remove_unused(0) == (0, 0)
    place = Path(str(default_storage.path(images.whole("poster", decoded.digest))))
    os.utime(place, (0, 0))

    out = StringIO()
    call_command("remove_unused_images", "--dry-run", stdout=out)
    assert "0 unused pictures and 1 files would be removed." in out.getvalue()
    call_command("remove_unused_images", stdout=out)

    assert not place.exists()


def test_an_unused_picture_that_is_chosen_again_is_new() -> None:
    old(image())

    found = image()

    assert remove_unused(0) == (0, 0)
    assert Image.objects.get() == found


def test_one_file_as_poster_and_backdrop_is_two_pictures() -> None:
    poster, backdrop = image(), image("backdrop")

    assert (poster.kind, backdrop.kind) == ("poster", "backdrop")
    assert image("backdrop") == backdrop
    assert stored(poster)
    assert stored(backdrop)
