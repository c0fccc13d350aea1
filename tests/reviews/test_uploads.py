"""Bringing ratings and reviews along: what becomes a draft, what is asked, what is published."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from catalogue.models import Movie
from reviews.models import Draft, Member, Review, Upload
from tests.makers import make_movie, make_review
from tests.pages import Element, read
from tests.reviews.test_exports import IMDB, RATINGS, REVIEWS, packed

pytestmark = pytest.mark.django_db
ADDRESS = "/accounts/import/"
HEAD = "Date,Name,Year,Letterboxd URI,Rating\n"


def upload(client: Client, content: str | bytes, name: str = "ratings.csv") -> Any:
    data = content.encode() if isinstance(content, str) else content
    return client.post(ADDRESS, {"action": "upload", "file": SimpleUploadedFile(name, data)})


def figures(page: Element) -> dict[str, str]:
    facts = page.one("dl", "facts")
    return dict(zip(facts.texts("dt"), facts.texts("dd"), strict=True))


def drafts(member: Member) -> dict[str, tuple[int | None, str]]:
    return {
        draft.movie.title: (draft.rating, draft.text)
        for draft in Draft.objects.filter(author=member).select_related("movie")
    }


def test_what_is_certain_becomes_drafts_and_nothing_is_published(as_member: Client, member: Member) -> None:
    make_movie("Ran", release_date="1985", imdb_id="tt0089881")
    make_movie("Ikiru", release_date="1952")

    response = upload(as_member, packed(ratings=RATINGS, reviews=REVIEWS), "letterboxd.zip")

    assert response.status_code == 302
    page = read(as_member.get(ADDRESS))
    assert drafts(member) == {"Ran": (10, "It burns & burns.\n\nTwice."), "Ikiru": (1, "")}
    assert not Review.objects.exists()
    assert "2 drafts saved. Only you see them." in page.text
    assert figures(page)["Drafts saved"] == "2"
    assert [box.attributes["value"] for box in page.all("input", type="checkbox")] == [
        str(Movie.objects.get(title="Ikiru").pk)
    ]


def test_the_same_export_again_still_offers_what_waits(as_member: Client) -> None:
    make_movie("Ikiru", release_date="1952")
    upload(as_member, RATINGS)

    upload(as_member, RATINGS)

    assert [box.attributes["name"] for box in read(as_member.get(ADDRESS)).all("input", type="checkbox")] == ["movie"]


def test_the_report_says_what_was_not_certain(as_member: Client, member: Member) -> None:
    make_movie("Solaris", release_date="1972")
    make_movie("Solaris", release_date="2002")
    make_movie("The Thing", release_date="1982")
    make_movie("The Thing", release_date="1982-06")
    make_movie("Stalker", release_date="1979")
    make_review(make_movie("Ran", release_date="1985"), member)
    make_movie("Hidden", release_date="1999", is_published=False)
    rows = [
        "Solaris,1972,u,4",
        "The Thing,1982,u,5",
        "Stalker,1980,u,3",
        "Ran,1985,u,5",
        "Hidden,1999,u,5",
        "Nowhere,2000,u,2",
        "Bad,2000,u,9",
    ]

    upload(as_member, HEAD + "".join(f"2020-01-01,{row}\n" for row in rows))
    page = read(as_member.get(ADDRESS))

    assert drafts(member) == {"Solaris": (8, "")}
    assert figures(page) == {
        "Rows read": "7", "Drafts saved": "1", "Doubtful": "2", "Reviewed or drafted before": "1", "Not in this catalogue": "2",
        "Without a rating or words": "0", "The same movie again": "0", "Not read": "1",
    }  # fmt: skip
    assert page.one("main").texts("legend") == [
        "The Thing (1982) 10/10",
        "Stalker (1980) 6/10",
        "Publish these ratings",
    ]
    assert "ratings.csv, line 8 “9” is no rating of half a star to five stars." in page.text


def test_the_member_settles_what_is_doubtful(as_member: Client, member: Member) -> None:
    stalker, other = make_movie("Stalker", release_date="1979"), make_movie("Other")
    make_movie("Mirror", release_date="1975")
    make_movie("Nostalghia", release_date="1983")
    upload(as_member, HEAD + "d,Stalker,1980,u,3\nd,Mirror,1974,u,4\nd,Nostalghia,1984,u,5\n")

    as_member.post(
        ADDRESS,
        {
            "action": "choose",
            "movie-0": other.pk,
            "movie-1": "none",
            "movie-9": stalker.pk,
            "movie-x": "1",
            "movie-2": "9" * 30,
        },
    )
    assert drafts(member) == {}
    assert [item["title"] for item in Upload.objects.get().report["doubtful"]] == ["Stalker", "Nostalghia"]

    as_member.post(ADDRESS, {"action": "choose", "movie-0": stalker.pk})
    assert drafts(member) == {"Stalker": (6, "")}
    assert [item["title"] for item in Upload.objects.get().report["doubtful"]] == ["Nostalghia"]


def test_articles_and_other_languages_do_not_hide_a_movie(as_member: Client, member: Member) -> None:
    from catalogue.models import Language

    make_movie("La Strada", release_date="1954", original_language=Language.objects.get(pk="it"))
    make_movie("The Third Man", release_date="1949")
    upload(as_member, HEAD + "d,La strada,1954,u,3\nd,The Third Man,1949,u,4\n")

    assert drafts(member) == {"La Strada": (6, ""), "The Third Man": (8, "")}


def test_imdb_ids_are_certain_and_an_unknown_id_is_asked_for(as_member: Client, member: Member) -> None:
    make_movie("Chaos", release_date="2001", imdb_id="tt0089881")
    make_movie("Red Beard", release_date="1965")
    upload(as_member, IMDB + "tt0058888,10,d,Red Beard,Akahige,u,Movie,8,185,1965\n")

    assert drafts(member) == {"Chaos": (9, "")}
    assert read(as_member.get(ADDRESS)).one("main").texts("legend")[0] == "Red Beard (1965) 10/10"


def test_drafts_and_reviews_of_before_stay(as_member: Client, member: Member) -> None:
    movie = make_movie("Ran", release_date="1985")
    Draft.objects.create(movie=movie, author=member, rating=2, text="Mine")
    upload(as_member, RATINGS)
    upload(as_member, RATINGS)

    assert drafts(member) == {"Ran": (2, "Mine")}
    assert Upload.objects.count() == 1


def test_chosen_bare_ratings_are_published_by_the_rules(as_member: Client, member: Member, settings: Any) -> None:
    movies = [make_movie(title, release_date="1999") for title in ("A1", "B1", "C1", "D1")]
    upload(as_member, HEAD + "".join(f"d,{movie.title},1999,u,4\n" for movie in movies))
    Draft.objects.filter(movie=movies[2]).update(text="Words")

    as_member.post(ADDRESS, {"action": "publish", "movie": [movies[0].pk, movies[2].pk, "x", "9" * 30]})

    assert [(review.movie.title, review.rating) for review in Review.objects.filter(author=member)] == [("A1", 8)]
    movies[0].refresh_from_db()
    assert movies[0].rating_count == 1
    assert set(drafts(member)) == {"B1", "C1", "D1"}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param("a,b\n", "neither an export of Letterboxd nor of IMDb", id="another-table"),
        pytest.param(b"PK\x03\x04 broken", "damaged", id="broken-zip"),
        pytest.param("", "empty", id="empty"),
    ],
)
def test_other_files_are_refused_with_a_reason(as_member: Client, content: Any, message: str) -> None:
    response = upload(as_member, content)

    assert response.status_code == 422
    assert message in read(response).text


def test_who_may_upload(client: Client, as_member: Client, member: Member, settings: Any) -> None:
    assert upload(client, RATINGS).status_code == 302
    assert not Upload.objects.exists()
    assert as_member.post(ADDRESS, {"action": "choose", "movie-0": "none"}).status_code == 302
    Member.objects.filter(pk=member.pk).update(suspended_until=timezone.now() + timedelta(days=1))
    assert upload(as_member, RATINGS).status_code == 403
    Member.objects.filter(pk=member.pk).update(suspended_until=None)
    settings.LIMITS = {"upload": (4, 3600)}  # two of which are used up
    assert [upload(as_member, RATINGS).status_code for _ in range(3)] == [302, 302, 429]
    assert Client(enforce_csrf_checks=True).post(ADDRESS).status_code == 403


def test_a_big_export_costs_few_queries(as_member: Client, django_assert_max_num_queries: Any) -> None:
    Movie.objects.bulk_create(
        Movie(title=f"Numbered {n}", sort_title=f"numbered {n:010}", slug="m", release_date="1999", is_published=True)
        for n in range(1500)
    )
    rows = "".join(f"2020-01-01,Numbered {n},1999,u,{n % 10 / 2 + 0.5}\n" for n in range(5000))

    with django_assert_max_num_queries(45):
        upload(as_member, HEAD + rows)

    assert Draft.objects.count() == 1500


@pytest.mark.parametrize("count", [1, 3])
def test_page_costs_a_fixed_number_of_queries(as_member: Client, count: int, django_assert_num_queries: Any) -> None:
    for n in range(count):
        make_movie(f"Sure {n}", release_date="1999")
        make_movie(f"Near {n}", release_date="1999")
    upload(as_member, HEAD + "".join(f"d,Sure {n},1999,u,4\nd,Near {n},1998,u,4\n" for n in range(count)))
    as_member.get(ADDRESS)

    with django_assert_num_queries(5):  # session, member, upload, ratings, movies
        as_member.get(ADDRESS)


def test_my_reviews_leads_here(as_member: Client) -> None:
    links = read(as_member.get("/accounts/reviews/")).all("a", href=ADDRESS)
    assert [link.text for link in links] == ["Bring reviews along"]


def test_a_missing_movie_without_a_rating_shows_a_dash(as_member: Client) -> None:
    upload(as_member, REVIEWS.replace("1985,https://boxd.it/x,5", "1985,https://boxd.it/x,"))

    page = read(as_member.get(ADDRESS))

    assert figures(page)["Not in this catalogue"] == "1"
    assert "–/10" not in page.text
