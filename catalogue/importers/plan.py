"""What a batch of records would do, field by field. Reads the catalogue, and makes people and studios when it may."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from catalogue.importers.former import silence
from catalogue.importers.matching import Match, match_batch
from catalogue.importers.people import Finder
from catalogue.importers.records import Mended, MovieRecord, PersonRecord, Record
from catalogue.importers.rules import EMPTY, Standing, Verdict, decide
from catalogue.importers.seen import keys_of
from catalogue.importers.state import IDS, MOVIES, PEOPLE, Kind, State, Values
from catalogue.importers.wanted import Codes, Wanted, kind_of, said
from catalogue.models import Movie, Person

CREATED, UPDATED, UNCHANGED, SKIPPED, REJECTED = "created", "updated", "unchanged", "skipped", "rejected"


@dataclass(frozen=True, slots=True)
class Change:
    """One field's old and new value, in their canonical form."""

    field: str
    old: Any
    new: Any


@dataclass(slots=True)
class Plan:
    """What becomes of one record. ``reason`` says why it is skipped or rejected."""

    record: Record
    outcome: str = UNCHANGED
    key: int | None = None
    state: State = field(default_factory=lambda: State(None))
    changes: list[Change] = field(default_factory=list)
    disagreements: list[Change] = field(default_factory=list)
    agreed: list[str] = field(default_factory=list)  # fields in which the source no longer disagrees
    question: Match | None = None
    reason: str = ""

    @property
    def name(self) -> str:
        """The record as a plan prints it."""
        title = self.record.title if isinstance(self.record, MovieRecord) else self.record.name
        return str(title if isinstance(title, str) and title else keys_of(self.record)[0])


@dataclass(slots=True)
class Planner:
    """Plans batches for one source. ``write`` False: nothing is made, and movies planned before are remembered.

    ``only``: CREATED skips what the catalogue had before ``since``, UPDATED what it has not.
    """

    standing: Standing
    today: Any
    write: bool
    only: str = ""
    since: datetime | None = None
    codes: Codes = field(default_factory=Codes)
    planned: dict[str, State] = field(default_factory=dict)
    finder: Finder | None = None

    def plan(self, records: list[Record]) -> list[Plan]:
        """The plans of a batch in its order; the rows they are about stay locked when ``write``."""
        plans = [Plan(record) for record in records]
        self.finder = Finder(self.standing.source, self.today, self.write)
        self._people([plan for plan in plans if isinstance(plan.record, PersonRecord)])
        self._movies([plan for plan in plans if isinstance(plan.record, MovieRecord)])
        return plans

    def _movies(self, plans: list[Plan]) -> None:
        records: list[MovieRecord] = [plan.record for plan in plans if isinstance(plan.record, MovieRecord)]
        for plan, found in zip(plans, match_batch(self.standing.source, records), strict=True):
            self._place(plan, found)
        self._choose(MOVIES, plans)
        mine = [plan for plan in plans if plan.outcome == UNCHANGED and plan.question is None]
        self._prepare(mine)
        names = {name for plan in mine for name in said(plan.record)} | {"credits"}
        states = MOVIES.load({plan.key for plan in mine if plan.key}, names, lock=self.write)
        self._compare(mine, states)

    def _place(self, plan: Plan, found: Match) -> None:
        plan.key = found.movie
        known = next((self.planned[key] for key in keys_of(plan.record) if key in self.planned), None)
        if found.movie or (known and not found.candidates):
            return
        if found.candidates:
            plan.outcome, plan.question, plan.reason = SKIPPED, found, found.reason
        elif not found.wanted:
            plan.outcome = SKIPPED if found.reason else REJECTED
            plan.reason = found.reason or "The catalogue has no such movie, and there is no title to make one of."

    def _prepare(self, plans: list[Plan]) -> None:
        assert self.finder
        records = [plan.record for plan in plans if isinstance(plan.record, MovieRecord)]
        credits = [credit for record in records if isinstance(record.credits, list) for credit in record.credits]
        self.finder.prepare(credit.person for credit in credits if credit.person)
        self.finder.prepare_studios(
            studio for record in records if isinstance(record.studios, list) for studio in record.studios
        )

    def _people(self, plans: list[Plan]) -> None:
        assert self.finder
        records = [plan.record for plan in plans if isinstance(plan.record, PersonRecord)]
        self.finder.prepare(records)
        for plan, record in zip(plans, records, strict=True):
            ids = [self.finder.by_id.get((name, getattr(record, name))) for name in IDS if getattr(record, name)]
            named = self.finder.by_name[record.name, record.disambiguation] if not ids else []
            keys = [*ids, *(key for key, has_id in named if not has_id)]
            plan.key = next((key for key in keys if isinstance(key, int)), None)
            silence(record, self.finder.former)
            if plan.key is None and not record.name and not any(key in self.planned for key in keys_of(record)):
                plan.outcome, plan.reason = REJECTED, "Nobody here has this id, and the row has no name."
        self._choose(PEOPLE, plans)
        mine = [plan for plan in plans if plan.outcome == UNCHANGED]
        names = {name for plan in mine for name in said(plan.record)}
        self._compare(mine, PEOPLE.load({plan.key for plan in mine if plan.key}, names, lock=self.write))

    def _choose(self, kind: Kind, plans: list[Plan]) -> None:
        """Skip what is not chosen, before anybody is made for its credits. 1 query, if there is a choice."""
        if not self.only:
            return
        keys = [plan.key for plan in plans if plan.key]
        fresh = set(kind.model.objects.filter(pk__in=keys, created_at__gte=self.since).values_list("pk", flat=True))
        for plan in plans:
            is_new = plan.key is None or plan.key in fresh
            if plan.outcome == UNCHANGED and plan.question is None and is_new != (self.only == CREATED):
                plan.outcome, plan.key = SKIPPED, None
                plan.reason = "new, not chosen" if is_new else "known, not chosen"

    def _compare(self, plans: list[Plan], states: dict[int, State]) -> None:
        assert self.finder
        wanted = Wanted(self.finder, self.codes)
        for plan in plans:
            if plan.key and plan.key not in states:
                plan.key = None  # deleted since it was found
            known = next((self.planned[key] for key in keys_of(plan.record) if key in self.planned), None)
            plan.state = states[plan.key] if plan.key else known or State(None)
            values = self._sound(plan, wanted.of(plan.record, said(plan.record), plan.state))
            if plan.key:
                self._judge(plan, values)
            else:
                plan.outcome = UPDATED if known else CREATED
                plan.changes = [Change(name, None, value) for name, value in values.items() if value not in EMPTY]
            for change in plan.changes:
                plan.state.values[change.field] = change.new  # a later row of the batch may be about it too
            if not self.write and not plan.key:
                self.planned |= dict.fromkeys(keys_of(plan.record), plan.state)

    def _judge(self, plan: Plan, values: Values) -> None:
        row: Movie | Person = plan.state.row
        for name, theirs in values.items():
            ours = plan.state.values.get(name)
            owner = row.source_of(name)[0]
            verdict = decide(ours, theirs, owner=owner, is_locked=row.is_locked(name), standing=self.standing)
            if verdict is Verdict.WRITE:
                plan.changes.append(Change(name, ours, theirs))
            elif verdict is Verdict.DISAGREE:
                plan.disagreements.append(Change(name, ours, theirs))
            elif verdict is Verdict.SAME:
                plan.agreed.append(name)
        plan.outcome = UPDATED if plan.changes else UNCHANGED

    def _sound(self, plan: Plan, values: Values) -> Values:
        """Without what the table would refuse beside what is there: an empty title, a death before the birth."""
        kind = kind_of(plan.record)
        for name in ("title", "name"):
            if name in kind.columns and name in values and not values[name]:
                del values[name]
        born = values.get("born_on", plan.state.values.get("born_on"))
        died = values.get("died_on", plan.state.values.get("died_on"))
        if born and died and died[:4] < born[:4]:
            values.pop("died_on", None)
            values.pop("born_on", None)
            plan.record.mended.append(Mended(plan.record.origin, "died_on", f"{died}, before the birth {born}"))
        return values
