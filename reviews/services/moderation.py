"""What moderators decide, what members report, and how either is undone."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from catalogue.observe import audit
from reviews import mail
from reviews.models import Action, Decision, HeldFor, Member, Outcome, Report, Review, ReviewState
from reviews.services.ratings import Share, move

STATES = {
    Action.APPROVE: ReviewState.PUBLISHED,
    Action.HIDE: ReviewState.HIDDEN,
    Action.RETURN: ReviewState.RETURNED,
    Action.REMOVE: ReviewState.REMOVED,
}
# Of a review; the others are about its author.
REVIEW_ACTIONS = (*STATES, Action.MARK_SPOILERS, Action.DISMISS)
MEMBER_ACTIONS = (Action.WARN, Action.SUSPEND, Action.LIFT)
SUSPENSION_DAYS = 30


@dataclass(frozen=True, slots=True)
class Verdict:
    """Who decides what, and why. The reason is required and reaches the author."""

    moderator: Member
    action: Action
    reason: str
    batch: str = field(default_factory=lambda: uuid4().hex)


@transaction.atomic
def decide(reviews: Iterable[Review], verdict: Verdict) -> int:
    """Apply a verdict to reviews, each logged, its reports settled and its author told; return how many it changed.

    Raises ValidationError without a reason. What is in the state already is only logged when reports were open. Left
    out are moderators' own reviews and what a guest has not confirmed.
    """
    _require(verdict, REVIEW_ACTIONS)
    keys = [review.pk for review in reviews]
    changed = 0
    reviews = Review.objects.exclude(state=ReviewState.UNCONFIRMED).filter(pk__in=keys)
    for review in reviews.select_for_update(of=("self",)).order_by("pk"):
        if review.author_id != verdict.moderator.pk or verdict.moderator.is_superuser:
            changed += _apply(review, verdict)
    return changed


def _apply(review: Review, verdict: Verdict) -> bool:
    share, before = Share(review), _columns(review)
    if state := STATES.get(verdict.action):
        review.state, review.held_for = state, HeldFor.NONE
    elif verdict.action == Action.MARK_SPOILERS:
        review.has_spoilers = True
    after = _columns(review)
    changes = {name: [before[name], after[name]] for name in after if before[name] != after[name]}
    stands = verdict.action in (Action.DISMISS, Action.APPROVE)
    settled = _settle(review, Outcome.DECLINED if stands else Outcome.UPHELD)
    if not (changes or settled):
        return False
    review.save(update_fields=["state", "held_for", "has_spoilers"])
    move(review.movie_id, share, Share(review))
    _log(verdict, about=f"{review.by} on {review.movie}", review=review, member=review.author, changes=changes)
    if changes:
        mail.decision(review, verdict.action, verdict.reason)
    return True


def _columns(review: Review) -> dict[str, object]:
    return {"state": review.state, "held_for": review.held_for, "has_spoilers": review.has_spoilers}


def _settle(review: Review, outcome: Outcome) -> int:
    reports = list(Report.objects.filter(review=review, outcome=Outcome.OPEN).select_related("reporter"))
    Report.objects.filter(pk__in=[report.pk for report in reports]).update(outcome=outcome, settled_at=timezone.now())
    for report in reports:
        mail.outcome(report, review, outcome)
    return len(reports)


@transaction.atomic
def decide_about_member(member: Member, verdict: Verdict) -> Decision:
    """Warn or suspend a member, or lift a suspension. Raises ValidationError without a reason."""
    _require(verdict, MEMBER_ACTIONS)
    if member.is_staff and not verdict.moderator.is_superuser:
        raise ValidationError("Only an administrator decides about the staff.")
    before = _text(member.suspended_until)
    if verdict.action == Action.SUSPEND:
        member.suspended_until = timezone.now() + timedelta(days=SUSPENSION_DAYS)
    elif verdict.action == Action.LIFT:
        member.suspended_until = None
    member.save(update_fields=["suspended_until"])
    mail.about_member(member, verdict.action, verdict.reason)
    after = _text(member.suspended_until)
    changes = {"suspended_until": [before, after]} if before != after else {}
    return _log(verdict, about=member.name, member=member, changes=changes)


def _text(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _require(verdict: Verdict, actions: Iterable[Action]) -> None:
    if not verdict.reason.strip():
        raise ValidationError("Say why: a decision needs its reason.")
    if verdict.action not in actions:
        raise ValidationError("There is no such decision here.")


def _log(
    verdict: Verdict,
    *,
    about: str,
    changes: Mapping[str, object],
    review: Review | None = None,
    member: Member | None = None,
) -> Decision:
    decision = Decision.objects.create(
        action=verdict.action,
        reason=verdict.reason.strip()[:500],
        moderator=verdict.moderator,
        moderator_name=verdict.moderator.username,
        review=review,
        member=member,
        about=about[:200],
        changes=dict(changes),
        batch=verdict.batch,
    )
    _audit("decided", decision, verdict.moderator)
    return decision


def _audit(event: str, decision: Decision, moderator: Member) -> None:
    what: dict[str, int | str | None] = {"moderator": moderator.pk, "action": decision.action, "decision": decision.pk}
    about = {"review": decision.review_id, "member": decision.member_id}
    transaction.on_commit(lambda: audit.note(event, **what, **about))


@transaction.atomic
def undo(decision: Decision, *, moderator: Member) -> None:
    """Put back what a decision changed. Raises ValidationError, saying why, when that cannot be done.

    A later decision has to be undone first; what has changed in another way since stays as it is. Reports that it
    settled stay settled: their reporters have been told.
    """
    decision = Decision.objects.select_for_update(of=("self",)).select_related("member").get(pk=decision.pk)
    if decision.undone_at or not decision.changes:
        raise ValidationError("There is nothing left to undo there.")
    if decision.review_id and decision.action in REVIEW_ACTIONS:
        _undo_review(decision, decision.review_id, moderator)
    elif decision.member:
        _undo_member(decision, decision.member, moderator)
    else:
        raise ValidationError("What it was about is gone.")
    decision.undone_at, decision.undone_by = timezone.now(), moderator.username
    decision.save(update_fields=["undone_at", "undone_by"])
    _audit("undone", decision, moderator)


def _refuse_unless_latest(same: QuerySet[Decision], decision: Decision) -> None:
    if same.filter(undone_at=None, pk__gt=decision.pk).exclude(changes={}).exists():
        raise ValidationError("There is a later decision: undo that one first.")


def _undo_review(decision: Decision, key: int, moderator: Member) -> None:
    review = Review.objects.select_for_update(of=("self",)).get(pk=key)
    if review.author_id == moderator.pk and not moderator.is_superuser:
        raise ValidationError("Nobody decides about their own reviews.")
    _refuse_unless_latest(Decision.objects.filter(review=review, action__in=REVIEW_ACTIONS), decision)
    share = Share(review)
    if any(getattr(review, name) != after for name, (_, after) in decision.changes.items()):
        raise ValidationError("The review has changed since.")
    for name, (before, _) in decision.changes.items():
        setattr(review, name, before)
    review.save(update_fields=list(decision.changes))
    move(review.movie_id, share, Share(review))


def _undo_member(decision: Decision, member: Member, moderator: Member) -> None:
    if member.is_staff and not moderator.is_superuser:
        raise ValidationError("Only an administrator decides about the staff.")
    _refuse_unless_latest(Decision.objects.filter(member=member, action__in=MEMBER_ACTIONS), decision)
    before, _ = decision.changes["suspended_until"]
    Member.objects.filter(pk=member.pk).update(suspended_until=parse_datetime(before) if before else None)


def report_review(*, review: Review, reporter: Member, reason: str, note: str) -> Report:
    """File a report; a second one while the first is open changes its words instead."""
    report, _ = Report.objects.update_or_create(
        review=review, reporter=reporter, outcome=Outcome.OPEN, defaults={"reason": reason, "note": note}
    )
    return report
