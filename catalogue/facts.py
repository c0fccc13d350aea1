"""The short lists of a movie page in one question: genres, studios, countries, languages, releases, other titles,
external ratings, videos, watch links, collections.

Ten small tables would be ten queries; their rows are brought to one shape and joined by UNION ALL.
"""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import CharField, F, IntegerField, Model, QuerySet, Value
from django.db.models.functions import Cast, Coalesce

from catalogue.compiled import path_of, rows
from catalogue.dates import PartialDate
from catalogue.models import (
    AlternativeTitle,
    CollectionItem,
    ExternalRating,
    Movie,
    MovieGenre,
    MovieStudio,
    Release,
    Video,
    WatchLink,
)
from catalogue.vocabulary import ReleaseType, TitleKind, VideoKind, WatchKind


class Linked(NamedTuple):
    """A name with a page of its own."""

    name: str
    url: str


class ReleaseFact(NamedTuple):
    country_code: str
    country: str
    date: PartialDate | None
    type: str
    certification: str
    note: str


class TitleFact(NamedTuple):
    title: str
    kind: str
    country: str
    language_code: str


class RatingFact(NamedTuple):
    source: str
    value: str
    scale: str
    votes: int | None
    as_of: PartialDate | None
    url: str


class VideoFact(NamedTuple):
    title: str
    url: str
    kind: str
    language: str


class WatchFact(NamedTuple):
    provider: str
    url: str
    kind: str
    country: str
    checked_on: PartialDate


@dataclass(slots=True)
class Facts:
    """What the movie page lists, each in the order in which it is printed."""

    genres: list[Linked] = field(default_factory=list)
    studios: list[Linked] = field(default_factory=list)
    countries: list[tuple[str, str]] = field(default_factory=list)  # code, name
    languages: list[tuple[str, str]] = field(default_factory=list)  # code, name
    releases: list[ReleaseFact] = field(default_factory=list)
    titles: list[TitleFact] = field(default_factory=list)
    ratings: list[RatingFact] = field(default_factory=list)
    videos: list[VideoFact] = field(default_factory=list)
    watch_links: list[WatchFact] = field(default_factory=list)
    collections: list[Linked] = field(default_factory=list)


COLUMNS = 8


def _rows(model: type[Model], kind: str, position: str, *columns: str, **where: object) -> QuerySet[Any, Any]:
    # Every column is text and never null, so that the parts of the union agree on every database.
    texts: list[Any] = [Coalesce(Cast(F(name), CharField()), Value("")) for name in columns]
    texts += [Value("", output_field=CharField())] * (COLUMNS - len(texts))
    return (
        model._default_manager.filter(**where)
        .order_by()
        .values_list(
            Value(kind, output_field=CharField()),
            Cast(F(position), IntegerField()),
            *texts,
        )
    )


def _union(movies: list[int]) -> QuerySet[Any, Any]:
    (movie,) = movies
    countries: Any = Movie.countries_of_origin.through
    languages: Any = Movie.spoken_languages.through
    first, *others = [
        _rows(MovieGenre, "genre", "position", "genre__name", "genre__slug", movie=movie),
        _rows(MovieStudio, "studio", "position", "studio__name", "studio_id", "studio__slug", movie=movie),
        _rows(countries, "country", "id", "country_id", "country__name", movie=movie),
        _rows(languages, "language", "id", "language_id", "language__name", movie=movie),
        _rows(
            Release,
            "release",
            "id",
            "country_id",
            "country__name",
            "date",
            "type",
            "certification",
            "note",
            movie=movie,
        ),
        _rows(AlternativeTitle, "title", "id", "title", "kind", "country__name", "language_id", movie=movie),
        _rows(ExternalRating, "rating", "id", "source", "value", "scale", "votes", "as_of", "url", movie=movie),
        _rows(Video, "video", "id", "title", "url", "kind", "language__name", movie=movie),
        _rows(WatchLink, "watch", "id", "provider", "url", "kind", "country__name", "checked_on", movie=movie),
        _rows(
            CollectionItem,
            "collection",
            "id",
            "collection__name",
            "collection_id",
            "collection__slug",
            movie=movie,
            collection__is_published=True,
        ),
    ]
    return first.union(*others, all=True)


def _date(text: str) -> PartialDate | None:
    return PartialDate.parse(text) if text else None


def number(text: str) -> str:
    """Print a decimal without the zeros that mean nothing: "6.10" is "6.1"."""
    return f"{Decimal(text).normalize():f}"


def facts_of(movie: int) -> Facts:
    """The lists of the movie with this key: 1 query."""
    facts = Facts()
    for kind, _, a, b, c, d, e, f, *_ in sorted(rows(_union, [movie]), key=lambda row: row[1]):
        match kind:
            case "genre":
                facts.genres.append(Linked(a, path_of("genre_detail", b)))
            case "studio":
                facts.studios.append(Linked(a, path_of("studio_detail", b, c)))
            case "country":
                facts.countries.append((a, b))
            case "language":
                facts.languages.append((a, b))
            case "release":
                facts.releases.append(ReleaseFact(a, b, _date(c), ReleaseType(d).label, e, f))
            case "title":
                facts.titles.append(TitleFact(a, TitleKind(b).value, c, d))
            case "rating":
                facts.ratings.append(RatingFact(a, number(b), number(c), int(d) if d else None, _date(e), f))
            case "video":
                facts.videos.append(VideoFact(a, b, VideoKind(c).label, d))
            case "watch":
                facts.watch_links.append(WatchFact(a, b, WatchKind(c).label, d, PartialDate.parse(e)))
            case "collection":
                facts.collections.append(Linked(a, path_of("collection_detail", b, c)))
    facts.releases.sort(key=lambda release: str(release.date or "9999"))
    return facts
