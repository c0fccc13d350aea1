"""A choice of filters, and the movies it lists."""

from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import reduce
from operator import and_
from typing import Any, TypeVar

from django.db.models import QuerySet
from pyroaring import BitMap

from catalogue import compiled
from catalogue.browse.index import INDEX, Bitmaps, Block, Counts, walk
from catalogue.cards import Card, cards
from catalogue.models import Movie

Value = TypeVar("Value")
MOST_KEPT = 256  # selections whose counts are kept, some 20 KB each, and pages whose movies are
MOST_TIES = 1_000  # movies of one beginning of the title that are put in order by all of it


@dataclass(frozen=True, slots=True)
class Sort:
    """An order of lists of movies: by a sort key, movies alike by title. Without a key: by when they were added."""

    slug: str
    name: str
    key: str = ""
    rises: bool = False


SORTS = {
    sort.slug: sort
    for sort in [
        Sort("popular", "Most popular", "popularity"),
        Sort("rating", "Highest rated", "rating"),
        Sort("reviews", "Most reviewed", "reviews"),
        Sort("newest", "Newest first", "date"),
        Sort("oldest", "Oldest first", "date", rises=True),
        Sort("title", "Title A to Z", "title", rises=True),
        Sort("added", "Recently added"),
    ]
}
LOWEST = Sort("lowest", "Lowest rated", "rating", rises=True)
DEFAULT_SORT = "popular"
# In the order of the page. Of the first a movie can be asked to have several.
FACETS = (
    "genre", "decade", "year", "country", "language", "runtime", "certification", "rating", "reviews", "watch",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Selection:
    """Which movies: facet -> the values a movie must have, all of them; how many ratings at least; of which movies."""

    values: dict[str, tuple[str, ...]] = field(default_factory=dict)
    votes: int = 0
    among: BitMap | None = None

    def without(self, facet: str) -> "Selection":
        """The same, that facet left open."""
        return replace(self, values={name: values for name, values in self.values.items() if name != facet})


class Ranking:
    """Movies in an order that is known. Has what Django's Paginator asks for."""

    def __init__(self, keys: list[int]) -> None:
        self.all = keys

    def __len__(self) -> int:
        return len(self.all)

    def keys(self, skip: int, want: int) -> list[int]:
        """The keys of the movies from a place on."""
        return self.all[skip : skip + want]

    def __getitem__(self, places: slice) -> list[Card]:
        """The movies of these places: 2 queries."""
        first, last, _ = places.indices(len(self))
        return cards(self.keys(first, last - first) if last > first else [])

    def __iter__(self) -> Iterator[Card]:
        return iter(self[: len(self)])


class Listing(Ranking):
    """The movies of a selection in an order; counts are exact. 1 query more where titles begin alike."""

    def __init__(self, rows: BitMap, sort: Sort, name: Hashable = None) -> None:
        self.rows, self.sort = rows, sort
        self.name, self.state = name, INDEX.state  # of a selection, and when it was made

    def __len__(self) -> int:
        return len(self.rows)

    def keys(self, skip: int, want: int) -> list[int]:
        """The keys of the movies from a place on."""
        if not self.sort.key:
            last = len(self.rows) - skip
            return list(self.rows[max(0, last - want) : last])[::-1]
        with INDEX.lock:
            blocks = self._known_blocks(skip, want)
        tied = [movie for block, _ in blocks if 1 < len(block) <= MOST_TIES for movie in block]
        titles = dict(compiled.rows(_titles, tied))
        found: list[int] = []
        for block, skipped in blocks:
            keys = block if len(block) > MOST_TIES else sorted(block, key=lambda key: (titles.get(key, ""), key))
            found += keys[skipped : skipped + want - len(found)]
        return found

    def _known_blocks(self, skip: int, want: int) -> list[Block]:
        """As _blocks(); those of many readers are looked for once. To be used under the lock."""
        key = (self.name, self.sort, skip, want)
        if key in INDEX.blocks and INDEX.state == self.state:
            return INDEX.blocks[key]
        blocks = self._blocks(INDEX.bitmaps, skip, want)
        if self.name is not None and INDEX.state == self.state:
            _keep(INDEX.blocks, key, blocks)
        return blocks

    def _blocks(self, bitmaps: Bitmaps, skip: int, want: int) -> list[Block]:
        key = self.sort.key
        slices = bitmaps.rising(key) if self.sort.rises else bitmaps.falling(key)
        if key != "title":
            slices = slices + bitmaps.rising("title")
        if not self.sort.rises or key == "title":
            return walk(self.rows, slices, skip, want)
        # What has no such key stands last in both directions.
        known = self.rows & bitmaps.at_least(key, 1)
        blocks = walk(known, slices, skip, want)
        got = max(0, min(want, len(known) - skip))
        return blocks + walk(self.rows - known, bitmaps.rising("title"), max(0, skip - len(known)), want - got)


def _titles(keys: list[int]) -> QuerySet[Any, Any]:
    return Movie.objects.filter(pk__in=keys).order_by().values_list("pk", "sort_title")


@dataclass(frozen=True, slots=True)
class Browsed:
    """The movies of a selection, and for each facet how many there are of each of its values under the others."""

    movies: Listing
    counts: Counts


def browse(selection: Selection, sort: Sort | str = DEFAULT_SORT, facets: tuple[str, ...] = ()) -> Browsed:
    """The movies of a selection, with the counts of these facets: 1 query where nothing has changed since the last.

    A facet of which a movie can have several values counts what adding one would leave; the others count what
    changing to one would.
    """
    order = SORTS[sort] if isinstance(sort, str) else sort
    with INDEX.lock:
        bitmaps = INDEX.fresh()
        rows = matching(bitmaps, selection)
        counts = _counts(bitmaps, selection, facets, rows)
        return Browsed(Listing(rows, order, _name(selection)), counts)


def _counts(bitmaps: Bitmaps, selection: Selection, facets: tuple[str, ...], rows: BitMap) -> Counts:
    """The counts of these facets; those of many readers are counted once. To be used under the lock."""
    name = _name(selection)
    if (facets, name) in INDEX.counts:
        return INDEX.counts[facets, name]
    counts = Counts({facet: _count(bitmaps, selection, facet, rows) for facet in facets})
    if name is not None:
        _keep(INDEX.counts, (facets, name), counts)
    return counts


def _name(selection: Selection) -> Hashable:
    """What tells a selection from others; None of one that nobody makes again."""
    return None if selection.among is not None else (tuple(sorted(selection.values.items())), selection.votes)


def _keep(kept: dict[Hashable, Value], key: Hashable, value: Value) -> None:
    """Add to what is kept; there is place for ``MOST_KEPT``."""
    if len(kept) >= MOST_KEPT:
        kept.clear()
    kept[key] = value


def matching(bitmaps: Bitmaps, selection: Selection) -> BitMap:
    """The set of the movies of a selection; a set of its own, which later changes leave as it is."""
    nothing = BitMap()
    sets = [
        bitmaps.facets.get(facet, {}).get(value, nothing)
        for facet, values in selection.values.items()
        for value in values
    ]
    if selection.among is not None:
        sets.append(selection.among)
    if selection.votes:
        sets.append(bitmaps.at_least("votes", selection.votes))
    # The smallest first: every further step has less to look at.
    return reduce(and_, sorted(sets, key=len), bitmaps.everything) if sets else bitmaps.everything.copy()


def most_popular(genres: Iterable[str], years: Iterable[str], want: int) -> list[int]:
    """The keys of the most popular movies that have any of these genres, and of any of these years if some are given.

    2 queries where nothing has changed since the last; milliseconds among a million, where a join takes half a second.
    """
    with INDEX.lock:
        bitmaps = INDEX.fresh()
        rows = _any(bitmaps, "genre", genres)
        if of_years := list(years):
            rows &= _any(bitmaps, "year", of_years)
    return Listing(rows & bitmaps.everything, SORTS["popular"]).keys(0, want)


def _any(bitmaps: Bitmaps, facet: str, values: Iterable[str]) -> BitMap:
    known = bitmaps.facets.get(facet, {})
    return BitMap.union(BitMap(), *(known[value] for value in values if value in known))


def _count(bitmaps: Bitmaps, selection: Selection, facet: str, rows: BitMap) -> dict[str, int]:
    chosen = selection.values.get(facet)
    base = rows if facet == "genre" or not chosen else matching(bitmaps, selection.without(facet))
    return bitmaps.count(facet, base)
