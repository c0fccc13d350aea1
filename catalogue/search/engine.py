"""Asks the search documents."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TypeVar

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from catalogue.models import Collection, Movie, Person, SearchDocument, SearchKind, Studio
from catalogue.search.query import SearchQuery, parse

MOST_MOVIES = 24
MOST_OTHERS = 12
Row = TypeVar("Row", Movie, Person, Studio, Collection)
POOL = 200  # of the best matches, from which a year chooses


@dataclass(slots=True)
class Found:
    """What matched, best first, ready for cards; ``counts`` says how many there are of each kind in all."""

    query: SearchQuery
    movies: list[Movie] = field(default_factory=list)
    people: list[Person] = field(default_factory=list)
    studios: list[Studio] = field(default_factory=list)
    collections: list[Collection] = field(default_factory=list)
    counts: dict[SearchKind, int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        return sum(self.counts.values())


def search(text: str) -> Found:
    """Find everything whose names hold all the words of ``text``, each at the beginning of a word."""
    query = parse(text)
    found = Found(query)
    if not query.words:
        return found
    movies = _keys(SearchKind.MOVIE, query, POOL)
    if query.year:
        # "2001" may be a year or a part of the title.
        whole = SearchQuery((*query.words, str(query.year)))
        movies = _of_year(movies, query.year) or _keys(SearchKind.MOVIE, whole, POOL)
    people = _keys(SearchKind.PERSON, query, POOL)
    studios = _keys(SearchKind.STUDIO, query, POOL)
    collections = _keys(SearchKind.COLLECTION, query, POOL)
    found.counts = {
        SearchKind.MOVIE: len(movies),
        SearchKind.PERSON: len(people),
        SearchKind.STUDIO: len(studios),
        SearchKind.COLLECTION: len(collections),
    }
    found.movies = _in_order(Movie.objects.published().for_cards(), movies[:MOST_MOVIES])
    found.people = _in_order(Person.objects.for_lists(), people[:MOST_OTHERS])
    found.studios = _in_order(Studio.objects.defer("description"), studios[:MOST_OTHERS])
    found.collections = _in_order(Collection.objects.all(), collections[:MOST_OTHERS])
    return found


def _keys(kind: SearchKind, query: SearchQuery, most: int) -> list[int]:
    """The best matches of a kind: whole names first, then names that begin so, then the much looked at."""
    phrase = query.phrase
    documents = SearchDocument.objects.filter(kind=kind)
    for word in query.words:
        documents = documents.filter(Q(names__contains=f"|{word}") | Q(names__contains=f" {word}"))
    rank = Case(
        When(names__startswith=f"|{phrase}|", then=Value(0)),
        When(names__contains=f"|{phrase}|", then=Value(1)),
        When(names__contains=f"|{phrase} ", then=Value(2)),
        When(names__contains=f"|{phrase}", then=Value(3)),
        default=Value(4),
        output_field=IntegerField(),
    )
    return list(documents.order_by(rank, "-level", "object_id").values_list("object_id", flat=True)[:most])


def _of_year(keys: list[int], year: int) -> list[int]:
    near = set(Movie.objects.filter(pk__in=keys, release_year=year).values_list("pk", flat=True))
    return [key for key in keys if key in near]


def _in_order(rows: QuerySet[Row], keys: Iterable[int]) -> list[Row]:
    order = {key: place for place, key in enumerate(keys)}
    return sorted(rows.filter(pk__in=order), key=lambda row: order[row.pk])
