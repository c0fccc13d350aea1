"""The same few calls for both databases."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from types import ModuleType

from django.db import connection, transaction

from catalogue.importers.bulk import postgresql, sqlite
from catalogue.importers.bulk.columns import Model
from catalogue.importers.bulk.sqlite import Row

Finish = Callable[[], None]


def _database() -> ModuleType:
    return sqlite if connection.vendor == "sqlite" else postgresql


@dataclass(frozen=True)
class Writer:
    """Fills the tables of ``bulk_writing``."""

    tables: Sequence[str]

    def write(self, model: Model, given: Sequence[str], rows: Iterable[Row]) -> int:
        """Insert rows of values in the order of the fields ``given``, as the database keeps them; return how many.

        Fields that are not given get the model's default. Raises IntegrityError, at the latest at the end.
        """
        with connection.wrap_database_errors:
            written: int = _database().write(model, given, rows)
        return written


@contextmanager
def bulk_writing(models: Iterable[Model], after: Finish = lambda: None) -> Iterator[Writer]:
    """One transaction in which the tables of ``models`` have no secondary indexes; all of it happens or nothing.

    At its end indexes and rules are made anew from what the database said of them before, so the schema is the one
    the migrations made, to the letter; every rule is verified, and ``after`` runs in the same transaction.
    """
    tables = [model._meta.db_table for model in models]
    database = _database()
    with database.session(), transaction.atomic():
        with database.prepared(tables):
            yield Writer(tables)
        database.verify(tables)
        database.analyze(tables)
        after()


def vacuum(models: Iterable[Model]) -> None:
    """After the transaction: what the database does for quick reads of new rows."""
    _database().vacuum([model._meta.db_table for model in models])
