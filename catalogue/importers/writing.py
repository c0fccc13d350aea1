"""Writes what a plan says, and what follows from it: in one transaction, so that nothing is ever half done."""

from collections.abc import Iterable
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any

from catalogue.curation.derive import refresh_movies, refresh_people, refresh_votes
from catalogue.dates import PartialDate
from catalogue.importers.codec import encode
from catalogue.importers.matching import question_key
from catalogue.importers.partial import filled_groups, mark
from catalogue.importers.people import Finder
from catalogue.importers.plan import CREATED, UPDATED, Change, Plan
from catalogue.importers.recorded import recorded
from catalogue.importers.records import MovieRecord
from catalogue.importers.state import MOVIES, PEOPLE, Kind
from catalogue.importers.wanted import kind_of
from catalogue.models import Disagreement, ExternalId, ImportRun, MatchQuestion, Movie, Person
from catalogue.search.index import index_people, index_studios
from catalogue.vocabulary import Answer

DATES = {"release_date", "born_on", "died_on"}


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes batches of one source. ``publish``: new movies are seen by visitors at once.

    ``run``: whose changes of what was there are kept in the history; without one that is the caller's.
    """

    source: str
    today: Any
    publish: bool
    run: ImportRun | None = None

    def write(self, plans: list[Plan], finder: Finder) -> None:
        """Write a batch; the caller has a transaction open."""
        with recorded(self.run, plans) if self.run else nullcontext():
            self._write(plans, finder)

    def _write(self, plans: list[Plan], finder: Finder) -> None:
        people = {person.pk for person in finder.made}
        for kind in (PEOPLE, MOVIES):
            mine = [plan for plan in plans if kind_of(plan.record) is kind]
            changed = [plan for plan in mine if plan.outcome in (CREATED, UPDATED)]
            people |= self._credited(changed)
            self._create(kind, [plan for plan in changed if plan.key is None])
            self._columns(kind, changed)
            self._sections(kind, changed)
            people |= self._credited(changed)
            self._disagreements(kind, mine)
            self._follow(kind, changed)
        self._external_ids(plans)
        self._questions(plans)
        index_studios(finder.made_studios)
        refresh_people(people - {None})

    def _create(self, kind: Kind, plans: list[Plan]) -> None:
        """Rows of their ids, titles and provenance; the columns follow with those of the others."""
        for plan in plans:
            extra = {"is_published": self.publish} if kind is MOVIES else {"disambiguation": plan.record.disambiguation}  # type: ignore[union-attr]
            row = kind.model(source=self.source, sourced_on=self.today, **extra)
            for change in plan.changes:
                if change.field in kind.columns:
                    _set(kind, row, change)
            row.save()
            plan.key, plan.state.row = row.pk, row

    def _columns(self, kind: Kind, plans: list[Plan]) -> None:
        for plan in (plan for plan in plans if plan.outcome == UPDATED):
            row, names = plan.state.row, {"provenance", "updated_at"}
            for change in plan.changes:
                row.provenance |= {name: [self.source, str(self.today)] for name in _marks(plan, change)}
                if change.field in kind.columns:
                    _set(kind, row, change)
                    names.add(
                        kind.attribute(change.field).removesuffix("_id")
                        if change.field == "original_language"
                        else change.field
                    )
            row.derive()
            row.save(update_fields=names | ({"sort_title", "slug"} if kind is MOVIES else {"sort_name", "slug"}))

    def _sections(self, kind: Kind, plans: list[Plan]) -> None:
        for name, section in kind.sections.items():
            lists = {
                plan.key: change.new for plan in plans if plan.key for change in plan.changes if change.field == name
            }
            if lists:
                section.write(lists)

    def _credited(self, plans: Iterable[Plan]) -> set[Any]:
        """Who is in the credits that change, before and after."""
        changes = [change for plan in plans for change in plan.changes if change.field == "credits"]
        return {row[0] for change in changes for row in [*(change.old or []), *change.new]}

    def _follow(self, kind: Kind, plans: list[Plan]) -> None:
        keys = [plan.key for plan in plans if plan.key]
        if kind is MOVIES:
            refresh_votes(plan.key for plan in plans if plan.key and _changes(plan, "external_ratings"))
            refresh_movies(keys)
            return
        index_people(keys)
        renamed = [plan.key for plan in plans if plan.outcome == UPDATED and _changes(plan, "name")]
        refresh_movies(Movie.objects.filter(credits__person__in=renamed).values_list("pk", flat=True).distinct())

    def _external_ids(self, plans: list[Plan]) -> None:
        ExternalId.objects.bulk_create(
            (
                ExternalId(movie_id=plan.key, source=source, value=value)
                for plan in plans
                if plan.key and isinstance(plan.record, MovieRecord)
                for source, value in plan.record.external_ids.items()
            ),
            ignore_conflicts=True,
        )

    def _disagreements(self, kind: Kind, plans: list[Plan]) -> None:
        """One row a record and field; one that an editor decided stays decided until the source says something new."""
        of = {plan.key: plan for plan in plans if plan.key and (plan.disagreements or plan.agreed)}
        rows = Disagreement.objects.filter(**{f"{kind.record}__in": list(of)}, source=self.source)
        known = {(getattr(row, f"{kind.record}_id"), row.field): row for row in rows}
        for (key, name), row in known.items():
            if row.state == Answer.OPEN and name in of[key].agreed:
                row.delete()
        for key, plan in of.items():
            for change in plan.disagreements:
                self._disagree(kind, key, change, known.get((key, change.field)))

    def _disagree(self, kind: Kind, key: int, change: Change, known: Disagreement | None) -> None:
        if known and known.theirs == change.new:
            return
        row = known or Disagreement(field=change.field, source=self.source, **{f"{kind.record}_id": key})
        row.ours, row.theirs, row.state, row.reason = change.old, change.new, Answer.OPEN, ""
        row.save()

    def _questions(self, plans: list[Plan]) -> None:
        for plan in plans:
            if plan.question and isinstance(plan.record, MovieRecord):
                question, is_new = MatchQuestion.objects.get_or_create(
                    source=self.source,
                    key=question_key(plan.record),
                    defaults={"title": plan.name[:500], "record": encode(plan.record), "reason": plan.question.reason},
                )
                if is_new:
                    question.candidates.set(plan.question.candidates)


def _changes(plan: Plan, name: str) -> bool:
    return any(change.field == name for change in plan.changes)


def _marks(plan: Plan, change: Change) -> list[str]:
    """What provenance says of a change: the field; of credits the groups, too, where a source knows some alone."""
    is_credits = change.field == "credits" and isinstance(plan.record, MovieRecord)
    return [change.field, *(map(mark, filled_groups(plan.record)) if is_credits else ())]  # type: ignore[arg-type]


def _set(kind: Kind, row: Movie | Person, change: Change) -> None:
    value = change.new
    if change.field in DATES and value:
        value = PartialDate.parse(value)
    if value is None and row._meta.get_field(change.field).null is False:
        value = ""
    setattr(row, kind.attribute(change.field), value)
