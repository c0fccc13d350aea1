"""Rows of the catalogue as the history keeps them: read before and after an edit, compared, and written back.

Locks and provenance are kept a value a field ("locked:synopsis"), so that two edits of two fields do not meet in them.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Q

from catalogue.curation.tables import Scope, Table, plain, table

Row = dict[str, Any]
Key = tuple[str, str]  # table and row
Rows = dict[Key, Row]
BATCH = 5000
LOCKED, PROVENANCE = "locked:", "provenance:"


def read(scope: Scope) -> Rows:
    """The rows of a scope: 1 query a table."""
    found: Rows = {}
    for name, lookups in scope.items():
        wanted = Q()
        for column, keys in lookups.items():
            wanted |= Q(**{f"{column}__in": list(keys)})
        found |= read_where(table(name), wanted)
    return found


def read_keys(keys: Iterable[Key]) -> Rows:
    """These rows, as far as they are there: 1 query a table and ``BATCH`` rows."""
    by_table: dict[str, list[str]] = defaultdict(list)
    for name, key in keys:
        by_table[name].append(key)
    found: Rows = {}
    for name, rows in by_table.items():
        for start in range(0, len(rows), BATCH):
            found |= read_where(table(name), Q(pk__in=rows[start : start + BATCH]))
    return found


def read_where(of: Table, wanted: Q) -> Rows:
    """The rows of one table: 1 query."""
    columns = [field.attname for field in of.fields]
    rows = of.rows().filter(wanted).values_list("pk", *columns)
    return {(of.name, str(key)): _open(dict(zip(columns, map(plain, cells), strict=True))) for key, *cells in rows}


def _open(row: Row) -> Row:
    if "provenance" not in row:
        return row
    provenance, locked = row.pop("provenance"), row.pop("locked_fields")
    row |= {f"{PROVENANCE}{name}": value for name, value in provenance.items()}
    return row | {f"{LOCKED}{name}": True for name in locked}


def difference(
    before: Rows, after: Rows, ignored: frozenset[str] = frozenset()
) -> dict[Key, tuple[Row | None, Row | None]]:
    """What changed: of a row that stayed the columns that differ, of one that came or went all of it.

    Columns that are ``ignored`` do not count in rows that stayed.

    >>> difference({("t", "1"): {"a": 1, "b": 2}, ("t", "2"): {"a": 3}}, {("t", "1"): {"a": 1, "b": 4}})
    {('t', '1'): ({'b': 2}, {'b': 4}), ('t', '2'): ({'a': 3}, None)}
    """
    found: dict[Key, tuple[Row | None, Row | None]] = {}
    for key in [*before, *(key for key in after if key not in before)]:
        old, new = before.get(key), after.get(key)
        if old is None or new is None:
            found[key] = old, new
        elif columns := [name for name in {**old, **new} if old.get(name) != new.get(name) and name not in ignored]:
            found[key] = {name: old.get(name) for name in columns}, {name: new.get(name) for name in columns}
    return found


def change_row(record: Any, of: Table, values: Mapping[str, Any]) -> set[str]:
    """Set columns of a loaded row to what a snapshot says; return the names of the fields to save."""
    fields = {field.attname: field for field in of.fields}
    changed = set()
    for name, value in values.items():
        if name in fields:
            setattr(record, name, fields[name].to_python(value))
            changed.add(fields[name].name)
        elif name.startswith(LOCKED):
            locked = set(record.locked_fields) - {name.removeprefix(LOCKED)}
            record.locked_fields = sorted(locked | ({name.removeprefix(LOCKED)} if value else set()))
            changed.add("locked_fields")
        elif name.startswith(PROVENANCE):
            others = {key: one for key, one in record.provenance.items() if key != name.removeprefix(PROVENANCE)}
            record.provenance = {**others, **({name.removeprefix(PROVENANCE): value} if value else {})}
            changed.add("provenance")
    return changed
