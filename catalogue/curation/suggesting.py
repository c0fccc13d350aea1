"""Corrections that members suggest: kept for an editor, taken or left field by field, written like any other edit.

A trusted member's are written at once.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from catalogue.curation.corrections import CORRECTIONS
from catalogue.curation.following import follow
from catalogue.curation.history import recording
from catalogue.curation.locks import LOCKABLE, lock_fields
from catalogue.curation.tables import KINDS
from catalogue.curation.wording import Piece, compare, label
from catalogue.guests import TOLD_OF_SUGGESTIONS
from catalogue.models import Edit, Redirect, Suggestion
from catalogue.models.redirect import KEY
from catalogue.vocabulary import EditKind, SuggestionState

CREDITS = "credits"
SHORT = 60  # characters of a text that is not compared word by word


@transaction.atomic
def suggest(kind: str, record: Any, by: Any, changes: dict[str, list[str]], words: dict[str, str]) -> Suggestion:
    """Keep a suggestion, or find the open one that says the same. ``words``: credits, source, comment.

    Raises ValidationError when a trusted member's cannot be written.
    """
    said = json.dumps([kind, record.pk, changes, words], sort_keys=True)
    digest = hashlib.sha256(said.encode()).hexdigest()
    made = {"record_kind": kind, "record_id": record.pk, "label": str(record)[:200], "changes": changes, **words}
    suggestion, is_new = Suggestion.objects.get_or_create(
        made_by=by, digest=digest, state=SuggestionState.OPEN, defaults=made
    )
    if is_new and by.is_trusted and not suggestion.credits:
        decide(suggestion, suggestion.parts, by)
    return suggestion


def withdraw(suggestion: Suggestion) -> bool:
    """Take an open suggestion back; False when it is decided already."""
    mine = Suggestion.objects.filter(pk=suggestion.pk, state=SuggestionState.OPEN)
    return bool(mine.update(state=SuggestionState.WITHDRAWN, decided_at=timezone.now()))


@transaction.atomic
def decide(suggestion: Suggestion, taken: Iterable[str], by: Any, reason: str = "") -> None:
    """Write the parts that are taken, say why the others are not, and tell the member.

    Raises ValidationError, and writes nothing: it is decided already, a reason is missing, the record is gone, or a
    value does not fit any more.
    """
    row = Suggestion.objects.select_for_update().get(pk=suggestion.pk)
    if row.state != SuggestionState.OPEN:
        raise ValidationError("Somebody has decided about it already.")
    wanted = set(taken)
    row.taken = [name for name in row.parts if name in wanted]
    row.state = _state(row)
    row.decided_by, row.decided_at, row.reason = by, timezone.now(), reason.strip()[:500]
    if row.state != SuggestionState.ACCEPTED and not row.reason:
        raise ValidationError("Say why not: the member reads it.")
    if fields := [name for name in row.taken if name != CREDITS]:
        row.edit = _write(row, fields, by)
    row.save()
    suggestion.refresh_from_db()
    if row.made_by_id != by.pk:
        for tell in TOLD_OF_SUGGESTIONS:
            tell(suggestion)


def _state(row: Suggestion) -> SuggestionState:
    if not row.taken:
        return SuggestionState.REJECTED
    return SuggestionState.ACCEPTED if row.taken == row.parts else SuggestionState.PARTLY


def _write(row: Suggestion, fields: list[str], by: Any) -> Edit | None:
    record = record_of(row)
    if record is None:
        raise ValidationError("The record is not there any more.")
    who = f"Suggested by {row.made_by.get_username()}. " if row.made_by and row.made_by_id != by.pk else ""
    with recording(EditKind.SUGGESTION, by, f"{who}Source: {row.source}") as edit:
        edit.watch(row.record_kind, [record.pk])
        record.refresh_from_db()  # locked from here on
        form = CORRECTIONS[row.record_kind]({name: row.changes[name][1] for name in fields}, instance=record)
        if not form.is_valid():
            raise ValidationError([f"{label(name)}: {text}" for name, texts in form.errors.items() for text in texts])
        changed = set(form.changed_data)
        _save(form, changed)
        lock_fields(record, changed & LOCKABLE[type(record)])
    if edit.edit:
        follow(edit.edit.changes.all())
    return edit.edit


def _save(form: Any, changed: set[str]) -> None:
    record = form.save(commit=False)
    record.derive()
    columns = {column.name for column in record._meta.concrete_fields}
    derived = {"sort_title", "sort_name", "slug", "updated_at"}
    try:
        with transaction.atomic():
            record.save(update_fields=columns & (changed | derived))
    except IntegrityError as error:  # somebody else has just been given the same id
        raise ValidationError("A value is taken by another record.") from error
    for name in changed - columns:
        getattr(record, name).set(form.cleaned_data[name])


def record_of(row: Suggestion) -> Any:
    """The record that a suggestion is about, or that it was merged into; None when it is gone."""
    model: Any = KINDS[row.record_kind]
    record = model._default_manager.filter(pk=row.record_id).first()
    if record:
        return record
    moved = Redirect.objects.filter(kind=row.record_kind, name=KEY, value=str(row.record_id)).values("target")
    return model._default_manager.filter(pk__in=moved).first()


@dataclass(slots=True)
class Proposal:
    """One change of a suggestion as an editor judges it."""

    name: str
    label: str
    was: str  # when it was suggested
    now: str  # of one that is decided: as ``was``
    new: str
    pieces: list[Piece] = field(default_factory=list)  # now and new, word by word
    errors: list[str] = field(default_factory=list)

    @property
    def is_outdated(self) -> bool:
        """Whether somebody has written the field since."""
        return self.was != self.now


def proposals(row: Suggestion, record: Any) -> list[Proposal]:
    """The changes against what the record holds now; once decided, against what it held when they were suggested."""
    form = CORRECTIONS[row.record_kind]({name: new for name, (_, new) in row.changes.items()}, instance=record)
    is_open = row.state == SuggestionState.OPEN
    found = []
    for name, (was, new) in row.changes.items():
        now = form.now[name] if is_open else was
        pieces = compare(now, new) if now and new and max(len(now), len(new)) > SHORT else []
        errors = [str(text) for text in form.errors.get(name, [])] if is_open else []
        found.append(Proposal(name, label(name), was, now, new, pieces, errors))
    return found
