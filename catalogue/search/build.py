"""Makes the search index of the whole catalogue anew.

It is filled beside the one in use, which answers until the new one takes its place in a moment, and for good if this is
interrupted.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import timedelta
from itertools import islice
from types import ModuleType

from django.db import connection, transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from tqdm import tqdm

from catalogue.models import SearchDocument, SearchKind, SearchTerm, SearchTypo
from catalogue.search import postgresql, sqlite
from catalogue.search.documents import SOURCES, Document
from catalogue.search.index import index
from catalogue.search.spelling import level_of, mendable, shortened, weight_of

DOCUMENTS, TERMS, TYPOS = TABLES = [model._meta.db_table for model in (SearchDocument, SearchTerm, SearchTypo)]
READ, WRITTEN = 5_000, 50_000  # rows at once; FTS5 writes a segment a transaction, and many have to be merged
UNDER_WAY = timedelta(minutes=5)  # so long may a transaction be open before its documents are seen


def rebuild(*, progress: bool = False) -> int:
    """Write all documents, and the words that the speller knows; return how many documents there are.

    ``progress`` shows a bar where there is a terminal. What is changed meanwhile is followed at the end. Only one may
    run at a time.
    """
    tables = sqlite if connection.vendor == "sqlite" else postgresql
    started = timezone.now()
    records = {kind: _in_order(kind) for kind in SearchKind}
    total = sum(map(len, records.values()))
    tables.begin(TABLES)
    weights: dict[str, float] = defaultdict(float)
    with tqdm(total=total, desc="Search", unit=" documents", disable=None if progress else True) as bar:
        for documents in _documents(records):
            tables.insert(DOCUMENTS, ", ".join(Document._fields), documents)
            _note(weights, documents)
            bar.update(len(documents))
    _insert_terms(tables, weights)
    tables.finish(TABLES)
    with transaction.atomic():
        recent = SearchDocument.objects.filter(written_at__gte=started - UNDER_WAY)
        late = sorted(recent.values_list("kind", "object_id"))
        tables.swap(TABLES)
    _follow(late)
    return total


def _in_order(kind: SearchKind) -> list[int]:
    """All records of a kind in the order of their documents' keys, in which both databases write fastest."""
    levels = SOURCES[kind].levels()
    return [pk for _, pk in sorted((-level, pk) for pk, level in levels)]


def _documents(records: dict[SearchKind, list[int]]) -> Iterator[list[Document]]:
    for kind, keys in records.items():
        part: list[Document] = []
        for start in range(0, len(keys), READ):
            part += sorted(SOURCES[kind].documents(keys[start : start + READ]))
            if len(part) >= WRITTEN:
                yield part
                part = []
        if part:
            yield part


def _note(weights: dict[str, float], documents: Iterable[Document]) -> None:
    for document in documents:
        weight = weight_of(document.level)
        for word in mendable(document.words):
            weights[word] += weight


def _insert_terms(tables: ModuleType, weights: dict[str, float]) -> None:
    terms = [(key, word, level_of(weights[word])) for key, word in enumerate(sorted(weights), 1)]
    typos = ((variant, key) for key, word, _ in terms for variant in shortened(word))
    for table, columns, rows in ((TERMS, "id, term, level", iter(terms)), (TYPOS, "variant, term_id", typos)):
        while part := list(islice(rows, WRITTEN)):
            tables.insert(table, columns, part)


def _follow(late: list[tuple[int, int]]) -> None:
    """Bring what was written to the old index since this began into the new one, and drop what is gone."""
    for kind in SearchKind:
        there = SOURCES[kind].rows().filter(pk=OuterRef("object_id"))
        gone = SearchDocument.objects.filter(~Exists(there), kind=kind).values_list("object_id", flat=True)
        index(kind, [*(record for of_kind, record in late if of_kind == kind), *gone])
