"""Pictures in the forms of movies and people, from the file that is chosen to the picture that is replaced."""

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core import signing
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image as Pillow

from catalogue import images
from catalogue.admin.uploads import HELD
from catalogue.models import Image, Person
from tests.catalogue.admin.form import address, opened, refused, saved
from tests.catalogue.test_images import SAID, halves
from tests.makers import make_movie
from tests.pages import Element

pytestmark = pytest.mark.django_db


def chosen(content: bytes = halves()) -> Any:
    return SimpleUploadedFile("x.png", content, "image/png")


def held(page: Element, kind: str = "poster") -> dict[str, str]:
    """What a browser sends of a picture that was chosen before."""
    return {f"{kind}_file-held": page.one("input", name=f"{kind}_file-held").attributes["value"]}


def test_a_chosen_file_survives_another_flaw(as_editor: Client) -> None:
    movie = make_movie("Ran")
    form = opened(as_editor, movie)

    page = refused(as_editor, movie, form, **SAID, title="", poster_file=chosen())

    preview = page.one("img", "edit-held").attributes["src"]
    assert as_editor.get(preview).status_code == 200
    saved(as_editor, movie, form, **SAID, **held(page))
    movie.refresh_from_db()
    assert movie.poster
    assert (movie.poster.width, movie.poster.height) == (1200, 600)


def test_a_chosen_file_survives_what_it_lacks_itself_twice(as_editor: Client) -> None:
    movie = make_movie("Ran")
    form = opened(as_editor, movie)

    page = refused(as_editor, movie, form, poster_file=chosen())
    page = refused(as_editor, movie, form, **held(page))
    saved(as_editor, movie, form, **SAID, **held(page))

    movie.refresh_from_db()
    assert movie.poster


def test_words_about_the_picture_that_is_there_are_shown_and_not_dropped(as_editor: Client) -> None:
    movie = make_movie("Ran")
    saved(as_editor, movie, opened(as_editor, movie), **SAID, poster_file=chosen())
    movie.refresh_from_db()

    form = opened(as_editor, movie)
    page = refused(as_editor, movie, form, poster_alt="A rider at dusk", backdrop_credit="Asakazu Nakai")

    shown = as_editor.get(address(movie)).content.decode()
    assert all(text in shown for text in SAID.values())
    assert page.one("input", name="poster_alt").attributes["value"] == "A rider at dusk"
    assert "This goes with a new picture" in page.text
    assert "Choose a picture, too." in page.text
    assert as_editor.get(page.one("a", href=f"/admin/catalogue/image/{movie.poster_id}/change/").attributes["href"])


def test_a_chosen_file_survives_the_preview_of_a_cast_list(as_editor: Client) -> None:
    movie = make_movie("Ran")
    form = opened(as_editor, movie)

    page = refused(as_editor, movie, form, cast_list="Akira Kurosawa as Himself", _cast="1", poster_file=chosen())

    assert held(page)
    assert not Image.objects.exists()


@pytest.mark.parametrize("kind", ["poster", "backdrop"])
def test_a_picture_that_waits_no_more_is_asked_for_again(as_editor: Client, kind: str) -> None:
    movie = make_movie("Ran")
    key = signing.dumps([kind, "a" * 32, 5, 5], salt=HELD)

    page = refused(as_editor, movie, opened(as_editor, movie), **SAID, **{"poster_file-held": key})

    assert "Choose its file again" in page.text


@pytest.mark.parametrize("key", ["x", "x:y:z", signing.dumps(["poster", "a" * 32, 5, 5], salt="another")])
def test_a_forged_key_is_an_error(as_editor: Client, key: str) -> None:
    movie = make_movie("Ran")

    page = refused(as_editor, movie, opened(as_editor, movie), **{"poster_file-held": key})

    assert "Choose its file again" in page.text
    assert not page.all("img", "edit-held")


def test_a_waiting_picture_is_dropped_by_saying_that_there_is_none(as_editor: Client) -> None:
    movie = make_movie("Ran")
    form = opened(as_editor, movie)
    page = refused(as_editor, movie, form, poster_file=chosen())

    saved(as_editor, movie, form, **held(page), poster_gone="on")

    assert not Image.objects.exists()


def test_a_portrait_survives_too(as_editor: Client, settings: Any) -> None:
    person = Person.objects.create(name="Akira Kurosawa")
    form = opened(as_editor, person)

    page = refused(as_editor, person, form, name="", portrait_file=chosen())
    said = {name.replace("poster", "portrait"): value for name, value in SAID.items()}
    saved(as_editor, person, form, **said, **held(page, "portrait"))

    person.refresh_from_db()
    assert person.portrait
    assert all((Path(settings.MEDIA_ROOT) / rendition.path).exists() for rendition in person.portrait.renditions)
    assert address(person) in as_editor.get("/admin/catalogue/person/").content.decode()


def color_of(client: Client, image: Image) -> tuple[int, ...]:
    """The middle of the narrowest rendition, as it is served."""
    content = b"".join(client.get(default_storage.url(image.renditions[0].path)))
    with Pillow.open(BytesIO(content)) as stored:
        found = stored.getpixel((80, 120))
    assert isinstance(found, tuple)
    return found


def test_another_focus_crops_a_stored_poster_again_under_another_address(as_editor: Client) -> None:
    movie = make_movie("Ran")
    saved(as_editor, movie, opened(as_editor, movie), **SAID, poster_file=chosen(), poster_focus="0 50")
    movie.refresh_from_db()
    first = movie.poster
    assert first
    assert color_of(as_editor, first)[0] > 200  # red

    saved(as_editor, movie, opened(as_editor, movie), poster_focus="100 50")

    movie.refresh_from_db()
    assert movie.poster
    assert movie.poster != first
    assert color_of(as_editor, movie.poster)[2] > 200  # blue
    assert (movie.poster.focus_x, movie.poster.alt, movie.poster.width) == (100, first.alt, 1200)
    assert color_of(as_editor, first)[0] > 200  # what was there stands


def test_a_picture_that_was_not_kept_whole_cannot_be_cropped_again(as_editor: Client, settings: Any) -> None:
    movie = make_movie("Ran")
    saved(as_editor, movie, opened(as_editor, movie), **SAID, poster_file=chosen())
    movie.refresh_from_db()
    (Path(settings.MEDIA_ROOT) / images.whole("poster", str(movie.poster_id))).unlink()

    page = refused(as_editor, movie, opened(as_editor, movie), poster_focus="100 50")

    assert "Upload it again" in page.text


def test_a_form_that_leaves_the_focus_alone_leaves_the_picture(as_editor: Client) -> None:
    movie = make_movie("Ran")
    saved(as_editor, movie, opened(as_editor, movie), **SAID, poster_file=chosen(), poster_focus="0 50")

    saved(as_editor, movie, opened(as_editor, movie), tagline="Chaos")

    assert Image.objects.count() == 1
