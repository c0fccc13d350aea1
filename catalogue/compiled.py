"""Querysets whose SQL is written once: on hot pages Django takes longer to write a query than databases to answer it.

The SQL stays the ORM's own, for whichever database is at hand; only keys are put in.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.urls import reverse

Build = Callable[[list[int]], QuerySet[Any, Any]]
_STAND_INS = 10**15  # no key is so large; behind it keys are numbered
_STEP = 8  # keys are filled up to a multiple of it by repeating one, so that there are few forms of a query


def rows(build: Build, keys: Sequence[int]) -> list[tuple[Any, ...]]:
    """The rows of ``build(keys)``, a queryset of ``values_list``: 1 query, none without keys.

    ``build`` is a function of a module, and uses its keys in ``__in`` or ``=`` alone.
    """
    if not keys:
        return []
    filled = [*keys, *([keys[-1]] * (-len(keys) % _STEP))] if len(keys) > 1 else list(keys)
    sql, parameters = _sql(build, len(filled), connection.vendor)
    with connection.cursor() as cursor:
        cursor.execute(sql, [filled[value - _STAND_INS] if is_key else value for value, is_key in parameters])
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


@lru_cache(maxsize=4096)
def path_of(name: str, *args: object) -> str:
    """The path of a page of ours: a hundred of them stand on a page of a movie, and each takes Django 20 µs to find."""
    return reverse(name, args=args)


@lru_cache(maxsize=512)
def _sql(build: Build, number: int, vendor: str) -> tuple[str, list[tuple[Any, bool]]]:
    query = build(list(range(_STAND_INS, _STAND_INS + number))).query
    sql, parameters = query.get_compiler(connection=connection).as_sql()
    return sql, [(value, isinstance(value, int) and value >= _STAND_INS) for value in parameters]
