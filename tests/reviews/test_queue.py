"""The moderators' queue: what it shows, what one click decides, and undoing it."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from reviews.models import Action, Decision, HeldFor, Member, Report, Review, ReviewState
from reviews.services import Verdict, decide, decide_about_member, publish_review, recount_ratings
from tests.makers import judge, make_member, make_movie, make_review, state_of
from tests.pages import read

pytestmark = pytest.mark.django_db

QUEUE = "/admin/reviews/review/queue/"


def make_held(**words: Any) -> Review:
    review = make_review(make_movie("Ran"), **words)
    Review.objects.filter(pk=review.pk).update(state=ReviewState.HELD, held_for=HeldFor.FIRST)
    recount_ratings()
    review.refresh_from_db()
    return review


def author_of(review: Review) -> Member:
    return Member.objects.get(reviews=review)


def click(client: Client, address: str, data: dict[str, Any]) -> Any:
    """A button of the queue, on a page that has just been loaded; what it asks back is answered with yes."""
    return client.post(address, {"loaded": timezone.now().isoformat(), "sure": "yes", **data}, follow=True)


def test_the_queue_shows_text_record_and_reports_in_place(as_moderator: Client, member: Member) -> None:
    ann = make_member("ann")
    make_review(make_movie("Ikiru"), ann)
    review = make_review(make_movie("Ran"), ann, headline="Buy now", text="Cheap, cheap.")
    Report.objects.create(review=review, reporter=member, reason="spam", note="Third time.")

    text = read(as_moderator.get(QUEUE)).text

    for part in (
        "Buy now",
        "Cheap, cheap.",
        "Ran",
        "2 published",
        "0 hidden or removed",
        "advertisement",
        "Third time.",
    ):
        assert part in text, part
    assert "Ikiru" not in text


@pytest.mark.parametrize("count", [1, 3])
def test_the_queue_costs_a_fixed_number_of_queries(
    as_moderator: Client, count: int, django_assert_num_queries: Any
) -> None:
    for _ in range(count):
        make_held()
    as_moderator.get(QUEUE)

    with django_assert_num_queries(10):  # session, member, 2 of rights, sites' menu, count, reviews, 3 of records, log
        as_moderator.get(QUEUE)


@pytest.mark.parametrize(
    ("action", "expected", "rated"),
    [
        ("approve", ReviewState.PUBLISHED, 1),
        ("hide", ReviewState.HIDDEN, 0),
        ("return", ReviewState.RETURNED, 0),
        ("remove", ReviewState.REMOVED, 0),
    ],
)
def test_one_click_decides_and_is_logged(as_moderator: Client, action: str, expected: str, rated: int) -> None:
    review = make_held(rating=3)

    click(as_moderator, QUEUE, {"decide": f"{action}:{review.pk}", f"reason-{review.pk}": "It is an advertisement."})

    assert state_of(review) == expected
    decision = Decision.objects.get()
    assert (decision.action, decision.moderator_name, decision.reason) == (action, "mona", "It is an advertisement.")
    movie = review.movie
    movie.refresh_from_db()
    assert movie.rating_count == rated


@pytest.mark.parametrize("action", ["hide", "return", "remove", "mark_spoilers", "warn", "suspend"])
def test_taking_something_away_needs_a_reason(as_moderator: Client, action: str) -> None:
    review = make_review(make_movie())

    page = read(click(as_moderator, QUEUE, {"decide": f"{action}:{review.pk}", f"reason-{review.pk}": "  "}))

    assert "a decision needs its reason" in page.text
    assert state_of(review) == ReviewState.PUBLISHED
    assert not Decision.objects.exists()


@pytest.mark.parametrize(
    ("ticked", "reason", "said"),
    [
        pytest.param(True, "", "a decision needs its reason", id="no reason"),
        pytest.param(False, "Spam.", "Tick at least one review", id="nothing ticked"),
    ],
)
def test_a_refused_decision_keeps_what_was_ticked_and_typed(
    as_moderator: Client, ticked: bool, reason: str, said: str
) -> None:
    first, second = make_held(), make_held()
    sent = {"decide": "hide:selected", "reason": reason, f"reason-{second.pk}": "Read “Ran” again."}

    page = read(click(as_moderator, QUEUE, sent | ({"review": [first.pk]} if ticked else {})))

    assert said in page.text
    assert [box.attributes["value"] for box in page.all("input", type="checkbox", checked="")] == (
        [str(first.pk)] if ticked else []
    )
    assert page.one("input", "", id="reason").attributes["value"] == reason
    assert page.one("input", "", id=f"reason-{second.pk}").attributes["value"] == "Read “Ran” again."


def test_a_decision_keeps_what_was_typed_for_others(as_moderator: Client) -> None:
    first, second, third = make_held(), make_held(), make_held()
    sent = {f"reason-{review.pk}": f"Of {review.pk}" for review in (first, second, third)}

    page = click(as_moderator, QUEUE, sent | {"decide": f"hide:{first.pk}", "review": [second.pk], "reason": "All"})
    page = click(as_moderator, QUEUE, shown(page) | {"decide": "hide:selected"})

    assert state_of(second) == ReviewState.HIDDEN
    assert Decision.objects.latest("pk").reason == "All"
    assert shown(page) == {"review": [], "reason": "", f"reason-{third.pk}": f"Of {third.pk}"}
    assert shown(as_moderator.get(QUEUE)) == {"review": [], "reason": "", f"reason-{third.pk}": ""}


def shown(response: Any) -> dict[str, Any]:
    """What the queue's form has in it."""
    page = read(response)
    typed = {box.attributes["name"]: box.attributes["value"] for box in page.all("input", maxlength="500")}
    return {"review": [box.attributes["value"] for box in page.all("input", type="checkbox", checked="")], **typed}


def test_several_at_once_and_all_that_wait(as_moderator: Client) -> None:
    held = [make_held() for _ in range(4)]

    click(as_moderator, QUEUE, {"decide": "hide:selected", "review": [held[0].pk, held[1].pk], "reason": "Spam."})
    assert [state_of(review) for review in held] == ["hidden", "hidden", "held", "held"]
    click(as_moderator, f"{QUEUE}?show=first", {"decide": "approve:all"})
    assert [state_of(review) for review in held] == ["hidden", "hidden", "published", "published"]
    assert recount_ratings() == 0


def test_everything_of_one_member_is_hidden_and_restored(as_moderator: Client) -> None:
    ann, other = make_member("ann"), make_review(make_movie())
    mine = [make_review(make_movie(), ann) for _ in range(3)]

    click(as_moderator, f"{QUEUE}?member={ann.pk}", {"decide": "hide:all", "reason": "A robot."})
    assert [state_of(review) for review in mine] == ["hidden"] * 3
    assert state_of(other) == "published"
    click(as_moderator, f"{QUEUE}?member={ann.pk}", {"decide": "approve:all"})
    assert [state_of(review) for review in mine] == ["published"] * 3
    assert recount_ratings() == 0


@pytest.mark.parametrize("action", ["hide", "return", "remove", "mark_spoilers"])
def test_a_decision_is_undone(as_moderator: Client, moderator: Member, action: str) -> None:
    review = make_review(make_movie(), rating=2)
    judge(moderator, review, action)
    decision = Decision.objects.get()

    as_moderator.post(f"/admin/reviews/decision/{decision.pk}/undo/")
    as_moderator.post(f"/admin/reviews/decision/{decision.pk}/undo/")

    review.refresh_from_db()
    decision.refresh_from_db()
    assert (review.state, review.has_spoilers, decision.undone_by) == ("published", False, "mona")
    assert recount_ratings() == 0


def test_undoing_an_approval_holds_it_again(as_moderator: Client, moderator: Member) -> None:
    review = make_held()
    judge(moderator, review, "approve")

    as_moderator.post(f"/admin/reviews/decision/{Decision.objects.get().pk}/undo/")

    review.refresh_from_db()
    assert (review.state, review.held_for) == (ReviewState.HELD, HeldFor.FIRST)


def test_moderators_do_not_decide_about_the_staff(as_moderator: Client, editor: Member) -> None:
    review = make_review(make_movie(), editor)

    page = read(click(as_moderator, QUEUE, {"decide": f"suspend:{review.pk}", f"reason-{review.pk}": "Revenge."}))

    editor.refresh_from_db()
    assert not editor.is_suspended
    assert "Only an administrator" in page.text


def test_moderators_have_these_rights_only(as_moderator: Client) -> None:
    movie = make_movie()

    for allowed in (QUEUE, "/admin/reviews/review/", "/admin/reviews/heldword/add/", "/admin/reviews/decision/"):
        assert as_moderator.get(allowed).status_code == 200, allowed
    for refused in (
        f"/admin/catalogue/movie/{movie.pk}/change/", "/admin/catalogue/person/add/", "/admin/auth/group/",
        "/admin/reviews/member/add/", "/admin/reviews/blockeddomain/add/",
    ):  # fmt: skip
        assert as_moderator.get(refused).status_code == 403, refused
    member = make_member()
    as_moderator.post(f"/admin/reviews/member/{member.pk}/change/", {"is_superuser": "on"})
    as_moderator.post(f"/admin/reviews/member/{member.pk}/delete/", {"post": "yes"})
    member.refresh_from_db()
    assert not member.is_superuser


@pytest.mark.parametrize("who", ["as_member", "client", "as_librarian"])
def test_others_do_not_decide(request: Any, who: str) -> None:
    review = make_review(make_movie())
    if who == "as_librarian":
        client = Client()
        client.force_login(make_member(is_staff=True))
    else:
        client = request.getfixturevalue(who)

    response = client.post(QUEUE, {"decide": f"hide:{review.pk}", f"reason-{review.pk}": "Mine."})

    assert response.status_code in {302, 403}
    assert state_of(review) == "published"


def test_decisions_need_one_of_the_known_words(as_moderator: Client, moderator: Member) -> None:
    review = make_review(make_movie())

    for nonsense in ("", "explode:1", f"hide:{'9' * 40}", "hide:selected", "hide:-1"):
        response = click(as_moderator, QUEUE, {"decide": nonsense, "reason": "x", "review": ["x", "9" * 40]})
        assert response.status_code == 200
    with pytest.raises(ValidationError):
        decide([review], Verdict(moderator=moderator, action=Action.SUSPEND, reason="x"))
    assert state_of(review) == "published"


def test_what_changed_since_the_page_was_loaded_is_not_decided(as_moderator: Client) -> None:
    review = make_held()
    loaded = timezone.now().isoformat()
    publish_review(movie=review.movie, author=author_of(review), rating=5, text="Something else entirely")

    page = read(click(as_moderator, QUEUE, {"decide": f"approve:{review.pk}", "loaded": loaded}))

    assert "changed since this page was loaded" in page.text
    assert state_of(review) == "held"


def test_everything_at_once_asks_first(as_moderator: Client) -> None:
    held = [make_held() for _ in range(3)]
    data = {"decide": "hide:all", "reason": "Spam.", "loaded": timezone.now().isoformat()}

    page = read(as_moderator.post(QUEUE, data))

    assert "Hide: 3 reviews" in page.text
    assert "It can be undone" in page.text
    assert page.one("input", type="submit").attributes["value"] == "Hide: 3 reviews"
    assert {state_of(review) for review in held} == {"held"}


def test_what_lacks_its_reason_is_refused_before_anybody_is_asked(as_moderator: Client) -> None:
    held = make_held()

    response = as_moderator.post(QUEUE, {"decide": "remove:all", "loaded": timezone.now().isoformat()}, follow=True)

    assert "a decision needs its reason" in read(response).text
    assert "Are you sure?" not in read(response).text
    assert state_of(held) == "held"


def test_one_undo_takes_back_all_of_one_click(as_moderator: Client) -> None:
    held = [make_held() for _ in range(3)]
    click(as_moderator, QUEUE, {"decide": "approve:all"})
    first = Decision.objects.first()
    assert first is not None
    assert "Undo all 3" in read(as_moderator.get(QUEUE)).text

    as_moderator.post(f"/admin/reviews/decision/{first.pk}/undo/")

    assert {state_of(review) for review in held} == {"held"}
    assert recount_ratings() == 0


def test_an_earlier_decision_is_not_undone_past_a_later_one(as_moderator: Client, moderator: Member) -> None:
    review = make_review(make_movie())
    judge(moderator, review, "mark_spoilers")
    judge(moderator, review, "remove")
    earlier = Decision.objects.get(action="mark_spoilers")

    page = read(as_moderator.post(f"/admin/reviews/decision/{earlier.pk}/undo/", follow=True))

    assert "undo that one first" in page.text
    assert state_of(review) == "removed"
    assert review.has_spoilers


def test_nobody_decides_about_their_own(as_moderator: Client, moderator: Member, editor: Member) -> None:
    review = make_review(make_movie(), moderator)
    judge(editor, review, "hide")
    decide_about_member(moderator, Verdict(moderator=editor, action=Action.SUSPEND, reason="Pause."))

    click(as_moderator, f"{QUEUE}?member={moderator.pk}", {"decide": f"approve:{review.pk}"})
    for decision in Decision.objects.all():
        as_moderator.post(f"/admin/reviews/decision/{decision.pk}/undo/")

    moderator.refresh_from_db()
    assert state_of(review) == "hidden"
    assert moderator.is_suspended


def test_bulk_is_all_or_none(as_moderator: Client, editor: Member) -> None:
    mine, theirs = make_review(make_movie(), make_member("ann")), make_review(make_movie(), editor)

    click(as_moderator, QUEUE, {"decide": "suspend:selected", "review": [mine.pk, theirs.pk], "reason": "Spam."})

    assert not any(member.is_suspended for member in Member.objects.all())
    assert not Decision.objects.exists()


@pytest.mark.parametrize("loaded", ["", "yesterday", "2026-11-23T10:00", "2026-13-45T99:00:00+00:00", "x" * 5000])
def test_a_page_that_was_never_loaded_decides_nothing(as_moderator: Client, loaded: str) -> None:
    review = make_held()

    response = click(as_moderator, QUEUE, {"decide": f"approve:{review.pk}", "loaded": loaded})

    assert response.status_code == 200
    assert state_of(review) == "held"
