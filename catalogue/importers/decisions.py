"""What editors decide about imports: disagreements and doubtful matches.

Each function is one transaction, and False where somebody else has decided before: then nothing is written.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction
from django.utils import timezone

from catalogue.curation.history import recording
from catalogue.curation.locks import lock_fields
from catalogue.importers.codec import decode
from catalogue.importers.people import Finder
from catalogue.importers.plan import UPDATED, Change, Plan, Planner
from catalogue.importers.records import MovieRecord, Origin, PersonRecord
from catalogue.importers.rules import Standing
from catalogue.importers.state import MOVIES, PEOPLE
from catalogue.importers.writing import Writer
from catalogue.models import Disagreement, MatchQuestion, Source
from catalogue.vocabulary import Answer, EditKind

DECISION = Origin("an editor's decision")


@contextmanager
def _recorded(row: Disagreement, by: Any, reason: str) -> Iterator[None]:
    """The transaction of a decision, as an edit of the record it is about."""
    with recording(EditKind.DECISION, by, reason) as edit:
        edit.watch(*(("movie", [row.movie_id]) if row.movie_id else ("person", [row.person_id])))
        yield


def _is_open(row: Disagreement | MatchQuestion) -> bool:
    """Lock the row; whether it still waits for a decision."""
    rows: Any = type(row)._default_manager
    return rows.select_for_update().filter(pk=row.pk, state=Answer.OPEN).first() is not None


@transaction.atomic
def keep(row: Disagreement, by: Any, reason: str = "") -> bool:
    """Ours stands; the source may repeat itself without being heard."""
    if not _is_open(row):
        return False
    with _recorded(row, by, reason):
        _decide(row, Answer.KEPT, by, reason)
    return True


@transaction.atomic
def take(row: Disagreement, by: Any, reason: str = "") -> bool:
    """Theirs is written, and the field follows that source from now on."""
    if not _is_open(row):
        return False
    with _recorded(row, by, reason):
        _take(row)
        _decide(row, Answer.TAKEN, by, reason)
    return True


def _take(row: Disagreement) -> None:
    kind, key = (MOVIES, row.movie_id) if row.movie_id else (PEOPLE, row.person_id)
    assert key
    state = kind.load([key], [row.field], lock=True)[key]
    lock_fields(state.row, [], [row.field])
    record = MovieRecord(DECISION) if row.movie_id else PersonRecord(DECISION)
    change = Change(row.field, state.values.get(row.field), row.theirs)
    today = timezone.now().date()
    plan = Plan(record, UPDATED, key, state, [change])
    Writer(row.source, today, publish=False).write([plan], Finder(row.source, today, write=True))


@transaction.atomic
def unlock(row: Disagreement, by: Any, reason: str = "") -> bool:
    """The field is open to every source; what they say comes with their next import."""
    if not _is_open(row):
        return False
    record = row.movie or row.person
    assert record
    with _recorded(row, by, reason):
        lock_fields(record, [], [row.field])
        row.delete()
    return True


def _decide(row: Disagreement, state: Answer, by: Any, reason: str) -> None:
    row.state, row.decided_by, row.decided_at, row.reason = state, by, timezone.now(), reason[:200]
    row.save()


@transaction.atomic
def answer(question: MatchQuestion, state: Answer, by: Any, movie: int | None = None, *, publish: bool = True) -> bool:
    """Say that the record is ``movie`` (SAME), another one (NEW) or not wanted (SKIPPED), and write what follows."""
    if not _is_open(question):
        return False
    question.state, question.decided_by, question.answer_id = state, by, movie
    question.save()
    if state == Answer.SKIPPED:
        return True
    with recording(EditKind.DECISION, by) as edit:
        if state == Answer.SAME:
            edit.watch("movie", [movie])
        _write(question, publish)
    question.save()
    return True


def _write(question: MatchQuestion, publish: bool) -> None:
    standing = Standing(question.source, dict(Source.objects.values_list("code", "rank")))
    planner = Planner(standing, timezone.now().date(), write=True)
    plans = planner.plan([decode(question.record)])
    assert planner.finder
    Writer(question.source, planner.today, publish).write(plans, planner.finder)
    question.answer_id = plans[0].key
