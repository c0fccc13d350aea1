"""Which tables and columns make the catalogue. What follows from others (addresses, lines of cards) is made anew."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, Q, QuerySet

from catalogue.curation.tables import DERIVED, plain
from catalogue.models import (
    AlternativeName,
    AlternativeTitle,
    Collection,
    CollectionItem,
    Country,
    Credit,
    ExternalId,
    ExternalRating,
    Feature,
    Genre,
    Image,
    Language,
    Movie,
    MovieGenre,
    MovieStudio,
    Person,
    Redirect,
    RelatedMovie,
    Release,
    Source,
    Studio,
    Video,
    WatchLink,
)
from catalogue.vocabulary import Placing

FORMAT, VERSION = "cuemark-catalogue", 1


@dataclass(frozen=True, slots=True)
class Part:
    """One table. ``has_key``: its rows keep their keys, since other rows and addresses name them."""

    name: str
    model: type[Model]
    order: tuple[str, ...] = ("pk",)
    has_key: bool = False
    only: Q | None = None
    keeps: frozenset[str] = frozenset()  # columns that are derived elsewhere but not here

    @property
    def columns(self) -> list[str]:
        """Names of the columns as the files have them, in the model's order."""
        fields = self.model._meta.concrete_fields
        wanted = (field for field in fields if self.has_key or not field.primary_key)
        return [field.attname for field in wanted if field.name in self.keeps or field.name not in DERIVED]

    def rows(self) -> QuerySet[Any]:
        """The rows that are exported, in their order."""
        found = self.model._default_manager.order_by(*self.order)
        return found.filter(self.only) if self.only else found

    def read(self) -> Iterator[dict[str, Any]]:
        """The rows as plain values, streamed: 1 query."""
        columns = self.columns
        for cells in self.rows().values_list(*columns).iterator(chunk_size=2000):
            yield dict(zip(columns, map(plain, cells), strict=True))


PARTS = [
    Part("sources", Source, has_key=True),
    Part("countries", Country, has_key=True),
    Part("languages", Language, has_key=True),
    Part("genres", Genre, has_key=True, keeps=frozenset({"slug"})),
    Part("images", Image, has_key=True),
    Part("studios", Studio, has_key=True),
    Part("people", Person, has_key=True),
    Part("alternative_names", AlternativeName, ("person_id", "pk")),
    Part("movies", Movie, has_key=True),
    Part("movie_countries", Movie.countries_of_origin.through, ("movie_id", "country_id")),
    Part("movie_languages", Movie.spoken_languages.through, ("movie_id", "language_id")),
    Part("movie_genres", MovieGenre, ("movie_id", "position", "pk")),
    Part("movie_studios", MovieStudio, ("movie_id", "position", "pk")),
    Part("credits", Credit, ("movie_id", "pk")),
    Part("alternative_titles", AlternativeTitle, ("movie_id", "pk")),
    Part("releases", Release, ("movie_id", "pk")),
    Part("external_ratings", ExternalRating, ("movie_id", "source")),
    Part("external_ids", ExternalId, ("movie_id", "source", "value")),
    Part("videos", Video, ("movie_id", "pk")),
    Part("watch_links", WatchLink, ("movie_id", "pk")),
    Part("collections", Collection, has_key=True),
    Part("collection_items", CollectionItem, ("collection_id", "position", "pk")),
    Part("features", Feature, ("starts_on", "pk")),
    Part("redirects", Redirect, ("kind", "name", "value")),
    Part("related_movies", RelatedMovie, ("movie_id", "pk"), only=~Q(placing=Placing.COMPUTED)),
]
