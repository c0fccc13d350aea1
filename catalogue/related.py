"""Movies related to a movie, and why.

Shared people come first: each counts for the inverse of how often they are credited, the director and the writers for
more, and people in more movies than ``BUSY`` not at all, or a talk-show host would relate everything. Genres, studio
and era decide between equals and fill up. Every step is bounded; one query with OR across the joins took 3.4 s on a
million credits, these steps take milliseconds. The result is stored, so that a page reads one table.
"""

import math
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from catalogue.browse import most_popular
from catalogue.cards import Tile
from catalogue.models import Credit, Movie, MovieGenre, MovieStudio, RelatedMovie
from catalogue.vocabulary import Department, Placing

SHOWN = 8
KEPT = 12
CANDIDATES = 60
TOP_BILLED = 15
BUSY = 300  # credits
ERA = 10  # years

WEIGHTS = {Department.DIRECTING: 4.0, Department.WRITING: 2.5, Department.ACTING: 1.0}
OTHER_CREW = 0.8
KEY_JOBS = {
    "Original Music Composer": "composer",
    "Director of Photography": "cinematographer",
    "Editor": "editor",
    "Producer": "producer",
}


@dataclass(slots=True)
class Candidate:
    """A movie that may be related, and the evidence for it."""

    score: float = 0.0
    people: dict[int, str] = field(default_factory=dict)  # shared people and what they are called, strongest first
    directors: list[str] = field(default_factory=list)
    writers: list[str] = field(default_factory=list)
    cast: list[str] = field(default_factory=list)
    crew: list[tuple[str, str]] = field(default_factory=list)  # job in words, name
    studio: str = ""
    genres: list[str] = field(default_factory=list)
    year: int | None = None


@dataclass(frozen=True, slots=True)
class _Subject:
    year: int | None
    genres: dict[int, str]
    studios: dict[int, str]
    roles: dict[int, set[str]]  # person -> departments
    jobs: dict[int, str]  # person -> a key job in words
    names: dict[int, str]
    rarity: dict[int, float]


ORDER = ("-placing", "position", "-score", "id")


class Related(NamedTuple):
    """A movie beside another, and why it is there."""

    other: Tile
    reason: str


def shown_beside(movie: int) -> QuerySet[RelatedMovie]:
    """What may be shown beside a movie: the first ``SHOWN`` by ``ORDER``."""
    return RelatedMovie.objects.filter(movie=movie, other__is_published=True).exclude(placing=Placing.BANNED)


def refresh_related(movies: Iterable[int]) -> int:
    """Compute and store the related movies of each, leaving what editors pinned or banned; return how many movies."""
    done = 0
    for pk in movies:
        nearest = _compute(pk)
        with transaction.atomic():
            # The movie's row is the lock: two visitors may be the first at once.
            if not Movie.objects.filter(pk=pk).update(related_at=timezone.now(), version=F("version") + 1):
                continue
            kept = set(
                RelatedMovie.objects.filter(movie=pk).exclude(placing=Placing.COMPUTED).values_list("other", flat=True)
            )
            RelatedMovie.objects.filter(movie=pk, placing=Placing.COMPUTED).delete()
            RelatedMovie.objects.bulk_create(
                RelatedMovie(movie_id=pk, other_id=other, placing=Placing.COMPUTED, score=score, reason=reason)
                for other, score, reason in nearest
                if other not in kept
            )
        done += 1
    return done


def forget_related(movies: Iterable[int]) -> None:
    """Have the related movies of each, and of those it stands beside, computed again on their next view.

    A movie that another holds is not waited for: two editors who save movies that stand beside each other would wait
    for each other for ever. It is seen to once this transaction is over.
    """
    keys = list(movies)
    beside = RelatedMovie.objects.filter(other__in=keys).values_list("movie", flat=True)
    due = {*keys, *beside}
    with transaction.atomic(savepoint=False):
        free = Movie.objects.filter(pk__in=due).select_for_update(no_key=True, skip_locked=True)
        reached = set(free.order_by().values_list("pk", flat=True))
        Movie.objects.filter(pk__in=reached).update(related_at=None)
        if held := due - reached:
            transaction.on_commit(lambda: _forget(held))


def _forget(movies: set[int]) -> None:
    """Each in a transaction of its own, which holds nothing else; of deleted ones there is none."""
    for pk in Movie.objects.filter(pk__in=movies).order_by("pk").values_list("pk", flat=True):
        Movie.objects.filter(pk=pk).update(related_at=None)


def _compute(pk: int) -> list[tuple[int, float, str]]:
    subject = _subject(pk)
    candidates = _by_people(pk, subject)
    best = sorted(candidates, key=lambda other: -candidates[other].score)[:CANDIDATES]
    chosen = {other: candidates[other] for other in best}
    for other in _by_genre(pk, subject, exclude=chosen):
        chosen[other] = Candidate()
    _weigh(chosen, subject)
    nearest = sorted(chosen.items(), key=lambda item: (-item[1].score, item[0]))[:KEPT]
    return [(other, round(found.score, 4), _reason(found, subject)) for other, found in nearest if found.score > 0]


def _subject(pk: int) -> _Subject:
    credits = (
        Credit.objects.filter(movie=pk, person__credit_count__lte=BUSY)
        .exclude(department=Department.ACTING, billing_order__gte=TOP_BILLED)
        .values_list("person", "person__name", "person__credit_count", "department", "job")
    )
    roles: dict[int, set[str]] = defaultdict(set)
    names, rarity, jobs = {}, {}, {}
    for person, name, count, department, job in credits:
        roles[person].add(department)
        names[person] = name
        rarity[person] = 1 / math.log(2 + count)
        if job in KEY_JOBS:
            jobs[person] = KEY_JOBS[job]
    movie = Movie.objects.only("release_date").get(pk=pk)
    return _Subject(
        year=movie.year,
        genres=dict(MovieGenre.objects.filter(movie=pk).values_list("genre", "genre__name")),
        studios=dict(MovieStudio.objects.filter(movie=pk).values_list("studio", "studio__name")),
        roles=roles,
        jobs=jobs,
        names=names,
        rarity=rarity,
    )


def _by_people(pk: int, subject: _Subject) -> dict[int, Candidate]:
    found: dict[int, Candidate] = defaultdict(Candidate)
    shared = (
        Credit.objects.filter(person__in=list(subject.roles), movie__is_published=True)
        .exclude(movie=pk)
        .values_list("movie", "person", "department", "job")
        .distinct()
    )
    for other, person, department, job in shared:
        candidate = found[other]
        name = subject.names[person]
        here = subject.roles[person]
        weight = WEIGHTS.get(Department(department), OTHER_CREW) if department in here else OTHER_CREW
        candidate.score += weight * subject.rarity[person]
        candidate.people[person] = name
        if department not in here:
            continue
        if department == Department.DIRECTING:
            candidate.directors.append(name)
        elif department == Department.WRITING:
            candidate.writers.append(name)
        elif department == Department.ACTING:
            candidate.cast.append(name)
        elif job in KEY_JOBS and subject.jobs.get(person) == KEY_JOBS[job]:
            candidate.crew.append((KEY_JOBS[job], name))
    return found


def _by_genre(pk: int, subject: _Subject, *, exclude: Collection[int]) -> list[int]:
    """Popular movies of the same genres and years, for when people are not enough."""
    years = range(subject.year - ERA, subject.year + ERA + 1) if subject.year else ()
    known = {pk, *exclude}
    found = most_popular(map(str, subject.genres), map(str, years), CANDIDATES * 2 + len(known))
    return [key for key in found if key not in known][: CANDIDATES * 2]


def _weigh(chosen: dict[int, Candidate], subject: _Subject) -> None:
    """Add to each score what genres, studio and era say."""
    for pk, year in Movie.objects.filter(pk__in=chosen).values_list("pk", "release_year"):
        chosen[pk].year = year
    theirs: dict[int, set[int]] = defaultdict(set)
    for movie, genre in (
        MovieGenre.objects.filter(movie__in=chosen).order_by("movie", "position").values_list("movie", "genre")
    ):
        theirs[movie].add(genre)
    for movie, studio in MovieStudio.objects.filter(movie__in=chosen, studio__in=subject.studios).values_list(
        "movie", "studio"
    ):
        chosen[movie].studio = subject.studios[studio]
    for pk, candidate in chosen.items():
        shared = [genre for genre in subject.genres if genre in theirs[pk]]
        candidate.genres = [subject.genres[genre] for genre in shared]
        if shared:
            candidate.score += len(shared) / len(theirs[pk] | set(subject.genres))
        if candidate.studio:
            candidate.score += 0.5
        if candidate.score and candidate.year and subject.year:
            candidate.score += max(0.0, 0.5 * (1 - abs(candidate.year - subject.year) / ERA))


def _reason(found: Candidate, subject: _Subject) -> str:
    """The strongest link in a few words; what stands before a colon is the kind of link."""
    if found.directors:
        return f"Same director: {found.directors[0]}"
    if len(set(found.cast)) > 1:
        return f"{len(set(found.cast))} shared cast members: {_and(sorted(set(found.cast), key=found.cast.index)[:3])}"
    if found.writers:
        return f"Same writer: {found.writers[0]}"
    if found.cast:
        return f"Also with {found.cast[0]}"
    if found.crew:
        return f"Same {found.crew[0][0]}: {found.crew[0][1]}"
    if found.people:
        return f"Also by {next(iter(found.people.values()))}"
    if found.studio:
        return f"Same studio: {found.studio}"
    return _kinship(found, subject)


def _kinship(found: Candidate, subject: _Subject) -> str:
    genres = _and([name.lower() for name in found.genres[:3]])
    genres = genres[:1].upper() + genres[1:]
    if found.year and subject.year and abs(found.year - subject.year) <= ERA:
        return f"{genres} of the {_era(found.year)}"
    return f"Also {genres[:1].lower()}{genres[1:]}"


def _era(year: int) -> str:
    part = "early" if year % 10 < 4 else "mid" if year % 10 < 7 else "late"
    return f"{part} {year // 10 * 10}s"


def _and(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}" if words else ""
