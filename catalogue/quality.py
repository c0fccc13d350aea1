"""How complete the catalogue is, in numbers for everybody. Made by housekeeping every night, else when asked for."""

from dataclasses import dataclass
from datetime import datetime

from django.core.cache import cache
from django.db.models import Avg, Count, Q, QuerySet
from django.utils import timezone

from catalogue import completeness
from catalogue.cards import Card, cards
from catalogue.completeness import Gap, lacks
from catalogue.models import Collection, Genre, Movie, MovieGenre, Person, Suggestion, Suspect
from catalogue.vocabulary import Suspicion

KEPT = "quality:3"  # another number with every change of the classes below: what is kept outlives an upgrade
SECONDS = 26 * 3600  # a little longer than from one night to the next
MOST_COLLECTIONS = 50
MOST_COUNTED = 1_000
MOST_LISTED = 60
MOST_LOOKED_THROUGH = 10_000  # movies, for what has no index
BANDS = ((90, 101, "90 to 100"), (60, 90, "60 to 89"), (30, 60, "30 to 59"), (0, 30, "below 30"))


@dataclass(frozen=True, slots=True)
class Bar:
    """A part of the catalogue: its key, how many movies it has and their mean completeness, 0 to 100."""

    key: int
    name: str
    url: str
    movies: int
    mean: int


@dataclass(frozen=True, slots=True)
class Lack:
    """Something that movies lack, by its name and in words, and how many do; ``has_queue``: editors have a list."""

    name: str
    label: str
    movies: int
    has_queue: bool


@dataclass(frozen=True, slots=True)
class Quality:
    """The numbers. ``gaps``: each with how many published movies lack it; ``bands``: points and how many have them."""

    made_at: datetime
    movies: int
    mean: int
    people: int
    people_mean: int
    gaps: list[Lack]
    bands: list[tuple[str, int]]
    genres: list[Bar]
    collections: list[Bar]
    duplicates: int  # counted to MOST_COUNTED + 1
    suggestions: int  # the same
    oldest_suggestion: datetime | None


def quality() -> Quality:
    """The numbers as they were kept; 7 queries when there are none, each a pass over a table at most."""
    return cache.get(KEPT) or remember_quality()


def remember_quality() -> Quality:
    """Make the numbers anew and keep them."""
    found = _measure()
    cache.set(KEPT, found, SECONDS)
    return found


def lacking(gap: Gap) -> list[Card]:
    """Up to ``MOST_LISTED`` published movies that lack this, most needed first: 3 queries.

    What editors have no list of has no index: only the most needed movies of all are looked through for it.
    """
    movies = Movie.objects.published().order_by("-need", "pk")
    if not gap.has_queue:
        movies = movies.filter(pk__in=movies.values("pk")[:MOST_LOOKED_THROUGH])
    return cards(list(movies.filter(lacks(gap)).values_list("pk", flat=True)[:MOST_LISTED]))


def _measure() -> Quality:
    counts = {gap.name: Count("pk", filter=lacks(gap)) for gap in completeness.MOVIE}
    bands = {f"from_{low}": Count("pk", filter=_band(low, high)) for low, high, _ in BANDS}
    movies = Movie.objects.published().aggregate(total=Count("pk"), mean=Avg("completeness"), **counts, **bands)
    people = Person.objects.aggregate(total=Count("pk"), mean=Avg("completeness"))
    waiting = list(Suggestion.objects.open().order_by("pk").values_list("made_at", flat=True)[: MOST_COUNTED + 1])
    return Quality(
        made_at=timezone.now(),
        movies=movies["total"],
        mean=round(movies["mean"] or 0),
        people=people["total"],
        people_mean=round(people["mean"] or 0),
        gaps=sorted(
            (Lack(gap.name, gap.label, movies[gap.name], gap.has_queue) for gap in completeness.MOVIE),
            key=lambda lack: -lack.movies,
        ),
        bands=[(label, movies[f"from_{low}"]) for low, _, label in BANDS],
        genres=_genres(),
        collections=_collections(),
        duplicates=Suspect.objects.filter(state=Suspicion.OPEN).order_by()[: MOST_COUNTED + 1].count(),
        suggestions=len(waiting),
        oldest_suggestion=waiting[0] if waiting else None,
    )


def _band(low: int, high: int) -> Q:
    return Q(completeness__gte=low, completeness__lt=high)


def _genres() -> list[Bar]:
    rows = MovieGenre.objects.filter(movie__is_published=True).order_by().values("genre")
    found = {row["genre"]: row for row in rows.annotate(number=Count("pk"), mean=Avg("movie__completeness"))}
    genres = [(genre, found[genre.pk]) for genre in Genre.objects.order_by("name") if genre.pk in found]
    return [
        Bar(genre.pk, genre.name, genre.get_absolute_url(), row["number"], round(row["mean"])) for genre, row in genres
    ]


def _collections() -> list[Bar]:
    shown = Q(items__movie__is_published=True)
    rows: QuerySet[Collection] = Collection.objects.filter(is_published=True).annotate(
        number=Count("items", filter=shown), mean=Avg("items__movie__completeness", filter=shown)
    )
    return [
        Bar(row.pk, row.name, row.get_absolute_url(), row.number, round(row.mean or 0))  # type: ignore[attr-defined]
        for row in rows.order_by("name")[:MOST_COLLECTIONS]
        if row.number  # type: ignore[attr-defined]
    ]
