"""One thing done to many movies: what would change, what stays and why, and doing it in batches as one edit."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from catalogue.curation.following import follow
from catalogue.curation.history import recording
from catalogue.curation.tables import Scope
from catalogue.models import (
    BulkChange,
    Collection,
    CollectionItem,
    Country,
    Feature,
    Genre,
    Language,
    Movie,
    MovieGenre,
)
from catalogue.models.source import EDITOR
from catalogue.vocabulary import EditKind, RunState, Status

MOST = 10_000  # movies
BATCH = 200
SHOWN = 50  # movies of each kind in a preview
Stays = dict[int, str]  # key of a movie: why nothing changes


@dataclass(frozen=True, slots=True)
class Action:
    """Something that can be done to many. ``stays`` finds those it changes nothing of; ``write`` does it to the others.

    ``table``: what it writes, for the history; ``field``: what an editor answers for from then on; ``say``: the value
    in words.
    """

    label: str
    rights: tuple[str, ...]
    table: str
    stays: Callable[[list[int], Any], Stays]
    write: Callable[[list[int], Any], object]
    field: str = ""
    say: Callable[[Any], str] | None = None


def _column(name: str, label: str) -> tuple[Any, Any]:
    """How a column is given one value."""

    def stays(keys: list[int], value: Any) -> Stays:
        same = Movie.objects.filter(pk__in=keys, **{name: value})
        return dict.fromkeys(same.values_list("pk", flat=True), f"{label} already")

    def write(keys: list[int], value: Any) -> None:
        Movie.objects.filter(pk__in=keys).update(**{name: value}, updated_at=timezone.now())

    return stays, write


def _publish(keys: list[int], value: Any) -> None:
    Movie.objects.filter(pk__in=keys).update(is_published=True, publish_at=None, updated_at=timezone.now())


def _listed(model: Any, column: str, reason: str) -> Callable[[list[int], Any], Stays]:
    """Those whose list has the value."""

    def stays(keys: list[int], value: Any) -> Stays:
        rows = model.objects.filter(movie__in=keys, **{column: value})
        return dict.fromkeys(rows.values_list("movie", flat=True), reason)

    return stays


def _add_genre(keys: list[int], genre: Any) -> None:
    last = MovieGenre.objects.filter(movie__in=keys).order_by().values_list("movie").annotate(Max("position"))
    places = {movie: place + 1 for movie, place in last}
    rows = [MovieGenre(movie_id=key, genre_id=genre, position=places.get(key, 0)) for key in keys]
    MovieGenre.objects.bulk_create(rows)


def _without_genre(keys: list[int], genre: Any) -> Stays:
    having = set(MovieGenre.objects.filter(movie__in=keys, genre=genre).values_list("movie", flat=True))
    return dict.fromkeys(set(keys) - having, "has not this genre")


def _add_to_collection(keys: list[int], collection: Any) -> None:
    last = CollectionItem.objects.filter(collection=collection).aggregate(last=Max("position"))["last"]
    first = 0 if last is None else last + 1
    CollectionItem.objects.bulk_create(
        CollectionItem(collection_id=collection, movie_id=key, position=min(first + place, 32_767))
        for place, key in enumerate(keys)
    )


def _name_of(model: Any) -> Callable[[Any], str]:
    """What a record is called, "" when it is gone: 1 query."""

    def say(key: Any) -> str:
        return str(model.objects.filter(pk=key).first() or "")

    return say


def _days(value: Any) -> str:
    days = [f"{date.fromisoformat(value[name]):%-d %B %Y}" for name in ("starts_on", "ends_on") if name in value]
    kicker = f", “{value['kicker']}”" if "kicker" in value else ""
    return f"from {' to '.join(days)}{kicker}"


def _feature(keys: list[int], value: Any) -> None:
    Feature.objects.bulk_create(Feature(movie_id=key, **value) for key in keys)


_COUNTRIES = Movie.countries_of_origin.through


def _add_country(keys: list[int], country: Any) -> None:
    _COUNTRIES.objects.bulk_create(_COUNTRIES(movie_id=key, country_id=country) for key in keys)


def _unfit(keys: list[int], value: Any) -> Stays:
    drafts = Movie.objects.filter(pk__in=keys, is_published=False)
    return dict.fromkeys(drafts.values_list("pk", flat=True), "is a draft")


_CHANGE = ("catalogue.change_movie",)
_LISTS = (*_CHANGE, "catalogue.change_collection")
_FEATURES = (*_CHANGE, "catalogue.add_feature")
_MOVIES, _GENRES = "catalogue.movie", "catalogue.moviegenre"
ACTIONS: dict[str, Action] = {
    "publish": Action("Publish", _CHANGE, _MOVIES, _column("is_published", "published")[0], _publish),
    "unpublish": Action("Unpublish", _CHANGE, _MOVIES, *_column("is_published", "unpublished")),
    "status": Action(
        "Set the status", _CHANGE, _MOVIES, *_column("status", "has this status"), field="status",
        say=lambda value: str(Status(value).label),
    ),
    "language": Action(
        "Set the original language", _CHANGE, _MOVIES,
        *_column("original_language", "has this language"), field="original_language", say=_name_of(Language),
    ),
    "country": Action(
        "Add a country of origin", _CHANGE, _COUNTRIES._meta.label_lower,
        _listed(_COUNTRIES, "country", "has this country already"), _add_country, field="countries_of_origin",
        say=_name_of(Country),
    ),
    "add_genre": Action(
        "Add a genre", _CHANGE, _GENRES, _listed(MovieGenre, "genre", "has this genre already"), _add_genre,
        field="genres", say=_name_of(Genre),
    ),
    "remove_genre": Action(
        "Remove a genre", _CHANGE, _GENRES, _without_genre,
        lambda keys, genre: MovieGenre.objects.filter(movie__in=keys, genre=genre).delete(), field="genres",
        say=_name_of(Genre),
    ),
    "collection": Action(
        "Add to a collection", _LISTS, "catalogue.collectionitem",
        _listed(CollectionItem, "collection", "is in this collection already"), _add_to_collection,
        say=_name_of(Collection),
    ),
    "feature": Action("Feature on the home page", _FEATURES, "catalogue.feature", _unfit, _feature, say=_days),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Preview:
    """What a change would do: the first of the movies that change, how many do, and those that stay, by reason."""

    changes: list[Movie]
    number: int
    stays: list[tuple[str, int]]
    gone: int


def told(row: BulkChange) -> str:
    """What is done, with its value, "Add a genre: Drama": 1 query at most."""
    action = ACTIONS[row.what]
    value = action.say(row.value) if action.say else ""
    return f"{action.label}: {value}" if value else action.label


def preview(row: BulkChange) -> Preview:
    """What would happen now: 3 queries for every 5,000 movies."""
    there, stays = _judge(row.what, row.movies, row.value)
    changing = [key for key in there if key not in stays]
    shown = Movie.objects.filter(pk__in=changing[:SHOWN]).only("title", "release_date").order_by("pk")
    told = Counter(stays.values()).most_common()
    return Preview(list(shown), len(changing), told, len(row.movies) - len(there))


def _judge(what: str, movies: list[int], value: Any) -> tuple[list[int], Stays]:
    there: list[int] = []
    stays: Stays = {}
    for start in range(0, len(movies), 5000):
        keys = list(
            Movie.objects.filter(pk__in=movies[start : start + 5000]).order_by("pk").values_list("pk", flat=True)
        )
        there += keys
        stays |= ACTIONS[what].stays(keys, value)
    return there, stays


def carry_out(row: BulkChange) -> None:
    """Do it from where it stands, batch by batch, each in a transaction of its own; all of them are one edit."""
    while row.done < len(row.movies):
        with transaction.atomic():
            row = BulkChange.objects.select_for_update().get(pk=row.pk)
            _batch(row, row.movies[row.done : row.done + BATCH])
            row.save()
    BulkChange.objects.filter(pk=row.pk).update(state=RunState.FINISHED, movies=[])


def _batch(row: BulkChange, part: list[int]) -> None:
    action = ACTIONS[row.what]
    with recording(EditKind.BULK, row.made_by, row.note or told(row), part_of=row.edit) as edit:
        there = Movie.objects.select_for_update(no_key=True).filter(pk__in=part).order_by("pk")
        keys = list(there.values_list("pk", flat=True))
        stays = action.stays(keys, row.value)
        keys = [key for key in keys if key not in stays]
        edit.records = [("movie", key) for key in keys]
        edit.watch_rows(_scope(action, keys))
        if keys:
            action.write(keys, row.value)
            _lock(keys, action.field)
    row.done += len(part)
    row.changed += len(keys)
    if edit.edit:
        row.edit = edit.edit
        follow(edit.changes)


def _scope(action: Action, keys: list[int]) -> Scope:
    movies: Scope = {_MOVIES: {"pk": set(keys)}}
    return movies if action.table == _MOVIES else movies | {action.table: {"movie_id": set(keys)}}


def _lock(keys: Iterable[int], name: str) -> None:
    if not name:
        return
    today = str(timezone.localdate())
    rows = list(Movie.objects.filter(pk__in=keys).only("locked_fields", "provenance"))
    for movie in rows:
        movie.locked_fields = sorted({*movie.locked_fields, name})
        movie.provenance |= {name: [EDITOR, today]}
    Movie.objects.bulk_update(rows, ["locked_fields", "provenance"])
