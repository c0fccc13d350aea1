"""Keeps the search documents in step with the catalogue."""

import logging
from collections.abc import Iterable
from itertools import starmap

from django.db import DatabaseError, connection, transaction
from django.db.models import F, OuterRef, Subquery
from django.db.models.functions import Least
from django.utils import timezone

from catalogue.models import Movie, SearchDocument, SearchKind
from catalogue.models.search import MOST_LEVEL
from catalogue.search import sqlite
from catalogue.search.documents import SOURCES, Document
from catalogue.search.spelling import learn

BATCH = 500
logger = logging.getLogger(__name__)


def index(kind: SearchKind, keys: Iterable[int]) -> None:
    """Write the documents of these records anew where they differ; drafts and deleted records lose theirs.

    A missing or broken index is logged and fails no write: the savepoint keeps the caller's transaction whole.
    """
    every = list(keys)
    for start in range(0, len(every), BATCH):
        part = every[start : start + BATCH]
        try:
            with transaction.atomic():
                _write(kind, part)
        except DatabaseError:
            logger.exception("Search index not written (%s, %d records): run rebuild_search", kind.label, len(part))


def _write(kind: SearchKind, part: list[int]) -> None:
    fresh = {document.object_id: document for document in SOURCES[kind].documents(part)}
    of_part = SearchDocument.objects.filter(kind=kind, object_id__in=part)
    known = {row.object_id: row for row in starmap(Document, of_part.values_list(*Document._fields))}
    stale = [document for pk, document in known.items() if document != fresh.get(pk)]
    if stale:
        SearchDocument.objects.filter(pk__in=[document.id for document in stale]).delete()
    changed = [document for pk, document in fresh.items() if document != known.get(pk)]
    now = timezone.now()
    SearchDocument.objects.bulk_create(SearchDocument(**document._asdict(), written_at=now) for document in changed)
    learn((document.words, document.level) for document in changed)
    if (stale or changed) and connection.vendor == "sqlite":
        sqlite.write(*([(row.id, row.words) for row in rows] for rows in (stale, changed)))


def index_movies(keys: Iterable[int]) -> None:
    """Write the documents of these movies anew; drafts and deleted ones lose theirs."""
    index(SearchKind.MOVIE, keys)


def index_people(keys: Iterable[int]) -> None:
    """Write the documents of these people anew."""
    index(SearchKind.PERSON, keys)


def index_studios(keys: Iterable[int]) -> None:
    """Write the documents of these studios anew."""
    index(SearchKind.STUDIO, keys)


def index_collections(keys: Iterable[int]) -> None:
    """Write the documents of these collections anew."""
    index(SearchKind.COLLECTION, keys)


def index_moved() -> int:
    """Write the documents of movies whose popularity has changed since; return how many. 1 query when none has."""
    document = SearchDocument.objects.filter(kind=SearchKind.MOVIE, object_id=OuterRef("pk"))
    movies = Movie.objects.published().annotate(known=Subquery(document.values("level")))
    moved = movies.exclude(known=Least(F("popularity"), MOST_LEVEL)).order_by().values_list("pk", flat=True)
    keys = list(moved)
    index_movies(keys)
    return len(keys)
