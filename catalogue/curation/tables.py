"""Which tables and columns make a record, and what follows from others and is made anew.

The history and the export read the catalogue by this.
"""

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

from django.apps import apps
from django.db.models import Field, ForeignKey, Model, Q, QuerySet

from catalogue.dates import PartialDate
from catalogue.guests import GUESTS
from catalogue.models import (
    AlternativeName,
    AlternativeTitle,
    Collection,
    CollectionItem,
    Credit,
    Disagreement,
    ExternalId,
    ExternalRating,
    Feature,
    Genre,
    Image,
    MatchQuestion,
    Movie,
    MovieGenre,
    MovieStudio,
    Person,
    Redirect,
    RelatedMovie,
    Release,
    Studio,
    Video,
    WatchLink,
)
from catalogue.vocabulary import Placing

# Ratings are members' data; the rest follows from other columns.
DERIVED = {
    *(f"rating_{score}" for score in range(1, 11)),
    "rating_count", "rating_sum", "counts_ratings", "early_rating_count", "held_rating_count", "weighted_rating",
    "popularity", "external_votes", "review_count", "cast_line", "cast_count", "director_line", "version", "related_at",
    "release_year", "sort_title", "sort_name", "slug", "updated_at", "credit_count", "known_for_department",
    "known_for_line", "score", "missing_parts", "gaps", "completeness", "need", "has_avif",
}  # fmt: skip
KINDS: dict[str, Any] = {
    "movie": Movie, "person": Person, "studio": Studio, "genre": Genre, "collection": Collection, "feature": Feature,
    "image": Image,
}  # fmt: skip
Record = tuple[str, Any]  # kind and key

_PLAIN: dict[type, Callable[[Any], Any]] = {
    PartialDate: str,
    Decimal: str,
    datetime.date: datetime.date.isoformat,
    datetime.datetime: datetime.datetime.isoformat,
}


def plain(value: Any) -> Any:
    """A column's value as JSON holds it: dates and decimals as text."""
    convert = _PLAIN.get(type(value))
    return convert(value) if convert else value


@dataclass(frozen=True, slots=True)
class Table:
    """A table whose rows the history follows. ``owners``: the columns that name a row's record; none: it is one.

    ``section``: what the table is called as a part of its record, in locks too.
    """

    model: Any
    owners: tuple[tuple[str, str], ...] = ()
    section: str = ""
    keeps: frozenset[str] = frozenset()
    only: Q | None = None

    @property
    def name(self) -> str:
        """As changes name it: "catalogue.credit"."""
        return str(self.model._meta.label_lower)

    @property
    def kind(self) -> str:
        """Of a table of records: which."""
        return next((kind for kind, model in KINDS.items() if model is self.model), "")

    @property
    def fields(self) -> "list[Field[Any, Any]]":
        """The columns that are followed, the key left out."""
        return [
            field
            for field in self.model._meta.concrete_fields
            if not field.primary_key and (field.name in self.keeps or field.name not in DERIVED)
        ]

    @property
    def links(self) -> dict[str, type[Model]]:
        """The columns that name rows of other tables."""
        return {field.attname: field.related_model for field in self.fields if isinstance(field, ForeignKey)}

    def rows(self) -> QuerySet[Any]:
        """The rows that are followed."""
        rows: QuerySet[Any] = self.model._default_manager.order_by("pk")
        return rows.filter(self.only) if self.only else rows

    def about(self, key: Any, row: dict[str, Any]) -> str:
        """The record whose history a row belongs to: "movie:12"."""
        if self.kind:
            return f"{self.kind}:{key}"
        return next((f"{kind}:{row[column]}" for column, kind in self.owners if row.get(column) is not None), "")


def _of_movie(model: type[Model], section: str, only: Q | None = None) -> Table:
    return Table(model, (("movie_id", "movie"),), section, only=only)


# Those that others name come first.
TABLES = [
    Table(Genre, keeps=frozenset({"slug"})),
    Table(Image),
    Table(Studio),
    Table(Person),
    Table(Movie),
    Table(Collection),
    Table(AlternativeName, (("person_id", "person"),), "alternative_names"),
    _of_movie(Movie.countries_of_origin.through, "countries_of_origin"),
    _of_movie(Movie.spoken_languages.through, "spoken_languages"),
    _of_movie(MovieGenre, "genres"),
    _of_movie(MovieStudio, "studios"),
    _of_movie(Credit, "credits"),
    _of_movie(AlternativeTitle, "alternative_titles"),
    _of_movie(Release, "releases"),
    _of_movie(ExternalRating, "external_ratings"),
    _of_movie(ExternalId, "external_ids"),
    _of_movie(Video, "videos"),
    _of_movie(WatchLink, "watch_links"),
    _of_movie(RelatedMovie, "related", ~Q(placing=Placing.COMPUTED)),
    Table(CollectionItem, (("collection_id", "collection"),), "items"),
    Table(Feature),
    Table(Disagreement, (("movie_id", "movie"), ("person_id", "person")), "disagreements"),
    Table(Redirect, section="addresses"),
    Table(MatchQuestion, section="match questions"),
    Table(MatchQuestion.candidates.through, section="match questions"),
]


@cache
def extra() -> list[Table]:
    """The tables that other apps hang on the catalogue's records."""
    return [
        Table(apps.get_model(name), (("movie_id", "movie"),) if is_of_movie else (), name.partition(".")[2])
        for guest in GUESTS
        for name, is_of_movie in guest.tables.items()
    ]


@cache
def every_table() -> list[Table]:
    """All tables the history follows, those that others name first."""
    return [*TABLES, *extra()]


def table(name: str) -> Table:
    """The table that changes name so. Raises KeyError."""
    return _by_name()[name]


@cache
def _by_name() -> dict[str, Table]:
    return {table.name: table for table in every_table()}


Scope = dict[str, dict[str, set[Any]]]  # table -> column -> keys


def parts_of(kind: str, keys: Iterable[Any]) -> Scope:
    """The rows that make these records."""
    keys = set(keys)
    scope: Scope = {}
    for each in TABLES:
        columns = ["pk"] if each.kind == kind else [column for column, owner in each.owners if owner == kind]
        if each.model is CollectionItem and kind == "movie":
            columns = ["movie_id"]
        if columns:
            scope[each.name] = dict.fromkeys(columns, keys)
    return scope


def traces_of(kind: str, keys: Iterable[Any]) -> Scope:
    """The rows that make these records, and all that name them: what a deletion or a merge may write."""
    keys, model = set(keys), KINDS[kind]
    scope = parts_of(kind, keys)
    for each in every_table():
        for column, target in each.links.items():
            if target is model:
                scope.setdefault(each.name, {})[column] = keys
    return scope
