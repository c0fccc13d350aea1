"""What is held for a moderator, and what never is."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from reviews.markup import spans
from reviews.models import Draft, HeldFor, HeldWord, Member, Review, ReviewState
from reviews.services import publish_review, recount_ratings
from tests.makers import judge, make_member, make_moderator, make_movie, make_review
from tests.pages import read

pytestmark = pytest.mark.django_db

APPROVE = "approve"


def held_for(review: Review) -> str:
    review.refresh_from_db()
    return review.held_for


def veteran(**columns: Any) -> Member:
    return make_member(date_joined=timezone.now() - timedelta(days=400), **columns)


def test_first_reviews_of_an_account_wait_and_their_author_is_told(
    settings: Any, as_member: Client, client: Client
) -> None:
    settings.REVIEWS_HELD_FIRST = 1
    movie = make_movie()
    address = f"{movie.get_absolute_url()}reviews/write/"

    answer = as_member.post(address, {"rating": "9", "text": "My first."}, follow=True)

    review = Review.objects.get()
    assert (review.state, review.held_for) == (ReviewState.HELD, HeldFor.FIRST)
    assert "A moderator looks at your review" in read(answer).text
    assert "My first." in read(answer).text
    assert "Waits for a moderator" in read(as_member.get("/accounts/reviews/")).text
    assert client.get(review.get_absolute_url()).status_code == 404
    assert "My first." not in read(client.get(movie.get_absolute_url())).text
    movie.refresh_from_db()
    assert movie.rating_count == 0


def test_after_an_approved_one_the_next_appears_at_once(settings: Any, member: Member) -> None:
    settings.REVIEWS_HELD_FIRST = 1
    first = make_review(make_movie(), member)
    judge(make_moderator(), first, APPROVE)

    assert held_for(make_review(make_movie(), member)) == ""


def test_a_bare_rating_never_waits(settings: Any, member: Member) -> None:
    settings.REVIEWS_HELD_FIRST = 3

    assert held_for(make_review(make_movie(), member, headline="", text="")) == ""


@pytest.mark.parametrize("text", ["See https://example.org", "see WWW.EXAMPLE", "buy at cheap-pills.shop now"])
def test_a_link_from_a_new_account_waits(text: str) -> None:
    assert held_for(make_review(make_movie(), make_member(), text=text)) == HeldFor.LINK
    assert held_for(make_review(make_movie(), veteran(), text=text)) == ""


@pytest.mark.parametrize(
    ("text", "is_held"),
    [
        pytest.param("Cheap VIÁGRA here", True, id="case-and-accent"),
        pytest.param("viagraland", False, id="part-of-a-word"),
        pytest.param("Earn money, fast!", True, id="phrase"),
        pytest.param("Money earned fast", False, id="other-order"),
    ],
)
def test_listed_words_are_whole_words(text: str, is_held: bool) -> None:
    HeldWord.objects.create(text="viagra")
    HeldWord.objects.create(text="earn money fast")

    assert held_for(make_review(make_movie(), veteran(), text=text)) == (HeldFor.WORD if is_held else "")


def test_only_what_an_edit_adds_is_tested() -> None:
    author, movie = veteran(), make_movie()
    review = make_review(movie, author, text="A crook sells snake oil.")
    HeldWord.objects.create(text="snake oil")

    make_review(movie, author, text="A crook sells snake oil. Twice.")
    assert held_for(review) == ""

    HeldWord.objects.create(text="casino")
    make_review(movie, author, text="A crook sells snake oil. Twice. In a casino.")
    assert held_for(review) == HeldFor.WORD


@pytest.mark.parametrize("trust", [{"is_trusted": True}, {"is_staff": True}])
def test_trusted_members_are_never_held(settings: Any, trust: dict[str, Any]) -> None:
    settings.REVIEWS_HELD_FIRST = 3
    HeldWord.objects.create(text="casino")

    assert held_for(make_review(make_movie(), make_member(**trust), text="A casino: https://example.org")) == ""


def test_enough_published_reviews_make_a_member_trusted(settings: Any) -> None:
    settings.REVIEWS_TRUSTED_AFTER = 2
    HeldWord.objects.create(text="casino")
    author = veteran()
    for _ in range(2):
        make_review(make_movie(), author)

    assert held_for(make_review(make_movie(), author, text="Casino")) == ""


def test_a_burst_is_held_marked_and_released(settings: Any, client: Client) -> None:
    settings.BURST_RATINGS = 4
    movie = make_movie()
    make_review(movie, veteran(), rating=8, text="", headline="")
    for _ in range(4):
        publish_review(movie=movie, author=make_member(), rating=1)

    movie.refresh_from_db()
    assert (movie.rating_count, movie.rating_sum, movie.held_rating_count) == (1, 8, 4)
    assert "4 recent ratings being checked" in read(client.get(movie.get_absolute_url())).text
    assert recount_ratings() == 0

    moderator = make_moderator()
    for review in Review.objects.filter(held_for=HeldFor.BURST):
        judge(moderator, review, APPROVE)
    movie.refresh_from_db()
    assert (movie.rating_count, movie.rating_sum, movie.held_rating_count) == (5, 12, 0)


def test_old_accounts_and_slow_ratings_are_no_burst(settings: Any) -> None:
    settings.BURST_RATINGS = 3
    movie = make_movie()
    for _ in range(5):
        publish_review(movie=movie, author=veteran(), rating=1)
    for _ in range(2):
        publish_review(movie=movie, author=make_member(), rating=1)
    Review.objects.filter(author__date_joined__gt=timezone.now() - timedelta(days=1)).update(
        published_at=timezone.now() - timedelta(days=2)
    )
    publish_review(movie=movie, author=make_member(), rating=1)

    movie.refresh_from_db()
    assert (movie.rating_count, movie.held_rating_count) == (8, 0)


def test_early_ratings_wait_for_the_release(client: Client) -> None:
    movie = make_movie(release_date=str(timezone.now().year + 1))
    for rating in (9, 10):
        make_review(movie, rating=rating)

    page = read(client.get(movie.get_absolute_url()))
    movie.refresh_from_db()
    assert (movie.rating_count, movie.weighted_rating, movie.early_rating_count, movie.review_count) == (0, None, 2, 2)
    assert "2 given before the release count from that day on" in page.text
    assert "before the release" in page.all("p", "review__by")[0].text
    assert recount_ratings() == 0

    movie.release_date = f"{timezone.now().year - 1}"
    movie.save()
    page = read(client.get(movie.get_absolute_url()))
    movie.refresh_from_db()
    assert (movie.rating_count, movie.rating_sum, movie.early_rating_count) == (2, 19, 0)
    assert page.one("p", "figure__n").text == "9.5/10"
    assert recount_ratings() == 0


def test_early_ratings_are_changed_and_deleted_exactly(member: Member) -> None:
    movie = make_movie(release_date="2999")
    review = make_review(movie, member, rating=4)
    make_review(movie, member, rating=7)
    assert recount_ratings() == 0
    judge(make_moderator(), review, "hide")

    movie.refresh_from_db()
    assert movie.early_rating_count == 0
    assert recount_ratings() == 0


def test_a_draft_is_kept_shown_and_gone_once_published(as_member: Client, client: Client) -> None:
    movie = make_movie()
    address = f"{movie.get_absolute_url()}reviews/write/"

    as_member.post(address, {"action": "draft", "headline": "Half a thought", "text": "To be", "language": "fr"})

    draft = Draft.objects.get()
    assert (draft.rating, draft.language_id) == (None, "fr")
    page = read(as_member.get(address))
    assert page.one("input", name="headline").attributes["value"] == "Half a thought"
    assert "Half a thought" in read(as_member.get("/accounts/reviews/")).text
    assert not Review.objects.exists()
    as_member.post(address, {"action": "publish", "rating": "6", "headline": "A thought"})
    assert not Draft.objects.exists()
    assert Review.objects.get().headline == "A thought"


def test_a_draft_can_be_discarded(as_member: Client) -> None:
    address = f"{make_movie().get_absolute_url()}reviews/write/"
    as_member.post(address, {"action": "draft", "text": "To be"})

    as_member.post(address, {"action": "discard"})

    assert not Draft.objects.exists()


def test_an_edit_keeps_its_predecessor_for_author_and_moderators(as_member: Client, client: Client) -> None:
    movie = make_movie()
    address = f"{movie.get_absolute_url()}reviews/write/"
    as_member.post(address, {"rating": "9", "text": "Wonderful."})
    as_member.post(address, {"rating": "4", "text": "On second thoughts."})
    review = Review.objects.get()
    history = f"/reviews/{review.pk}/history/"

    seen = read(as_member.get(history))
    assert "Wonderful." in seen.text
    assert seen.one("p", "review__n").text == "9/10"
    assert client.get(history).status_code == 404
    client.force_login(make_member())
    assert client.get(history).status_code == 404
    client.force_login(make_moderator())
    assert "Wonderful." in read(client.get(history)).text


def test_a_burst_that_was_approved_is_not_held_again(settings: Any) -> None:
    settings.BURST_RATINGS = 3
    movie, moderator = make_movie(), make_moderator()
    for _ in range(3):
        publish_review(movie=movie, author=make_member(), rating=1)
    for review in Review.objects.filter(held_for=HeldFor.BURST):
        judge(moderator, review, APPROVE)

    publish_review(movie=movie, author=make_member(), rating=1)

    movie.refresh_from_db()
    assert (movie.rating_count, movie.held_rating_count) == (4, 0)


def test_marks_without_a_partner_are_read_once() -> None:
    text = ">!" * 200_000

    assert [span.is_spoiler for span in spans(text)] == [False]


def test_a_spoiler_of_two_paragraphs_is_one_fold(client: Client) -> None:
    review = make_review(make_movie(), text="First.\n\nThen >!the butler\n\ndid it!<. Last.")

    article = read(client.get(review.get_absolute_url())).one("article", "review")

    assert article.one("details", "covered").one("span").text == "the butler did it"


def test_a_draft_that_is_too_long_is_not_cut(as_member: Client) -> None:
    address = f"{make_movie().get_absolute_url()}reviews/write/"

    response = as_member.post(address, {"action": "draft", "text": "x" * 10_001})

    assert response.status_code == 422
    assert "at most 10000 characters" in read(response).text
    assert len(read(response).one("textarea").text) == 10_001
    assert not Draft.objects.exists()
