"""Finding movies, people, studios and collections by what somebody typed."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from django.db.models import Model, QuerySet

from catalogue.cards import Card, cards
from catalogue.compiled import records, rows
from catalogue.models import (
    AlternativeName,
    AlternativeTitle,
    Collection,
    Movie,
    Person,
    SearchKind,
    Studio,
)
from catalogue.search.places import Place, places
from catalogue.search.query import SearchQuery, external_id, parse
from catalogue.search.rank import Keys, by_makers, ranked
from catalogue.search.spelling import Vocabulary, likelier, mend
from catalogue.text import fold

M = TypeVar("M", bound=Model)
MOST_MOVIES = 24
MOST_OTHERS = 12
POOL = 100  # of the most looked at matches, which are ranked
SUGGESTED = 20  # the same, for suggestions
FEW = 3  # results, below which misspelt words are mended
FEW_MOVIES = 12  # called by a word, below which those of people called so are shown too
DOUBTFUL = 12  # results, below which a likelier word is offered for one that is found


@dataclass(slots=True)
class Found:
    """What matched, best first, ready for cards.

    ``counts`` says how many there are of each kind; beyond ``POOL`` they are not counted. ``also`` says by which other
    name a record was found, by kind and key. ``mended`` is the query that was answered instead of a misspelt one,
    ``instead`` are others that may have been meant. ``places`` are the genres, countries and times that it names.
    """

    query: SearchQuery
    movies: list[Card] = field(default_factory=list)
    people: list[Person] = field(default_factory=list)
    studios: list[Studio] = field(default_factory=list)
    collections: list[Collection] = field(default_factory=list)
    counts: dict[SearchKind, int] = field(default_factory=dict)
    also: dict[tuple[SearchKind, int], str] = field(default_factory=dict)
    mended: str = ""
    instead: list[str] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)

    @property
    def total(self) -> int:
        return sum(min(count, POOL) for count in self.counts.values())

    @property
    def is_more(self) -> bool:
        """Whether there are more than were counted."""
        return any(count > POOL for count in self.counts.values())


def search(text: str, *, only: SearchKind | None = None) -> Found:
    """Everything whose names hold all the words of ``text``, each at the beginning of a word; ``only``: all of a kind.

    Usually 6 queries: names of places, whole words, beginnings, movies, their genres, people; more for what is rare or
    misspelt.
    """
    named = places(text)
    found, keys = find(text, few=0 if named else FEW)
    found.places = named
    # Before the movies of who is called so: a slip may be somebody's rare name.
    if not found.mended and len(found.query.words) == 1 and _total(keys) < DOUBTFUL:
        found.instead = [replace(found.query, words=(word,)).text for word in likelier(found.query.words[0])]
    if len(found.query.words) == 1 and keys.get(SearchKind.PERSON) and len(keys[SearchKind.MOVIE]) < FEW_MOVIES:
        theirs = by_makers(found.query, POOL + 1)
        keys[SearchKind.MOVIE] = list(dict.fromkeys([*keys[SearchKind.MOVIE], *theirs]))
    movies, others = (MOST_MOVIES, MOST_OTHERS) if only is None else (POOL, POOL)
    found.counts = {kind: len(keys.get(kind, [])) for kind in SearchKind}
    _fill(found, keys if only is None else {only: keys.get(only, [])}, movies, others)
    return found


def find(
    text: str, kinds: Iterable[SearchKind] = SearchKind, pool: int = POOL + 1, few: int = FEW
) -> tuple[Found, Keys]:
    """What will be shown, without the records: their keys by kind, best first.

    Mended when there are less than ``few``; without its year when there is nothing.
    """
    query, kinds = parse(text), list(kinds)
    keys = _by_id(text)
    if any(keys.values()):
        return Found(query), keys
    vocabulary = Vocabulary(query.words)
    keys = ranked(query, kinds, pool, vocabulary)
    better = mend(query, vocabulary, is_found=any(keys.values())) if _total(keys) < few else []
    for place, other in enumerate(better):
        mending = ranked(other, kinds, pool, Vocabulary(other.words))
        if _total(mending) > _total(keys):
            instead = [more.text for more in better[place + 1 :]] if len(query.words) == 1 else []
            return Found(other, mended=other.text, instead=instead), mending
    if query.year and not _total(keys):
        yearless = replace(query, year=None)
        mending = ranked(yearless, kinds, pool, vocabulary)
        if _total(mending):
            return Found(yearless, mended=yearless.text), mending
    return Found(query), keys


def suggest(text: str, *, movies: int = 5, people: int = 3) -> Found:
    """The first few movies and people that what is being typed may become, and a place: usually 5 queries."""
    named = places(text)
    found, keys = find(text, (SearchKind.MOVIE, SearchKind.PERSON), SUGGESTED, 0 if named else 1)
    found.places = named
    _fill(found, keys, movies, people, has_genres=False)
    return found


def _total(keys: Keys) -> int:
    return sum(map(len, keys.values()))


def _by_id(text: str) -> Keys:
    """The record of an IMDb, TMDB or Wikidata id."""
    asked = external_id(text)
    if asked is None:
        return {}
    rows = {SearchKind.MOVIE: Movie.objects.published(), SearchKind.PERSON: Person.objects.all()}
    return {
        kind: list(found.filter(**{asked[0]: asked[1]}).values_list("pk", flat=True)[:MOST_OTHERS])
        for kind, found in rows.items()
    }


def _fill(found: Found, keys: Keys, movies: int, others: int, *, has_genres: bool = True) -> None:
    found.movies = cards(keys.get(SearchKind.MOVIE, [])[:movies], has_genres=has_genres)
    found.people = _in_order(_people, keys.get(SearchKind.PERSON, [])[:others])
    found.studios = _in_order(_studios, keys.get(SearchKind.STUDIO, [])[:others])
    found.collections = _in_order(_collections, keys.get(SearchKind.COLLECTION, [])[:others])
    _explain(found)


def _in_order(build: Callable[[list[int]], QuerySet[M]], keys: list[int]) -> list[M]:
    """The records of these keys, in their order; one that is there no more is left out."""
    found = {record.pk: record for record in records(build, *keys)}
    return [found[key] for key in keys if key in found]


# What templates/components/person.html person_row() and catalogue/search_suggest.html read.
def _people(keys: list[int]) -> QuerySet[Person]:
    return Person.objects.filter(pk__in=keys).order_by().only(
        "name", "disambiguation", "slug", "portrait_id", "credit_count", "known_for_department", "known_for_line"
    )  # fmt: skip


def _studios(keys: list[int]) -> QuerySet[Studio]:
    return Studio.objects.filter(pk__in=keys).order_by().only("name", "disambiguation", "slug")


def _collections(keys: list[int]) -> QuerySet[Collection]:
    return Collection.objects.filter(pk__in=keys, is_published=True).order_by().only("name", "slug")


def _other_titles(movies: list[int]) -> QuerySet[Any, Any]:
    return AlternativeTitle.objects.filter(movie__in=movies).order_by("pk").values_list("movie", "title")


def _other_names(people: list[int]) -> QuerySet[Any, Any]:
    return AlternativeName.objects.filter(person__in=people).order_by("pk").values_list("person", "name")


def _explain(found: Found) -> None:
    """Say by which other name a movie or person was found, where the shown one does not hold the words.

    2 queries at most, none when they are shown.
    """
    movies = [movie.pk for movie in found.movies if not _shows(found.query, movie.title, movie.original_title)]
    people = [person.pk for person in found.people if not _shows(found.query, person.name)]
    for kind, others in (
        (SearchKind.MOVIE, rows(_other_titles, movies)), (SearchKind.PERSON, rows(_other_names, people))
    ):  # fmt: skip
        for pk, name in others:
            if (kind, pk) not in found.also and _shows(found.query, name):
                found.also[kind, pk] = name


def _shows(query: SearchQuery, *names: str) -> bool:
    return any(all(f" {part}" in f" {folded}" for part in query.words) for folded in map(fold, names))
