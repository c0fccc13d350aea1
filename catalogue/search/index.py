"""Keeps the search documents in step with the catalogue."""

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator

from django.db import transaction
from django.db.models import Count, F, Model, OuterRef, Subquery
from django.db.models.functions import Least

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
from catalogue.search.spelling import learn
from catalogue.search.words import of_document
from catalogue.text import fold

BATCH = 500
Documents = Iterator[SearchDocument]


def _document(
    kind: SearchKind, pk: int, names: Iterable[str], level: int, people: Iterable[str] = (), year: int | None = None
) -> SearchDocument:
    names = [name for name in dict.fromkeys(names) if name]
    level = min(level, MOST_LEVEL)
    return SearchDocument(
        id=SearchDocument.key(kind, pk, level),
        kind=kind,
        object_id=pk,
        level=level,
        names=f"|{'|'.join(dict.fromkeys(filter(None, map(fold, names))))}|",
        words=of_document(names, people, year),
    )


def _movies(keys: list[int]) -> Documents:
    titles: dict[int, list[str]] = defaultdict(list)
    for movie, title in AlternativeTitle.objects.filter(movie__in=keys).values_list("movie", "title"):
        titles[movie].append(title)
    columns = ("pk", "title", "original_title", "popularity", "release_year", "director_line", "cast_line")
    rows = Movie.objects.filter(pk__in=keys, is_published=True).values_list(*columns)
    for pk, title, original, popularity, year, directors, cast in rows:
        names = [title, original, *titles[pk]]
        yield _document(SearchKind.MOVIE, pk, names, popularity, [directors, cast], year)


def _people(keys: list[int]) -> Documents:
    names: dict[int, list[str]] = defaultdict(list)
    for person, name in AlternativeName.objects.filter(person__in=keys).values_list("person", "name"):
        names[person].append(name)
    for pk, name, credits in Person.objects.filter(pk__in=keys).values_list("pk", "name", "credit_count"):
        yield _document(SearchKind.PERSON, pk, [name, *names[pk]], round(math.log1p(credits) * 50))


def _studios(keys: list[int]) -> Documents:
    counts = dict(MovieStudio.objects.filter(studio__in=keys).order_by().values_list("studio").annotate(Count("pk")))
    for pk, name in Studio.objects.filter(pk__in=keys).values_list("pk", "name"):
        yield _document(SearchKind.STUDIO, pk, [name], round(math.log1p(counts.get(pk, 0)) * 50))


def _collections(keys: list[int]) -> Documents:
    for pk, name in Collection.objects.filter(pk__in=keys, is_published=True).values_list("pk", "name"):
        yield _document(SearchKind.COLLECTION, pk, [name], 0)


def _index(kind: SearchKind, keys: Iterable[int], documents: Callable[[list[int]], Documents]) -> None:
    every = list(keys)
    for start in range(0, len(every), BATCH):
        part = every[start : start + BATCH]
        with transaction.atomic():
            fresh = {document.object_id: document for document in documents(part)}
            known = {
                document.object_id: document
                for document in SearchDocument.objects.filter(kind=kind, object_id__in=part)
            }
            stale = [pk for pk, document in known.items() if not _same(document, fresh.get(pk))]
            SearchDocument.objects.filter(kind=kind, object_id__in=stale).delete()
            SearchDocument.objects.bulk_create(
                document for pk, document in fresh.items() if pk in stale or pk not in known
            )
            learn((document.words, document.level) for pk, document in fresh.items() if pk in stale or pk not in known)


def _same(known: SearchDocument, fresh: SearchDocument | None) -> bool:
    return fresh is not None and (known.id, known.names, known.words) == (fresh.id, fresh.names, fresh.words)


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


def index_moved() -> int:
    """Write the documents of movies whose popularity has changed since; return how many. 1 query when none has."""
    document = SearchDocument.objects.filter(kind=SearchKind.MOVIE, object_id=OuterRef("pk"))
    movies = Movie.objects.published().annotate(known=Subquery(document.values("level")))
    moved = movies.exclude(known=Least(F("popularity"), MOST_LEVEL)).order_by().values_list("pk", flat=True)
    keys = list(moved)
    index_movies(keys)
    return len(keys)


KINDS: list[tuple[SearchKind, type[Model], Callable[[Iterable[int]], None]]] = [
    (SearchKind.MOVIE, Movie, index_movies),
    (SearchKind.PERSON, Person, index_people),
    (SearchKind.STUDIO, Studio, index_studios),
    (SearchKind.COLLECTION, Collection, index_collections),
]
