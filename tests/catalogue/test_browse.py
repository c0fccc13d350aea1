"""The browse index against what the tables say: filters, counts, orders, deep pages, and that it follows every write."""

import random
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction
from django.test import Client
from hypothesis import example, given
from hypothesis import strategies as st
from pyroaring import BitMap

from catalogue.browse import FACETS, LOWEST, SORTS, Selection, browse, fold_changes, rebuild_browse
from catalogue.browse.facts import title_key
from catalogue.browse.index import INDEX, Index, walk
from catalogue.curation.derive import refresh_movies
from catalogue.models import (
    BrowseBitmap,
    BrowseChange,
    BrowseState,
    Country,
    Genre,
    Language,
    Movie,
    Release,
    WatchLink,
)
from catalogue.text import sort_title
from reviews.services import delete_review
from tests.makers import make_member, make_movie, make_review
from tests.pages import read


def make_catalogue(number: int = 80, seed: int = 1) -> list[Movie]:
    """Movies as uneven as real ones: shared titles, unknown dates, several countries, few ratings."""
    dice = random.Random(seed)
    countries = list(Country.objects.filter(code__in=["FR", "DE", "JP"]))
    languages = list(Language.objects.filter(code__in=["fr", "de"]))
    movies = []
    for place in range(number):
        movie = make_movie(
            dice.choice(["The Return", "Return", "2 Days", "12 Days", "Ödland", "七人", f"Movie {place}", "Яблоко"]),
            genres=dice.sample(["Drama", "War", "Comedy"], dice.randint(0, 3)),
            release_date=dice.choice([None, "1954", "1954-04", "1954-04-26", "1960-01-01", "1961", "2003"]),
            runtime_minutes=dice.choice([None, 7, 79, 80, 119, 150, 51420]),
            original_language_id=dice.choice([None, "fr", "ja"]),
            is_published=dice.random() < 0.9,
        )
        histogram = {f"rating_{dice.randint(1, 10)}": dice.randint(1, 3) for _ in range(dice.randint(0, 3))}
        points = sum(int(name.removeprefix("rating_")) * votes for name, votes in histogram.items())
        votes = sum(histogram.values())
        Movie.objects.filter(pk=movie.pk).update(
            **histogram,
            popularity=dice.choice([0, 0, 3, 9]),
            review_count=dice.choice([0, 0, 2]),
            weighted_rating=(points + 32.5) / (votes + 5) if votes else None,
        )
        movie.countries_of_origin.set(dice.sample(countries, dice.randint(0, 2)))
        movie.spoken_languages.set(dice.sample(languages, dice.randint(0, 2)))
        if dice.random() < 0.4:
            Release.objects.create(movie=movie, country_id="US", certification=dice.choice(["PG", "R"]))
            WatchLink.objects.create(
                movie=movie, provider="A", url="https://example.org", kind="free", checked_on="2026-01-01"
            )
        movies.append(movie)
    refresh_movies([movie.pk for movie in movies])
    return movies


def values_of(movie: Movie) -> dict[str, set[str]]:
    """The facets of a movie, from its rows."""
    language = {movie.original_language_id} if movie.original_language_id else set()
    minutes = movie.runtime_minutes
    starts = [(0, "short"), (41, "under-80"), (80, "80-99"), (100, "100-119"), (120, "120-149"), (150, "150-up")]
    return {
        "genre": {str(genre.pk) for genre in movie.genres.all()},
        "decade": {str(movie.year // 10 * 10)} if movie.year else set(),
        "year": {str(movie.year)} if movie.year else set(),
        "country": {country.pk for country in movie.countries_of_origin.all()},
        "language": {row.pk for row in movie.spoken_languages.all()} | language,
        "runtime": {[name for first, name in starts if first <= minutes][-1]} if minutes else set(),
        "certification": {f"{row.country_id} {row.certification}" for row in movie.releases.all()},
        "rating": {str(least) for least in range(5, 10) if movie.rating_average and movie.rating_average >= least},
        "reviews": {"yes"} if movie.review_count else set(),
        "watch": {link.kind for link in movie.watch_links.all()},
    }  # fmt: skip


KEYS: dict[str, Callable[[Movie], Any]] = {
    "popular": lambda movie: -movie.popularity,
    "rating": lambda movie: -(movie.weighted_rating or 0),
    "reviews": lambda movie: -movie.review_count,
    "newest": lambda movie: [-ord(digit) for digit in str(movie.release_date or "").ljust(10)],
    "oldest": lambda movie: str(movie.release_date or "9999-99-99x"),
    "title": lambda movie: movie.sort_title[:0],
}


@pytest.mark.django_db
def test_every_filter_count_and_order_is_what_the_tables_say() -> None:
    make_catalogue()
    movies = list(Movie.objects.published())
    values = {movie.pk: values_of(movie) for movie in movies}
    dice = random.Random(2)
    for _ in range(60):
        chosen: dict[str, tuple[str, ...]] = {}
        for facet in dice.sample(FACETS, dice.randint(0, 3)):
            known = sorted({value for found in values.values() for value in found[facet]})
            chosen[facet] = tuple(dice.sample(known, 2 if facet == "genre" else 1))

        def fits(movie: int, *, but: str = "", chosen: dict[str, tuple[str, ...]] = chosen) -> bool:
            return all(set(asked) <= values[movie][facet] for facet, asked in chosen.items() if facet != but)

        browsed = browse(Selection(chosen), "popular", FACETS)

        assert set(browsed.movies.keys(0, 1000)) == {movie.pk for movie in movies if fits(movie.pk)}
        for facet in FACETS:
            left_open = "" if facet == "genre" else facet
            counted = Counter(
                value for movie in movies if fits(movie.pk, but=left_open) for value in values[movie.pk][facet]
            )
            assert browsed.counts[facet] == dict(counted)


@pytest.mark.django_db
@pytest.mark.parametrize("sort", KEYS)
def test_orders_and_pages_of_them(sort: str) -> None:
    make_catalogue()
    movies = list(Movie.objects.published())

    def place(movie: Movie) -> Any:
        return KEYS[sort](movie), title_key(movie.sort_title), movie.sort_title, movie.pk

    expected = [movie.pk for movie in sorted(movies, key=place)]

    listing = browse(Selection(), sort).movies

    assert len(listing) == len(expected)
    assert [key for start in range(0, 100, 7) for key in listing.keys(start, 7)] == expected
    assert [movie.pk for movie in listing[3:9]] == expected[3:9]


@pytest.mark.django_db
def test_recently_added_and_lowest_rated() -> None:
    movies = [movie for movie in make_catalogue() if movie.is_published]

    assert browse(Selection(), "added").movies.keys(2, 5) == sorted((movie.pk for movie in movies), reverse=True)[2:7]
    rated = Movie.objects.published().filter(rating_count__gte=2)
    lowest = browse(Selection(votes=2), LOWEST).movies
    assert len(lowest) == rated.count()
    scores = [movie.weighted_rating or 0 for movie in lowest[:100]]
    assert scores == sorted(scores)


@given(st.sets(st.integers(0, 2000), max_size=80), st.integers(0, 90), st.integers(1, 40))
def test_walk_finds_any_page(rows: set[int], skip: int, want: int) -> None:
    """A key made of the number itself, 11 binary digits, falling: blocks of one, in order."""
    slices = [(BitMap(row for row in range(2001) if row >> bit & 1), True) for bit in range(10, -1, -1)]

    blocks = walk(BitMap(rows), slices, skip, want)

    assert [key for block, _ in blocks for key in block] == sorted(rows, reverse=True)[skip : skip + want]


@given(st.text(max_size=40), st.text(max_size=40))
@example("❶", "²")  # digits to Python, and no numbers
def test_title_keys_order_as_titles_begin(first: str, second: str) -> None:
    one, two = title_key(sort_title(first)), title_key(sort_title(second))

    assert 0 <= one < 1 << 72
    assert 0 <= two < 1 << 72
    if first.isascii() and first.isalpha() and second.isascii() and second.isalpha():
        start, end = sort_title(first)[:12], sort_title(second)[:12]
        assert (one < two, one == two) == (start < end, start == end)


@pytest.mark.django_db
def test_a_title_of_strange_digits_is_listed(client: Client) -> None:
    for title in ("❶", "² ③", "٣ و ४"):
        make_movie(title)

    assert {title.text for title in read(client.get("/movies/?sort=title")).all("h3")} == {"❶", "² ③", "٣ و ४"}


def listed() -> list[str]:
    return [movie.title for movie in browse(Selection(), "title").movies[:50]]


@pytest.mark.django_db
def test_it_follows_what_editors_and_members_do(client: Client, as_editor: Client) -> None:
    ran, ikiru = make_movie("Ran", genres=["Drama"]), make_movie("Ikiru")
    assert listed() == ["Ikiru", "Ran"]

    review = make_review(ran, rating=9)
    drama = str(Genre.objects.get().pk)
    assert browse(Selection({"rating": ("9",), "genre": (drama,)})).movies.keys(0, 9) == [ran.pk]
    delete_review(review)
    assert not browse(Selection({"rating": ("9",)})).movies

    Movie.objects.filter(pk=ikiru.pk).update(is_published=False)
    refresh_movies([ikiru.pk])
    assert listed() == ["Ran"]

    as_editor.post("/admin/catalogue/movie/", {"action": "delete_selected", "_selected_action": ran.pk, "post": "yes"})
    assert listed() == []


@pytest.mark.django_db
def test_counts_of_many_values_follow_changes() -> None:
    countries = list(Country.objects.order_by("pk")[:40])
    codes = [country.pk for country in countries]
    movies = [make_movie(f"Movie {place}") for place in range(41)]
    for movie, country in zip(movies, countries[:39] + countries[:2], strict=True):
        movie.countries_of_origin.set([country])
    refresh_movies([movie.pk for movie in movies])
    expected = {code: 2 if code in codes[:2] else 1 for code in codes[:39]}
    assert browse(Selection(), facets=("country",)).counts["country"] == expected

    for place, now in ((0, 38), (1, 39)):  # one that few have, one that nobody had
        movies[place].countries_of_origin.set([countries[now]])
        refresh_movies([movies[place].pk])
        expected |= {codes[place]: 1, codes[now]: expected.get(codes[now], 0) + 1}
        assert browse(Selection(), facets=("country",)).counts["country"] == expected


@pytest.mark.django_db
def test_a_change_that_is_undone_is_undone_in_the_index() -> None:
    movie = make_movie("Ran")
    assert listed() == ["Ran"]
    with transaction.atomic():
        Movie.objects.filter(pk=movie.pk).update(is_published=False)
        refresh_movies([movie.pk])
        assert listed() == []
        transaction.set_rollback(True)

    assert listed() == ["Ran"]


@pytest.mark.django_db
def test_what_a_list_of_before_shows_is_not_kept_for_those_of_after() -> None:
    ran, ikiru = make_movie("Ran"), make_movie("Ikiru")
    before = browse(Selection(), "title").movies
    assert before.keys(0, 9) == before.keys(0, 9) == [ikiru.pk, ran.pk]

    Movie.objects.filter(pk=ikiru.pk).update(is_published=False)
    refresh_movies([ikiru.pk])
    after = browse(Selection(), "title").movies

    assert before.keys(0, 9) == [ikiru.pk, ran.pk]
    assert browse(Selection(), "title").movies.keys(0, 9) == after.keys(0, 9) == [ran.pk]


@pytest.mark.django_db
def test_stored_and_read_again() -> None:
    make_catalogue(30)
    expected = {sort: browse(Selection(), sort).movies.keys(0, 99) for sort in SORTS}
    counts = browse(Selection(), facets=FACETS).counts

    call_command("rebuild_browse", verbosity=0)

    assert not BrowseChange.objects.exists()
    fresh = Index()  # another process
    fresh.fresh()
    assert fresh.bitmaps.everything == INDEX.bitmaps.everything
    assert {sort: browse(Selection(), sort).movies.keys(0, 99) for sort in SORTS} == expected
    assert browse(Selection(), facets=FACETS).counts.of == counts.of


@pytest.mark.django_db
def test_changes_are_folded_in(django_assert_num_queries: Any) -> None:
    movies = make_catalogue(12)
    rebuild_browse()
    make_review(next(movie for movie in movies if movie.is_published), rating=10)
    BrowseChange.objects.mark([10**9])  # gone since
    expected = browse(Selection(), "rating").movies.keys(0, 99)

    assert fold_changes() == 2
    assert fold_changes() == 0

    assert browse(Selection(), "rating").movies.keys(0, 99) == expected
    with django_assert_num_queries(1):
        browse(Selection(), "rating", FACETS)


@pytest.mark.django_db
def test_a_change_during_the_rebuilding_is_not_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = make_movie("First"), make_movie("Second")
    steps: list[int] = []

    def meanwhile(number: int) -> None:
        if not steps:
            steps.append(number)
            Movie.objects.filter(pk=first.pk).update(is_published=False)
            refresh_movies([first.pk])

    rebuild_browse(meanwhile)

    assert [change.movie for change in BrowseChange.objects.all()] == [first.pk]
    assert listed() == [second.title]


@pytest.mark.django_db
def test_of_two_at_once_none_overwrites_the_other() -> None:
    movie = make_movie("First")
    rebuild_browse()
    make_movie("Second")
    done: list[int] = []

    def another(number: int) -> None:
        if not done:
            done.append(fold_changes())

    refresh_movies([movie.pk])
    fold_changes(another)

    assert done == [2]
    assert listed() == ["First", "Second"]
    assert not BrowseChange.objects.exists()


@pytest.mark.django_db
def test_a_broken_index_fails_no_page(client: Client, caplog: Any) -> None:
    make_movie("Ran")
    rebuild_browse()
    BrowseBitmap.objects.update(bits=b"no bitmap")
    BrowseBitmap.objects.create(name="nonsense/7000", bits=b"")
    BrowseState.objects.update(token=1)

    for path in ("/", "/movies/", "/genres/", "/charts/newest/"):
        assert client.get(path).status_code == 200

    assert "run rebuild_browse" in caplog.text
    rebuild_browse()
    assert listed() == ["Ran"]


@pytest.mark.django_db
def test_many_changes_are_read_in_portions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("catalogue.browse.index.MOST_AT_ONCE", 2)
    for number in range(5):
        make_movie(f"Movie {number}")

    assert [len(browse(Selection()).movies) for _ in range(3)] == [2, 4, 5]


@pytest.mark.django_db
def test_votes_of_many_members_cost_one_mark(member: Any) -> None:
    movie = make_movie("Ran")
    for _ in range(3):
        make_review(movie, make_member())

    assert BrowseChange.objects.count() == 1
