"""What moderators decide, what members report, and how either is undone."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.dateparse import parse_datetime

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


@transaction.atomic
def decide(reviews: Iterable[Review], verdict: Verdict) -> int:
    """Apply a verdict to reviews, each logged, its reports settled and its author told; return how many it changed.

    Raises ValidationError without a reason. What is in the state already is only logged when reports were open.
    """
    _require(verdict, REVIEW_ACTIONS)
    keys = [review.pk for review in reviews]
    changed = 0
    for review in Review.objects.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk"):
        changed += _apply(review, verdict)
    return changed


def _apply(review: Review, verdict: Verdict) -> bool:
    before, columns = Share(review), _columns(review)
    if state := STATES.get(verdict.action):
        review.state, review.held_for = state, HeldFor.NONE
    elif verdict.action == Action.MARK_SPOILERS:
        review.has_spoilers = True
    is_changed = _columns(review) != columns
    stands = verdict.action in (Action.DISMISS, Action.APPROVE)
    settled = _settle(review, Outcome.DECLINED if stands else Outcome.UPHELD)
    if not (is_changed or settled):
        return False
    review.save(update_fields=["state", "held_for", "has_spoilers"])
    move(review.movie_id, before, Share(review))
    _log(verdict, about=f"{review.by} on {review.movie}", review=review, member=review.author, before=columns)
    if is_changed:
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
    before = {"suspended_until": member.suspended_until.isoformat() if member.suspended_until else None}
    if verdict.action == Action.SUSPEND:
        member.suspended_until = timezone.now() + timedelta(days=SUSPENSION_DAYS)
    elif verdict.action == Action.LIFT:
        member.suspended_until = None
    member.save(update_fields=["suspended_until"])
    mail.about_member(member, verdict.action, verdict.reason)
    return _log(verdict, about=member.name, member=member, before=before)


def _require(verdict: Verdict, actions: Iterable[Action]) -> None:
    if not verdict.reason.strip():
        raise ValidationError("Say why: a decision needs its reason.")
    if verdict.action not in actions:
        raise ValidationError("There is no such decision here.")


def _log(
    verdict: Verdict,
    *,
    about: str,
    before: Mapping[str, object],
    review: Review | None = None,
    member: Member | None = None,
) -> Decision:
    return Decision.objects.create(
        action=verdict.action,
        reason=verdict.reason.strip()[:500],
        moderator=verdict.moderator,
        moderator_name=verdict.moderator.username,
        review=review,
        member=member,
        about=about[:200],
        before=dict(before),
    )


@transaction.atomic
def undo(decision: Decision, *, moderator: Member) -> bool:
    """Put back what stood before a decision; return whether there was something to put back.

    Reports that it settled stay settled: their reporters have been told.
    """
    decision = Decision.objects.select_for_update(of=("self",)).get(pk=decision.pk)
    if decision.undone_at or not (decision.review_id or decision.member_id):
        return False
    if decision.review_id and decision.action in REVIEW_ACTIONS:
        review = Review.objects.select_for_update(of=("self",)).get(pk=decision.review_id)
        share = Share(review)
        for name, value in decision.before.items():
            setattr(review, name, value)
        review.save(update_fields=list(decision.before))
        move(review.movie_id, share, Share(review))
    elif decision.member_id and decision.action in (Action.SUSPEND, Action.LIFT):
        until = decision.before["suspended_until"]
        Member.objects.filter(pk=decision.member_id).update(suspended_until=_moment(until))
    else:
        return False
    decision.undone_at, decision.undone_by = timezone.now(), moderator.username
    decision.save(update_fields=["undone_at", "undone_by"])
    return True


def _moment(text: str | None) -> datetime | None:
    return parse_datetime(text) if text else None


def report_review(*, review: Review, reporter: Member, reason: str, note: str) -> Report:
    """File a report; a second one while the first is open changes its words instead."""
    report, _ = Report.objects.update_or_create(
        review=review, reporter=reporter, outcome=Outcome.OPEN, defaults={"reason": reason, "note": note}
    )
    return report
