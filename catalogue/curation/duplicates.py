"""Finds records that may be one: namesakes of about the same year, and what a source's one record seems to mean.

The records pass by in the order of their filing form, so that namesakes stand together; only within such a group are
pairs looked at. A pass over a million movies is one ordered read, its memory a group.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from itertools import combinations, groupby, islice
from operator import itemgetter
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import Q, QuerySet

from catalogue.models import Credit, MatchQuestion, Movie, Person, Redirect, Suspect
from catalogue.vocabulary import Answer, Suspicion

MOST_NAMESAKES = 60  # of a larger group ("Untitled", "Home") a name says nothing
LEAST = 50  # of 100
BATCH = 500
MINUTES = 3
Progress = Callable[[int], Any]
Pair = tuple[Any, Any]


class Film(NamedTuple):
    """What is compared of a movie."""

    pk: int
    name: str
    year: int | None
    minutes: int | None
    directors: str
    imdb_id: str | None
    tmdb_id: int | None
    wikidata_id: str | None


class Human(NamedTuple):
    """What is compared of a person."""

    pk: int
    name: str
    born: str
    disambiguation: str
    imdb_id: str | None
    tmdb_id: int | None
    wikidata_id: str | None


def compare_movies(one: Film, other: Film) -> tuple[int, list[str]]:
    """How likely two movies of one title are one, 0 to 100, and why.

    >>> a = Film(1, "ran", 1985, 162, "Akira Kurosawa", None, None, None)
    >>> compare_movies(a, a._replace(pk=2, year=1986, minutes=160))
    (95, ['same title', 'a year apart', 'same director', 'running time within 3 minutes'])
    >>> compare_movies(a, a._replace(pk=2, directors="Somebody", minutes=90))[0]
    10
    >>> compare_movies(a, a._replace(pk=2, year=2001))[0]
    0
    """
    score, reasons = 35, ["same title"]
    if one.year and other.year:
        apart = abs(one.year - other.year)
        if apart > 1:
            return 0, []
        score += 10 if apart else 15
        reasons.append("a year apart" if apart else "same year")
    if one.directors and other.directors:
        is_same = bool(set(one.directors.split(", ")) & set(other.directors.split(", ")))
        score += 30 if is_same else -40
        reasons += ["same director"] if is_same else []
    if one.minutes and other.minutes and abs(one.minutes - other.minutes) <= MINUTES:
        score += 20
        reasons.append(f"running time within {MINUTES} minutes")
    return max(min(score - _apart(one, other), 100), 0), reasons


def compare_people(one: Human, other: Human, shared: int) -> tuple[int, list[str]]:
    """How likely two people of one name are one; ``shared``: movies in which both have a credit.

    >>> a = Human(1, "nakadai, tatsuya", "1932-12-13", "", "nm0619938", None, None)
    >>> compare_people(a, a._replace(pk=2, born="1932", imdb_id=None, tmdb_id=7), 0)
    (80, ['same name', 'born in the same year'])
    >>> compare_people(a, a._replace(pk=2, born="1950"), 3)
    (0, [])
    """
    score, reasons = 40, ["same name"]
    if one.born and other.born:
        if one.born[:4] != other.born[:4]:
            return 0, []
        score += 40
        reasons.append("born in the same year")
    if shared:
        score += 30
        reasons.append(f"{shared} movie{'' if shared == 1 else 's'} in common")
    if one.disambiguation and other.disambiguation and one.disambiguation != other.disambiguation:
        score -= 20
    return max(min(score - _apart(one, other), 100), 0), reasons


def _apart(one: Any, other: Any) -> int:
    """A source that has both tells them apart, as a rule."""
    ids = ((one.imdb_id, other.imdb_id), (one.tmdb_id, other.tmdb_id), (one.wikidata_id, other.wikidata_id))
    return 30 if any(ours and theirs and ours != theirs for ours, theirs in ids) else 0


def find_duplicates(progress: Progress = int) -> int:
    """Look through the whole catalogue; return how many pairs are open now.

    ``progress`` hears how many records have passed. Each batch is a transaction of its own, so it may be stopped.
    """
    passed = 0

    def hear(number: int) -> None:
        nonlocal passed
        passed += number
        progress(passed)

    for kind, rows in (("movie", _films(Movie.objects.all())), ("person", _humans(Person.objects.all()))):
        pairs = _namesakes(rows.iterator(chunk_size=2000), hear)
        while batch := list(islice(pairs, BATCH)):
            _judge(kind, batch)
    _by_sources()
    _forget_gone()
    return Suspect.objects.filter(state=Suspicion.OPEN).count()


def find_for(kind: str, key: int) -> list[int]:
    """Look for namesakes of one record that has just been saved: 2 to 5 queries.

    Returns those that may be the same record, the likeliest first.
    """
    if kind == "movie":
        title = Movie.objects.filter(pk=key).values("sort_title")
        rows = _films(Movie.objects.filter(is_published__in=[True, False], sort_title__in=title))
    elif kind == "person":
        rows = _humans(Person.objects.filter(name__in=Person.objects.filter(pk=key).values("name")))
    else:
        return []
    found = list(rows[: MOST_NAMESAKES + 1])
    mine = next((row for row in found if row[0] == key), None)
    if mine is None or len(found) > MOST_NAMESAKES:
        return []
    likely = _judge(kind, [tuple(sorted((mine, row))) for row in found if row[0] != key])
    if not likely:
        return []
    mine_too = Q(first=key, second__in=likely) | Q(first__in=likely, second=key)
    pairs = Suspect.objects.filter(mine_too, kind=kind, state=Suspicion.OPEN).order_by("-score", "pk")
    return [second if first == key else first for first, second in pairs.values_list("first", "second")]


def _films(movies: QuerySet[Movie]) -> Any:
    columns = (
        "pk",
        "sort_title",
        "release_year",
        "runtime_minutes",
        "director_line",
        "imdb_id",
        "tmdb_id",
        "wikidata_id",
    )
    return movies.order_by("sort_title", "pk").values_list(*columns)


def _humans(people: QuerySet[Person]) -> Any:
    columns = ("pk", "sort_name", "born_on", "disambiguation", "imdb_id", "tmdb_id", "wikidata_id")
    return people.order_by("sort_name", "pk").values_list(*columns)


def _namesakes(rows: Iterable[Any], hear: Progress) -> Iterator[Pair]:
    """The pairs within each group of one filing form, small groups only."""
    for _, group in groupby(rows, key=itemgetter(1)):
        members, number = [], 0
        for row in group:
            number += 1
            if number <= MOST_NAMESAKES:
                members.append(row)
        hear(number)
        if number <= MOST_NAMESAKES:
            yield from combinations(sorted(members), 2)


@transaction.atomic
def _judge(kind: str, pairs: Iterable[Pair]) -> set[int]:
    """Store the likely ones of some pairs and return their keys: 1 query, for people 2."""
    pairs = list(pairs)
    if kind == "movie":
        told = [(one[0], other[0], *compare_movies(Film(*one), Film(*other))) for one, other in pairs]
    else:
        movies = _movies_of({row[0] for pair in pairs for row in pair})
        told = [
            (one[0], other[0], *compare_people(_human(one), _human(other), len(movies[one[0]] & movies[other[0]])))
            for one, other in pairs
        ]
    likely = [row for row in told if row[2] >= LEAST]
    _store(kind, likely)
    return {key for first, second, *_ in likely for key in (first, second)}


def _human(row: Any) -> Human:
    return Human(row[0], row[1], str(row[2] or ""), *row[3:])


def _movies_of(people: set[int]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    for person, movie in Credit.objects.filter(person__in=people).order_by().values_list("person", "movie"):
        found[person].add(movie)
    return found


def _store(kind: str, rows: Iterable[tuple[int, int, int, list[str]]]) -> None:
    Suspect.objects.bulk_create(
        [
            Suspect(kind=kind, first=first, second=second, score=score, reasons=", ".join(reasons)[:200])
            for first, second, score, reasons in rows
        ],
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["kind", "first", "second"],
        update_fields=["score", "reasons"],  # not the state: what was told apart stays so
    )


def _by_sources() -> None:
    """Movies that one record of a source seems to mean, and those with an id that was merged into another."""
    asked = MatchQuestion.candidates.through.objects.filter(matchquestion__state=Answer.OPEN).order_by(
        "matchquestion", "movie"
    )
    rows = asked.values_list("matchquestion", "movie").iterator(chunk_size=2000)
    pairs = {
        pair
        for _, group in groupby(rows, key=itemgetter(0))
        for pair in combinations([movie for _, movie in islice(group, MOST_NAMESAKES)], 2)
    }
    _store("movie", [(*pair, 70, ["one record of a source may be either"]) for pair in sorted(pairs)])
    for kind, model in (("movie", Movie), ("person", Person)):
        for name in ("imdb_id", "wikidata_id"):
            former = Redirect.objects.filter(kind=kind, name=name)
            old = dict(former.values_list("value", "target"))
            again = model._default_manager.filter(**{f"{name}__in": former.values("value")}).values_list("pk", name)
            same = [tuple(sorted((pk, old[value]))) for pk, value in again if old[value] != pk]
            _store(kind, [(first, second, 90, ["one has an id that was the other's"]) for first, second in same])


def _forget_gone() -> None:
    """Pairs of which one is gone are no question any more."""
    for kind, model in (("movie", Movie), ("person", Person)):
        there = model._default_manager.values("pk")
        for column in ("first", "second"):
            Suspect.objects.filter(kind=kind, state=Suspicion.OPEN).exclude(**{f"{column}__in": there}).delete()


__all__ = ["Film", "Human", "compare_movies", "compare_people", "find_duplicates", "find_for"]
