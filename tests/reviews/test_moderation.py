"""What moderation means for authors, reporters and the suspended."""

from typing import Any

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client

from reviews.models import Action, Decision, HeldFor, Member, Outcome, Report, Review, ReviewState
from reviews.services import Verdict, decide, decide_about_member, recount_ratings
from tests.makers import judge, make_member, make_moderator, make_movie, make_review, state_of
from tests.pages import read

pytestmark = pytest.mark.django_db


def test_the_database_wants_a_reason_too(moderator: Member) -> None:
    with pytest.raises(IntegrityError, match="decision_reason_not_blank"), transaction.atomic():
        Decision.objects.create(action=Action.HIDE, reason="", moderator=moderator, moderator_name="mona", about="x")


def test_suspended_members_read_but_do_not_write(as_member: Client, member: Member, moderator: Member) -> None:
    movie = make_movie()
    theirs = make_review(movie)
    decide_about_member(member, Verdict(moderator=moderator, action=Action.SUSPEND, reason="Spam."))

    assert as_member.get(movie.get_absolute_url()).status_code == 200
    for address, data in (
        (f"{movie.get_absolute_url()}reviews/write/", {"rating": "5"}),
        (f"/reviews/{theirs.pk}/vote/", {"helpful": "yes"}),
        (f"/reviews/{theirs.pk}/report/", {"reason": "spam"}),
    ):
        response = as_member.post(address, data)
        assert response.status_code == 403
    assert "suspended" in read(response).text
    decide_about_member(member, Verdict(moderator=moderator, action=Action.LIFT, reason="Talked."))
    assert as_member.post(f"{movie.get_absolute_url()}reviews/write/", {"rating": "5"}).status_code == 302


def test_a_report_reaches_the_queue_and_its_reporter_hears(
    as_member: Client, member: Member, moderator: Member, django_capture_on_commit_callbacks: Any
) -> None:
    Member.objects.filter(pk=member.pk).update(email="alice@example.org")
    review = make_review(make_movie("Ran"), text="The dog did it.")
    as_member.post(f"/reviews/{review.pk}/report/", {"reason": "spoiler"})
    as_member.post(f"/reviews/{review.pk}/report/", {"reason": "spoiler", "note": "In the first line."})
    assert Report.objects.count() == 1

    with django_capture_on_commit_callbacks(execute=True):
        judge(moderator, review, "mark_spoilers", "It tells the end.")

    report = Report.objects.get()
    review.refresh_from_db()
    assert (report.outcome, report.note, review.has_spoilers) == (Outcome.UPHELD, "In the first line.", True)
    [letter] = [letter for letter in mail.outbox if letter.to == ["alice@example.org"]]
    assert "something was done" in letter.body
    assert "dog" not in letter.body
    assert "something was done" in read(as_member.get("/accounts/reviews/")).text


def test_a_declined_report_leaves_the_review(as_member: Client, moderator: Member) -> None:
    review = make_review(make_movie())
    as_member.post(f"/reviews/{review.pk}/report/", {"reason": "off_topic"})

    judge(moderator, review, "dismiss")

    assert state_of(review) == "published"
    assert Report.objects.get().outcome == Outcome.DECLINED


def test_something_else_says_what(as_member: Client) -> None:
    review = make_review(make_movie())

    response = as_member.post(f"/reviews/{review.pk}/report/", {"reason": "other", "note": ""})

    assert response.status_code == 422
    assert "Say in your own words" in read(response).text
    assert not Report.objects.exists()


def test_the_author_hears_the_reason(moderator: Member, django_capture_on_commit_callbacks: Any) -> None:
    ann = make_member("ann", email="ann@example.org")
    review = make_review(make_movie("Ran"), ann)

    with django_capture_on_commit_callbacks(execute=True):
        judge(moderator, review, "return", "Please leave the ending out.")

    [letter] = mail.outbox
    assert letter.to == ["ann@example.org"]
    assert "Please leave the ending out." in letter.body


def test_those_who_want_no_mail_get_none(moderator: Member, django_capture_on_commit_callbacks: Any) -> None:
    ann = make_member("ann", email="ann@example.org", wants_decision_mail=False)
    with django_capture_on_commit_callbacks(execute=True):
        judge(moderator, make_review(make_movie(), ann), "hide")

    assert mail.outbox == []


def test_a_returned_review_is_looked_at_again_after_its_change(as_member: Client, member: Member) -> None:
    movie = make_movie()
    review = make_review(movie, member)
    judge(make_moderator(), review, "return")

    as_member.post(f"{movie.get_absolute_url()}reviews/write/", {"rating": "7", "text": "Without the ending."})

    review.refresh_from_db()
    assert (review.state, review.held_for, review.text) == (ReviewState.HELD, HeldFor.CHANGE, "Without the ending.")


@pytest.mark.parametrize("action", ["hide", "remove"])
def test_what_was_taken_down_is_not_rewritten(as_member: Client, member: Member, action: str) -> None:
    movie = make_movie()
    review = make_review(movie, member, text="Spam")
    judge(make_moderator(), review, action)

    as_member.post(f"{movie.get_absolute_url()}reviews/write/", {"rating": "7", "text": "Fresh spam"})

    review.refresh_from_db()
    assert (review.text, review.state) == ("Spam", "hidden" if action == "hide" else "removed")


@pytest.mark.parametrize("action", ["hide", "remove"])
def test_deleting_and_writing_again_does_not_get_around_a_decision(
    as_member: Client, member: Member, action: str
) -> None:
    movie = make_movie()
    review = make_review(movie, member, text="Spam")
    judge(make_moderator(), review, action)

    assert as_member.post(f"{movie.get_absolute_url()}reviews/delete/").status_code == 403

    assert Review.objects.filter(pk=review.pk).exists()


def test_a_reported_review_that_is_deleted_comes_back_to_the_queue(as_member: Client, member: Member) -> None:
    movie = make_movie()
    review = make_review(movie, member, text="Spam")
    Report.objects.create(review=review, reporter=make_member(), reason="spam")

    as_member.post(f"{movie.get_absolute_url()}reviews/delete/")
    review.refresh_from_db()
    assert (review.text, review.state) == ("", "returned")
    as_member.post(f"{movie.get_absolute_url()}reviews/write/", {"rating": "9", "text": "Spam"})

    review.refresh_from_db()
    assert (review.state, review.held_for) == ("held", HeldFor.CHANGE)
    assert recount_ratings() == 0


def test_a_mail_that_cannot_be_sent_spoils_nothing(moderator: Member, django_capture_on_commit_callbacks: Any) -> None:
    strange = make_member("ann", email=f"x@{'ü' * 60}.example.com")
    first, second = (
        make_review(make_movie(), strange),
        make_review(make_movie(), make_member("b", email="b@example.org")),
    )

    with django_capture_on_commit_callbacks(execute=True):
        decide([first, second], Verdict(moderator=moderator, action=Action.HIDE, reason="Spam."))

    assert (state_of(first), state_of(second)) == ("hidden", "hidden")
    assert ["b@example.org"] in [letter.to for letter in mail.outbox]
