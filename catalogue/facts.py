"""The lists of a movie page in one question: genres, studios, countries, languages, releases, other titles, external
ratings, videos, watch links, collections, the top of the cast, the crew, related movies.

So many tables would be as many queries; their rows are brought to one shape and joined by UNION ALL.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from operator import itemgetter
from typing import Any, NamedTuple

from django.db.models import BooleanField, CharField, F, IntegerField, QuerySet, Value, Window
from django.db.models.functions import Cast, Coalesce, RowNumber

from catalogue.cards import Tile, tile
from catalogue.compiled import path_of, rows
from catalogue.credits import Face, Line, key_crew, top_cast
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
from catalogue.related import ORDER, SHOWN, Related, shown_beside
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
    cast: list[Line] = field(default_factory=list)  # the top of the bill
    crew: list[Line] = field(default_factory=list)
    related: list[Related] = field(default_factory=list)  # pinned ones first, then the nearest


COLUMNS = 12
AVIF = "poster__has_avif"
CREDIT = (
    "department", "job", "character", "credited_as", "is_voice", "is_uncredited", "person_id", "person__name",
    "person__slug", "person__portrait_id",
)  # fmt: skip
TILE = (
    "reason",
    *(f"other__{AVIF if name == 'poster_avif' else name}" for name in Tile._fields if name != "genre_names"),
)
RANK = {"cast": ("billing_order", "id"), "related": ORDER}  # what does not come in the order of a whole number


def _part(kind: str, found: QuerySet[Any], position: str, *columns: str) -> QuerySet[Any, Any]:
    # Every column is text and never null, so that the parts of the union agree on every database.
    texts: list[Any] = [_text(found, name) for name in columns]
    texts += [Value("", output_field=CharField())] * (COLUMNS - len(texts))
    place = Window(RowNumber(), order_by=RANK[kind]) if kind in RANK else F(position)
    return found.order_by().values_list(Value(kind, output_field=CharField()), Cast(place, IntegerField()), *texts)


def _text(found: QuerySet[Any], name: str) -> Coalesce:
    is_flag = name.endswith(AVIF) or isinstance(found.model._meta.get_field(name.partition("__")[0]), BooleanField)
    column: Any = Cast(F(name), IntegerField()) if is_flag else F(name)  # a flag is "1" on every database
    return Coalesce(Cast(column, CharField()), Value(""))


def _union(movies: list[int]) -> QuerySet[Any, Any]:
    (movie,) = movies

    def part(kind: str, model: Any, position: str, *columns: str, **where: object) -> QuerySet[Any, Any]:
        return _part(kind, model._default_manager.filter(movie=movie, **where), position, *columns)

    beside = shown_beside(movie)
    kin = MovieGenre.objects.filter(movie__in=beside.order_by().values("other"))
    collection = ("collection__name", "collection_id", "collection__slug")
    first, *others = [
        part("genre", MovieGenre, "position", "genre__name", "genre__slug"),
        part("studio", MovieStudio, "position", "studio__name", "studio_id", "studio__slug"),
        part("country", Movie.countries_of_origin.through, "id", "country_id", "country__name"),
        part("language", Movie.spoken_languages.through, "id", "language_id", "language__name"),
        part("release", Release, "id", "country_id", "country__name", "date", "type", "certification", "note"),
        part("title", AlternativeTitle, "id", "title", "kind", "country__name", "language_id"),
        part("rating", ExternalRating, "id", "source", "value", "scale", "votes", "as_of", "url"),
        part("video", Video, "id", "title", "url", "kind", "language__name"),
        part("watch", WatchLink, "id", "provider", "url", "kind", "country__name", "checked_on"),
        part("collection", CollectionItem, "id", *collection, collection__is_published=True),
        _part("cast", top_cast(movie), "id", *CREDIT),
        _part("crew", key_crew(movie), "id", *CREDIT),
        _part("related", beside, "id", *TILE),
        _part("kin", kin, "position", "movie_id", "genre__name"),
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
    genres: dict[str, list[str]] = defaultdict(list)
    for kind, _, a, b, c, d, e, f, *more in sorted(rows(_union, [movie]), key=itemgetter(1)):
        match kind:
            case "cast":
                facts.cast.append(_line(a, b, c, d, e, f, *more))
            case "crew":
                facts.crew.append(_line(a, b, c, d, e, f, *more))
            case "kin":
                genres[a].append(b)
            case "related":
                facts.related.append(Related(tile(b, c, d, e, f, *more, genres=genres[b]), a))
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
    del facts.related[SHOWN:]
    return facts


def _line(*texts: str) -> Line:
    """A credit of its row of texts."""
    department, job, character, credited_as, is_voice, is_uncredited, person, name, slug, portrait, *_ = texts
    face = Face(int(person), name, slug, portrait or None) if person else None
    return Line(department, job, character, credited_as, is_voice == "1", is_uncredited == "1", face)
