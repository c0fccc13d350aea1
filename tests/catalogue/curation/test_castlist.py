"""Pasted cast lists: what is understood, and that nothing is lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.curation.castlist import LONGEST_CHARACTER, LONGEST_NAME, Part, read_cast_list
from catalogue.vocabulary import Department


@pytest.mark.parametrize(
    "line",
    [
        "Vince Corazza as Matt", "Matt ..... Vince Corazza", "Vince Corazza ... Matt", "Vince Corazza – Matt",
        "Vince Corazza - Matt", "Vince Corazza | Matt", "Vince Corazza\tMatt", "3. Vince Corazza as Matt",
        "(3) Vince Corazza as Matt", "• Vince Corazza as Matt", "- Vince Corazza as Matt", "* Vince Corazza as Matt",
        "Matt . . . . . Vince Corazza", "12\tVince Corazza\tMatt", "  Vince Corazza   as   Matt  ",
    ],
)  # fmt: skip
def test_a_name_and_a_part(line: str) -> None:
    assert read_cast_list(line).parts == [Part("Vince Corazza", "Matt")]


@pytest.mark.parametrize(
    ("line", "part"),
    [
        ("Cherilee Taylor", Part("Cherilee Taylor")),
        ("Vince Corazza – Matt (uncredited)", Part("Vince Corazza", "Matt", is_uncredited=True)),
        ("Vince Corazza as Matt [voice]", Part("Vince Corazza", "Matt", is_voice=True)),
        ("Brad Fraser - Director", Part("Brad Fraser", job="Director")),
        ("Cinematography | Brad Fraser", Part("Brad Fraser", job="Director of Photography")),
        ("Edited by Brad Fraser", Part("Brad Fraser", job="Editor")),
        ("Regie: Brad Fraser", Part("Brad Fraser", job="Director")),
        ("Décors – Brad Fraser", Part("Brad Fraser", job="Production Design")),
        ("Brad Fraser | Dirección", Part("Brad Fraser", job="Director")),
        ("Musiche:  Brad Fraser", Part("Brad Fraser", job="Original Music Composer")),
        ("Robert Downey Jr. as Tony", Part("Robert Downey Jr.", "Tony")),
    ],
)
def test_one_line(line: str, part: Part) -> None:
    assert read_cast_list(line).parts == [part]


def test_several_names_of_one_job_and_a_starring_line() -> None:
    parts = read_cast_list("Written by Brad Fraser and Joe Orton\nStarring: Vince Corazza, Troy Ruptash").parts

    assert [(part.name, part.job) for part in parts] == [
        ("Brad Fraser", "Writer"), ("Joe Orton", "Writer"), ("Vince Corazza", ""), ("Troy Ruptash", ""),
    ]  # fmt: skip


def test_lists_in_other_languages() -> None:
    text = "Besetzung\nDrehbuch: Joe Orton und Brad Fraser\nDarsteller: Vince Corazza, Ramón y Cajal\nAvec : Anna Et"
    parts = read_cast_list(text).parts

    assert [(part.name, part.job) for part in parts] == [
        ("Joe Orton", "Writer"), ("Brad Fraser", "Writer"), ("Vince Corazza", ""), ("Ramón y Cajal", ""), ("Anna Et", ""),
    ]  # fmt: skip


@pytest.mark.parametrize("line", ["Watch it for free at http://example.org", "42", "Role: Somebody", "???", "A" * 201])
def test_what_is_no_credit_is_listed(line: str) -> None:
    reading = read_cast_list(f"Cast:\n\nVince Corazza\n{line}")

    assert ([part.name for part in reading.parts], reading.unread) == (["Vince Corazza"], [line])


LINES = st.text(st.sampled_from("Ab é.…|\t-–:;,&()[]19\0as byDirector") | st.characters(), max_size=400)


@given(st.lists(LINES, max_size=8))
def test_never_fails_loses_nothing_and_gives_what_the_database_takes(lines: list[str]) -> None:
    reading = read_cast_list("\n".join(lines))

    for part in reading.parts:
        assert 0 < len(part.name) <= LONGEST_NAME
        assert "\0" not in part.name
        assert len(part.character) <= LONGEST_CHARACTER
        assert (part.department == Department.ACTING) == (not part.job)
        assert not (part.job and (part.character or part.is_voice))
    assert all(line in "\n".join(lines) for line in reading.unread)


@given(LINES.filter(lambda line: len(line.splitlines()) == 1))
def test_a_line_is_read_or_listed(line: str) -> None:
    reading = read_cast_list(f"{line}x")

    assert reading.parts or reading.unread or f"{line}x".strip(" \t-–:().*•").lower()


@pytest.mark.parametrize("blank", [" ", "\u3000"])
def test_a_long_run_of_blanks_is_one(blank: str) -> None:
    """It takes milliseconds; read again from each of its places it takes minutes."""
    text = f"Director: a{blank * 50_000}b\na{blank * 50_000}b\na\t{blank * 50_000}b"

    assert read_cast_list(text).parts == [Part("a b", job="Director"), Part("a b"), Part("a", "b")]
