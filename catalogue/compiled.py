"""Querysets whose SQL is written once: on hot pages Django takes longer to write a query than databases to answer it.

The SQL stays the ORM's own, for whichever database is at hand; only keys are put in.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeGuard, TypeVar

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS
from django.db.backends.utils import CursorWrapper
from django.db.models import BigIntegerField, Model, QuerySet
from django.db.models.query import get_related_populators
from django.urls import reverse

from catalogue.replicas import connection

M = TypeVar("M", bound=Model)
Build = Callable[[list[int]], QuerySet[Any, Any]]
_STAND_INS = 10**15  # no key is so large; behind it keys are numbered
_STEP = 8  # keys are filled up to a multiple of it, many to a power of two, so that there are few forms of a query
_MANY = 64


@dataclass(frozen=True, slots=True)
class _Query:
    """A query as text; ``places`` says which of the keys each of its parameters is."""

    sql: str
    own: str  # as the database's own driver writes it
    places: list[int]

    def rows(self, keys: Sequence[int]) -> list[tuple[Any, ...]]:
        sql, cursor = self._cursor()
        with cursor:
            cursor.execute(sql, [keys[place] for place in self.places])
            found: list[tuple[Any, ...]] = cursor.fetchall()
        return found

    def _cursor(self) -> tuple[str, CursorWrapper]:
        """A cursor and the query as it takes it: of PostgreSQL one that prepares its statement, of SQLite the driver's.

        To plan the lists of a movie takes PostgreSQL 4 ms, to find them 0.3; to put marks of its own into them takes
        Django half as long as SQLite takes to find them. All that differs between two of these queries is a key, so one
        plan and one text are right for all.
        """
        # The log of queries asks Django's own cursor what it sent.
        if connection.queries_logged:
            return self.sql, connection.cursor()
        if connection.vendor == "sqlite":
            connection.ensure_connection()
            return self.own, connection.make_cursor(connection.connection.cursor())
        if not settings.PREPARED_STATEMENTS:
            return self.sql, connection.cursor()
        from catalogue.prepared import prepared  # noqa: PLC0415 -- psycopg is not needed on SQLite

        return self.sql, prepared()


def rows(build: Build, keys: Sequence[int]) -> list[tuple[Any, ...]]:
    """The rows of ``build(keys)``, a queryset of ``values_list``: 1 query, none without keys.

    ``build`` is a function of a module, and uses its keys in ``__in`` or ``=`` alone; one larger than any is not found.
    """
    if not keys or max(keys) > BigIntegerField.MAX_BIGINT:
        return []
    filled = [*keys, *([keys[-1]] * (_places(len(keys)) - len(keys)))]
    return _query(build, len(filled), connection.vendor).rows(filled)


def _places(number: int) -> int:
    """So many keys a query has place for."""
    if number > _MANY:
        return int(1 << (number - 1).bit_length())
    return number + -number % _STEP if number > 1 else number


def records(build: Callable[[list[int]], QuerySet[M]], *keys: int) -> list[M]:
    """The records of ``build(keys)``, a queryset of a model with what it selects beside it: as rows().

    Django makes a third of a millisecond of work of such a query each time; this is what its ModelIterable does with
    the answer, prepared once.
    """
    found = rows(build, keys)
    if not found:
        return []
    make = _maker(build, connection.vendor)
    return [make(row) for row in found]


def path_of(name: str, *args: int | str) -> str:
    """The path of a page of ours: a hundred of them stand on a page of a movie, and each takes Django 20 µs to find.

    After a key nothing comes but a slug, which needs no quoting.
    """
    if args and isinstance(args[0], int):
        before, after = _around(name, len(args))
        return f"{before}{'/'.join(map(str, args))}{after}"
    return _path(name, *args)


@lru_cache(maxsize=4096)
def _path(name: str, *args: int | str) -> str:
    return reverse(name, args=args)


@lru_cache(maxsize=64)
def _around(name: str, number: int) -> tuple[str, str]:
    """What stands in an address before a key, and behind it or its slug."""
    before, _, after = reverse(name, args=[0, "-"][:number]).partition("0/-" if number > 1 else "0")
    return before, after


@lru_cache(maxsize=512)
def _query(build: Build, number: int, vendor: str) -> _Query:
    query = build(list(range(_STAND_INS, _STAND_INS + number))).query
    sql, parameters = query.get_compiler(connection=connection).as_sql()
    # What is the same each time stands in the text: binding two hundred parameters took longer than the answer.
    literals = [None if _is_key(value) else _literal(value) for value in parameters]
    text = sql.replace("%%", "%%%%") % tuple("%s" if text is None else text.replace("%", "%%") for text in literals)
    own = sql % tuple("?" if text is None else text for text in literals)
    return _Query(text, own, [value - _STAND_INS for value in parameters if _is_key(value)])


def _is_key(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and value >= _STAND_INS


def _literal(value: object) -> str:
    """A constant of our own code as SQL. Raises TypeError for what is neither text, number, truth nor null."""
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    if value is None or isinstance(value, bool):
        return {None: "NULL", True: "TRUE", False: "FALSE"}[value]
    if isinstance(value, int):
        return str(value)
    raise TypeError(f"{value!r} cannot be written into a query.")


@lru_cache(maxsize=64)
def _maker(build: Callable[[list[int]], QuerySet[M]], vendor: str) -> Callable[[tuple[Any, ...]], M]:
    """What makes a record of a row."""
    compiler: Any = build([_STAND_INS]).query.get_compiler(connection=connection)
    compiler.as_sql()  # fills in what is selected
    own = compiler.klass_info["select_fields"]
    first, last, model = own[0], own[-1] + 1, compiler.klass_info["model"]
    names = [column[0].target.attname for column in compiler.select[first:last]]
    # The stubs are those of a later Django, in which it takes one more.
    beside = get_related_populators(compiler.klass_info, compiler.select, DEFAULT_DB_ALIAS)  # type: ignore[call-arg]
    converters = list(compiler.get_converters([column[0] for column in compiler.select]).items())

    def make(row: tuple[Any, ...]) -> M:
        values = list(row)
        for place, (converts, expression) in converters:
            for convert in converts:
                values[place] = convert(values[place], expression, connection)
        record: M = model.from_db(DEFAULT_DB_ALIAS, names, values[first:last])
        for populator in beside:
            populator.populate(values, record)
        return record

    return make
