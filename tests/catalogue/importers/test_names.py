"""Several people in one cell."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.importers.names import read_cast, read_person, split_people
from catalogue.importers.records import Origin

HERE = Origin("list.csv", 2)


@pytest.mark.parametrize(
    ("cell", "names"),
    [
        ("Joel Coen; Ethan Coen", ["Joel Coen", "Ethan Coen"]),
        ("Joel Coen|Ethan Coen", ["Joel Coen", "Ethan Coen"]),
        ("Joel Coen / Ethan Coen", ["Joel Coen", "Ethan Coen"]),
        ("Joel Coen\nEthan Coen", ["Joel Coen", "Ethan Coen"]),
        ("Joel Coen, Ethan Coen", ["Joel Coen", "Ethan Coen"]),
        ("Joel Coen & Ethan Coen", ["Joel Coen", "Ethan Coen"]),
        ("Joel Coen and Ethan Coen", ["Joel Coen", "Ethan Coen"]),
        ("Joel Coen und Ethan Coen", ["Joel Coen", "Ethan Coen"]),
        ("Coen, Joel; Coen, Ethan", ["Joel Coen", "Ethan Coen"]),
        ("Coen, Joel", ["Joel Coen"]),
        ("De Sica, Vittorio", ["Vittorio De Sica"]),
        ("von der Heide, Ann; Van Sant, Gus", ["Ann von der Heide", "Gus Van Sant"]),
        ("Robert Downey, Jr.; Cher", ["Robert Downey, Jr.", "Cher"]),
        ("Cher, Sonny Bono, Anna Magnani", ["Cher", "Sonny Bono", "Anna Magnani"]),
        ("Alexandre Dumas (père); Alexandre Dumas (fils)", ["Alexandre Dumas", "Alexandre Dumas"]),
        ("and; voices of; (; N/A; -; ;", []),
    ],
)
def test_people_of_a_cell(cell: str, names: list[str]) -> None:
    single, _ = split_people(cell)
    found = [person.name for entry in single if (person := read_person(entry, HERE)) and person.name]
    assert found == names


@pytest.mark.parametrize(
    "cell", ["Joel and Ethan Coen", "Sergio & Ramón y Cajal", "Joel Coen, Cher", "Coen, Joel, Coen, Ethan"]
)
def test_one_name_or_two_is_not_guessed(cell: str) -> None:
    assert split_people(cell) == ([], [cell])


def test_a_person_is_told_apart() -> None:
    person = read_person("Jane Smith (1946) [nm0000123]", HERE)
    assert person
    assert (person.name, person.disambiguation, str(person.born_on), person.imdb_id) == (
        "Jane Smith",
        "1946",
        "1946",
        "nm0000123",
    )
    other = read_person("Steve McQueen (director) [Q42]", HERE)
    assert other
    assert (other.name, other.disambiguation, other.wikidata_id) == ("Steve McQueen", "director", "Q42")


@pytest.mark.parametrize("written", ["Q42", "nm0000001"])
def test_an_id_is_no_name(written: str) -> None:
    person = read_person(written, HERE)
    assert person
    assert (person.name, person.imdb_id or person.wikidata_id) == ("", written)


@pytest.mark.parametrize(
    ("written", "name", "character", "flags"),
    [
        ("Tom Hanks as Forrest Gump", "Tom Hanks", "Forrest Gump", ""),
        ("Tom Hanks (Forrest Gump)", "Tom Hanks", "Forrest Gump", ""),
        ("Tom Hanks ... Forrest Gump", "Tom Hanks", "Forrest Gump", ""),
        ("Tom Hanks as Woody (voice)", "Tom Hanks", "Woody", "voice"),
        ("Tom Hanks (Woody) (voice)", "Tom Hanks", "Woody", "voice"),
        ("Cher (uncredited)", "Cher", "", "uncredited"),
        ("Jane Smith (1946) as Herself", "Jane Smith", "Herself", ""),
        ("Jane Smith (1946) [nm0000123]", "Jane Smith", "", ""),
        ("Toshirō Mifune as Kikuchiyo (as Toshiro Mifune)", "Toshirō Mifune", "Kikuchiyo", ""),
    ],
)
def test_cast(written: str, name: str, character: str, flags: str) -> None:
    credit = read_cast(written, HERE, 3)
    assert credit
    assert credit.person
    assert (credit.person.name, credit.character, credit.billing_order) == (name, character, 3)
    assert (credit.is_voice, credit.is_uncredited) == (flags == "voice", flags == "uncredited")


@given(st.one_of(st.text(max_size=60), st.text(alphabet="AaBb ,;/|&()[]nmQ0123456789.and", max_size=40)))
def test_no_cell_fails(cell: Any) -> None:
    single, unclear = split_people(cell)
    for entry in [*single, *unclear]:
        credit = read_cast(entry, HERE, 0)
        assert credit is None or credit.person
        read_person(entry, HERE)
