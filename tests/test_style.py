"""The style: its letters are all there, each in one file of a width."""

import re
from typing import NamedTuple

import pytest
from django.conf import settings

STYLES = ("static/css/site.css", "catalogue/static/catalogue/desk.css")


class Face(NamedTuple):
    """One @font-face: its file, how it is asked for, and its letters."""

    file: str
    weight: str
    width: str
    letters: list[range]


def faces(style: str) -> list[Face]:
    """The faces of Archivo that a style declares."""
    text = (settings.BASE_DIR / style).read_text(encoding="utf-8")
    found = []
    for rule in re.findall(r"@font-face\{font-family:Archivo;([^}]*)\}", text):
        said = dict(part.partition(":")[::2] for part in rule.split(";"))
        ends = [part.removeprefix("U+").split("-") for part in said["unicode-range"].split(",")]
        letters = [range(int(end[0], 16), int(end[-1], 16) + 1) for end in ends]
        file = said["src"].partition("(")[2].partition(")")[0]
        found.append(Face(file, said["font-weight"], said["font-stretch"], letters))
    return found


@pytest.mark.parametrize("style", STYLES)
def test_every_face_has_its_file(style: str) -> None:
    for face in faces(style):
        assert (settings.BASE_DIR / "static" / "css" / face.file).resolve().is_file(), face.file


@pytest.mark.parametrize("style", STYLES)
def test_faces_of_a_width_are_asked_for_alike_and_share_no_letter(style: str) -> None:
    widths: dict[str, list[Face]] = {}
    for face in faces(style):
        widths.setdefault(face.width, []).append(face)

    for width, found in widths.items():
        letters = [letter for face in found for part in face.letters for letter in part]
        assert len({face.weight for face in found}) == 1, width
        assert len(letters) == len(set(letters)), width
        assert set(map(ord, "Ran Amélie Łódź")) <= set(letters), width


def test_what_the_style_itself_prints_fetches_no_more_letters_than_the_first_file_has() -> None:
    text = (settings.BASE_DIR / STYLES[0]).read_text(encoding="utf-8")
    printed = {
        ord(letter)
        for said in re.findall(r'content:"([^"]*)"', text)
        for letter in re.sub(r"\\([0-9a-f]{4})", lambda code: chr(int(code[1], 16)), said)
    }

    first, *others = faces(STYLES[0])

    assert printed
    for face in others:
        letters = {letter for part in face.letters for letter in part}
        assert face.letters == first.letters or not printed & letters, face.file
