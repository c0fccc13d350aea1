"""Movies and people as plain values, field by field, whatever tables they lie in: what is compared and written.

The canonical form of a value is what JSON can hold, so that plans, disagreements and exports share it. A credit is
[person, department, job, character, billing order, credited as, voice, uncredited]; studios are their keys.
"""

from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import F, Model

from catalogue.curation.locks import IDS, MOVIE_COLUMNS, PERSON_COLUMNS
from catalogue.models import (
    AlternativeName,
    AlternativeTitle,
    Credit,
    ExternalRating,
    Movie,
    MovieGenre,
    MovieStudio,
    Person,
    Release,
    Video,
)

Values = dict[str, Any]
__all__ = ["IDS", "MOVIES", "PEOPLE", "Kind", "Section", "State", "Values", "canonical"]


@dataclass(frozen=True, slots=True)
class Section:
    """A list that hangs on a record: the table's columns in the order of the canonical form.

    ``first``: the column by which the rows are ordered before their keys; "position" is the place in the list.
    """

    model: type[Model]
    owner: str  # the foreign key to the record
    columns: tuple[str, ...]
    first: str = ""

    def load(self, keys: Iterable[int]) -> dict[int, list[Any]]:
        """The lists of these records: 1 query."""
        found: dict[int, list[Any]] = defaultdict(list)
        for owner, _, _, item in self._rows(keys):
            found[owner].append(item)
        return found

    def write(self, lists: dict[int, list[Any]]) -> None:
        """Make these the lists of their records: 3 queries. Rows that stay keep their keys; the order is as given."""
        there: dict[tuple[int, Any], deque[tuple[int, Any]]] = defaultdict(deque)
        gone: set[int] = set()
        for owner, rank, pk, item in self._rows(lists):
            there[owner, rank].append((pk, item))
            gone.add(pk)
        new: list[Model] = []
        for owner, items in lists.items():
            for place, item in enumerate(items):
                alike = there[owner, self._rank(place, item)]
                # Keys give the order, so what comes behind a new row has to be new as well.
                while alike and alike[0][1] != item:
                    alike.popleft()
                if alike:
                    gone.remove(alike.popleft()[0])
                else:
                    new.append(self._row(owner, place, item))
        self.model._default_manager.filter(pk__in=gone).delete()
        self.model._default_manager.bulk_create(new)

    def _rows(self, owners: Iterable[int]) -> Iterator[tuple[int, Any, int, Any]]:
        """Owner, value of ``first``, key and canonical form of each row, in the order of the lists."""
        order = [F(self.first).asc(nulls_last=True)] if self.first else []
        rows = self.model._default_manager.filter(**{f"{self.owner}__in": list(owners)}).order_by(*order, "pk")
        for owner, pk, rank, *cells in rows.values_list(self.owner, "pk", self.first or "pk", *self.columns):
            plain = [canonical(cell) for cell in cells]
            yield owner, rank if self.first else None, pk, plain if len(self.columns) > 1 else plain[0]

    def _rank(self, place: int, item: Any) -> Any:
        if self.first in self.columns:
            return item[self.columns.index(self.first)] if len(self.columns) > 1 else item
        return place if self.first else None

    def _row(self, owner: int, place: int, item: Any) -> Model:
        cells = item if len(self.columns) > 1 else [item]
        position = {"position": place} if self.first == "position" else {}
        return self.model(**{self.owner: owner}, **position, **dict(zip(self.columns, cells, strict=True)))


CREDIT = ("person_id", "department", "job", "character", "billing_order", "credited_as", "is_voice", "is_uncredited")
MOVIE_SECTIONS: dict[str, Section] = {
    "genres": Section(MovieGenre, "movie_id", ("genre_id",), "position"),
    "studios": Section(MovieStudio, "movie_id", ("studio_id",), "position"),
    "countries_of_origin": Section(Movie.countries_of_origin.through, "movie_id", ("country_id",), "country_id"),
    "spoken_languages": Section(Movie.spoken_languages.through, "movie_id", ("language_id",), "language_id"),
    "credits": Section(Credit, "movie_id", CREDIT, "billing_order"),
    "alternative_titles": Section(
        AlternativeTitle, "movie_id", ("title", "kind", "country_id", "language_id")
    ),
    "releases": Section(Release, "movie_id", ("country_id", "date", "type", "certification", "note")),
    "external_ratings": Section(
        ExternalRating,
        "movie_id",
        ("source", "value", "scale", "votes", "as_of", "url", "histogram"),
        "source",
    ),
    "videos": Section(Video, "movie_id", ("title", "url", "kind", "language_id")),
}  # fmt: skip
PERSON_SECTIONS: dict[str, Section] = {
    "alternative_names": Section(AlternativeName, "person_id", ("name",)),
}


@dataclass(slots=True)
class Kind:
    """Movies or people, for code that treats them alike."""

    model: Any
    columns: tuple[str, ...]
    sections: dict[str, Section]
    record: str  # the foreign key of Disagreement

    def load(self, keys: Iterable[int], names: Iterable[str], *, lock: bool) -> "dict[int, State]":
        """The records with these keys, and of the sections those in ``names``: 1 query and 1 a section.

        ``lock``: nobody else changes them until the transaction ends.
        """
        wanted = sorted(keys)
        rows = self.model.objects.filter(pk__in=wanted).order_by("pk")
        states = {
            row.pk: State(row, self._values(row)) for row in (rows.select_for_update(no_key=True) if lock else rows)
        }
        for name in names:
            if name in self.sections:
                lists = self.sections[name].load(wanted)
                for key, state in states.items():
                    state.values[name] = lists.get(key, [])
        return states

    def _values(self, row: Any) -> Values:
        return {name: canonical(getattr(row, self.attribute(name))) for name in self.columns}

    def attribute(self, name: str) -> str:
        """What holds a column's canonical value on the model."""
        return f"{name}_id" if name == "original_language" else name


@dataclass(slots=True)
class State:
    """A record as it is; ``row`` is None for one that only a plan has made."""

    row: Any
    values: Values = field(default_factory=dict)


MOVIES = Kind(Movie, MOVIE_COLUMNS, MOVIE_SECTIONS, "movie")
PEOPLE = Kind(Person, PERSON_COLUMNS, PERSON_SECTIONS, "person")

_PLAIN: dict[str, Callable[[Any], Any]] = {"PartialDate": str, "Decimal": float, "UUID": str, "date": str}


def canonical(value: Any) -> Any:
    """A column's value as JSON holds it."""
    plain = _PLAIN.get(type(value).__name__)
    return plain(value) if plain else getattr(value, "value", value)
