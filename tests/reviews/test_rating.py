"""The rating on the movie's row equals a recount, whatever happens to reviews."""

import math
import threading
from typing import Any

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from catalogue.models import Movie
from catalogue.models.movie import weighted_rating
from catalogue.search import search
from catalogue.search.index import index_moved
from reviews.models import Action, Review
from reviews.services import delete_review, publish_review, recount_ratings
from reviews.services.ratings import move
from tests.makers import judge, make_bare_review, make_member, make_moderator, make_movie, make_review


def state(movie: Movie) -> tuple[list[int], int, int, int]:
    movie.refresh_from_db()
    return movie.histogram, movie.rating_count, movie.rating_sum, movie.review_count


@pytest.mark.django_db
def test_weighted_rating_follows_the_published_formula(settings: Any) -> None:
    settings.RATING_PRIOR_MEAN, settings.RATING_PRIOR_COUNT = 6.0, 4
    movie = make_movie()
    for rating in (9, 10):
        make_review(movie, rating=rating)

    movie.refresh_from_db()

    assert movie.weighted_rating == pytest.approx((19 + 4 * 6.0) / (2 + 4))


@pytest.mark.django_db
def test_hidden_reviews_do_not_count_until_released() -> None:
    movie = make_movie()
    review = make_review(movie, rating=2)

    judge(make_moderator(), review, Action.HIDE)
    hidden = state(movie)
    judge(make_moderator(), review, Action.APPROVE)

    assert hidden == ([0] * 10, 0, 0, 0)
    assert state(movie) == ([0, 1, 0, 0, 0, 0, 0, 0, 0, 0], 1, 2, 1)


@pytest.mark.django_db
def test_every_write_raises_the_version_of_the_page() -> None:
    movie = make_movie()
    versions = []
    review, author = make_review(movie), make_member()
    for write in (
        lambda: publish_review(movie=movie, author=author, rating=8, text="Other words"),
        lambda: judge(make_moderator(), review, Action.HIDE),
        lambda: delete_review(review),
    ):
        movie.refresh_from_db()
        versions.append(movie.version)
        write()
    movie.refresh_from_db()

    assert sorted(set(versions)) == versions
    assert movie.version > versions[-1]


steps = st.lists(
    st.tuples(st.sampled_from(["publish", "hide", "release", "delete"]), st.integers(0, 2), st.integers(1, 10), st.booleans()),
    max_size=12,
)  # fmt: skip


@pytest.mark.django_db
@hypothesis_settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps)
def test_any_history_leaves_no_drift(history: list[tuple[str, int, int, bool]]) -> None:
    with transaction.atomic():
        movie, authors = make_movie(), [make_member() for _ in range(3)]
        moderator = make_moderator()
        for step, who, rating, has_words in history:
            review = Review.objects.filter(movie=movie, author=authors[who]).first()
            if step == "publish":
                publish_review(movie=movie, author=authors[who], rating=rating, text="Words" if has_words else "")
            elif review and step == "delete":
                delete_review(review)
            elif review:
                judge(moderator, review, Action.HIDE if step == "hide" else Action.APPROVE)

        assert recount_ratings([movie.pk]) == 0


@pytest.mark.django_db
def test_recount_mends_and_reports_drift() -> None:
    movie = make_movie()
    make_review(movie, rating=7)
    Movie.objects.update(rating_7=5, review_count=9)

    assert recount_ratings() == 1
    assert state(movie) == ([0, 0, 0, 0, 0, 0, 1, 0, 0, 0], 1, 7, 1)
    assert recount_ratings() == 0


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_writers_at_once_lose_nothing() -> None:
    movie = make_movie()
    authors = [make_member() for _ in range(8)]
    failures: list[BaseException] = []

    def write(number: int) -> None:
        try:
            for rating in (1, 5, 10):
                publish_review(movie=movie, author=authors[number], rating=rating, text="Words")
            if number % 2:
                delete_review(Review.objects.get(movie=movie, author=authors[number]))
        except BaseException as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=write, args=[number]) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert not failures
    assert state(movie) == ([0, 0, 0, 0, 0, 0, 0, 0, 0, 4], 4, 40, 4)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("wrong", "rule"),
    [
        pytest.param({"rating": 0}, "review_rating_1_to_10", id="zero"),
        pytest.param({"rating": 11}, "review_rating_1_to_10", id="eleven"),
    ],
)
def test_the_database_knows_the_scale(wrong: dict[str, int], rule: str) -> None:
    with pytest.raises(IntegrityError, match=rule), transaction.atomic():
        make_bare_review(movie=make_movie(), author=make_member(), **wrong)


@pytest.mark.django_db
def test_the_database_knows_one_review_per_member() -> None:
    movie, author = make_movie(), make_member()
    make_bare_review(movie=movie, author=author, rating=5)

    with pytest.raises(IntegrityError), transaction.atomic():
        make_bare_review(movie=movie, author=author, rating=6)


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_one_form_sent_twice_at_once_is_one_review() -> None:
    movie, author = make_movie(), make_member()
    failures: list[BaseException] = []

    def second() -> None:
        try:
            publish_review(movie=movie, author=author, rating=4, text="Second")
        except BaseException as error:
            failures.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=second)
    with transaction.atomic():
        publish_review(movie=movie, author=author, rating=9, text="First")
        thread.start()
        thread.join(timeout=0.5)  # it waits for this transaction, having seen no review yet
    thread.join()

    assert not failures
    assert state(movie) == ([0, 0, 0, 1, 0, 0, 0, 0, 0, 0], 1, 4, 1)


class Told:
    """What a test says a review adds to its movie."""

    def __init__(self, rating: int | None, words: int = 0, held: int = 0) -> None:
        self.rating, self.words, self.held = rating, words, held


@pytest.mark.django_db
@pytest.mark.parametrize("prior", [(6.5, 5), (7, 0)], ids=["with-a-prior", "without"])
def test_a_move_in_sql_is_what_the_formula_says(settings: Any, prior: tuple[float, int]) -> None:
    settings.RATING_PRIOR_MEAN, settings.RATING_PRIOR_COUNT = prior
    movie = make_movie()
    told: Any = [Told(None), Told(1), Told(10, words=1), Told(None, held=1), Told(4, words=1), Told(4)]
    for before in told:
        for after in told:
            Movie.objects.filter(pk=movie.pk).update(
                rating_1=1, rating_4=1, rating_10=1, review_count=3, held_rating_count=1
            )
            bars = [1, 0, 0, 1, 0, 0, 0, 0, 0, 1]
            for share, step in ((before, -1), (after, 1)):
                if share.rating:
                    bars[share.rating - 1] += step
            points, votes = sum(score * number for score, number in enumerate(bars, 1)), sum(bars)

            move(movie.pk, before, after)

            assert state(movie) == (bars, votes, points, 3 + after.words - before.words)
            assert movie.held_rating_count == 1 + after.held - before.held
            if before.rating != after.rating:
                assert movie.weighted_rating == pytest.approx(weighted_rating(points, votes))


@pytest.mark.django_db
def test_the_last_rating_taken_back_leaves_no_weighted_rating() -> None:
    movie = make_movie()
    review = make_review(movie)

    delete_review(review)
    movie.refresh_from_db()

    assert movie.weighted_rating is None


@pytest.mark.django_db
def test_what_is_popular_follows_the_ratings_in_the_night() -> None:
    first, second, draft = make_movie("Solaris"), make_movie("Solaris"), make_movie("Solaris", is_published=False)
    for _ in range(3):
        make_review(second)
    make_review(draft)

    call_command("housekeeping")

    assert list(Movie.objects.published().order_by("-popularity")) == [second, first]
    assert Movie.objects.get(pk=second.pk).popularity == round(math.log(1 + 3) * 50)
    assert [found.pk for found in search("solaris").movies] == [second.pk, first.pk]
    assert index_moved() == 0
