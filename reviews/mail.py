"""Mails to members and guests, in plain text. Sent once the transaction stands; a mail server that fails is logged.

Subjects hold titles and names, which people wrote: they are brought to one line, so that nobody adds a header.
Nothing quotes a review.
"""

import logging

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.urls import reverse

from catalogue.http import site_address
from catalogue.models import Movie, Suggestion
from reviews.models import Action, Member, Outcome, Report, Review

log = logging.getLogger(__name__)
MOST_SUBJECT = 150

DECIDED = {
    Action.APPROVE: "is published now",
    Action.HIDE: "was hidden from readers",
    Action.RETURN: "needs a change before it can appear; send it again and it is looked at again",
    Action.REMOVE: "was removed",
    Action.MARK_SPOILERS: "is now folded behind a spoiler warning",
}


def one_line(text: str) -> str:
    """Text as a header may hold it.

    >>> one_line("Alien\\r\\nBcc: all@example.org")
    'Alien Bcc: all@example.org'
    """
    return " ".join(text.split())[:MOST_SUBJECT]


def _send(to: str, subject: str, body: str) -> None:
    if not to:
        return
    subject = one_line(f"[{settings.SITE_NAME}] {subject}")
    text = f"{body}\n\n-- \n{settings.SITE_NAME}\n"

    def deliver() -> None:
        try:
            send_mail(subject, text, None, [to])
        except (OSError, ValueError):  # smtplib's errors are OSErrors, addresses nobody can encode ValueErrors
            log.exception("A mail could not be sent")

    transaction.on_commit(deliver, robust=True)


def link(name: str, *args: object) -> str:
    """The full address of a page of ours."""
    return site_address(reverse(name, args=args))


def _choices() -> str:
    return f"Which mails you get: {link('profile_form')}"


def confirmation(review: Review, token: str) -> None:
    """Ask a guest to confirm the address."""
    days = settings.GUEST_CONFIRM_DAYS
    _send(
        review.guest_email,
        f"Confirm your review of {review.movie.title}",
        f"Somebody, probably you, wrote a review of {one_line(str(review.movie))} with this address.\n\n"
        f"To send it to our moderators, open this page within {days} days:\n"
        f"{link('guest_confirm', token)}\n\n"
        "If it was not you, do nothing: the review is deleted.",
    )


def already_reviewed(email: str, movie: Movie) -> None:
    """Tell a guest that there is a review from this address; the site itself tells nobody."""
    _send(
        email,
        f"Your review of {movie.title}",
        f"You have sent us a review of {one_line(str(movie))} before, so the new one was not kept.",
    )


def decision(review: Review, action: Action, reason: str) -> None:
    """Tell the author what was decided, and why."""
    author = review.author
    if action not in DECIDED or (author and not author.wants_decision_mail):
        return
    where = site_address(review.movie.get_absolute_url())
    if author:
        where = f"Where it stands: {link('my_reviews')}\n{_choices()}"
    elif action == Action.RETURN:
        where = link("reviews:review_form", review.movie_id, review.movie.slug)
    _send(
        author.email if author else review.guest_email,
        f"Your review of {review.movie.title}",
        f"Your review of {one_line(str(review.movie))} {DECIDED[action]}.\n\n"
        f"The moderator's reason:\n{reason}\n\n{where}",
    )


def about_member(member: Member, action: Action, reason: str) -> None:
    """Tell a member of a warning, a suspension or its end. These cannot be turned off."""
    said = {
        Action.WARN: "A moderator asks you to mind the house rules.",
        Action.SUSPEND: "Your account cannot post, vote or report for now.",
        Action.LIFT: "Your account can post, vote and report again.",
    }[action]
    _send(member.email, "About your account", f"{said}\n\nThe moderator's reason:\n{reason}")


def outcome(report: Report, review: Review, result: Outcome) -> None:
    """Tell a reporter what became of the report."""
    if not report.reporter or not report.reporter.wants_report_mail:
        return
    _send(
        report.reporter.email,
        "What became of your report",
        f"You reported a review of {one_line(str(review.movie))}.\n\n{result.label}.\n\n"
        f"What you reported: {link('my_reviews')}\n{_choices()}",
    )


def merged(review: Review, movie: int) -> None:
    """Tell who had reviewed two movies that turned out to be one which of the reviews stands."""
    author, kept = review.author, Movie.objects.get(pk=movie)
    where = f"Your reviews: {link('my_reviews')}\n{_choices()}" if author else site_address(kept.get_absolute_url())
    if author and not author.wants_decision_mail:
        return
    _send(
        author.email if author else review.guest_email,
        f"Your reviews of {kept.title}",
        f"{one_line(str(kept))} was in the catalogue twice, and you had reviewed both. Your review with "
        f"{review.rating}/10 stands; the other one is kept as its earlier version, without its votes.\n\n{where}",
    )


def suggestion(decided: Suggestion) -> None:
    """Tell a member what became of their suggestion, and why."""
    member = decided.made_by
    if not isinstance(member, Member) or not member.wants_decision_mail:
        return
    reason = f"The editor says:\n{decided.reason}\n\n" if decided.reason else ""
    _send(
        member.email,
        f"Your suggestion for {decided.label}",
        f"Your suggestion for {one_line(decided.label)}: {decided.get_state_display().lower()}.\n\n{reason}"
        f"What was taken: {link('my_suggestions')}\n{_choices()}",
    )
