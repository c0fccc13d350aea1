"""Keeps the search documents in step with the catalogue."""

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator

from django.db import transaction
from django.db.models import Model

from catalogue.models import (
    AlternativeName,
    AlternativeTitle,
    Collection,
    Movie,
    Person,
    SearchDocument,
    SearchKind,
    Studio,
)
from catalogue.text import fold

BATCH = 500
Documents = Iterator[SearchDocument]


def _document(kind: SearchKind, pk: int, names: Iterable[str], level: int) -> SearchDocument:
    folded = dict.fromkeys(name for name in map(fold, names) if name)
    return SearchDocument(kind=kind, object_id=pk, names=f"|{'|'.join(folded)}|", level=level)


def _movies(keys: list[int]) -> Documents:
    titles: dict[int, list[str]] = defaultdict(list)
    for movie, title in AlternativeTitle.objects.filter(movie__in=keys).values_list("movie", "title"):
        titles[movie].append(title)
    rows = Movie.objects.filter(pk__in=keys, is_published=True).values_list(
        "pk", "title", "original_title", "popularity"
    )
    for pk, title, original, popularity in rows:
        yield _document(SearchKind.MOVIE, pk, [title, original, *titles[pk]], popularity)


def _people(keys: list[int]) -> Documents:
    names: dict[int, list[str]] = defaultdict(list)
    for person, name in AlternativeName.objects.filter(person__in=keys).values_list("person", "name"):
        names[person].append(name)
    for pk, name, credits in Person.objects.filter(pk__in=keys).values_list("pk", "name", "credit_count"):
        yield _document(SearchKind.PERSON, pk, [name, *names[pk]], round(math.log1p(credits) * 50))


def _studios(keys: list[int]) -> Documents:
    for pk, name in Studio.objects.filter(pk__in=keys).values_list("pk", "name"):
        yield _document(SearchKind.STUDIO, pk, [name], 0)


def _collections(keys: list[int]) -> Documents:
    for pk, name in Collection.objects.filter(pk__in=keys, is_published=True).values_list("pk", "name"):
        yield _document(SearchKind.COLLECTION, pk, [name], 0)


def _index(kind: SearchKind, keys: Iterable[int], documents: Callable[[list[int]], Documents]) -> None:
    every = list(keys)
    for start in range(0, len(every), BATCH):
        part = every[start : start + BATCH]
        with transaction.atomic():
            SearchDocument.objects.filter(kind=kind, object_id__in=part).delete()
            SearchDocument.objects.bulk_create(documents(part))


def index_movies(keys: Iterable[int]) -> None:
    """Write the documents of these movies anew; drafts and deleted ones lose theirs."""
    _index(SearchKind.MOVIE, keys, _movies)


def index_people(keys: Iterable[int]) -> None:
    """Write the documents of these people anew."""
    _index(SearchKind.PERSON, keys, _people)


def index_studios(keys: Iterable[int]) -> None:
    """Write the documents of these studios anew."""
    _index(SearchKind.STUDIO, keys, _studios)


def index_collections(keys: Iterable[int]) -> None:
    """Write the documents of these collections anew."""
    _index(SearchKind.COLLECTION, keys, _collections)


KINDS: list[tuple[SearchKind, type[Model], Callable[[Iterable[int]], None]]] = [
    (SearchKind.MOVIE, Movie, index_movies),
    (SearchKind.PERSON, Person, index_people),
    (SearchKind.STUDIO, Studio, index_studios),
    (SearchKind.COLLECTION, Collection, index_collections),
]
