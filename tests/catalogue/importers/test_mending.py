"""One rule for each kind of wrong value."""

from typing import Any

import pytest

from catalogue.dates import PartialDate
from catalogue.importers.mending import Mender
from catalogue.importers.records import Origin


@pytest.fixture
def mender() -> Mender:
    return Mender(Origin("a.tsv", 7))


@pytest.mark.parametrize(("value", "year"), [("2001", 2001), (1999, 1999), ("\\N", None), ("0", None), ("", None)])
def test_years_that_are_sound_or_unknown_need_no_note(mender: Mender, value: Any, year: Any) -> None:
    assert mender.year("release_date", value) == (PartialDate(year) if year else None)
    assert mender.notes == []


@pytest.mark.parametrize("value", ["20O1", "1700", "2099", "99999", "-5", "1e3"])
def test_years_that_cannot_be_are_unknown_and_noted(mender: Mender, value: Any) -> None:
    assert mender.year("release_date", value) is None
    assert [(note.field, note.was, note.became, note.origin.line) for note in mender.notes] == [
        ("release_date", value, "", 7)
    ]


@pytest.mark.parametrize(
    ("value", "minutes", "notes"),
    [("97", 97, 0), ("97.0", 97, 0), ("0", None, 0), ("1000000000", None, 1), ("-3", None, 1), ("ninety", None, 1)],
)
def test_runtimes(mender: Mender, value: Any, minutes: Any, notes: Any) -> None:
    assert (mender.runtime(value), len(mender.notes)) == (minutes, notes)


@pytest.mark.parametrize(("value", "dollars", "notes"), [("0", None, 0), ("150,000", 150_000, 0), ("30", None, 1)])
def test_money_in_millions_is_unknown(mender: Mender, value: Any, dollars: Any, notes: Any) -> None:
    assert (mender.money("budget_usd", value), len(mender.notes)) == (dollars, notes)


@pytest.mark.parametrize(
    ("value", "date", "notes"),
    [
        ("1954-04-26", PartialDate(1954, 4, 26), 0),
        ("1954-04-26T00:00:00Z", PartialDate(1954, 4, 26), 0),
        ("1954", PartialDate(1954), 0),
        ("1900-01-01", None, 1),
        ("2099-12-31", None, 1),
        ("1954-02-30", None, 1),
        ("0000-00-00", None, 0),
    ],
)
def test_dates(mender: Mender, value: Any, date: Any, notes: Any) -> None:
    assert (mender.date("release_date", value), len(mender.notes)) == (date, notes)


def test_text_loses_markup_control_characters_and_excess(mender: Mender) -> None:
    assert mender.text("title", "  The\u0007 <b>Third</b>\n Man &amp; Co ", 100) == "The Third Man & Co"
    assert mender.text("title", "x" * 20 + " " + "y" * 20, 31) == "x" * 20 + "…"
    assert len(mender.notes) == 2


def test_a_movie_may_be_called_unknown(mender: Mender) -> None:
    assert (mender.text("title", "Unknown", 100), mender.text("title", "\\N", 100)) == ("Unknown", "")


def test_prose_keeps_its_paragraphs(mender: Mender) -> None:
    assert mender.prose("synopsis", "<p>One.</p>\r\n\r\nTwo &lt; three.") == "One.\n\n\nTwo < three."


@pytest.mark.parametrize(
    ("value", "letters", "expected", "notes"),
    [
        ("tt0114709", "tt", "tt0114709", 0),
        ("114709", "tt", "tt0114709", 0),
        ("tt10499820", "tt", "tt10499820", 0),
        ("\\N", "nm", None, 0),
        ("ttx", "tt", None, 1),
        ("Q42", "Q", "Q42", 0),
        ("Q0", "Q", None, 1),
    ],
)
def test_ids(mender: Mender, value: Any, letters: Any, expected: Any, notes: Any) -> None:
    assert (mender.external_id("imdb_id", value, letters), len(mender.notes)) == (expected, notes)
