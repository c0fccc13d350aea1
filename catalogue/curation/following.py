"""What has to be made anew after rows were written by their columns: by a revert, a merge, a split."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from catalogue.curation.derive import refresh_movies, refresh_people, refresh_votes
from catalogue.curation.tables import KINDS, extra, table
from catalogue.guests import GUESTS
from catalogue.models import Change, Credit, Epoch, Movie
from catalogue.models.epoch import OnManyPages
from catalogue.search.index import index_collections, index_studios


def follow(changes: Iterable[Change]) -> None:
    """Bring lines of cards, counts, search, lists, ratings and kept pages in step with what these changes wrote."""
    changes = list(changes)
    touched = _touched(changes)
    movies, people = touched["movie"], touched["person"]
    movies |= set(Credit.objects.filter(person__in=_renamed(changes)).values_list("movie", flat=True))
    people |= set(Credit.objects.filter(movie__in=movies, person__isnull=False).values_list("person", flat=True))
    Movie.objects.filter(collection_items__collection__in=touched["collection"]).touch()
    Movie.objects.filter(credits__person__in=touched["person"]).touch()
    if reviewed := _reviewed(changes):
        for guest in GUESTS:
            guest.settle(reviewed)
    refresh_votes(sorted(movies))
    refresh_people(sorted(people))
    refresh_movies(sorted(movies))
    index_studios(touched["studio"])
    index_collections(touched["collection"])
    if any(issubclass(table(change.table).model, OnManyPages) for change in changes):
        Epoch.objects.advance()


def _touched(changes: list[Change]) -> dict[str, set[Any]]:
    """The records these changes are about or name, by kind."""
    kinds = {model: kind for kind, model in KINDS.items()}
    found: dict[str, set[Any]] = defaultdict(set)
    for change in changes:
        kind, _, key = change.about.partition(":")
        if kind in KINDS:
            found[kind].add(KINDS[kind]._meta.pk.to_python(key))
        for column, model in table(change.table).links.items():
            named = {row.get(column) for row in (change.before, change.after) if row} - {None}
            if named and model in kinds:
                found[kinds[model]] |= named
    return found


def _reviewed(changes: list[Change]) -> set[int]:
    """Movies whose rows in other apps changed, and those that came back with nothing."""
    found = {int(change.row) for change in changes if change.table == "catalogue.movie" and change.before is None}
    for change in changes:
        if table(change.table) in extra():
            found |= {row["movie_id"] for row in (change.before, change.after) if row and "movie_id" in row}
    return found


def _renamed(changes: list[Change]) -> list[int]:
    return [
        int(change.row) for change in changes if change.table == "catalogue.person" and "name" in (change.after or ())
    ]
