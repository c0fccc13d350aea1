"""What an import changes of records that were there, in the history: docs/decisions/0018."""

from collections.abc import Iterator
from contextlib import contextmanager

from catalogue.curation.history import recording
from catalogue.curation.snapshots import PROVENANCE
from catalogue.curation.tables import Scope
from catalogue.importers.plan import CREATED, UPDATED, Plan
from catalogue.importers.records import MovieRecord
from catalogue.importers.wanted import kind_of
from catalogue.models import Edit, ExternalId, ImportRun
from catalogue.vocabulary import EditKind

MOST = 100  # records of one edit: it is undone in one transaction, for which SQLite has all others wait
# What other places count day by day is a reading, no edit.
READINGS = "external_ratings"


@contextmanager
def recorded(run: ImportRun, plans: list[Plan]) -> Iterator[None]:
    """Keep what is written inside, as a part of the run's last edit while that is small, else as a new one.

    1 query, 2 a table that is written and 2 more for what changed; none where nothing that was there is changed.
    """
    scope = _scope(plans)
    if not scope:
        yield
        return
    last = Edit.objects.filter(run=run, made_at__gte=run.going_since, undone_by=None).order_by("-pk").first()
    part_of = last if last and last.records < MOST else None
    ignored = frozenset({f"{PROVENANCE}{READINGS}"})
    with recording(EditKind.IMPORT, run.started_by, run.label, part_of=part_of, run=run, ignored=ignored) as edit:
        edit.records = [(kind_of(plan.record).record, plan.key) for plan in plans if plan.key]
        edit.watch_rows(scope)
        yield


def _scope(plans: list[Plan]) -> Scope:
    """The rows that these plans write of records that are there."""
    scope: Scope = {}

    def add(table: str, column: str, plan: Plan) -> None:
        scope.setdefault(table, {}).setdefault(column, set()).add(plan.key)

    for plan in (plan for plan in plans if plan.key):
        kind, names = kind_of(plan.record), {change.field for change in plan.changes} - {READINGS}
        ids = isinstance(plan.record, MovieRecord) and plan.record.external_ids
        if (plan.outcome == UPDATED and names) or (ids and plan.outcome != CREATED):
            add(kind.model._meta.label_lower, "pk", plan)
        if plan.outcome == UPDATED:
            for section in (kind.sections[name] for name in names & kind.sections.keys()):
                add(section.model._meta.label_lower, section.owner, plan)
        if ids and plan.outcome != CREATED:
            add(ExternalId._meta.label_lower, "movie_id", plan)
    return scope
