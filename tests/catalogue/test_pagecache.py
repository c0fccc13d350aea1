"""A kept page is what would be rendered now, after every kind of write; signed-in readers and drafts are never kept."""

import gzip
from collections.abc import Callable
from typing import Any

import brotli
import pytest
from django.core.cache import caches
from django.test import Client

from catalogue.curation.derive import refresh_movies, refresh_people
from catalogue.models import (
    Collection,
    CollectionItem,
    Country,
    Genre,
    Image,
    Language,
    Movie,
    Person,
    RelatedMovie,
    Studio,
)
from catalogue.vocabulary import Placing
from reviews.models import Member
from reviews.services import close_account, delete_review, publish_review, vote
from tests.makers import judge, make_cast, make_crew, make_member, make_moderator, make_movie, make_review

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _as_in_production(settings: Any) -> None:
    settings.DEBUG = False


@pytest.fixture
def ran() -> Movie:
    """A movie with something of everything, and one beside it."""
    movie = make_movie("Ran", genres=["Drama"], studios=["Toho"], release_date="1985", original_language_id="ja")
    movie.countries_of_origin.set([Country.objects.get(code="JP")])
    movie.spoken_languages.set([Language.objects.get(code="ja")])
    make_crew(movie, "Akira Kurosawa")
    make_cast(movie, "Tatsuya Nakadai", "Hidetora")
    make_crew(make_movie("Kagemusha", genres=["Drama"]), "Akira Kurosawa")
    make_review(movie, make_member("alva"), rating=9)
    collection = Collection.objects.create(name="Swords", is_published=True)
    CollectionItem.objects.create(collection=collection, movie=movie)
    image = Image.objects.create(digest="d" * 32, kind="poster", width=2, height=3, alt="A castle burns")
    Movie.objects.filter(pk=movie.pk).update(poster=image)
    refresh_movies([movie.pk])
    movie.refresh_from_db()
    return movie


def rename(model: type[Any], name: str, **which: str) -> Callable[[Movie], None]:
    def write(movie: Movie) -> None:
        record = model.objects.get(**which)
        record.name = name
        record.save()

    return write


def post(movie: Movie) -> None:
    make_review(movie, rating=2, headline="Slept through it")


def edit(movie: Movie) -> None:
    review = movie.reviews.get()
    assert review.author
    publish_review(movie=movie, author=review.author, rating=1, headline="Seen again", text="No.")


def helpful(movie: Movie) -> None:
    vote(review=movie.reviews.get().pk, member=make_member(), is_helpful=True)


def hide(movie: Movie) -> None:
    judge(make_moderator(), movie.reviews.get(), "hide")


def author_renamed(movie: Movie) -> None:
    member = Member.objects.get(username="alva")
    member.display_name = "Alva the Second"
    member.save()


def author_gone(movie: Movie) -> None:
    close_account(Member.objects.get(username="alva"), keep_reviews=True)


def edited(movie: Movie) -> None:
    movie.synopsis = "A lord divides his realm."
    movie.save()
    refresh_movies([movie.pk])


def credited(movie: Movie) -> None:
    make_cast(movie, "Mieko Harada", "Lady Kaede")


def beside_rated(movie: Movie) -> None:
    make_review(Movie.objects.get(title="Kagemusha"), rating=10)


def beside_banned(movie: Movie) -> None:
    RelatedMovie.objects.filter(movie=movie).update(placing=Placing.BANNED)
    refresh_movies([movie.pk])


def beside_unpublished(movie: Movie) -> None:
    Movie.objects.filter(title="Kagemusha").update(is_published=False)
    refresh_movies(Movie.objects.filter(title="Kagemusha").values_list("pk", flat=True))


def alt_text(movie: Movie) -> None:
    image = Image.objects.get()
    image.alt = "A lord before his burning castle"
    image.save()


def picture_deleted(movie: Movie) -> None:
    Image.objects.all().delete()


def person_renamed(movie: Movie) -> None:
    person = Person.objects.get(name="Tatsuya Nakadai")
    person.name = "Nakadai Tatsuya"
    person.save()
    refresh_people([person.pk])
    refresh_movies([movie.pk])


WRITES = [
    post, edit, helpful, hide, author_renamed, author_gone, edited, credited, beside_rated, beside_banned,
    beside_unpublished, alt_text, picture_deleted, person_renamed,
    pytest.param(lambda movie: delete_review(movie.reviews.get()), id="review-deleted"),
    pytest.param(rename(Genre, "Tragedy"), id="genre"),
    pytest.param(rename(Studio, "Toho Company"), id="studio"),
    pytest.param(rename(Country, "Nippon", code="JP"), id="country"),
    pytest.param(rename(Language, "Nihongo", code="ja"), id="language"),
    pytest.param(rename(Collection, "Blades"), id="collection"),
]  # fmt: skip


@pytest.mark.parametrize("write", WRITES)
def test_no_write_leaves_a_stale_page(client: Client, ran: Movie, write: Callable[[Movie], None]) -> None:
    path = ran.get_absolute_url()
    client.get(path)  # computes what stands beside
    first = client.get(path)
    assert client.get(path, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304

    write(ran)

    again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 200
    assert client.get(path).content == client.get(f"{path}?fresh").content != first.content


def test_the_second_reader_costs_one_query(client: Client, ran: Movie, django_assert_num_queries: Any) -> None:
    path = ran.get_absolute_url()
    client.get(path)  # stores the related movies
    for coding in ("gzip, br", "gzip"):  # each is kept apart
        client.get(path, headers={"Accept-Encoding": coding})

    with django_assert_num_queries(1):
        kept = client.get(path, headers={"Accept-Encoding": "gzip, br"})
    with django_assert_num_queries(1):
        assert client.get(path, headers={"If-None-Match": kept.headers["ETag"]}).status_code == 304

    plain = client.get(path)
    assert brotli.decompress(kept.content) == plain.content
    assert gzip.decompress(client.get(path, headers={"Accept-Encoding": "gzip"}).content) == plain.content
    assert "Accept-Encoding" in kept.headers["Vary"]
    assert client.head(path).content == b""


def test_what_is_not_for_everybody_is_not_kept(
    client: Client, as_member: Client, as_editor: Client, ran: Movie
) -> None:
    path = ran.get_absolute_url()
    client.get(path)
    client.get(path)

    assert "ETag" not in as_member.get(path).headers
    assert b"alice" in as_member.get(path).content
    assert b"alice" not in client.get(path).content
    Movie.objects.filter(pk=ran.pk).update(is_published=False)
    refresh_movies([ran.pk])
    assert client.get(path).status_code == 404
    assert as_editor.get(path).status_code == 200
    assert client.get(path).status_code == 404


def test_hosts_do_not_share_pages(client: Client, ran: Movie, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["one.example", "two.example"]
    path = ran.get_absolute_url()
    for _ in range(3):
        assert b"http://one.example/movies/" in client.get(path, headers={"host": "one.example"}).content
    assert b"one.example" not in client.get(path, headers={"host": "two.example"}).content


def test_themes_do_not_share_pages(client: Client, ran: Movie) -> None:
    path = ran.get_absolute_url()
    client.get(path)
    plain = client.get(path)
    client.cookies["theme"] = "dark"
    client.get(path)
    dark = client.get(path, headers={"If-None-Match": plain.headers["ETag"]})

    assert dark.status_code == 200
    assert dark.content.count(b' data-theme="dark"') == 1
    assert b'id="theme-dark" value="dark" checked' in dark.content
    client.cookies["theme"] = '"><script>'
    assert client.get(path).content == plain.content
    assert b"data-theme" not in plain.content


def test_a_wrong_slug_is_led_to_the_right_one(client: Client, ran: Movie) -> None:
    path = ran.get_absolute_url()
    client.get(path)
    client.get(path)

    assert client.get(f"/movies/{ran.pk}/other/").headers["Location"] == path


def test_early_ratings_are_counted_on_the_day(client: Client) -> None:
    movie = make_movie("Soon", release_date="2999-01-01")
    make_review(movie, rating=9)
    path = movie.get_absolute_url()
    client.get(path)
    client.get(path)
    Movie.objects.filter(pk=movie.pk).update(release_date="2001-01-01")  # as if the day had come

    client.get(path)

    movie.refresh_from_db()
    assert movie.rating_count == 1


def test_many_pages_do_not_crowd_out_counters() -> None:
    assert caches["pages"] is not caches["default"]
    caches["default"].set("limit", 1)
    caches["pages"].clear()
    assert caches["default"].get("limit") == 1


@pytest.mark.parametrize(
    ("asked", "coding"),
    [("gzip;q=0", ""), ("br;q=0, gzip", "gzip"), ("br; q=0.000, GZIP;q=0.5", "gzip"), ("br;q=1", "br")],
)
def test_a_coding_that_is_refused_is_not_sent(client: Client, ran: Movie, asked: str, coding: str) -> None:
    client.get(ran.get_absolute_url())  # computes the related movies

    response = client.get(ran.get_absolute_url(), headers={"Accept-Encoding": asked})

    assert response.headers.get("Content-Encoding", "") == coding
