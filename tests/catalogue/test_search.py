"""Search: what is found by which words, and what comes first."""

import random
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalogue.browse import fold_changes
from catalogue.browse.filters import Names
from catalogue.models import (
    AlternativeName,
    AlternativeTitle,
    Collection,
    Country,
    Genre,
    Movie,
    Person,
    SearchDocument,
    SearchKind,
    Studio,
)
from catalogue.search import find, search, suggest
from catalogue.search.index import index_collections, index_movies, index_people, index_studios
from catalogue.search.match import Ask, match
from catalogue.search.spelling import Vocabulary, learn, suggestions
from catalogue.text import fold
from tests.makers import make_cast, make_crew, make_movie, make_person
from tests.pages import read

pytestmark = pytest.mark.django_db


def found(text: str) -> list[str]:
    return [movie.title for movie in search(text).movies]


@pytest.mark.parametrize(
    ("query", "title"),
    [
        pytest.param("amelie", "Amélie", id="accent"),
        pytest.param("AMÉLIE", "Amélie", id="capitals"),
        pytest.param("third man", "The Third Man", id="without-article"),
        pytest.param("man third", "The Third Man", id="any-order"),
        pytest.param("thir", "The Third Man", id="beginning"),
        pytest.param("七人", "Seven Samurai", id="own-script"),
        pytest.param("shichinin", "Seven Samurai", id="alternative-title"),
        pytest.param("8 1/2", "8½", id="fraction"),
        pytest.param("hulots holiday", "M. Hulot’s Holiday", id="apostrophe"),
        pytest.param("M", "M", id="one-letter"),
        pytest.param("solaris 1972", "Solaris", id="year"),
        pytest.param("1917", "1917", id="lone-year-is-a-title"),
        pytest.param("2001 a space odyssey 1968", "2001: A Space Odyssey", id="title-with-year-and-year"),
    ],
)
def test_finds(query: str, title: str) -> None:
    for name in ("Amélie", "The Third Man", "8½", "M. Hulot’s Holiday", "M", "1917", "2001: A Space Odyssey", "Mirror"):
        make_movie(name, release_date="1968" if name.startswith("2001") else None)
    make_movie("Solaris", release_date="2002")
    make_movie("Solaris", release_date="1972")
    samurai = make_movie("Seven Samurai", original_title="七人の侍")
    AlternativeTitle.objects.create(movie=samurai, title="Shichinin no samurai")
    index_movies([samurai.pk])

    assert found(query)[0] == title
    if query == "solaris 1972":
        assert [movie.year for movie in search(query).movies] == [1972]


def test_whole_titles_come_before_beginnings_and_those_before_the_rest() -> None:
    for title in ("The Ran Affair", "Ransom", "Ran", "Ran Again"):
        make_movie(title)

    assert found("ran") == ["Ran", "The Ran Affair", "Ran Again", "Ransom"]


def test_an_article_alone_finds_first_what_is_called_so_and_what_begins_with_it() -> None:
    for popularity, title in enumerate(("The", "The Matrix", "Die Hard", "Back to the Future", "Never Say Die Again")):
        make_movie(title, popularity=popularity)

    assert found("the") == ["The", "The Matrix", "Back to the Future"]
    assert found("die") == ["Die Hard", "Never Say Die Again"]
    assert [movie.title for movie in suggest("the").movies] == ["The", "The Matrix", "Back to the Future"]


def test_drafts_are_not_found_and_vanish_when_unpublished() -> None:
    movie = make_movie("Ran")
    make_movie("Ran too", is_published=False)
    assert found("ran") == ["Ran"]

    movie.is_published = False
    movie.save()
    index_movies([movie.pk])

    assert found("ran") == []


def test_finds_people_by_their_other_names_studios_and_collections(client: Client) -> None:
    person = make_person("Akira Kurosawa")
    AlternativeName.objects.create(person=person, name="黒澤明", language_id="ja")
    index_people([person.pk])
    studio = Studio.objects.create(name="Kurosawa Production")
    index_studios([studio.pk])
    collection = Collection.objects.create(name="Kurosawa in color", is_published=True)
    index_collections([collection.pk])

    page = read(client.get("/search/", {"q": "kurosawa"}))

    assert page.one("p", role="status").text == "3 results for “kurosawa”: 1 person, 1 studio, 1 collection"
    assert [found.name for found in search("黒澤").people] == ["Akira Kurosawa"]


def test_nothing_found_offers_a_way_on(client: Client) -> None:
    page = read(client.get("/search/", {"q": "zzz"}))

    assert page.one("p", role="status").text == "Nothing found for “zzz”."
    assert page.one("div", "empty").one("a").attributes["href"] == "/movies/"


def test_rebuild_mends_a_broken_index() -> None:
    make_movie("Ran")
    SearchDocument.objects.all().delete()
    SearchDocument.objects.create(
        id=SearchDocument.key(SearchKind.MOVIE, 999_999, 0),
        kind=SearchKind.MOVIE,
        object_id=999_999,
        names="|gone|",
        words="gone",
    )
    assert found("gone") == []

    call_command("rebuild_search", verbosity=0)

    assert found("ran") == ["Ran"]
    assert SearchDocument.objects.count() == 1


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=300))
def test_no_text_breaks_it(text: str) -> None:
    search(text)


@pytest.mark.parametrize(
    ("count", "queries"),
    [
        # names of places, whole words, beginnings, movies + genres, whether a word begins so, likelier words
        pytest.param(1, 7, id="few"),
        pytest.param(3, 6, id="enough"),
        pytest.param(12, 5, id="many"),
    ],
)
def test_search_costs_a_fixed_number_of_queries(
    client: Client, count: int, queries: int, django_assert_num_queries: Any
) -> None:
    for number in range(count):
        make_movie(f"Movie {number}", genres=["Drama"])
    Names.current()  # this process knows what genres are called

    with django_assert_num_queries(queries):
        client.get("/search/?q=movie")


@pytest.mark.parametrize("count", [1, 3, 9])
def test_suggestions_cost_a_fixed_number_of_queries(client: Client, count: int, django_assert_num_queries: Any) -> None:
    for number in range(count):
        make_movie(f"Movie {number}")
    Names.current()

    with django_assert_num_queries(4):  # names of places, whole words, beginnings, movies
        client.get("/search/suggest/?q=mov")


def test_suggestions_are_a_small_list_that_caches_may_keep(client: Client) -> None:
    person = make_person("Takeshi Kitano")
    for number in range(9):
        make_cast(make_movie(f"Kite {number} <b>"), person.name)
    response = client.get("/search/suggest/?q=kit")

    page = read(response)
    options = page.all("a", role="option")
    assert [option.attributes["aria-selected"] for option in options] == ["false"] * 6
    assert options[5].attributes["href"] == person.get_absolute_url()
    assert "<mark>Kit</mark>e 0 &lt;b&gt;" in response.content.decode()
    assert len(response.content) <= 3_072
    assert response["Cache-Control"] == "public, max-age=300"
    assert not response.cookies


def test_suggestions_of_very_long_titles_are_as_small(client: Client) -> None:
    for number in range(9):
        make_movie(f"Kite {number} {'七' * 200}")

    response = client.get("/search/suggest/?q=kite")

    assert len(response.content) <= 3_072
    assert 1 <= len(read(response).all("a", role="option")) < 5


@pytest.mark.parametrize("query", ["samuria", "tt0047478"])
def test_slips_and_ids_are_suggested_for_too(query: str) -> None:
    make_movie("Seven Samurai", imdb_id="tt0047478")

    assert [movie.title for movie in suggest(query).movies] == ["Seven Samurai"]


def test_says_by_which_other_name_it_was_found(client: Client) -> None:
    movie = make_movie("Seven Samurai", original_title="七人の侍")
    AlternativeTitle.objects.create(movie=movie, title="Shichinin no samurai")
    index_movies([movie.pk])

    assert "Also known as Shichinin no samurai" in read(client.get("/search/?q=shichinin")).text
    assert "Also known as" not in read(client.get("/search/?q=seven")).text


def test_an_exact_title_is_first_among_hundreds(client: Client) -> None:
    Movie.objects.bulk_create(
        Movie(title=f"It {number}", sort_title=f"it {number}", slug="it", is_published=True, popularity=500)
        for number in range(300)
    )
    index_movies(Movie.objects.values_list("pk", flat=True))
    make_movie("It")

    result = search("it")

    assert result.movies[0].title == "It"
    assert result.is_more
    assert "more than 100 movies" in read(client.get("/search/?q=it")).text.lower()


@pytest.mark.parametrize(
    ("query", "mended"),
    [
        ("kurosava", "kurosawa"),
        ("seven samuria", "seven samurai"),
        ("amelei", "amelie"),
        ("samuray kurosawaa", "samurai kurosawa"),
        ("sevensamurai", "seven samurai"),
        ("sevensamurai kurosawa", "seven samurai kurosawa"),
        ("theamelie", "the amelie"),
        ("kuro sawa", "kurosawa"),
        ("seven samu rai", "seven samurai"),
    ],
)
def test_slips_are_mended_and_said(client: Client, query: str, mended: str) -> None:
    make_crew(make_movie("Seven Samurai"), "Akira Kurosawa")
    make_movie("The Amélie")

    page = read(client.get("/search/", {"q": query}))

    assert f"Showing results for {mended}" in page.text
    assert page.all("article", "card") or page.all("li", "who")


def test_other_words_that_may_have_been_meant_are_offered(client: Client) -> None:
    for title in ("Marion", "Marian", "Martian"):
        make_movie(title)

    page = read(client.get("/search/?q=mariun"))

    assert "Showing results for marian. Nothing is called “mariun”. Did you mean marion?" in page.text
    assert [a.attributes["href"] for a in page.all("a") if a.text == "marion"] == ["/search/?q=marion"]


def test_a_word_that_exists_is_found_and_a_far_likelier_one_offered(client: Client) -> None:
    make_movie("Marai")
    make_movie("Mario")
    learn([("maria", 700), ("mario", 100)])

    found = search("marai")

    assert [movie.title for movie in found.movies] == ["Marai"]
    assert found.instead == ["maria"]
    assert "Did you mean maria?" in read(client.get("/search/?q=marai")).text
    assert search("maria").instead == []


def test_the_movies_of_who_is_called_so_do_not_hide_a_likelier_word() -> None:
    """A slip may be somebody's rare name, and who is called so may have made much."""
    for number in range(15):
        make_crew(make_movie(f"Film {number}"), "Jo Marai")
    learn([("maria", 700)])

    found = search("marai")

    assert len(found.movies) == 15
    assert found.instead == ["maria"]


def test_the_year_stays_beside_a_mended_word() -> None:
    make_movie("Solaris", release_date="1972")

    assert search("solaras 1972").mended == "solaris 1972"


def test_a_wrong_year_is_left_out_and_said(client: Client) -> None:
    make_movie("Casablanca", release_date="1942")

    assert (
        "Showing results for casablanca. Nothing is called “casablanca 1943”."
        in read(client.get("/search/?q=casablanca+1943")).text
    )


@pytest.mark.parametrize("query", ["lang m 1931", "lang 1931", "m lang", "fritz lang m"])
def test_a_maker_with_a_year_or_a_title_of_one_letter_leads_to_the_movie(query: str) -> None:
    make_crew(make_movie("Metropolis", release_date="1927", popularity=900), "Fritz Lang")
    make_crew(make_movie("M", release_date="1931"), "Fritz Lang")

    assert found(query)[0] == "M"


def test_a_letter_left_out_is_likelier_than_a_changed_one_but_not_than_a_famous_word() -> None:
    learn([("chalin charlie", 100), ("goodfellows", 100), ("goodfellas", 700)])

    assert suggestions("chalie")[:2] == ["charlie", "chalin"]
    assert suggestions("goodfellos")[0] == "goodfellas"


def test_the_index_follows_every_write(as_editor: Client) -> None:
    movie = make_movie("Ran")
    make_crew(movie, "Akira Kurosawa")
    assert found("kurosawa ran") == ["Ran"]

    Movie.objects.filter(pk=movie.pk).update(title="Chaos")
    index_movies([movie.pk])
    assert (found("ran"), found("chaos")) == ([], ["Chaos"])
    key = movie.pk
    movie.delete()
    index_movies([key])
    assert found("chaos") == []
    assert not SearchDocument.objects.filter(kind=SearchKind.MOVIE).exists()


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="PostgreSQL keeps the index in the table itself")
def test_a_missing_index_is_no_error(client: Client) -> None:
    make_movie("Ran")
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE catalogue_search RENAME TO gone")

        response = client.get("/search/?q=ran")

        cursor.execute("ALTER TABLE gone RENAME TO catalogue_search")
    assert response.status_code == 200
    assert found("ran") == ["Ran"]


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.text(alphabet=st.characters(), max_size=60)
    | st.from_regex(r"[\"'*():^&|!<>\-+{}\\ ]+(NEAR|AND|OR|NOT)?.*", fullmatch=True)
)
def test_no_operator_breaks_the_index(text: str) -> None:
    search(text)
    suggest(text)


def test_every_letter_of_unicode_can_be_searched() -> None:
    make_movie("Ran")
    letters = [chr(code) for code in range(0x110000) if chr(code).isalnum()]
    for start in range(0, len(letters), 8_000):
        words = fold(" ".join(letters[start : start + 8_000])).split()[:200]
        match([Ask(SearchKind.MOVIE, [[f"{word}*"] for word in words], 1)], Vocabulary())


@pytest.mark.parametrize("text", ["x" * 100_000, "x " * 50_000, "é" * 5_000])
def test_very_long_texts_are_cut_or_refused(client: Client, text: str) -> None:
    assert client.get("/search/", {"q": text}).status_code in {200, 400}
    search(text)


def test_all_of_one_kind_can_be_seen(client: Client) -> None:
    for number in range(15):
        make_person(f"Kar {number}")

    page = read(client.get("/search/?q=kar"))
    link = next(a.attributes["href"] for a in page.all("a", "btn") if "kind=people" in a.attributes["href"])
    whole = read(client.get(link))

    assert len(page.all("li", "who")) == 12
    assert len(whole.all("li", "who")) == 15
    assert client.get("/search/?q=kar&kind=nonsense").status_code == 200


@pytest.mark.parametrize(("count", "said"), [(100, "100 people"), (101, "more than 100 people")])
def test_counts_are_exact_or_say_that_there_are_more(client: Client, count: int, said: str) -> None:
    Person.objects.bulk_create(Person(name=f"Kar {number}", sort_name="kar", slug="kar") for number in range(count))
    index_people(Person.objects.values_list("pk", flat=True))

    assert said in read(client.get("/search/?q=kar")).one("p", role="status").text


MOST_QUERIES = 25  # of eight misspelt words: each is looked for among the beginnings there are, and mended


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("kurosava samuria shichinn takashii shimuraa toshiroo mifunee rashomonn 1954", id="all-misspelt"),
        pytest.param("a b c d e f g h", id="letters"),
        pytest.param("s3v3n s4mur41 5ev3n s3v3n s3v3n s3v3n s3v3n s3v3n", id="digits-for-letters"),
        pytest.param("2 3 4 5 6 7 8 9 10 11 12", id="numerals"),
        pytest.param('"seven" AND samurai* NEAR(kurosawa) ^ran:{x} <-> !& |' * 500, id="operators"),
    ],
)
def test_no_query_asks_without_end(text: str) -> None:
    make_crew(make_movie("Seven Samurai"), "Akira Kurosawa")
    make_cast(make_movie("Rashomon"), "Toshiro Mifune")
    for ask in (search, suggest):
        with CaptureQueriesContext(connection) as captured:
            ask(text)
        assert len(captured) <= MOST_QUERIES
        assert all(len(query["sql"]) < 40_000 for query in captured.captured_queries)


WORDS = ["m", "the", "love", "lover", "moon", "moonlight", "moonlighting", "seven", "samurai"]


@pytest.mark.parametrize("seed", range(8))
def test_every_group_of_a_query_is_held_by_what_is_found_and_nothing_else_is(seed: int) -> None:
    rng = random.Random(seed)
    documents = {}
    for number in range(60):
        title, maker = rng.sample(WORDS, rng.randint(1, 5)), rng.choice(WORDS)
        movie = make_movie(" ".join(title), release_date=str(1950 + number % 3))
        make_crew(movie, f"{maker} {number}")
        documents[movie.pk] = {*title, f"@{maker}", f"+{1950 + number % 3}"}
    call_command("rebuild_search", verbosity=0)

    for _ in range(60):
        asked = rng.sample(WORDS, rng.randint(1, 4))
        last = asked.pop()
        query = [[word, f"@{word}"] if rng.random() < 0.3 else [word] for word in asked]
        query.append([f"{last[: rng.randint(1, len(last))]}*"])
        query += [["+1951"]] * rng.randint(0, 1)

        hits = match([Ask(SearchKind.MOVIE, query, 100)], Vocabulary(asked))

        assert {hit.object_id for hit in hits} == {
            key for key, words in documents.items() if all(_holds(words, group) for group in query)
        }, query


def _holds(words: set[str], group: list[str]) -> bool:
    """Whether one of the words is in the group, or begins like a beginning of it."""
    return any(word.startswith(one[:-1]) if one.endswith("*") else word == one for one in group for word in words)


def test_the_words_of_a_query_are_looked_up_together(django_assert_num_queries: Any) -> None:
    learn([("samurai seven", 100)])
    vocabulary = Vocabulary(["sam", "samu", "samurai", "seven", "sevne", "7"])

    with django_assert_num_queries(1):
        assert vocabulary.known == {"samurai", "seven"}
        assert vocabulary.unknown == {"sevne"}
        assert [vocabulary.level(word) for word in ("samurai", "samu", "sevne")] == [100, 100, 0]
    with django_assert_num_queries(1):
        assert [vocabulary.completions("samu") for _ in range(2)] == [["samurai"], ["samurai"]]


# whole words; makers; the words themselves; all as beginnings; whether two are one
@pytest.mark.parametrize(("text", "queries"), [("seven samurai dog", 5), ("seven samurai lost dog", 4)])
def test_what_is_not_there_is_looked_for_in_so_many_ways(
    text: str, queries: int, django_assert_num_queries: Any
) -> None:
    for title in ("Seven Samurai", "Stray Dog", "Lost Highway"):
        make_movie(title)

    with django_assert_num_queries(queries):
        assert not any(find(text)[1].values())


def test_several_words_are_found_of_every_kind_however_many_there_are() -> None:
    Movie.objects.bulk_create(
        Movie(title=f"Red Kar {number}", sort_title="red", slug="red", is_published=True) for number in range(150)
    )
    index_movies(Movie.objects.values_list("pk", flat=True))
    make_person("Karl Redford")
    index_studios([Studio.objects.create(name="Red Karma").pk])

    found = search("red kar")

    assert len(found.movies) == 24
    assert [studio.name for studio in found.studios] == ["Red Karma"]
    assert [person.name for person in search("karl red").people] == ["Karl Redford"]


def test_the_beginnings_of_several_words_are_enough() -> None:
    make_person("John Belushi")

    assert [person.name for person in suggest("jo bel").people] == ["John Belushi"]


@pytest.mark.parametrize(
    ("text", "name", "path"),
    [
        ("western", "Western", "/genres/western/"),
        ("sci-fi", "Science fiction", "/genres/science-fiction/"),
        ("Japan", "Japan", "/countries/jp/"),
        ("japa", "Japan", "/countries/jp/"),
        ("1954", "1954", "/movies/?year=1954"),
        ("1950s", "1950s", "/decades/1950/"),
    ],
)
def test_finds_the_pages_of_genres_countries_and_times(client: Client, text: str, name: str, path: str) -> None:
    movie = make_movie("Seven Samurai", genres=["Western", "Science fiction"], release_date="1954-04-26")
    movie.countries_of_origin.set([Country.objects.get_or_create(code="JP", defaults={"name": "Japan"})[0]])
    make_movie("Wesern")  # a slip away: what has a page is no slip
    fold_changes()

    page = read(client.get("/search/", {"q": text}))
    suggested = read(client.get("/search/suggest/", {"q": text}))

    [chip] = page.one("nav", **{"aria-label": "Pages of that name"}).all("a")
    assert (chip.attributes["href"], chip.text.startswith(name), chip.text.endswith("1 movie")) == (path, True, True)
    assert "Showing results for" not in page.text
    assert suggested.all("a", role="option")[0].attributes["href"] == path


def test_genres_without_movies_and_short_beginnings_are_no_places(client: Client) -> None:
    make_movie("Seven Samurai", genres=["Western"])
    Genre.objects.get_or_create(name="Horror", slug="horror")
    fold_changes()

    assert [place.name for place in search("western").places] == ["Western"]
    assert [search(text).places for text in ("horror", "wes", "w", "1954", "")] == [[], [], [], [], []]


def test_a_surname_finds_the_movies_of_who_is_called_so() -> None:
    person = make_person("Akira Kurosawa", credit_count=9)
    for title in ("Ran", "Ikiru"):
        make_cast(make_movie(title), person.name)
    make_movie("Kurosawa")
    call_command("rebuild_search", verbosity=0)

    result = search("kurosawa")

    assert result.movies[0].title == "Kurosawa"
    assert {movie.title for movie in result.movies} == {"Kurosawa", "Ran", "Ikiru"}
    assert result.counts[SearchKind.MOVIE] == 3


def test_two_words_that_are_one_together_are_no_slips_of_others() -> None:
    for title in ("The Godfather", "God’s Own Country", "Pather Panchali"):
        make_movie(title)
    call_command("rebuild_search", verbosity=0)

    result = search("god father")

    assert (result.mended, [movie.title for movie in result.movies], result.instead) == (
        "godfather", ["The Godfather"], [],
    )  # fmt: skip
