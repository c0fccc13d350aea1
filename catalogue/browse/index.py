"""The browse index: sets of movies as bitmaps in memory, so that any filters are counted and ordered exactly.

A facet is a set for each of its values. A sort key is a set for each of its binary digits ("bit slices"), so that the
place of any page is found by halving, however deep it is. At a million movies an intersection takes microseconds; the
whole index takes some thirty megabytes. docs/decisions/0012.
"""

import logging
import threading
from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass

from pyroaring import BitMap

from catalogue.browse.facts import WIDTHS, Facts, facts_of
from catalogue.models import BrowseBitmap, BrowseChange
from catalogue.replicas import connection

STATE = (
    "SELECT (SELECT token FROM catalogue_browsestate WHERE id = 1), COUNT(*), COALESCE(SUM(stamp), 0) "
    "FROM catalogue_browsechange"
)
BATCH = 500
MOST_AT_ONCE = 2_000  # changes one reader waits for; the next one goes on
TOGETHER = 16  # values of a facet that are looked for at once
ALL = ("all", "")
logger = logging.getLogger(__name__)
Slices = list[tuple[BitMap, bool]]  # a binary digit of a sort key, highest first, and whether ones come first
Group = tuple[BitMap, list[tuple[str, BitMap]]]  # some values of a facet, and at least the movies that have any of them
Block = tuple[BitMap, int]  # movies that no sort key tells apart, and how many of them are skipped


class Bitmaps:
    """Sets of movies by facet and value, and by digit of each sort key."""

    def __init__(self) -> None:
        self.everything = BitMap()
        self.facets: dict[str, dict[str, BitMap]] = defaultdict(dict)
        self.slices = {name: [BitMap() for _ in range(width)] for name, width in WIDTHS.items()}
        self._at_least: dict[tuple[str, int], BitMap] = {}  # of the few numbers that charts and orders ask for
        self._groups: dict[str, list[Group]] = {}

    def put(self, movies: Iterable[int], facts: Mapping[int, Facts]) -> None:
        """Replace what is known of these movies; those without facts are taken out."""
        self._at_least.clear()
        gone = self.everything & BitMap(movies)
        if gone:
            self.everything -= gone
            for bits in self._sets():
                bits -= gone
        self.everything.update(facts)
        values: dict[tuple[str, str], list[int]] = defaultdict(list)
        for movie, fact in facts.items():
            for value in fact.values:
                values[value].append(movie)
        for (facet, text), keys in values.items():
            if text not in self.facets[facet]:
                self.facets[facet][text] = BitMap()
                self._groups.pop(facet, None)
            self.facets[facet][text].update(keys)
        for groups in self._groups.values():
            for either, _ in groups:
                either.update(facts)  # more than have any of the values, which does no harm, and at once
        for name, width in WIDTHS.items():
            most = (1 << width) - 1
            numbers = [(movie, min(fact.keys[name], most)) for movie, fact in facts.items()]
            # Digit by digit: four times as fast as taking each number apart.
            for place, bits in enumerate(self.slices[name]):
                digit = 1 << (width - 1 - place)
                bits.update([movie for movie, number in numbers if number & digit])

    def _sets(self) -> Iterable[BitMap]:
        for values in self.facets.values():
            yield from values.values()
        for slices in self.slices.values():
            yield from slices

    def dump(self) -> list[BrowseBitmap]:
        """The rows that keep it."""
        sets = {":".join(ALL): self.everything}
        sets |= {f"{facet}:{value}": bits for facet, values in self.facets.items() for value, bits in values.items()}
        sets |= {f"{name}/{place}": bits for name, slices in self.slices.items() for place, bits in enumerate(slices)}
        for bits in sets.values():
            bits.run_optimize()
        return [BrowseBitmap(name=name, bits=bits.serialize()) for name, bits in sets.items() if bits]

    @classmethod
    def load(cls) -> "Bitmaps":
        """What is stored: 1 query. Nothing, and a line in the log, where it cannot be read."""
        found = cls()
        try:
            for name, data in BrowseBitmap.objects.values_list("name", "bits"):
                found._restore(name, BitMap.deserialize(bytes(data)))
        except (ValueError, KeyError, IndexError, RuntimeError):
            logger.exception("The browse index cannot be read: run rebuild_browse.")
            return cls()
        return found

    def _restore(self, name: str, bits: BitMap) -> None:
        facet, colon, value = name.partition(":")
        if not colon:
            key, _, place = name.partition("/")
            self.slices[key][int(place)] = bits
        elif (facet, value) == ALL:
            self.everything = bits
        else:
            self.facets[facet][value] = bits

    def count(self, facet: str, rows: BitMap) -> dict[str, int]:
        """How many of these movies have each value of a facet; values that none has are left out."""
        found = {}
        for either, values in self._grouped(facet):
            if here := rows & either:
                for value, bits in values:
                    if number := here.intersection_cardinality(bits):
                        found[value] = number
        return found

    def _grouped(self, facet: str) -> list[Group]:
        """The values of a facet, the most frequent first: few movies have any of the rare ones, of which most are."""
        if facet not in self._groups:
            values = sorted(self.facets.get(facet, {}).items(), key=lambda item: -len(item[1]))
            parts = [values[start : start + TOGETHER] for start in range(0, len(values), TOGETHER)]
            self._groups[facet] = [(BitMap.union(*(bits for _, bits in part)), part) for part in parts]
        return self._groups[facet]

    def at_least(self, name: str, number: int) -> BitMap:
        """The movies whose sort key is ``number`` or more; a set to be read alone, since the next one gets it, too."""
        if (name, number) not in self._at_least:
            self._at_least[name, number] = self._compared(name, number)
        return self._at_least[name, number]

    def _compared(self, name: str, number: int) -> BitMap:
        width = WIDTHS[name]
        above, equal = BitMap(), self.everything
        for place, bits in enumerate(self.slices[name]):
            if number >> (width - 1 - place) & 1:
                equal = equal & bits
            else:
                above |= equal & bits
                equal = equal - bits
        return above | equal

    def falling(self, name: str) -> Slices:
        return [(bits, True) for bits in self.slices[name] if bits]

    def rising(self, name: str) -> Slices:
        return [(bits, False) for bits in self.slices[name] if bits]


def walk(rows: BitMap, slices: Slices, skip: int, want: int) -> list[Block]:
    """The blocks, in order, that hold the places from ``skip`` on, at least ``want`` of them where there are."""
    found: list[Block] = []
    _descend(rows, 0, slices, skip, want, found)
    return found


def _descend(rows: BitMap, depth: int, slices: Slices, skip: int, want: int, found: list[Block]) -> tuple[int, int]:
    size = len(rows)
    if size <= skip:
        return skip - size, want
    for place in range(depth, len(slices) if size > 1 else depth):
        bits, ones_first = slices[place]
        number = rows.intersection_cardinality(bits)
        if number in (0, size):
            continue
        ones = rows & bits
        parts = (ones, rows - ones) if ones_first else (rows - ones, ones)
        skip, want = _descend(parts[0], place + 1, slices, skip, want, found)
        return _descend(parts[1], place + 1, slices, skip, want, found) if want > 0 else (skip, want)
    found.append((rows, skip))
    return 0, want - (size - skip)


@dataclass(frozen=True, slots=True, eq=False)
class Counts:
    """Of each facet, how many movies have each of its values: ``counts["genre"]["12"]``.

    Two are alike only if they are one: what was made of a count can be kept by it.
    """

    of: dict[str, dict[str, int]]

    def __getitem__(self, facet: str) -> dict[str, int]:
        return self.of[facet]


class Index:
    """The bitmaps of this process, brought up to date whenever they are asked for."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.bitmaps = Bitmaps()
        self.token: int | None = None
        self.state: tuple[int | None, int, int] | None = None
        self.applied: dict[int, int] = {}  # movie -> stamp
        # Of selections, as long as nothing changes: the counts, and the blocks that hold the movies of a page.
        self.counts: dict[Hashable, Counts] = {}
        self.blocks: dict[Hashable, list[Block]] = {}

    def fresh(self) -> Bitmaps:
        """The bitmaps as the database has them now, to be used under ``lock``: 1 query where nothing has changed.

        Where some movies have, 7 more for each five hundred.
        """
        with connection.cursor() as cursor:
            cursor.execute(STATE)
            token, count, total = cursor.fetchone()
        state = (token, count, int(total))
        if state != self.state:
            self.counts.clear()
            self.blocks.clear()
            if token != self.token:
                self.bitmaps, self.token, self.applied = Bitmaps.load(), token, {}
            self.state = state if self._follow() else None
        return self.bitmaps

    def _follow(self) -> bool:
        """Read the movies that changed; False when some are left for the next one to ask.

        A stamp that is there no more was undone with its transaction: that movie is read again, too.
        """
        stamps = dict(BrowseChange.objects.values_list("movie", "stamp"))
        changed = [movie for movie, stamp in stamps.items() if self.applied.get(movie) != stamp]
        changed += self.applied.keys() - stamps.keys()
        now = changed[:MOST_AT_ONCE]
        for start in range(0, len(now), BATCH):
            part = now[start : start + BATCH]
            self.bitmaps.put(part, facts_of(part))
            for movie in part:
                if movie in stamps:
                    self.applied[movie] = stamps[movie]
                else:
                    self.applied.pop(movie, None)
        return len(changed) <= MOST_AT_ONCE


INDEX = Index()
