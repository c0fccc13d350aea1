"""The history in words: fields by their names, people and movies by theirs, rows of lists as one line each."""

import difflib
import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import DateTimeField
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.timezone import localtime

from catalogue.curation.courses import field_of
from catalogue.curation.history import label_of
from catalogue.curation.snapshots import LOCKED, PROVENANCE, Key, Row, Rows, read_keys
from catalogue.curation.tables import KINDS, Table, extra, table
from catalogue.models import Change

MOST_WORDS = 3_000  # of a text that is compared word by word
QUIET = {"position", "source", "sourced_on", "created_at", "decided_by_id", "decided_at", "found_on"}
_NAMES = {field.name: str(field.verbose_name) for model in KINDS.values() for field in model._meta.fields}
Piece = tuple[str, str]  # "same", "gone" or "new", and the words


@dataclass(slots=True)
class FieldDiff:
    """What became of one field of a record. ``pieces``: both texts as one; ``gone`` and ``new``: rows of a list."""

    name: str
    label: str
    before: str = ""
    after: str = ""
    pieces: list[Piece] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    new: list[str] = field(default_factory=list)
    is_list: bool = False


@dataclass(slots=True)
class RecordDiff:
    """What became of one record in an edit: it came, it went, or fields of it changed."""

    about: str
    label: str
    verb: str
    fields: list[FieldDiff]

    @property
    def kind(self) -> str:
        return self.about.partition(":")[0]

    @property
    def key(self) -> str:
        return self.about.partition(":")[2]


class Words:
    """Names of all that some changes name: 1 query a table, 1 for rows that are gone and 1 for records."""

    def __init__(self, changes: Iterable[Change], rows: Rows | None = None) -> None:
        changes = list(changes)
        self.rows = rows or {}
        updated = {(change.table, change.row) for change in changes if change.before and change.after}
        self.rows = {**read_keys(updated - self.rows.keys()), **self.rows}
        self.rows |= _last(updated - self.rows.keys())
        wanted: dict[Any, set[Any]] = defaultdict(set)
        told = [(change.table, row) for change in changes for row in (change.before, change.after) if row]
        for name, row in [*told, *((name, row) for (name, _), row in self.rows.items())]:
            for column, model in table(name).links.items():
                if row.get(column) is not None:
                    wanted[model].add(row[column])
        for change in changes:
            kind, _, key = change.about.partition(":")
            if kind in KINDS:
                wanted[KINDS[kind]].add(KINDS[kind]._meta.pk.to_python(key))
        self.names = {(model, str(row.pk)): str(row) for model, keys in wanted.items() for row in _slim(model, keys)}
        self._find_gone({(model, str(key)) for model, keys in wanted.items() for key in keys} - self.names.keys())
        self.alike = Counter(self._plainly(about) for about in {change.about for change in changes})

    def _find_gone(self, missing: set[tuple[Any, str]]) -> None:
        kinds = {model: kind for kind, model in KINDS.items()}
        tables = {f"catalogue.{kinds[model]}": model for model, _ in missing if model in kinds}
        gone = Change.objects.filter(table__in=tables, row__in=[key for _, key in missing])
        for change in gone.filter(after__isnull=True).order_by("pk") if tables else ():
            model = tables[change.table]
            self.names[model, change.row] = label_of(kinds[model], change.before or {}, change.row)

    def name(self, model: Any, key: Any) -> str:
        """What a row is called."""
        return self.names.get((model, str(key)), f"{model._meta.verbose_name} {key}")

    def record(self, about: str) -> str:
        """What a record is called, by "movie:12"; with its number where two of the changes' records are called so."""
        name, key = self._plainly(about), about.partition(":")[2]
        return f"{name}, number {key}" if self.alike[name] > 1 else name

    def _plainly(self, about: str) -> str:
        kind, _, key = about.partition(":")
        return self.name(KINDS[kind], key) if kind in KINDS else about

    def value(self, of: Table, column: str, value: Any) -> str:
        """A column's value in words, "" for none."""
        if column.startswith(LOCKED):
            return "locked" if value else "open"
        if column.startswith(PROVENANCE):
            return str(value[0]) if value else "as the whole record"
        if value in (None, ""):
            return ""
        if column in of.links:
            return self.name(of.links[column], value)
        field = of.model._meta.get_field(column)
        if isinstance(value, bool):
            return "yes" if value else "no"
        if isinstance(field, DateTimeField):
            return date_format(localtime(datetime.fromisoformat(value)), "j F Y, H:i")
        choices = dict(field.flatchoices)
        return str(choices.get(value, value))

    def line(self, of: Table, row: Row) -> str:
        """A row of a list as one line: "Tatsuya Nakadai, as Hidetora, place 0"."""
        if of in extra():
            return self._guest(of, row)
        owners = {column for column, _ in of.owners}
        if of.section == "credits":
            return self._credit(of, row)
        told = [
            self.value(of, name, value) for name, value in row.items()
            if name not in owners | QUIET and value is not False
        ]  # fmt: skip
        return ", ".join(text for text in told if text)

    def _guest(self, of: Table, row: Row) -> str:
        """Whose it is and their rating: members' words are no matter of the desk."""
        by = self.value(of, "author_id", row.get("author_id")) if "author_id" in of.links else ""
        by = by or row.get("guest_name") or ""
        rating = f"{row['rating']}/10" if row.get("rating") else ""
        told = [f"{of.model._meta.verbose_name}{f' by {by}' if by else ''}", rating]
        return ", ".join(text for text in told if text)

    def _credit(self, of: Table, row: Row) -> str:
        person = self.name(of.links["person_id"], row["person_id"]) if row.get("person_id") else ""
        printed = row.get("credited_as") or ""
        name = f"{person} (as {printed})" if person and printed else person or printed
        part = f"as {row['character']}" if row.get("character") else row.get("job") or ""
        place = row.get("billing_order")
        more = ["voice" if row.get("is_voice") else "", "uncredited" if row.get("is_uncredited") else ""]
        where = self.value(of, "department", row.get("department"))
        told = [name, part, where, "" if place is None else f"place {place}", *more]
        return ", ".join(text for text in told if text)


def _last(keys: set[Key]) -> Rows:
    """What rows were that are gone, by the edits that deleted them."""
    if not keys:
        return {}
    gone = Change.objects.filter(table__in={name for name, _ in keys}, row__in={row for _, row in keys})
    found = {(one.table, one.row): one.before or {} for one in gone.filter(after__isnull=True).order_by("pk")}
    return {key: found[key] for key in keys & found.keys()}


def _slim(model: Any, keys: set[Any]) -> Any:
    names = {"title", "release_date", "name", "disambiguation", "kicker", "starts_on", "code", "headline", "rating",
             "kind", "digest", "movie"}  # fmt: skip
    fields = [each.name for each in model._meta.concrete_fields if each.name in names]
    rows = model._default_manager.filter(pk__in=keys)
    return rows.only(*fields) if model in KINDS.values() else rows


def diffs(changes: Iterable[Change], words: Words) -> list[RecordDiff]:
    """What some changes of one edit did, record by record and field by field, in words. No query."""
    by_record: dict[str, list[Change]] = defaultdict(list)
    for change in changes:
        if change.about:
            by_record[change.about].append(change)
    return [_record(about, rows, words) for about, rows in by_record.items()]


def _record(about: str, changes: list[Change], words: Words) -> RecordDiff:
    fields: dict[str, FieldDiff] = {}
    verb = "changed"
    for change in changes:
        of = table(change.table)
        if of.kind:
            verb = "created" if change.before is None else "deleted" if change.after is None else verb
            _columns(of, change, words, fields)
        else:
            _row(of, change, words, fields)
    for each in fields.values():
        _settle(each)
    shown = [each for each in fields.values() if each.before != each.after or each.gone or each.new]
    return RecordDiff(about, words.record(about), verb, shown)


def _columns(of: Table, change: Change, words: Words, fields: dict[str, FieldDiff]) -> None:
    before, after = change.before or {}, change.after or {}
    is_whole = not before or not after
    for column in {**before, **after}:
        if is_whole and (":" in column or column in QUIET):
            continue
        name = field_of(of, column)
        old, new = (words.value(of, column, row.get(column)) if row else "" for row in (before, after))
        if column.startswith((LOCKED, PROVENANCE)):
            if column.startswith(LOCKED):
                lock = fields.setdefault(f"lock of {name}", FieldDiff(name, f"Padlock of {label(name)}"))
                lock.before, lock.after = old, new
            continue
        found = fields.setdefault(name, FieldDiff(name, label(name)))
        found.before, found.after = old, new


def _row(of: Table, change: Change, words: Words, fields: dict[str, FieldDiff]) -> None:
    found = fields.setdefault(of.section, FieldDiff(of.section, label(of.section), is_list=True))
    if change.before is not None and change.after is not None:
        now = words.rows.get((change.table, change.row), {})
        before, after = {**now, **change.before}, {**now, **change.after}
    else:
        before, after = change.before or {}, change.after or {}
    found.gone += [words.line(of, before)] if before else []
    found.new += [words.line(of, after)] if after else []


def _settle(found: FieldDiff) -> None:
    """A row that went and came again is no difference; long texts are compared word by word."""
    gone, new = Counter(found.gone), Counter(found.new)
    found.gone, found.new = sorted((gone - new).elements()), sorted((new - gone).elements())
    if max(len(found.before), len(found.after)) > 60 and found.before and found.after:
        found.pieces = compare(found.before, found.after)


def compare(old: str, new: str) -> list[Piece]:
    """Both texts as one, word by word.

    >>> compare("an old man divides", "an old warlord divides")
    [('same', 'an old '), ('gone', 'man'), ('new', 'warlord'), ('same', ' divides')]
    """
    a, b = re.split(r"(\s+)", old), re.split(r"(\s+)", new)
    if len(a) + len(b) > 2 * MOST_WORDS:
        return [("gone", old), ("new", new)]
    pieces: list[Piece] = []
    for tag, a1, a2, b1, b2 in difflib.SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if tag == "equal":
            pieces.append(("same", "".join(a[a1:a2])))
            continue
        pieces += [(kind, text) for kind, text in (("gone", "".join(a[a1:a2])), ("new", "".join(b[b1:b2]))) if text]
    return pieces


def label(name: str) -> str:
    """A field's name as the forms print it: "Original title", "Running time", "IMDb id"."""
    return str(capfirst(_NAMES.get(name) or name.replace("_", " ")))


__all__ = ["FieldDiff", "Key", "RecordDiff", "Words", "compare", "diffs", "label"]
