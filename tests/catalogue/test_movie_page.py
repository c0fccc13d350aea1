"""The movie page: everything that is known, nothing that is not."""

from typing import Any

import pytest
from django.test import Client

from catalogue.models import AlternativeTitle, ExternalRating, Movie, RelatedMovie, Release, WatchLink
from catalogue.vocabulary import Placing
from tests.makers import make_cast, make_crew, make_movie, make_review
from tests.pages import json_ld, read

pytestmark = pytest.mark.django_db


def leaving_metropolis() -> Movie:
    """The page that this project grew from."""
    movie = make_movie(
        "Leaving Metropolis", release_date="2002", genres=["Drama", "Comedy", "Romance"], studios=["Original Pictures"],
        synopsis="A painter who cannot paint takes a job in a diner.\n\nHe starts to paint again.",
    )  # fmt: skip
    make_crew(movie, "Brad Fraser")
    make_crew(movie, "Brad Fraser", "Writer", "writing")
    for name in ("Vince Corazza", "Lynda Boyd", "Thom Allison"):
        make_cast(movie, name)
    ExternalRating.objects.create(movie=movie, source="Source not named", value="6.1")
    return movie


def test_shows_what_the_seed_page_promised(client: Client) -> None:
    page = read(client.get(leaving_metropolis().get_absolute_url()))

    assert page.one("h1").text == "Leaving Metropolis"
    assert page.all("nav", aria_label="Breadcrumb")[0].text == "Home Drama Leaving Metropolis"
    facts = dict(zip(page.one("dl", "facts").texts("dt"), page.one("dl", "facts").texts("dd"), strict=True))
    assert facts == {
        "Director": "Brad Fraser",
        "Written by": "Brad Fraser",
        "Released": "2002",
        "Studio": "Original Pictures",
        "Elsewhere": "6.1 of 10, source not named (number of votes not known)",
    }
    assert [item.one("a").text for item in page.all("li", "who")] == ["Vince Corazza", "Lynda Boyd", "Thom Allison"]
    assert page.texts("a", "chip") == ["Drama", "Comedy", "Romance"]


def test_crew_has_jobs_and_names(client: Client) -> None:
    page = read(client.get(leaving_metropolis().get_absolute_url()))

    crew = [(item.one("dt").text, item.texts("dd")) for roll in page.all("dl", "credits") for item in roll.all("div")]
    assert crew == [("Director", ["Brad Fraser"]), ("Writer", ["Brad Fraser"])]


def test_a_movie_of_which_only_the_title_is_known_prints_nothing_empty(client: Client) -> None:
    page = read(client.get(make_movie("Buddies").get_absolute_url()))

    headings = [heading.text for level in ("h1", "h2", "h3") for heading in page.all(level)]
    assert headings == ["Buddies", "Key facts", "Reviews"]
    for element in ("h1", "h2", "h3", "dt", "dd", "li", "p", "a"):
        empty = [item.attributes for item in page.all(element) if not item.text and not item.all("svg")]
        assert not empty, element
    assert "None" not in page.one("main").text


def test_synopsis_is_whole_in_the_html_and_folds(client: Client) -> None:
    page = read(client.get(leaving_metropolis().get_absolute_url()))

    assert page.one("p", "lede").text == "A painter who cannot paint takes a job in a diner."
    assert "He starts to paint again." in page.all("details", "more")[0].text


def test_rating_has_mean_count_and_histogram(client: Client) -> None:
    movie = make_movie()
    for rating in (7, 8, 8):
        make_review(movie, rating=rating)

    page = read(client.get(movie.get_absolute_url()))

    assert page.one("p", "figure__n").text == "7.7/10"
    assert page.one("div", "figure").all("a")[0].text == "3 ratings"
    assert page.one("svg", "hist").attributes["aria-label"] == "Ratings from 1 to 10: 0, 0, 0, 0, 0, 0, 1, 2, 0, 0"


def test_structured_data_keeps_other_places_ratings_out(client: Client) -> None:
    movie = leaving_metropolis()
    unrated = json_ld(read(client.get(movie.get_absolute_url())), "Movie")
    make_review(movie, rating=9, text="It holds.")
    rated = json_ld(read(client.get(movie.get_absolute_url())), "Movie")

    assert "aggregateRating" not in unrated
    assert rated["aggregateRating"] == {
        "@type": "AggregateRating", "ratingValue": 9.0, "ratingCount": 1, "bestRating": 10, "worstRating": 1,
    }  # fmt: skip
    assert rated["director"][0]["name"] == "Brad Fraser"
    assert rated["productionCompany"][0]["name"] == "Original Pictures"
    assert rated["review"][0]["reviewRating"]["bestRating"] == 10


def test_structured_data_and_description_hide_spoilers(client: Client) -> None:
    movie = make_movie()
    make_review(movie, text="The butler did it.", has_spoilers=True)
    make_review(movie, text="It was >!the gardener!< after all.")

    page = read(client.get(movie.get_absolute_url()))

    told = [review.get("reviewBody", "") for review in json_ld(page, "Movie")["review"]]
    assert sorted(told) == ["", "It was [spoiler] after all."]
    assert page.one("details", "spoiler").one("div", "prose").text == "The butler did it."
    assert page.one("details", "covered").one("span").text == "the gardener"


@pytest.mark.parametrize(("title", "count"), [("Ran", 2), ("Leaving Metropolis", 1)])
def test_the_wide_letters_are_fetched_early_where_the_title_is_set_in_them(
    client: Client, title: str, count: int
) -> None:
    page = read(client.get(make_movie(title).get_absolute_url()))

    fonts = [link["href"] for link in (tag.attributes for tag in page.all("link")) if link.get("as") == "font"]
    assert len(fonts) == count
    assert any("archivo-wide" in font for font in fonts) == (count == 2)


def test_drawings_are_part_of_the_page(client: Client) -> None:
    page = client.get(make_movie("Ran").get_absolute_url()).content.decode()

    assert "<use" not in page
    assert '<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d="m4 20' in page  # the pen


def test_hostile_text_stays_text(client: Client) -> None:
    movie = make_movie("</script><script>alert(1)</script>", synopsis="<b>bold</b>")
    make_review(movie, headline="<img src=x onerror=alert(1)>", text="</script><!--")

    page = read(client.get(movie.get_absolute_url()))

    assert page.one("h1").text == "</script><script>alert(1)</script>"
    assert len([script for script in page.all("script") if "src" not in script.attributes]) == 2
    assert json_ld(page, "Movie")["name"] == "</script><script>alert(1)</script>"


def test_where_to_watch_says_when_it_was_checked(client: Client) -> None:
    movie = make_movie()
    WatchLink.objects.create(
        movie=movie, provider="The Archive", url="https://example.org/x", kind="free", checked_on="2026-03-01"
    )

    link = read(client.get(movie.get_absolute_url())).one("ul", "watch").one("a")

    assert link.text == "The Archive Watch for free. Checked on 1 March 2026"
    assert link.attributes["rel"] == "nofollow noopener"


def test_original_title_has_its_language_and_romanization(client: Client) -> None:
    movie = make_movie("Seven Samurai", original_title="七人の侍", original_language_id="ja", release_date="1954-04-26")
    AlternativeTitle.objects.create(movie=movie, title="Shichinin no samurai", kind="romanized", language_id="ja")
    Release.objects.create(movie=movie, country_id="JP", date="1954-04-26")

    page = read(client.get(movie.get_absolute_url()))

    assert page.one("bdi").attributes["lang"] == "ja"
    assert page.one("p", "own").text == "Original title: 七人の侍 Shichinin no samurai"
    assert "26 April 1954, Japan" in page.one("dl", "facts").texts("dd")


def test_related_movies_say_why(client: Client) -> None:
    movie, other = make_movie("Ran"), make_movie("Yojimbo", release_date="1961", genres=["Drama"])
    for each in (movie, other):
        make_crew(each, "Akira Kurosawa")
    make_cast(other, "Toshiro Mifune")

    card = read(client.get(movie.get_absolute_url())).one("article", "card")

    assert card.one("h3").text == "Yojimbo"
    assert card.one("p", "card__why").text == "Same director: Akira Kurosawa"
    assert "Drama" in card.text
    assert "With Toshiro Mifune" in card.text


def test_editors_pin_and_ban_related_movies(client: Client) -> None:
    movie, near, pinned, banned = (make_movie(title) for title in ("Ran", "Near", "Pinned", "Banned"))
    for each in (movie, near, banned):
        make_crew(each, "Akira Kurosawa")
    RelatedMovie.objects.create(movie=movie, other=pinned, placing=Placing.PINNED, reason="The editor's choice")
    RelatedMovie.objects.create(movie=movie, other=banned, placing=Placing.BANNED, reason="Same director")

    page = read(client.get(movie.get_absolute_url()))

    assert [card.one("h3").text for card in page.all("article", "card")] == ["Pinned", "Near"]


def test_wrong_slug_moves_for_good(client: Client) -> None:
    movie = make_movie("Ran")

    response = client.get(f"/movies/{movie.pk}/rain/")

    assert (response.status_code, response["Location"]) == (301, f"/movies/{movie.pk}/ran/")


def test_drafts_are_for_editors(client: Client, as_member: Client, as_editor: Client) -> None:
    url = make_movie(is_published=False).get_absolute_url()

    assert [reader.get(url).status_code for reader in (client, as_member, as_editor)] == [404, 404, 200]
    assert "Draft. Only editors see this page." in read(as_editor.get(url)).one("main").text


@pytest.mark.parametrize("key", ["99999999", "1" + "0" * 30])
def test_unknown_movies_are_not_found(client: Client, key: str) -> None:
    assert client.get(f"/movies/{key}/x/").status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_query_count(client: Client, count: int, django_assert_num_queries: Any) -> None:
    movie = make_movie(genres=["Drama", "War"][:count], studios=["A", "B", "C"][:count])
    for number in range(count):
        other = make_movie(genres=["Drama"])
        for each in (movie, other):
            make_crew(each, f"Director {number}")
            make_cast(each, f"Actor {number}")
        make_review(movie)
    client.get(movie.get_absolute_url())  # the first view stores the related movies

    with django_assert_num_queries(4):  # version, movie, its lists, reviews
        page = read(client.get(movie.get_absolute_url()))
    with django_assert_num_queries(1):  # version
        client.get(movie.get_absolute_url())

    assert len(page.all("article", "card")) == count


def test_visitors_get_no_cookie_and_no_token(client: Client) -> None:
    response = client.get(make_movie().get_absolute_url())

    assert not response.cookies
    assert "csrf" not in response.content.decode()
    assert "Vary" not in response or "Cookie" not in response["Vary"]
