"""Dates, running times, amounts, places and titles as people write them."""

import contextlib
import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.codes import country_code, language_code
from catalogue.dates import PartialDate
from catalogue.importers.nested import read_cell
from catalogue.importers.titles import split_others, split_year, unfile
from catalogue.importers.values import mend_mojibake, parse_date, parse_dollars, parse_minutes

# Text that is likelier to come near a value than any text at all.
NEARLY = st.one_of(st.text(max_size=40), st.text(alphabet="0123456789-/. ,:'$()hmPT AprilMKc?", max_size=20))


@pytest.mark.parametrize(
    ("written", "date"),
    [
        ("1954", "1954"),
        ("1954-04-26", "1954-04-26"),
        ("1954/4/26", "1954-04-26"),
        ("26.04.1954", "1954-04-26"),
        ("1.2.1954", "1954-02-01"),
        ("26/4/1954", "1954-04-26"),
        ("4/26/1954", "1954-04-26"),
        ("3/3/1954", "1954-03-03"),
        ("26. April 1954", "1954-04-26"),
        ("April 26th, 1954", "1954-04-26"),
        ("Jun 12 1998", "1998-06-12"),
        ("26 de abril de 1954", "1954-04-26"),
        ("1er août 1954", "1954-08-01"),
        ("März 1954", "1954-03"),
        ("11 January 2019 (USA)", "2019-01-11"),
        ("1995-10-30 00:00:00", "1995-10-30"),
        ("+1995-10-30T00:00:00Z", "1995-10-30"),
        ("c. 1954", "1954"),
        ("1954?", "1954"),
    ],
)
def test_dates_in_many_forms(written: str, date: str) -> None:
    assert str(parse_date(written)) == date


@pytest.mark.parametrize(
    "written",
    ["", "3/4/1954", "26.4.54", "12/06/98", "20O1", "1954-13", "31 April 1954", "May", "1927/28", "April 1 or 2, 1954"],
)
def test_dates_that_are_none_or_two(written: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse_date(written)


def test_whoever_knows_the_order_can_say_it() -> None:
    assert str(parse_date("3/4/1954", day_first=True)) == "1954-04-03"
    assert str(parse_date("3/4/1954", day_first=False)) == "1954-03-04"


@pytest.mark.parametrize(
    ("written", "minutes"),
    [
        ("95", 95),
        ("95 min", 95),
        ("95'", 95),
        ("1 h 35 min", 95),
        ("1:35", 95),
        ("01:35:12", 95),
        ("PT1H35M", 95),
        ("2h", 120),
    ],
)
def test_running_times(written: str, minutes: int) -> None:
    assert parse_minutes(written) == minutes


@pytest.mark.parametrize("written", ["", "90-95", "an hour", "-5", "1:75", "95 rpm", "1e9"])
def test_what_is_no_running_time(written: str) -> None:
    with pytest.raises(ValueError, match="running time"):
        parse_minutes(written)


@pytest.mark.parametrize(
    ("written", "dollars"),
    [("1000000", 10**6), ("1,000,000", 10**6), ("1.000.000", 10**6), ("1 000 000 USD", 10**6), ("$2.5 million", 2_500_000),
     ("$12", 12), ("1234.56", 1234), ("US$ 3bn", 3 * 10**9)],
)  # fmt: skip
def test_amounts(written: str, dollars: int) -> None:
    assert parse_dollars(written) == dollars


@pytest.mark.parametrize("written", ["€1,000", "£5", "a lot", "", "1,0,0", "1000 FRF"])
def test_other_money_is_not_converted(written: str) -> None:
    with pytest.raises(ValueError, match="US dollars"):
        parse_dollars(written)


@pytest.mark.parametrize("read", [parse_date, parse_minutes, parse_dollars, read_cell])
@given(written=NEARLY)
def test_only_the_promised_error(read: Any, written: str) -> None:
    with contextlib.suppress(ValueError):
        assert isinstance(read(written), PartialDate | int) or read is read_cell


@given(st.dates(min_value=datetime.date(1000, 1, 1)))
def test_a_day_is_the_same_in_every_form(day: Any) -> None:
    forms = [day.isoformat(), f"{day:%d.%m.%Y}", f"{day.day} {day:%B} {day.year}", f"{day:%b} {day.day}, {day.year}"]
    assert {str(parse_date(form)) for form in forms} == {day.isoformat()}


@given(st.text(max_size=30))
def test_mojibake_is_undone_once(text: str) -> None:
    try:
        broken = text.encode().decode("cp1252")
    except UnicodeDecodeError:
        return
    assert mend_mojibake(broken) == text or not any(trace in broken for trace in "ÃÂâÅÐÑ")


@given(st.text(max_size=60))
def test_titles_and_places_never_fail(text: str) -> None:
    title, year = split_year(text)
    assert year is None or str(year) in text
    assert split_others(title)[0] or not title
    assert unfile(text) is not None
    country_code(text)
    language_code(text)


def test_nested_cells_are_data_and_nothing_is_run() -> None:
    assert read_cell("[{'name': \"Children's\", 'id': 1, 'x': None}]") == [{"name": "Children's", "id": 1, "x": None}]
    for wicked in ("__import__('os').getcwd()", "[" * 5000 + "]" * 5000, "{" * 30, "[1] * 10**9"):
        with pytest.raises(ValueError, match=r"nested|neither"):
            read_cell(wicked)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("Birdman: Or (The Unexpected Virtue of Ignorance)", ("Birdman: Or (The Unexpected Virtue of Ignorance)", [])),
        (
            "City of Lost Children, The (Cité des enfants perdus, La)",
            ("The City of Lost Children", ["La Cité des enfants perdus"]),
        ),
        ("M*A*S*H (a.k.a. MASH)", ("M*A*S*H", ["MASH"])),
        ("(500) Days of Summer", ("(500) Days of Summer", [])),
    ],
)
def test_other_titles(written: str, expected: Any) -> None:
    assert split_others(written) == expected


@pytest.mark.parametrize(
    ("written", "code"),
    [("Czechoslovakia", "CS"), ("GDR", "DD"), ("gb", "GB"), ("UK", "GB"), ("FRA", "FR"), ("", None)],
)
def test_countries(written: str, code: Any) -> None:
    assert country_code(written) == code


@pytest.mark.parametrize(
    ("written", "code"),
    [("Deutsch", "de"), ("Allemand", "de"), ("ger", "de"), ("deu", "de"), ("xx", "zxx"), ("zh-Hant", "zh")],
)
def test_languages(written: str, code: Any) -> None:
    assert language_code(written) == code
