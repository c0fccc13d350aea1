"""Search documents, made from the records of the catalogue."""

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

from django.db.models import Count, QuerySet

from catalogue.models import (
    AlternativeName,
    AlternativeTitle,
    Collection,
    Movie,
    MovieStudio,
    Person,
    SearchDocument,
    SearchKind,
    Studio,
)
from catalogue.models.search import MOST_LEVEL
from catalogue.search.words import of_document


class Document(NamedTuple):
    """A row of SearchDocument but for the time it was written."""

    id: int
    kind: int
    object_id: int
    level: int
    names: str
    words: str


def _document(
    kind: SearchKind, pk: int, level: int, names: Iterable[str], people: Iterable[str] = (), year: int | None = None
) -> Document:
    return Document(SearchDocument.key(kind, pk, level), kind, pk, level, *of_document(names, people, year))


def level_of(number: int) -> int:
    """The level of a record that ``number`` credits or movies speak for."""
    return min(MOST_LEVEL, round(math.log1p(number) * 50))


def _movies(keys: list[int]) -> Iterator[Document]:
    titles: dict[int, list[str]] = defaultdict(list)
    for movie, title in AlternativeTitle.objects.filter(movie__in=keys).values_list("movie", "title").order_by():
        titles[movie].append(title)
    columns = ("pk", "title", "original_title", "popularity", "release_year", "director_line", "cast_line")
    rows = Movie.objects.published().filter(pk__in=keys).values_list(*columns).order_by()
    for pk, title, original, popularity, year, directors, cast in rows:
        names = [title, original, *titles.get(pk, ())]
        yield _document(SearchKind.MOVIE, pk, min(popularity, MOST_LEVEL), names, [directors, cast], year)


def _people(keys: list[int]) -> Iterator[Document]:
    names: dict[int, list[str]] = defaultdict(list)
    for person, name in AlternativeName.objects.filter(person__in=keys).values_list("person", "name").order_by():
        names[person].append(name)
    for pk, name, credits in Person.objects.filter(pk__in=keys).values_list("pk", "name", "credit_count").order_by():
        yield _document(SearchKind.PERSON, pk, level_of(credits), [name, *names.get(pk, ())])


def _studios(keys: list[int]) -> Iterator[Document]:
    counts = dict(MovieStudio.objects.filter(studio__in=keys).order_by().values_list("studio").annotate(Count("pk")))
    for pk, name in Studio.objects.filter(pk__in=keys).values_list("pk", "name").order_by():
        yield _document(SearchKind.STUDIO, pk, level_of(counts.get(pk, 0)), [name])


def _published_collections() -> QuerySet[Collection]:
    return Collection.objects.filter(is_published=True)


def _collections(keys: list[int]) -> Iterator[Document]:
    for pk, name in _published_collections().filter(pk__in=keys).values_list("pk", "name").order_by():
        yield _document(SearchKind.COLLECTION, pk, 0, [name])


class Source(NamedTuple):
    """Where the documents of a kind come from."""

    rows: Callable[[], QuerySet[Any]]  # the records that have one
    levels: Callable[[], Iterable[tuple[int, int]]]  # their keys and levels: 1 query
    documents: Callable[[list[int]], Iterator[Document]]  # of these keys: 1 or 2 queries


def _people_levels() -> Iterator[tuple[int, int]]:
    rows = Person.objects.order_by().values_list("pk", "credit_count").iterator()
    return ((pk, level_of(credits)) for pk, credits in rows)


def _studio_levels() -> Iterator[tuple[int, int]]:
    rows = Studio.objects.order_by().annotate(number=Count("moviestudio")).values_list("pk", "number").iterator()
    return ((pk, level_of(number)) for pk, number in rows)


SOURCES = {
    SearchKind.MOVIE: Source(
        Movie.objects.published,
        lambda: Movie.objects.published().order_by().values_list("pk", "popularity").iterator(),
        _movies,
    ),
    SearchKind.PERSON: Source(Person.objects.all, _people_levels, _people),
    SearchKind.STUDIO: Source(Studio.objects.all, _studio_levels, _studios),
    SearchKind.COLLECTION: Source(
        _published_collections,
        lambda: ((pk, 0) for pk in _published_collections().values_list("pk", flat=True)),
        _collections,
    ),
}
