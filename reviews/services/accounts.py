"""What happens to reviews when accounts are exported, merged or closed."""

from typing import Any

from django.db import transaction
from django.db.models import Q

from catalogue.models import Change, Suggestion
from reviews.models import Decision, Draft, Member, Report, Review, ReviewState, Revision, Upload
from reviews.services.ratings import Share, move
from reviews.services.votes import move_votes, withdraw_votes
from reviews.services.writing import delete_review

FORMER = "A former member"


def export_account(member: Member) -> dict[str, Any]:
    """Everything the site keeps about a member, as JSON has it: 8 queries however much there is."""
    reviews = Review.objects.filter(author=member).select_related("movie").order_by("published_at")
    revisions = Revision.objects.filter(review__author=member).order_by("replaced_at")
    return {
        "account": {
            "username": member.username,
            "display_name": member.display_name,
            "email": member.email,
            "joined": member.date_joined.isoformat(),
            "last_sign_in": member.last_login.isoformat() if member.last_login else None,
            "suspended_until": member.suspended_until.isoformat() if member.suspended_until else None,
            "wants_decision_mail": member.wants_decision_mail,
            "wants_report_mail": member.wants_report_mail,
        },
        "reviews": [
            {**_movie(review), **_words(review), "state": review.state, "published": review.published_at.isoformat(),
             "edited": review.edited_at.isoformat() if review.edited_at else None,
             "helpful": review.helpful_count, "not_helpful": review.unhelpful_count}
            for review in reviews
        ],
        "earlier_versions": [
            {"review": revision.review_id, **_words(revision), "replaced": revision.replaced_at.isoformat()}
            for revision in revisions
        ],
        "drafts": [
            {**_movie(draft), **_words(draft), "saved": draft.saved_at.isoformat()}
            for draft in Draft.objects.filter(author=member).select_related("movie")
        ],
        "votes": [
            {"review": vote.review_id, "helpful": vote.is_helpful} for vote in member.votes.order_by("pk")
        ],
        "reports": [
            {"review": report.review_id, "reason": report.reason, "note": report.note, "outcome": report.outcome,
             "made": report.made_at.isoformat()}
            for report in Report.objects.filter(reporter=member)
        ],
        "decisions": [
            {"action": decision.action, "reason": decision.reason, "about": decision.about,
             "made": decision.made_at.isoformat()}
            for decision in Decision.objects.filter(member=member)
        ],
        "uploads": [
            {"source": upload.source, "file": upload.file_name, "uploaded": upload.uploaded_at.isoformat(),
             **upload.report}
            for upload in Upload.objects.filter(author=member)
        ],
        "suggestions": [
            {"about": row.label, "changes": row.changes, "credits": row.credits, "source": row.source,
             "comment": row.comment, "made": row.made_at.isoformat(), "state": row.state, "reason": row.reason}
            for row in Suggestion.objects.filter(made_by=member)
        ],
    }  # fmt: skip


def _movie(record: Review | Draft) -> dict[str, Any]:
    movie = record.movie
    return {"movie": movie.title, "year": movie.year, "imdb_id": movie.imdb_id, "tmdb_id": movie.tmdb_id}


def _words(record: Review | Draft | Revision) -> dict[str, Any]:
    return {
        "rating": record.rating,
        "headline": record.headline,
        "text": record.text,
        "has_spoilers": record.has_spoilers,
    }


@transaction.atomic
def close_account(member: Member, *, keep_reviews: bool) -> None:
    """Delete an account and everything of it; the published words stay without a name if the member wants."""
    if not Member.objects.select_for_update().filter(pk=member.pk).first():  # nothing new of theirs comes in meanwhile
        return  # who asks twice at once has it done once
    _forget_in_history(member)
    withdraw_votes(member)
    if keep_reviews:
        for review in Review.objects.filter(author=member).exclude(state=ReviewState.PUBLISHED).order_by("pk"):
            delete_review(review)
        Revision.objects.filter(review__author=member).delete()
        for review in Review.objects.select_for_update().filter(author=member).order_by("pk"):
            before = Share(review)
            review.author, review.guest_name = None, FORMER
            review.save(update_fields=["author", "guest_name"])
            move(review.movie_id, before, Share(review))
    else:
        for review in Review.objects.filter(author=member).order_by("pk"):
            delete_review(review)
    Decision.objects.filter(member=member).update(about=FORMER)
    Suggestion.objects.filter(made_by=member).update(comment="")
    member.delete()


def _forget_in_history(member: Member) -> None:
    """Words that the history of a merge keeps for its undoing: of reviews and drafts that were given up for others."""
    words = Change.objects.filter(table__in=["reviews.review", "reviews.draft"], before__author_id=member.pk)
    reviews = [int(key) for key in words.filter(table="reviews.review").values_list("row", flat=True)]
    reviews += Review.objects.filter(author=member).values_list("pk", flat=True)
    of_reviews = Q(before__review_id__in=reviews) | Q(after__review_id__in=reviews)
    Change.objects.filter(of_reviews, table="reviews.revision").delete()
    words.delete()


@transaction.atomic
def merge_accounts(source: Member, target: Member) -> int:
    """Give everything of ``source`` to ``target`` and delete ``source``; return how many reviews came over.

    Of a movie both reviewed, ``target``'s review stands. Raises ValueError for one and the same account.
    """
    if source.pk == target.pk:
        raise ValueError("An account is not merged with itself.")
    withdraw_votes(target, on=Review.objects.filter(author=source).values_list("pk", flat=True))
    taken = set(Review.objects.filter(author=target).values_list("movie", flat=True))
    moved = 0
    for review in Review.objects.select_for_update().filter(author=source).order_by("pk"):
        if review.movie_id in taken:
            delete_review(review)
            continue
        before = Share(review)
        review.author = target
        review.save(update_fields=["author"])
        move(review.movie_id, before, Share(review))
        moved += 1
    move_votes(source, target)
    Draft.objects.filter(author=source).exclude(movie__in=Draft.objects.filter(author=target).values("movie")).update(
        author=target
    )
    _move_reports(source, target)
    Decision.objects.filter(member=source).update(member=target)
    Suggestion.objects.open().filter(made_by=source, digest__in=_open_digests(target)).delete()
    Suggestion.objects.filter(made_by=source).update(made_by=target)
    source.delete()
    return moved


def _open_digests(member: Member) -> list[str]:
    return list(Suggestion.objects.open().filter(made_by=member).values_list("digest", flat=True))


def _move_reports(source: Member, target: Member) -> None:
    both = Report.objects.filter(reporter=target, outcome="open").values("review")
    Report.objects.filter(reporter=source, outcome="open", review__in=both).delete()
    Report.objects.filter(reporter=source).update(reporter=target)
