"""Finding movies, people, studios and collections by what somebody typed."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import TypeVar

from django.db.models import QuerySet

from catalogue.models import (
    AlternativeName,
    AlternativeTitle,
    Collection,
    Movie,
    Person,
    SearchDocument,
    SearchKind,
    Studio,
)
from catalogue.search.match import match
from catalogue.search.query import SearchQuery, external_id, parse
from catalogue.search.spelling import suggestions
from catalogue.search.words import without_article
from catalogue.text import fold

MOST_MOVIES = 24
MOST_OTHERS = 12
POOL = 100  # of the most looked at matches, which are ranked
SUGGESTED = 20  # the same, for suggestions
FEW = 3  # results, below which misspelt words are mended
Row = TypeVar("Row", Movie, Person, Studio, Collection)


@dataclass(slots=True)
class Found:
    """What matched, best first, ready for cards.

    ``counts`` says how many there are of each kind; beyond ``POOL`` they are not counted. ``also`` says by which other
    name a record was found, by kind and key. ``mended`` is the query that was answered instead of a misspelt one.
    """

    query: SearchQuery
    movies: list[Movie] = field(default_factory=list)
    people: list[Person] = field(default_factory=list)
    studios: list[Studio] = field(default_factory=list)
    collections: list[Collection] = field(default_factory=list)
    counts: dict[SearchKind, int] = field(default_factory=dict)
    also: dict[tuple[SearchKind, int], str] = field(default_factory=dict)
    mended: str = ""

    @property
    def total(self) -> int:
        return sum(min(count, POOL) for count in self.counts.values())

    @property
    def is_more(self) -> bool:
        """Whether there are more than were counted."""
        return any(count > POOL for count in self.counts.values())


def search(text: str, *, only: SearchKind | None = None) -> Found:
    """Everything whose names hold all the words of ``text``, each at the beginning of a word; ``only``: all of a kind.

    At most 16 queries; 14 more when little is found and a word may be misspelt.
    """
    query = parse(text)
    keys = _by_id(text)
    mended = ""
    if not any(keys.values()):
        keys = _ranked(query, tuple(SearchKind), POOL + 1)
        if _total(keys) < FEW and (better := _mend(query)):
            mending = _ranked(better, tuple(SearchKind), POOL + 1)
            if _total(mending) > _total(keys):
                keys, mended, query = mending, better.phrase, better
    movies, others = (MOST_MOVIES, MOST_OTHERS) if only is None else (POOL, POOL)
    found = _filled(Found(query, mended=mended), keys if only is None else {only: keys.get(only, [])}, movies, others)
    found.counts = {kind: len(keys.get(kind, [])) for kind in SearchKind}
    return found


def suggest(text: str, *, movies: int = 5, people: int = 3) -> Found:
    """The first few movies and people that what is being typed may become: at most 12 queries."""
    query = parse(text)
    keys = _ranked(query, (SearchKind.MOVIE, SearchKind.PERSON), SUGGESTED)
    return _filled(Found(query), keys, movies, people)


def _total(keys: dict[SearchKind, list[int]]) -> int:
    return sum(map(len, keys.values()))


def _by_id(text: str) -> dict[SearchKind, list[int]]:
    """The record of an IMDb, TMDB or Wikidata id."""
    asked = external_id(text)
    if asked is None:
        return {}
    rows = {SearchKind.MOVIE: Movie.objects.published(), SearchKind.PERSON: Person.objects.all()}
    return {
        kind: list(found.filter(**{asked[0]: asked[1]}).values_list("pk", flat=True)[:MOST_OTHERS])
        for kind, found in rows.items()
    }


def _ranked(query: SearchQuery, kinds: tuple[SearchKind, ...], pool: int) -> dict[SearchKind, list[int]]:
    """Records by kind, best first: whole names, beginnings, then the rest, each by how much it is looked at."""
    ranked: dict[SearchKind, list[int]] = {kind: [] for kind in kinds}
    if not query.words:
        return ranked
    keys = [key for kind in kinds for key in _of_kind(kind, query, pool)]
    documents = SearchDocument.objects.filter(pk__in=keys).values_list("kind", "names", "pk", "object_id")
    wanted = without_article(list(query.words))
    rows = [(kind, _rank(names, wanted), pk, record) for kind, names, pk, record in documents]
    for kind, _, _, record in sorted(rows):
        ranked[SearchKind(kind)].append(record)
    return ranked


def _of_kind(kind: SearchKind, query: SearchQuery, pool: int) -> list[int]:
    is_movie = kind == SearchKind.MOVIE

    def ask(groups: list[list[str]], most: int) -> list[int]:
        return match(kind, query.of_year(groups) if is_movie else groups, most)

    def titles() -> list[int]:
        # Whole words first: the index gives the first of them at once, but collects every match of a beginning.
        found = ask(query.titles(begun=0), pool)
        return found if len(found) >= pool else found + ask(query.titles(), pool)

    keys = titles()
    if is_movie and query.year and not keys:
        # "2001" may be a part of the title instead.
        query = SearchQuery((*query.words, str(query.year)))
        keys = titles()
    if not keys and len(query.words) > 1:
        keys = ask(query.titles(begun=len(query.words)), pool)
    if len(keys) >= pool:
        # Among so many, a whole name that few look at would not be there.
        keys += ask(query.exact(), pool)
    if is_movie and len(query.words) > 1 and not keys:
        keys += ask(query.with_people(), pool)
    return list(dict.fromkeys(keys))


def _rank(names: str, wanted: list[str]) -> int:
    """How well names fit the words looked for, 0 best; both are without articles. The first name is the one shown."""
    phrase = " ".join(wanted)
    if f"|{phrase}|" in names:
        return 0 if names.startswith(f"|{phrase}|") else 1
    if f"|{phrase} " in names:
        return 2 if names.startswith(f"|{phrase} ") else 3
    if f"|{phrase}" in names:
        return 4
    spaced = names.replace("|", " ")
    if all(f" {word} " in spaced for word in wanted):
        return 5
    return 6 if all(f" {word}" in spaced for word in wanted) else 9


def _exists(*forms: str) -> bool:
    """Whether a movie or person has a word of one of these forms: at most 2 queries."""
    return any(match(kind, [list(forms)], 1) for kind in (SearchKind.MOVIE, SearchKind.PERSON))


def _mend(query: SearchQuery) -> SearchQuery | None:
    """The query with each word that nothing begins with replaced by the likeliest there is."""
    words = list(query.words)
    for place, word in enumerate(words):
        if _exists(word, f"@{word}") or _exists(f"{word}*", f"@{word}*"):
            continue
        if better := suggestions(word, 1):
            words[place] = better[0]
    return replace(query, words=tuple(words)) if tuple(words) != query.words else None


def _filled(found: Found, keys: dict[SearchKind, list[int]], movies: int, others: int) -> Found:
    found.movies = _in_order(Movie.objects.published().for_cards(), keys.get(SearchKind.MOVIE, [])[:movies])
    found.people = _in_order(Person.objects.for_lists(), keys.get(SearchKind.PERSON, [])[:others])
    found.studios = _in_order(Studio.objects.defer("description"), keys.get(SearchKind.STUDIO, [])[:others])
    found.collections = _in_order(Collection.objects.all(), keys.get(SearchKind.COLLECTION, [])[:others])
    _explain(found)
    return found


def _in_order(rows: QuerySet[Row], keys: Iterable[int]) -> list[Row]:
    order = {key: place for place, key in enumerate(keys)}
    return sorted(rows.filter(pk__in=order), key=lambda row: order[row.pk]) if order else []


def _explain(found: Found) -> None:
    """Say by which other name a movie or person was found, where the shown one does not hold the words: 2 queries."""
    movies = [movie.pk for movie in found.movies if not _shows(found.query, movie.title, movie.original_title)]
    people = [person.pk for person in found.people if not _shows(found.query, person.name)]
    titles = AlternativeTitle.objects.filter(movie__in=movies).values_list("movie", "title") if movies else ()
    names = AlternativeName.objects.filter(person__in=people).values_list("person", "name") if people else ()
    for kind, others in ((SearchKind.MOVIE, titles), (SearchKind.PERSON, names)):
        for pk, name in others:
            if _shows(found.query, name):
                found.also.setdefault((kind, pk), name)


def _shows(query: SearchQuery, *names: str) -> bool:
    return any(all(any(word.startswith(part) for word in fold(name).split()) for part in query.words) for name in names)
