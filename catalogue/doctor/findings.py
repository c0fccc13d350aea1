"""What a check finds, and the checks there are."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.db import connection


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong, as a sentence, and what to do about it."""

    problem: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Options:
    """What the operator asked for besides."""

    url: str = ""
    mail: str = ""


Check = Callable[[Options], Iterator[Finding]]
CHECKS: list[Check] = []


def check(function: Check) -> Check:
    """Have the doctor run this; its docstring's first line says what is looked at."""
    CHECKS.append(function)
    return function


def one(sql: str) -> tuple[object, ...]:
    """The first row of an answer."""
    with connection.cursor() as cursor:
        cursor.execute(sql)
        row: tuple[object, ...] = cursor.fetchone()
    return row
