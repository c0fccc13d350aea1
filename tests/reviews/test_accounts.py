"""Names, export, closing and merging accounts."""

import contextlib
import json
import threading
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client

from reviews.models import BlockedDomain, Draft, Member, Report, Review, Vote
from reviews.services import close_account, merge_accounts, publish_review, recount_ratings, vote
from tests.makers import PASSWORD, judge, make_member, make_moderator, make_movie, make_review
from tests.pages import read

pytestmark = pytest.mark.django_db


def signed_in(username: str) -> Client:
    """A browser whose reader has just given the password again."""
    client = Client()
    client.post("/accounts/login/", {"login": username, "password": PASSWORD})
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    return client


@pytest.mark.parametrize(
    ("name", "message"),
    [
        pytest.param("Ali\u202ece", "invisible or direction-changing", id="direction-override"),
        pytest.param("Ali\u200bce", "invisible or direction-changing", id="zero-width"),
        pytest.param("...", "at least one letter or digit", id="no-letter"),
        pytest.param("a" + "\u0301" * 9, "stack more than two marks", id="stacked-marks"),
        pytest.param("Mоna", "too close", id="cyrillic-o"),
        pytest.param("m0na", "too close", id="digit"),
        pytest.param("Rnona", "too close", id="rn"),
        pytest.param("M o n a", "too close", id="spaced"),
        pytest.param("Moderator", "too close", id="reserved"),
        pytest.param("Moderator team", "too close", id="reserved-word"),
        pytest.param("admіn", "too close", id="cyrillic-i"),
        pytest.param("edıtor", "too close", id="dotless-i"),
        pytest.param("mօderator", "too close", id="armenian-o"),
        pytest.param("Ali\ufffdce", "invisible or direction-changing", id="unreadable"),
        pytest.param("\u3164\u3164", "invisible or direction-changing", id="hangul-filler"),
        pytest.param("\u0489" * 9, "invisible or direction-changing", id="enclosing-marks"),
        pytest.param("Bob77", "somebody else's user name", id="another-username"),
    ],
)
def test_names_nobody_may_take(as_member: Client, member: Member, name: str, message: str) -> None:
    make_moderator("mona")
    make_member("bob77")

    response = as_member.post("/accounts/profile/", {"display_name": name})

    assert response.status_code == 422
    assert message in read(response).text
    member.refresh_from_db()
    assert member.display_name == ""


@pytest.mark.parametrize("name", ["Zoë Ng", "黒澤", "Łukasz O'Neill", "محمد", "Ramona"])
def test_names_people_have(as_member: Client, member: Member, name: str) -> None:
    make_moderator("mona")

    as_member.post("/accounts/profile/", {"display_name": name})

    member.refresh_from_db()
    assert member.display_name == name


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"username": "m0na"}, "too close"),
        ({"username": "мona"}, "valid username"),
        ({"email": "x@trash.example"}, "not accepted here"),
        ({"email": f"{'x' * 250}@example.org"}, "at most 254"),
        ({"username": "n@example.org"}, "no @"),
    ],
)
def test_sign_up_refuses(client: Client, wrong: dict[str, str], message: str) -> None:
    make_moderator("mona")
    BlockedDomain.objects.create(domain="@Trash.Example")
    data = {"username": "newcomer", "email": "n@example.org", "password1": PASSWORD} | wrong

    response = client.post("/accounts/signup/", data)

    assert message in read(response).text
    assert not Member.objects.filter(username=data["username"]).exists()


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
@pytest.mark.parametrize("verification", ["none", "mandatory"])
def test_two_who_sign_up_with_one_address_at_once_are_one_account(settings: Any, verification: str) -> None:
    settings.ACCOUNT_EMAIL_VERIFICATION = verification
    barrier, statuses = threading.Barrier(2), []

    def sign_up(number: int) -> None:
        data = {"username": f"newcomer{number}", "email": "N@example.org", "password1": PASSWORD}
        barrier.wait()
        statuses.append(Client().post("/accounts/signup/", data).status_code)
        connection.close()

    threads = [threading.Thread(target=sign_up, args=[number]) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert set(statuses) <= {200, 302}  # 200: its form came so late that it found the other's account
    assert Member.objects.filter(email__iexact="n@example.org").count() == 1


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_publishing_while_the_account_closes_leaves_nothing_behind() -> None:
    movie, author = make_movie(), make_member()
    failures: list[BaseException] = []

    def close() -> None:
        try:
            close_account(author, keep_reviews=False)
        except BaseException as error:
            failures.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=close)
    with contextlib.suppress(IntegrityError), transaction.atomic():  # either is first; the other has to follow
        publish_review(movie=movie, author=author, rating=9, text="Words")
        thread.start()
        thread.join(timeout=0.5)
    thread.join()

    assert not failures
    assert not Member.objects.filter(pk=author.pk).exists()
    assert not Review.objects.exists()
    assert recount_ratings() == 0


def test_closing_twice_at_once_closes_once(member: Member) -> None:
    again = Member.objects.get(pk=member.pk)

    close_account(member, keep_reviews=False)
    close_account(again, keep_reviews=False)

    assert not Member.objects.filter(username=again.username).exists()


def test_export_holds_everything(member: Member) -> None:
    movie, other = make_movie("Ran"), make_review(make_movie())
    publish_review(movie=movie, author=member, rating=9, text="First words")
    publish_review(movie=movie, author=member, rating=8, text="Later words")
    Draft.objects.create(movie=make_movie("Ikiru"), author=member, text="Not yet")
    vote(review=other.pk, member=member, is_helpful=True)
    Report.objects.create(review=other, reporter=member, reason="spam")

    response = signed_in("alice").get("/accounts/export/")

    assert response["Content-Disposition"] == 'attachment; filename="alice.json"'
    data = json.loads(response.content)
    assert data["reviews"][0] | {"text": "Later words", "rating": 8, "movie": "Ran"} == data["reviews"][0]
    assert data["earlier_versions"][0]["text"] == "First words"
    assert data["drafts"][0]["text"] == "Not yet"
    assert (len(data["votes"]), len(data["reports"])) == (1, 1)
    assert "password" not in response.content.decode()


@pytest.mark.parametrize("path", ["export", "close"])
def test_these_ask_for_the_password_again(as_member: Client, path: str) -> None:
    response = as_member.get(f"/accounts/{path}/")

    assert response["Location"].startswith("/accounts/reauthenticate/")


@pytest.mark.parametrize("choice", ["keep", "remove"])
def test_closing_an_account(member: Member, client: Client, choice: str) -> None:
    movie, theirs = make_movie("Ran"), make_review(make_movie())
    mine = make_review(movie, member, rating=9, headline="Mine")
    make_review(movie, rating=5)
    hidden = make_review(make_movie(), member)
    judge(make_moderator(), hidden, "hide")
    vote(review=theirs.pk, member=member, is_helpful=True)
    vote(review=mine.pk, member=make_member(), is_helpful=True)
    browser = signed_in("alice")

    assert browser.post("/accounts/close/", {}).status_code == 422
    browser.post("/accounts/close/", {"reviews": choice})

    assert not Member.objects.filter(username="alice").exists()
    theirs.refresh_from_db()
    movie.refresh_from_db()
    assert theirs.helpful_count == 0
    assert not Review.objects.filter(pk=hidden.pk).exists()
    if choice == "keep":
        page = read(client.get(movie.get_absolute_url()))
        assert "A former member" in page.text
        assert "alice" not in page.text
        assert movie.rating_count == 2
    else:
        assert (movie.rating_count, movie.rating_sum) == (1, 5)
    assert recount_ratings() == 0
    assert client.get("/members/alice/").status_code == 404


def test_merging_accounts_keeps_every_count(member: Member) -> None:
    other, movie, both = make_member("alice2"), make_movie("Ran"), make_movie("Ikiru")
    make_review(movie, other, rating=3)
    make_review(both, other, rating=2)
    make_review(both, member, rating=9)
    third = make_review(make_movie())
    vote(review=third.pk, member=other, is_helpful=True)
    vote(review=third.pk, member=member, is_helpful=False)
    vote(review=Review.objects.get(movie=movie).pk, member=member, is_helpful=True)  # it would become one's own
    Draft.objects.create(movie=make_movie(), author=other, text="Draft")

    assert merge_accounts(other, member) == 1

    assert set(Review.objects.filter(author=member).values_list("movie__title", "rating")) == {("Ran", 3), ("Ikiru", 9)}
    third.refresh_from_db()
    assert (third.helpful_count, third.unhelpful_count) == (0, 1)
    assert not Vote.objects.filter(member=member, review__author=member).exists()
    assert Review.objects.get(movie=movie).helpful_count == 0
    assert member.drafts.get().text == "Draft"
    assert not Member.objects.filter(username="alice2").exists()
    assert recount_ratings() == 0


def test_an_account_is_not_merged_with_itself(member: Member) -> None:
    with pytest.raises(ValueError, match="itself"):
        merge_accounts(member, member)


def test_two_accounts_are_merged_in_the_admin(as_editor: Client, member: Member) -> None:
    other = make_member("alice2")
    make_review(make_movie(), other)
    data = {"action": "merge", "_selected_action": [member.pk, other.pk]}

    assert "Which account stays?" in read(as_editor.post("/admin/reviews/member/", data)).text
    as_editor.post("/admin/reviews/member/", data | {"keep": str(member.pk)})

    assert Review.objects.get().author == member
    assert not Member.objects.filter(pk=other.pk).exists()


def test_deleting_a_member_in_the_admin_uncounts_their_ratings(as_editor: Client, member: Member) -> None:
    movie = make_movie()
    make_review(movie, member)

    as_editor.post(f"/admin/reviews/member/{member.pk}/delete/", {"post": "yes"})

    movie.refresh_from_db()
    assert movie.rating_count == 0
    assert not Member.objects.filter(pk=member.pk).exists()


def test_a_flood_of_one_member_is_stopped(as_member: Client, settings: Any) -> None:
    settings.LIMITS = {"review": (3, 3600)}
    address = f"{make_movie().get_absolute_url()}reviews/write/"

    answers = [as_member.post(address, {"rating": str(number)}) for number in range(1, 6)]

    assert [answer.status_code for answer in answers] == [302, 302, 302, 429, 429]
    assert answers[-1]["Retry-After"] == "3600"
    assert Review.objects.get().rating == 3
    assert as_member.get(address).status_code == 200


def test_writing_needs_a_token(member: Member) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(member)
    movie = make_movie()
    review = make_review(movie)
    for address in (
        f"{movie.get_absolute_url()}reviews/write/", f"{movie.get_absolute_url()}reviews/delete/",
        f"/reviews/{review.pk}/vote/", f"/reviews/{review.pk}/report/", "/accounts/profile/", "/accounts/close/",
        "/accounts/reviews/claim/", "/admin/reviews/review/queue/", "/admin/reviews/decision/1/undo/",
    ):  # fmt: skip
        assert client.post(address, {"rating": "5", "helpful": "yes", "reason": "spam"}).status_code == 403, address
    assert Review.objects.count() == 1


def test_the_sign_in_page_has_one_link_for_a_forgotten_password(client: Client) -> None:
    page = read(client.get("/accounts/login/"))

    assert [link.attributes["href"] for link in page.all("a")].count("/accounts/password/reset/") == 1
    assert "Keep me signed in" in page.text
    assert "Remember Me" not in page.text
