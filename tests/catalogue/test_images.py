"""Uploaded pictures: what is taken, what is refused, what is kept of them."""

import random
import struct
import zlib
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection
from django.test import Client
from PIL import Image as Pillow

from catalogue import images
from catalogue.admin.uploads import alike, near
from catalogue.models import Genre, Image, Movie, Person
from tests.makers import make_movie
from tests.pages import read


def picture(size: tuple[int, int] = (800, 1200), kind: str = "JPEG", **options: Any) -> bytes:
    out = BytesIO()
    Pillow.new("RGB", size, "teal").save(out, kind, **options)
    return out.getvalue()


def bomb(width: int = 13_000, height: int = 13_000) -> bytes:
    """A PNG of 169 million one-bit pixels in about 21 KB."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    rows = zlib.compress((b"\0" + b"\0" * ((width + 7) // 8)) * height, 9)
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


SAID = {"poster_alt": "A castle burns", "poster_credit": "Somebody", "poster_licence": "CC0"}
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def damaged_avif() -> Iterator[bytes]:
    """AVIF files with bytes of their header changed, of which decoders complain in many ways."""
    rng = random.Random(1)
    sound = picture((60, 90), "AVIF")
    for _ in range(300):
        content = bytearray(sound)
        for _ in range(3):
            content[rng.randrange(40, min(600, len(content)))] = rng.randrange(256)
        yield bytes(content)


def test_a_damaged_avif_is_sound_or_refused() -> None:
    refused = 0
    for content in damaged_avif():
        try:
            images.decode(BytesIO(content))
        except ValidationError as error:
            refused += "damaged" in str(error)

    assert refused > 20


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param(b"", "no JPEG", id="empty"),
        pytest.param(b"not a picture", "no JPEG", id="text"),
        pytest.param(SVG, "no JPEG", id="svg"),
        pytest.param(picture(kind="GIF"), "no JPEG", id="gif"),
        pytest.param(picture()[:900], "damaged", id="cut-off"),
        pytest.param(bomb(), "million pixels|damaged", id="bomb"),
        pytest.param(picture((16_384, 2)), "16,383 pixels a side", id="too-long"),
        pytest.param(b"\0" * (images.MOST_BYTES + 1), "at most 10 MB", id="too-large"),
    ],
)
def test_refuses(content: bytes, message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        images.decode(BytesIO(content))


def test_keeps_upright_renditions_without_metadata(settings: Any) -> None:
    exif = Pillow.Exif()
    exif[0x0112] = 6  # lies on its side
    exif[0x010E] = "a secret"
    decoded = images.decode(BytesIO(picture((1200, 800), exif=exif)))

    images.store("poster", decoded)

    for width, name in images.renditions("poster", decoded.digest):
        with Pillow.open(Path(settings.MEDIA_ROOT) / name) as stored:
            assert stored.format == "WEBP"
            assert stored.size == (width, round(width * 1.5))
            assert not stored.getexif()


def test_small_pictures_are_not_blown_up(settings: Any) -> None:
    decoded = images.decode(BytesIO(picture((100, 150))))

    images.store("poster", decoded)

    with Pillow.open(Path(settings.MEDIA_ROOT) / images.path("poster", decoded.digest, 600)) as stored:
        assert stored.size == (100, 150)


def movie_form(as_editor: Client, movie: Movie | Person | Genre) -> dict[str, str]:
    """The fields of the admin page of a record as a browser would send them back."""
    page = read(as_editor.get(f"/admin/catalogue/{movie._meta.model_name}/{movie.pk}/change/"))
    data = {}
    for element in page.all("input"):
        kind, name = element.attributes.get("type"), element.attributes.get("name", "")
        if name and kind not in {"file", "submit"} and (kind != "checkbox" or "checked" in element.attributes):
            data[name] = element.attributes.get("value", "on" if kind == "checkbox" else "")
    for area in page.all("textarea"):
        data[area.attributes["name"]] = area.text
    for select in page.all("select"):
        chosen = [option.attributes["value"] for option in select.all("option") if "selected" in option.attributes]
        if chosen and "__prefix__" not in select.attributes["name"]:
            data[select.attributes["name"]] = chosen[0]
    return data


@pytest.mark.django_db
def test_an_editor_uploads_a_poster(as_editor: Client) -> None:
    movie = make_movie("Ran")
    before = movie.version
    data: dict[str, Any] = movie_form(as_editor, movie)
    data |= {"poster_file": SimpleUploadedFile("ran.jpg", picture(), "image/jpeg"), **SAID}

    response = as_editor.post(f"/admin/catalogue/movie/{movie.pk}/change/", data)

    assert response.status_code == 302, read(response).texts("ul", "errorlist")
    movie.refresh_from_db()
    assert movie.poster == Image.objects.get()
    assert movie.version > before
    source = read(as_editor.get(movie.get_absolute_url())).all("img", "poster")[0].attributes
    assert as_editor.get(source["src"]).status_code == 200
    assert (source["width"], source["height"]) == ("320", "480")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "content", [pytest.param(SVG, id="svg"), pytest.param(bomb(), id="bomb"), pytest.param(b"x", id="text")]
)
def test_a_bad_poster_is_a_form_error_and_loses_nothing(as_editor: Client, content: bytes) -> None:
    movie = make_movie("Ran")
    data: dict[str, Any] = {**movie_form(as_editor, movie), "tagline": "Typed with care"}
    data["poster_file"] = SimpleUploadedFile("x.png", content, "image/png")

    response = as_editor.post(f"/admin/catalogue/movie/{movie.pk}/change/", data)

    assert response.status_code == 200
    page = read(response)
    assert page.texts("ul", "errorlist")
    assert page.one("input", id="id_tagline").attributes["value"] == "Typed with care"
    assert not Image.objects.exists()


def halves(size: tuple[int, int] = (1200, 600), kind: str = "PNG") -> bytes:
    """Red on the left, blue on the right."""
    image, out = Pillow.new("RGB", size, "red"), BytesIO()
    image.paste("blue", (size[0] // 2, 0, *size))
    image.save(out, kind)
    return out.getvalue()


@pytest.mark.parametrize(("focus", "color"), [((0, 50), (254, 0, 0)), ((100, 50), (0, 0, 254))])
def test_a_poster_is_cropped_around_its_focus(settings: Any, focus: images.Focus, color: tuple[int, int, int]) -> None:
    decoded = images.refocused(images.decode(BytesIO(halves())), focus)

    images.store("poster", decoded, focus)

    with Pillow.open(Path(settings.MEDIA_ROOT) / images.path("poster", decoded.digest, 160)) as stored:
        found = stored.getpixel((80, 120))
    assert isinstance(found, tuple)
    assert all(abs(one - other) < 12 for one, other in zip(found, color, strict=True))


def test_another_focus_has_another_address() -> None:
    decoded = images.decode(BytesIO(halves()))

    digests = {images.refocused(decoded, focus).digest for focus in (images.CENTER, (0, 50), (50, 0))}

    assert len(digests) == 3


def test_a_dhash_knows_a_picture_in_another_size_and_format() -> None:
    one, other = (images.decode(BytesIO(content)).picture for content in (halves(), halves((400, 200), "JPEG")))

    assert images.distance(images.dhash(one), images.dhash(other)) <= images.NEAR
    assert images.distance(images.dhash(one), images.dhash(one.rotate(90, expand=True))) > images.NEAR


def upload(as_editor: Client, movie: Movie, content: bytes, **said: str) -> Any:
    data: dict[str, Any] = {**movie_form(as_editor, movie), **said}
    data["poster_file"] = SimpleUploadedFile("x.png", content, "image/png")
    return as_editor.post(f"/admin/catalogue/movie/{movie.pk}/change/", data, follow=True)


@pytest.mark.django_db
@pytest.mark.parametrize("missing", SAID)
def test_a_new_picture_says_what_whose_and_how(as_editor: Client, missing: str) -> None:
    movie = make_movie("Ran")

    page = read(upload(as_editor, movie, halves(), **(SAID | {missing: ""})))

    assert "A new picture needs this." in page.text
    assert not Image.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("focus", ["x", "50", "101 0", "-1 5", "1 2 3", "²5 1"])
def test_a_focus_outside_of_the_picture_is_an_error(as_editor: Client, focus: str) -> None:
    page = read(upload(as_editor, make_movie("Ran"), halves(), **SAID, poster_focus=focus))

    assert "Write two numbers from 0 to 100" in page.text


@pytest.mark.django_db
def test_a_picture_like_another_is_warned_of_with_that_picture(as_editor: Client) -> None:
    upload(as_editor, make_movie("Ran"), halves(), **SAID, poster_focus="0 50")

    response = upload(as_editor, make_movie("Ikiru"), halves((900, 450)), **SAID)

    warning = read(response).one("li", "warning")
    assert "looks like one that is there already" in warning.text
    assert as_editor.get(warning.one("img").attributes["src"]).status_code == 200
    assert Image.objects.count() == 2


@pytest.mark.django_db
def test_a_poster_is_taken_away(as_editor: Client) -> None:
    movie = make_movie("Ran")
    upload(as_editor, movie, halves(), **SAID)

    data = movie_form(as_editor, movie) | {"poster_gone": "on"}
    as_editor.post(f"/admin/catalogue/movie/{movie.pk}/change/", data)

    movie.refresh_from_db()
    assert movie.poster is None


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("wrong", "rule"),
    [({"focus_x": 101}, "image_focus_within_it"), ({"dhash": "0" * 16}, "image_says_what_whose_and_how")],
)
def test_pictures_have_rules(wrong: dict[str, Any], rule: str) -> None:
    with pytest.raises(IntegrityError, match=rule):
        Image.objects.create(digest="a" * 32, kind="poster", width=2, height=3, **wrong)


def test_near_pictures_share_a_band() -> None:
    draw = random.Random(7)
    for _ in range(500):
        one = draw.getrandbits(64)
        other = one
        for bit in draw.sample(range(64), 7):
            other ^= 1 << bit
        bits = f"{other:016x}"
        bands = enumerate(images.near_bands(f"{one:016x}"))
        assert any(bits[4 * number : 4 * number + 4] in values for number, values in bands)


@pytest.mark.django_db
def test_the_nearest_is_found_by_the_indexes() -> None:
    said: dict[str, Any] = {"kind": "poster", "width": 2, "height": 3, "alt": "x", "credit": "x", "licence": "x"}
    made = [
        Image.objects.create(digest=letter * 32, dhash=bits, **said)
        for letter, bits in [("a", "0" * 16), ("b", "000100000003" + "0000"), ("c", "0" * 15 + "1"), ("d", "f" * 16)]
    ]

    assert alike(made[0]) == made[2]
    assert alike(made[3]) is None
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")
    plan = near(made[0]).explain()
    assert all(f"image_by_band_{number}" in plan for number in range(4))
