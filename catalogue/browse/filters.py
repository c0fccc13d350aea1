"""The filters as addresses write them and as readers read them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db.models import CharField, F, QuerySet, Value
from django.db.models.functions import Cast

from catalogue.browse.facts import RATINGS, RUNTIMES
from catalogue.browse.listing import DEFAULT_SORT, FACETS, SORTS, Selection
from catalogue.compiled import rows
from catalogue.models import Country, Epoch, Genre, Language
from catalogue.vocabulary import WatchKind

NAMES = {
    "genre": "Genre", "decade": "Decade", "year": "Year", "country": "Country", "language": "Language",
    "runtime": "Running time", "certification": "Certification", "rating": "Rating", "reviews": "Reviews",
    "watch": "Where to watch",
}  # fmt: skip
VIEWS = ("posters", "table")
MOST_GENRES = 5
RUNTIME_NAMES = {
    "short": "Shorts, up to 40 min", "under-80": "41 to 79 min", "80-99": "80 to 99 min", "100-119": "100 to 119 min",
    "120-149": "2 h to 2 h 29 min", "150-up": "2 h 30 min and more",
}  # fmt: skip
Pairs = dict[str, str | tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Option:
    """One value of a facet: what the address calls it, what readers do, and how many movies there are."""

    value: str
    name: str
    count: int = 0


class Names:
    """What genres, countries and languages are called. Use ``Names.current()``."""

    @classmethod
    def current(cls) -> "Names":
        """The names as they are now: 1 query, and 1 more where this process does not know them yet."""
        return names_of(sum(row[0] for row in rows(_epochs, [1])))

    def __init__(self) -> None:
        found = _names(Genre, "genre", "pk", "slug").union(
            _names(Country, "country", "code", "code"), _names(Language, "language", "code", "code"), all=True
        )
        # facet -> value in the index -> (value in an address, name)
        self.known: dict[str, dict[str, tuple[str, str]]] = {"genre": {}, "country": {}, "language": {}}
        for facet, key, slug, name in found:
            self.known[facet][key] = (slug.lower(), name)
        self.keys = {facet: {slug: key for key, (slug, _) in known.items()} for facet, known in self.known.items()}

    def option(self, facet: str, value: str, count: int = 0) -> Option:
        """A value of the index as readers see it. Raises KeyError for a genre, country or language there is not."""
        if facet in self.known:
            return Option(*self.known[facet][value], count)
        if facet == "certification":
            country, _, board = value.partition(" ")
            return Option(value, f"{board} ({self.known['country'][country][1]})", count)
        return Option(value, _plain(facet, value), count)

    def options(self, facet: str, counts: Mapping[str, int]) -> list[Option]:
        """The values of a facet in the order in which they are read."""
        known = self.known.get(facet)
        found = [self.option(facet, value, count) for value, count in counts.items() if not known or value in known]
        if facet in ("decade", "year", "rating"):
            return sorted(found, key=lambda option: option.value, reverse=facet != "decade")
        if facet == "runtime":
            places = list(RUNTIMES.values())
            return sorted(found, key=lambda option: places.index(option.value))
        return sorted(found, key=lambda option: option.name.casefold())

    def value(self, facet: str, text: str) -> str:
        """What the index calls a value that an address asks for. Raises ValueError for none of the facet's."""
        if facet in self.keys:
            value = self.keys[facet].get(text.lower())
        elif facet == "certification":
            country, _, board = text.partition(" ")
            value = text if country in self.known["country"] and 0 < len(board) <= 20 else None
        else:
            value = text if _is_value(facet, text) else None
        if value is None:
            raise ValueError(f"There is no {facet} “{text[:40]}”.")
        return value


@lru_cache(maxsize=1)
def names_of(epoch: int) -> Names:
    """The names of an epoch, which ends when one of them changes."""
    return Names()


def _epochs(keys: list[int]) -> QuerySet[Any, Any]:
    return Epoch.objects.order_by().values_list("number")  # one row


def _names(model: Any, facet: str, key: str, slug: str) -> QuerySet[Any, Any]:
    text = CharField()
    all_of: QuerySet[Any, Any] = model.objects.order_by()
    return all_of.values_list(Value(facet, output_field=text), Cast(F(key), text), Cast(F(slug), text), F("name"))


def _plain(facet: str, value: str) -> str:
    match facet:
        case "decade":
            return f"{value}s"
        case "runtime":
            return RUNTIME_NAMES[value]
        case "rating":
            return f"{value} and more"
        case "reviews":
            return "With reviews"
        case "watch":
            return str(WatchKind(value).label)
    return value


def _is_value(facet: str, text: str) -> bool:
    match facet:
        case "decade" | "year":
            # Film begins in the 1870s; a later bound would have to be moved every year.
            is_year = len(text) == 4 and text.isascii() and text.isdigit() and text >= "1870"
            return is_year and (facet == "year" or text[3] == "0")
        case "runtime":
            return text in RUNTIMES.values()
        case "rating":
            return text in map(str, RATINGS)
        case "reviews":
            return text == "yes"
    return text in WatchKind.values


@dataclass(frozen=True, slots=True)
class Filters:
    """What a reader asked to see: values by facet, an order, a view."""

    selection: Selection
    sort: str
    view: str
    chosen: dict[str, tuple[Option, ...]]

    @classmethod
    def parse(cls, query: Mapping[str, list[str]], names: Names) -> "Filters":
        """Read the parameters of an address. Raises ValueError for a value that no facet, order or view has."""
        values: dict[str, tuple[str, ...]] = {}
        for facet in FACETS:
            asked = {names.value(facet, text) for text in query.get(facet, []) if text}
            if len(asked) > (MOST_GENRES if facet == "genre" else 1):
                raise ValueError(f"That is more than one {facet} can be.")
            if asked:
                values[facet] = tuple(sorted(asked, key=lambda value: names.option(facet, value).value))
        chosen = {facet: tuple(names.option(facet, value) for value in found) for facet, found in values.items()}
        sort = _last(query.get("sort", [])) or DEFAULT_SORT
        view = _last(query.get("view", [])) or VIEWS[0]
        if sort not in SORTS or view not in VIEWS:
            raise ValueError("There is no such order or view.")
        return cls(Selection(values), sort, view, chosen)

    @property
    def canonical(self) -> Pairs:
        """The parameters of the one address of this, in the one order: no empty ones, no defaults."""
        pairs: Pairs = {}
        for facet, options in self.chosen.items():
            found = tuple(option.value for option in options)
            pairs[facet] = found if len(found) > 1 else found[0]
        if self.sort != DEFAULT_SORT:
            pairs["sort"] = self.sort
        if self.view != VIEWS[0]:
            pairs["view"] = self.view
        return pairs

    def removing(self, facet: str, value: str) -> Pairs:
        """The same address without one of its values."""
        left = tuple(option.value for option in self.chosen[facet] if option.value != value)
        rest = {name: given for name, given in self.canonical.items() if name != facet}
        return {facet: left, **rest} if left else rest

    @property
    def title(self) -> str:
        """What is listed, in words: "Western, War of the 1960s, France"."""
        first = ", ".join(option.name for option in self.chosen.get("genre", ())) or "Movies"
        times = [option.name for facet in ("decade", "year") for option in self.chosen.get(facet, ())]
        rest = [
            option.name for facet in FACETS if facet not in ("genre", "decade", "year")
            for option in self.chosen.get(facet, ())
        ]  # fmt: skip
        time = f" of the {times[0]}" if times and times[0].endswith("s") else f" of {times[-1]}" if times else ""
        return ", ".join([first + time, *rest])


def _last(texts: Iterable[str]) -> str:
    return next(iter(list(texts)[::-1]), "")
