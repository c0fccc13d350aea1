"""What the browse index knows of a movie: the values of its facets, and numbers that order as its sort keys do."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q

from catalogue.dates import PartialDate
from catalogue.models import Movie, MovieGenre, Release, WatchLink

# Bits of each sort key. A key that does not fit is cut to the largest that does.
TITLE_PLACES = 12
WIDTHS = {"popularity": 15, "rating": 14, "votes": 24, "reviews": 20, "date": 23, "title": 6 * TITLE_PLACES}
RUNTIMES = {  # first minute -> value of the facet; a short ends at 40 minutes (AMPAS)
    0: "short", 41: "under-80", 80: "80-99", 100: "100-119", 120: "120-149", 150: "150-up",
}  # fmt: skip
RATINGS = range(5, 10)  # "at least"
# Where a letter beyond digits and a to z is filed: the start of each block of scripts.
_SCRIPTS = (
    0x0080, 0x0370, 0x0400, 0x0420, 0x0440, 0x0530, 0x0590, 0x0600, 0x0900, 0x0E00, 0x10A0, 0x3000, 0x30A0, 0x3400,
    0x4E00, 0x5500, 0x5C00, 0x6300, 0x6A00, 0x7100, 0x7800, 0x8000, 0x9000, 0xAC00, 0xC000,
)  # fmt: skip


@dataclass(slots=True)
class Facts:
    """One movie in the index."""

    values: list[tuple[str, str]] = field(default_factory=list)  # facet, value
    keys: dict[str, int] = field(default_factory=dict)  # sort key -> number


def facts_of(movies: Iterable[int]) -> dict[int, Facts]:
    """The facts of those of these movies that are published: 6 queries."""
    return _facts(in_=list(movies))


def facts_between(first: int, last: int) -> dict[int, Facts]:
    """The same of all movies with keys from ``first`` to ``last``: a list of thousands of keys takes Django longer."""
    return _facts(gte=first, lte=last)


def _facts(**keys: Any) -> dict[int, Facts]:
    found: dict[int, Facts] = {}
    columns = (
        "pk", "sort_title", "popularity", "weighted_rating", "rating_count", "rating_sum", "review_count",
        "release_date", "runtime_minutes", "original_language",
    )  # fmt: skip
    for pk, title, popularity, weighted, votes, points, reviews, date, minutes, language in (
        Movie.objects.published().filter(_where("pk", keys)).order_by().values_list(*columns)
    ):
        facts = found[pk] = Facts()
        facts.keys = {
            "popularity": popularity,
            "rating": round((weighted or 0) * 1000),
            "votes": votes,
            "reviews": reviews,
            "date": date_key(date),
            "title": title_key(title),
        }
        facts.values = [*_of_date(date), *_of_minutes(minutes), *_of_rating(points, votes)]
        if reviews:
            facts.values.append(("reviews", "yes"))
        if language:
            facts.values.append(("language", language))
    for facet, rows in _related(_where("movie", keys)).items():
        for movie, value in rows:
            if movie in found:
                found[movie].values.append((facet, str(value)))
    return found


def _where(column: str, keys: dict[str, Any]) -> Q:
    return Q(**{f"{column}__{lookup.rstrip('_')}": value for lookup, value in keys.items()})


def _related(where: Q) -> dict[str, set[tuple[int, object]]]:
    countries, languages = Movie.countries_of_origin.through, Movie.spoken_languages.through
    rated = Release.objects.filter(where).exclude(certification="")
    found: dict[str, set[tuple[int, object]]] = defaultdict(set)
    found["genre"] = set(MovieGenre.objects.filter(where).values_list("movie", "genre"))
    found["country"] = set(countries._default_manager.filter(where).values_list("movie", "country"))
    found["language"] = set(languages._default_manager.filter(where).values_list("movie", "language"))
    found["certification"] = {
        (movie, f"{country} {certification}")
        for movie, country, certification in rated.values_list("movie", "country", "certification")
    }
    found["watch"] = set(WatchLink.objects.filter(where).order_by().values_list("movie", "kind"))
    return found


def _of_date(date: PartialDate | None) -> list[tuple[str, str]]:
    return [("year", str(date.year)), ("decade", str(date.year // 10 * 10))] if date else []


def _of_minutes(minutes: int | None) -> list[tuple[str, str]]:
    return [("runtime", RUNTIMES[max(first for first in RUNTIMES if first <= minutes)])] if minutes else []


def _of_rating(points: int, votes: int) -> list[tuple[str, str]]:
    return [("rating", str(least)) for least in RATINGS if votes and points >= least * votes]


def date_key(date: PartialDate | None) -> int:
    """A number that orders as the dates do, 0 when it is not known.

    >>> date_key(PartialDate(1954)) < date_key(PartialDate(1954, 4)) < date_key(PartialDate(1954, 4, 26))
    True
    """
    return (date.year << 9 | (date.month or 0) << 5 | (date.day or 0)) if date else 0


def title_key(title: str) -> int:
    """A number that orders as the beginnings of sort titles do: six bits for each of the first places.

    >>> title_key("0000000002 days") < title_key("0000000012 angry men") < title_key("abc") < title_key("яблоко")
    True

    A padded number takes one place for how many digits it has and one for each of them.
    """
    codes: list[int] = []
    for run in re.findall(r"[0-9]+|[^0-9]", title[: TITLE_PLACES * 4]):
        if run.isascii() and run.isdigit():
            digits = run.lstrip("0") or "0"
            codes += [2 + min(len(digits), 9), *(2 + int(digit) for digit in digits)]
        else:
            codes.append(_code(run))
        if len(codes) >= TITLE_PLACES:
            break
    key = 0
    for place in range(TITLE_PLACES):
        key = key << 6 | (codes[place] if place < len(codes) else 0)
    return key


def _code(letter: str) -> int:
    if "a" <= letter <= "z":
        return 12 + ord(letter) - ord("a")
    code = ord(letter)
    if code < 0x80:
        return 1
    return 37 + sum(code >= start for start in _SCRIPTS)
