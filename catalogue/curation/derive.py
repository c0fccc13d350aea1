"""Columns that follow from other tables. Who writes credits, genres or titles calls these in that transaction."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from functools import reduce
from operator import add
from typing import Any

from django.db.models import Case, Count, Exists, F, Max, OuterRef, Value, When
from django.db.models.functions import Coalesce, NullIf

from catalogue import completeness
from catalogue.curation.updating import update_columns
from catalogue.models import BrowseChange, Credit, Movie, MovieGenre, MovieStudio, Person
from catalogue.models.movie import popularity
from catalogue.related import forget_related
from catalogue.search.index import index_movies, index_people
from catalogue.vocabulary import Department

BATCH = 500
KNOWN_FOR = 2  # movies


def refresh_movies(movies: Iterable[int]) -> None:
    """After a movie's credits, genres, studios or titles changed: what cards, page, lists and search read of them."""
    keys = list(movies)
    for start in range(0, len(keys), BATCH):
        _refresh_lines(keys[start : start + BATCH])
    forget_related(keys)
    index_movies(keys)
    BrowseChange.objects.mark(keys)


def _refresh_lines(keys: list[int]) -> None:
    name = Coalesce(NullIf(F("credited_as"), Value("")), F("person__name"))
    cast: dict[int, list[str]] = defaultdict(list)
    directors: dict[int, list[str]] = defaultdict(list)
    billed = Credit.objects.filter(movie__in=keys, department=Department.ACTING).order_by(
        "movie", "billing_order", "pk"
    )
    for movie, printed in billed.values_list("movie", name):
        cast[movie].append(printed)
    directing = Credit.objects.filter(movie__in=keys, job="Director").order_by("movie", "pk")
    for movie, printed in directing.values_list("movie", name):
        directors[movie].append(printed)
    rows = [(_line(cast[key][:3]), len(cast[key]), _line(directors[key][:3]), key) for key in keys]
    update_columns(Movie, ["cast_line", "cast_count", "director_line"], rows)
    Movie.objects.filter(pk__in=keys).update(version=F("version") + 1, missing_parts=missing_parts())


def missing_parts() -> Any:
    """What other tables say nothing of, as an expression over movies: the bits of catalogue.completeness."""
    movie = OuterRef("pk")
    is_nameless = Exists(Credit.objects.filter(movie=movie, department=Department.ACTING, character=""))
    parts = {
        completeness.GENRES: ~Exists(MovieGenre.objects.filter(movie=movie)),
        completeness.COUNTRIES: ~Exists(Movie.countries_of_origin.through.objects.filter(movie=movie)),
        completeness.STUDIOS: ~Exists(MovieStudio.objects.filter(movie=movie)),
        completeness.CHARACTERS: is_nameless,
    }
    return reduce(add, [Case(When(lacks, then=Value(bit)), default=Value(0)) for bit, lacks in parts.items()])


def _line(names: list[str]) -> str:
    text = ", ".join(names)
    return text if len(text) <= 200 else text[:200].rpartition(", ")[0]


def refresh_people(people: Iterable[int]) -> None:
    """After credits of these people changed: how many they have, the department most are in, the movies they are
    known for.
    """
    keys = list(people)
    for start in range(0, len(keys), BATCH):
        part = keys[start : start + BATCH]
        departments: dict[int, Counter[str]] = defaultdict(Counter)
        rows = (
            Credit.objects.filter(person__in=part).order_by().values_list("person", "department").annotate(Count("pk"))
        )
        for person, department, number in rows:
            departments[person][department] += number
        known = _known_for(part)
        facts = [(departments[key].total(), _most(departments[key]), _line(known[key]), key) for key in part]
        update_columns(Person, ["credit_count", "known_for_department", "known_for_line"], facts)
    index_people(keys)


def _most(departments: Counter[str]) -> str:
    """The department with the most credits; of equal ones the first of ours."""
    return max(Department.values, key=departments.__getitem__) if departments else ""


def _known_for(people: list[int]) -> dict[int, list[str]]:
    """The two most looked at movies of each, earlier ones first among equals."""
    credits = Credit.objects.filter(person__in=people, movie__is_published=True).order_by(
        "person", "-movie__popularity", "movie__release_year", "movie"
    )
    titles: dict[int, dict[int, str]] = defaultdict(dict)
    for person, movie, title in credits.values_list("person", "movie", "movie__title"):
        if len(titles[person]) < KNOWN_FOR:
            titles[person].setdefault(movie, title)
    return defaultdict(list, {person: list(found.values()) for person, found in titles.items()})


def refresh_votes(movies: Iterable[int]) -> None:
    """After other sources' ratings of these movies changed: how much each is looked for. Before refresh_movies."""
    keys = list(movies)
    for start in range(0, len(keys), BATCH):
        part = Movie.objects.filter(pk__in=keys[start : start + BATCH]).order_by()
        counted = part.annotate(most=Coalesce(Max("external_ratings__votes"), 0)).values_list(
            "most", "rating_count", "pk"
        )
        rows = [(most, popularity(own + most), key) for most, own, key in counted]
        update_columns(Movie, ["external_votes", "popularity"], rows)
