"""Browse, genres, charts, studios, collections, people, home: what is listed, in which order, for how many queries."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from catalogue.models import Collection, CollectionItem, Country, Credit, Feature, Movie, Person, Studio
from reviews.models import Member, Review
from tests.makers import make_cast, make_crew, make_member, make_movie, make_person, make_review
from tests.pages import read

pytestmark = pytest.mark.django_db


def titles(response: Any) -> list[str]:
    """The titles of the cards of a page, in order."""
    return [card.one("h3").text for card in read(response).all("article", "card")]


def test_browse_by_genre_and_decade(client: Client) -> None:
    make_movie("High Noon", genres=["Western"], release_date="1952-07-24")
    make_movie("The Searchers", genres=["Western"], release_date="1956")
    make_movie("Unforgiven", genres=["Western"], release_date="1992")
    make_movie("Ikiru", genres=["Drama"], release_date="1952")
    make_movie("Draft", genres=["Western"], release_date="1952", is_published=False)

    response = client.get("/movies/?genre=western&decade=1950&sort=oldest")

    assert titles(response) == ["High Noon", "The Searchers"]
    page = read(response)
    assert page.one("h1").text == "Western of the 1950s"
    labels = [label.text for label in page.all("label", "check")]
    # Of genres there can be several, so a genre counts what it would leave; a decade what it would change to.
    assert labels == ["Western 2", "Any", "1950s 2", "1990s 1"]


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        pytest.param("title", ["The Apartment", "Zorba"], id="title-without-article"),
        pytest.param("newest", ["Zorba", "The Apartment"], id="newest"),
        pytest.param("rating", ["Zorba", "The Apartment"], id="rating"),
        pytest.param("reviews", ["The Apartment", "Zorba"], id="reviews"),
        pytest.param("added", ["Zorba", "The Apartment"], id="added"),
    ],
)
def test_browse_orders(client: Client, sort: str, expected: list[str]) -> None:
    apartment, zorba = make_movie("The Apartment", release_date="1960-06"), make_movie("Zorba", release_date="1964")
    make_review(apartment, rating=6)
    make_review(apartment, rating=6)
    make_review(zorba, rating=10)

    assert titles(client.get(f"/movies/?sort={sort}")) == expected


@pytest.mark.parametrize(
    ("query", "canonical"),
    [
        ("?genre=&decade=&sort=", "/movies/"),
        ("?genre=western&sort=popular", "/movies/?genre=western"),
        ("?decade=1950&genre=western", None),
        ("?genre=western&page=1", "/movies/?genre=western"),
    ],
)
def test_one_address_for_one_selection(client: Client, query: str, canonical: str | None) -> None:
    make_movie(genres=["Western"], release_date="1952")

    response = client.get(f"/movies/{query}")

    assert response.get("Location") == canonical


@pytest.mark.parametrize(
    "query",
    [
        "?genre=nope",
        "?decade=1955",
        "?year=0000",
        "?decade=x",
        "?sort=worst",
        "?page=0",
        "?page=-1",
        "?page=2",
        "?page=" + "9" * 31,
        "?page=x",
    ],
)
def test_what_cannot_be_browsed_is_not_found(client: Client, query: str) -> None:
    make_movie()

    assert client.get(f"/movies/{query}").status_code == 404


def test_pages_of_a_list(client: Client) -> None:
    for number in range(36):
        make_movie(f"M{number:02}", genres=["Drama"])

    first, second = (read(client.get(f"/movies/?genre=drama&sort=title{page}")) for page in ("", "&page=2"))

    assert [len(page.all("article", "card")) for page in (first, second)] == [30, 6]
    assert first.one("a", rel="next").attributes["href"] == "?genre=drama&sort=title&page=2"
    assert second.one("a", rel="prev").attributes["href"] == "?genre=drama&sort=title"


@pytest.mark.parametrize("page", ["3", "0", "x", "9" * 31])
def test_beyond_the_end_of_a_list_its_ends_are_offered(client: Client, page: str) -> None:
    for number in range(36):
        make_movie(f"M{number:02}", genres=["Drama"])

    response = client.get(f"/movies/?genre=drama&sort=title&page={page}")
    lost = read(response).one("main")

    assert response.status_code == 404
    assert "This list has 2 pages." in lost.text
    ways = {link.text: link.attributes["href"] for link in lost.all("a", "btn--main")}
    assert ways == {
        "First page": "/movies/?genre=drama&sort=title",
        "Last page, 2": "/movies/?genre=drama&sort=title&page=2",
    }
    assert {client.get(way).status_code for way in ways.values()} == {200}


@pytest.mark.parametrize("path", ["/movies/", "/people/", "/collections/"])
def test_beyond_a_list_of_one_page_it_is_offered(client: Client, path: str) -> None:
    make_movie()

    response = client.get(f"{path}?page=2")
    lost = read(response).one("main")

    assert response.status_code == 404
    assert "All of this list is on one page." in lost.text
    assert lost.one("a", "btn--main").attributes["href"] == path


def test_no_more_pages_are_told_than_can_be_reached(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("catalogue.http.MOST_PAGES", 2)
    monkeypatch.setattr("catalogue.views.people.PER_PAGE", 1)
    movie = make_movie()
    for number in range(3):
        make_cast(movie, f"P{number}")

    lost = read(client.get("/people/?page=3")).one("main")

    assert "This list has 2 pages." in lost.text


def test_top_rated_wants_votes_as_well_as_love(client: Client, settings: Any) -> None:
    settings.RATING_CHART_MINIMUM = 2
    loved, liked, alone = make_movie("Loved by two"), make_movie("Liked by six"), make_movie("One vote")
    voters = [make_member() for _ in range(6)]
    for voter in voters[:2]:
        make_review(loved, voter, 10)
    for voter in voters:
        make_review(liked, voter, 9)
    make_review(alone, voters[0], 10)

    rows = read(client.get("/charts/top-rated/")).one("tbody").all("tr")

    # (54 + 5 * 6.5) / 11 = 7.86 beats (20 + 5 * 6.5) / 7 = 7.5; one vote is not enough.
    assert [row.one("th").one("a").text for row in rows] == ["Liked by six", "Loved by two"]


def test_chart_names(client: Client) -> None:
    make_movie("Old", release_date="1950")
    make_movie("New", release_date="2020-01-31")

    rows = read(client.get("/charts/newest/")).one("tbody").all("tr")

    assert [row.one("th").one("a").text for row in rows] == ["New", "Old"]
    assert client.get("/charts/worst/").status_code == 404


def test_person_page_lists_work_by_department(client: Client) -> None:
    first, second = make_movie("Breathless", release_date="1960"), make_movie("Alphaville", release_date="1965")
    person = make_person("Jean-Luc Godard", born_on="1930-12-03", birthplace="Paris")
    for movie in (first, second):
        make_crew(movie, person.name)
    make_crew(second, person.name, "Writer", "writing")
    make_cast(first, person.name, "An informer", is_uncredited=True)

    page = read(client.get(person.get_absolute_url()))

    assert [heading.text for heading in page.all("h2")] == ["Directing 2", "Acting 1", "Writing 1"]
    directing, acting, _ = page.all("ul", "years")
    assert [item.one("a").text for item in directing.all("li")] == ["Alphaville", "Breathless"]
    assert "An informer (uncredited)" in acting.text
    assert page.one("dl", "facts").texts("dd")[0] == "3 December 1930, Paris"


def test_a_movie_is_one_line_of_a_department_with_all_that_was_done_in_it(client: Client) -> None:
    movie = make_movie("Spione", release_date="1928")
    for job in ("Screenplay", "Story"):
        make_crew(movie, "Thea von Harbou", job, "writing")
    make_cast(movie, "Thea von Harbou", "Herself")
    make_cast(movie, "Thea von Harbou", "A passer-by", is_uncredited=True)
    make_cast(movie, "Thea von Harbou", "The radio", is_voice=True, is_uncredited=True)
    make_cast(movie, "Thea von Harbou", is_uncredited=True)

    page = read(client.get(Person.objects.get().get_absolute_url()))

    assert page.texts("h2") == ["Acting 1", "Writing 1"]
    assert page.texts("span", "line") == [
        "Herself, A passer-by (uncredited), The radio (voice) (uncredited), (uncredited)",
        "Screenplay, Story",
    ]


def test_a_long_filmography_does_without_posters(client: Client) -> None:
    person = make_person("The Busiest")
    movies = [Movie(title=f"M{number}", slug="m", sort_title="m", is_published=True) for number in range(301)]
    credits = [Credit(movie=movie, person=person, billing_order=0) for movie in Movie.objects.bulk_create(movies)]
    Credit.objects.bulk_create(credits[:300])
    shown = len(read(client.get(person.get_absolute_url())).one("ul", "years").all("span", "poster"))
    Credit.objects.bulk_create(credits[300:])

    page = read(client.get(person.get_absolute_url()))

    assert (shown, len(page.one("ul", "years--plain").all("span", "poster"))) == (300, 0)
    assert len(page.one("ul", "years").all("li")) == 301


def test_a_long_list_of_people_says_that_it_is_not_all(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("catalogue.views.people.MOST_PEOPLE", 2)
    for name in ("Ada", "Ben", "Cy"):
        make_cast(make_movie(), name)

    page = read(client.get("/people/"))

    assert page.one("div", "band__row").text == "People The first 2 people"
    assert len(page.one("ul", "cast").all("li")) == 2


def test_namesakes_are_told_apart(client: Client) -> None:
    actor = make_person("Tom Holland", disambiguation="actor, born 1996")
    make_person("Tom Holland", disambiguation="director, born 1943")

    page = read(client.get(actor.get_absolute_url()))

    assert "director, born 1943" in page.one("ul", "cast").text


def test_studio_and_collection_pages(client: Client) -> None:
    movie = make_movie("Ran", studios=["Toho"])
    make_movie("Draft", studios=["Toho"], is_published=False)
    collection = Collection.objects.create(name="Swords", is_published=True)
    CollectionItem.objects.create(collection=collection, movie=movie, note="The last great battle")

    studio = Studio.objects.get()
    assert titles(client.get(studio.get_absolute_url())) == ["Ran"]
    assert read(client.get(f"/charts/newest/studio/{studio.pk}/")).one("h1").text == "Newest: Toho"
    assert client.get("/charts/newest/studio/0/").status_code == 404
    page = read(client.get(collection.get_absolute_url()))
    assert page.one("p", "card__why").text == "The last great battle"
    Collection.objects.update(is_published=False)
    assert client.get(collection.get_absolute_url()).status_code == 404


def test_home_shows_the_feature_of_the_day(client: Client) -> None:
    movie = make_movie("Playtime", synopsis="Monsieur Hulot loses his way.")
    Feature.objects.create(movie=movie, starts_on="2020-01-01", kicker="Tonight")
    Feature.objects.create(movie=make_movie("Later"), starts_on="2999-01-01")

    page = read(client.get("/"))

    assert page.one("h1").text == "Playtime"
    assert page.one("p", "lede").text == "Monsieur Hulot loses his way."


def test_home_shows_the_collections_that_editors_put_there_in_their_order(
    client: Client, django_assert_num_queries: Any
) -> None:
    for place, name in ((2, "Second"), (1, "First"), (None, "Elsewhere")):
        collection = Collection.objects.create(
            name=name, is_published=True, home_position=place, description=f"About {name}."
        )
        for number in (1, 2):
            movie = make_movie(f"{name} movie {number}")
            CollectionItem.objects.create(collection=collection, movie=movie, position=9 - number)
        CollectionItem.objects.create(collection=collection, movie=make_movie("Draft", is_published=False))
    client.get("/")

    with django_assert_num_queries(11):  # items, movies + genres besides
        page = read(client.get("/"))

    shown = [heading.text for heading in page.all("h2") if heading.attributes["id"].startswith("h-collection")]
    assert shown == ["First", "Second"]
    assert "About First." in page.text
    section = next(part for part in page.all("section") if part.attributes.get("aria-labelledby") == "h-collection-1")
    assert section.text.index("First movie 2") < section.text.index("First movie 1")
    assert "Draft" not in page.text


def test_without_a_feature_home_opens_with_the_best_rated(client: Client, settings: Any) -> None:
    settings.RATING_CHART_MINIMUM = 1
    make_review(make_movie("Loved", synopsis="Two people meet.\n\nThey part."), rating=10)
    make_review(make_movie("Liked"), rating=7)

    page = read(client.get("/"))

    assert page.one("h1").text == "Loved"
    assert page.one("p", "lede").text == "Two people meet."


@pytest.mark.parametrize(
    "path", ["/", "/movies/", "/genres/", "/people/", "/charts/top-rated/", "/search/", "/about/rating/"]
)
def test_an_empty_catalogue_has_pages(client: Client, path: str) -> None:
    response = client.get(path)

    assert response.status_code == 200
    assert read(response).one("h1").text


BUDGETS = {
    "/": 8,  # feature, state of the index twice, new + genres, genres, collections, latest reviews; nothing has votes enough for top
    "/movies/": 4,  # names, state of the index, movies + genres
    "/genres/": 3,  # state of the index, names, genres
    "/genres/drama/": 6,  # genre, names, state of the index twice, newest + genres
    "/decades/1950/": 5,  # names, state of the index twice, newest + genres
    "/countries/fr/": 5,  # the same
    "/people/": 2,  # count, people
    "/charts/most-reviewed/": 3,  # state of the index, movies + genres
    "/charts/most-reviewed/genre/drama/": 4,  # names besides
    "/about/rating/": 2,  # totals, state of the index
}


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("path", BUDGETS)
def test_query_counts(client: Client, path: str, count: int, django_assert_num_queries: Any) -> None:
    author: Member = make_member()
    for number in range(count):
        movie = make_movie(f"Movie {number}", genres=["Drama", "War"][:count], release_date=f"{1950 + number}")
        movie.countries_of_origin.set([Country.objects.get(code="FR")])
        make_crew(movie, f"Director {number}")
        make_review(movie, author)
    client.get("/movies/")  # whoever comes first after a change reads it into the index

    with django_assert_num_queries(BUDGETS[path]):
        page = read(client.get(path))

    assert page.one("h1").text


@pytest.mark.parametrize("count", [1, 3])
def test_query_counts_of_people_studios_and_collections(
    client: Client, count: int, django_assert_num_queries: Any
) -> None:
    collection = Collection.objects.create(name="Swords", is_published=True)
    for number in range(count):
        movie = make_movie(genres=["Drama"], studios=["Toho"], release_date="1950")
        make_cast(movie, "Toshiro Mifune", f"Part {number}")
        CollectionItem.objects.create(collection=collection, movie=movie)

    person, studio = Person.objects.get().get_absolute_url(), Studio.objects.get().get_absolute_url()
    client.get("/movies/")

    with django_assert_num_queries(4):  # person, names, credits with movies, namesakes
        works = read(client.get(person)).one("ul", "years").all("li")
    with django_assert_num_queries(8):  # studio, its movies, state of the index thrice, names, movies + genres
        of_studio = titles(client.get(studio))
    with django_assert_num_queries(2):  # collections, count
        assert len(read(client.get("/collections/")).one("ul", "tiles").all("li")) == 1
    with django_assert_num_queries(4):  # collection, items, movies + genres
        in_collection = titles(client.get(collection.get_absolute_url()))

    assert len(works) == len(of_studio) == len(in_collection) == count


def test_trending_fades_and_lowest_is_the_other_end(client: Client, settings: Any) -> None:
    settings.RATING_CHART_MINIMUM = 1
    old, new, never = make_movie("Old news", genres=["Drama"]), make_movie("New"), make_movie("Never")
    for _ in range(3):
        make_review(old, rating=2)
    Review.objects.update(published_at=timezone.now() - timedelta(days=60))
    make_review(new, rating=9)
    make_review(never, rating=7)
    Review.objects.filter(movie=never).update(published_at=timezone.now() - timedelta(days=120))

    def titles(chart: str) -> list[str]:
        return [cell.one("a").text for cell in read(client.get(f"/charts/{chart}/")).all("div", "chart__film")]

    assert titles("trending") == ["New", "Old news"]
    assert titles("lowest-rated") == ["Old news", "Never", "New"]


@pytest.mark.parametrize("count", [1, 3])
def test_trending_costs_a_fixed_number_of_queries(client: Client, count: int, django_assert_num_queries: Any) -> None:
    for _ in range(count):
        make_review(make_movie())

    with django_assert_num_queries(3):  # count, movies + genres
        client.get("/charts/trending/")
