"""Two records that are one: the winner gets the lists of both and the chosen fields, the loser goes.

Everything is one transaction and one edit, and undone as one. The loser's address and ids lead to the winner for ever.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Max, Q

from catalogue.curation.following import follow
from catalogue.curation.history import Recording, recording
from catalogue.curation.reverting import RefusedError
from catalogue.curation.snapshots import LOCKED, PROVENANCE, Row, change_row, read
from catalogue.curation.tables import KINDS, TABLES, Table, table
from catalogue.guests import GUESTS
from catalogue.models import AlternativeName, AlternativeTitle, Credit, Edit, Redirect, RelatedMovie
from catalogue.models.redirect import KEY, NAME
from catalogue.text import fold
from catalogue.vocabulary import EditKind, Placing

MERGEABLE = ("movie", "person", "studio")
IDS = ("imdb_id", "tmdb_id", "wikidata_id")
# What makes two rows of a list the same, beside whose they are: the second is left out. Tables without: all come along.
SAME: dict[str, tuple[str, ...]] = {
    "catalogue.moviegenre": ("genre_id",),
    "catalogue.moviestudio": ("studio_id", "movie_id"),
    "catalogue.movie_countries_of_origin": ("country_id",),
    "catalogue.movie_spoken_languages": ("language_id",),
    "catalogue.credit": ("movie_id", "person_id", "department", "job", "character"),
    "catalogue.alternativetitle": ("title", "country_id", "language_id"),
    "catalogue.release": ("country_id", "type", "date", "note"),
    "catalogue.externalrating": ("source",),
    "catalogue.video": ("url",),
    "catalogue.watchlink": ("url", "kind"),
    "catalogue.relatedmovie": ("movie_id", "other_id"),
    "catalogue.collectionitem": ("collection_id",),
    "catalogue.alternativename": ("name",),
    "catalogue.disagreement": ("field", "source"),
    "catalogue.matchquestion_candidates": ("matchquestion_id",),
}
PLACES = ("position", "billing_order")
_KEPT = {"created_at", "source", "sourced_on"}  # of the winner, always


@dataclass(frozen=True, slots=True)
class Choice:
    """A field in which two records differ. ``default``: "winner" or "loser"."""

    name: str  # the column
    winner: Any
    loser: Any
    default: str


def choices(kind: str, winner: Any, loser: Any) -> list[Choice]:
    """The fields in which two records differ, with whose is taken unless an editor says otherwise: 2 queries.

    The filled one; of two filled ones the locked one; else the winner's.
    """
    of = table(f"catalogue.{kind}")
    rows = read({of.name: {"pk": {winner, loser}}})
    ours, theirs = rows[of.name, str(winner)], rows[of.name, str(loser)]
    found = []
    for column in (field.attname for field in of.fields):
        if column in _KEPT or ours.get(column) == theirs.get(column) or column not in ours:
            continue
        found.append(Choice(column, ours[column], theirs[column], _default(column, ours, theirs)))
    return found


def _default(column: str, ours: Row, theirs: Row) -> str:
    if theirs[column] in (None, "", False):
        return "winner"
    if ours[column] in (None, "", False):
        return "loser"
    lock = f"{LOCKED}{column.removesuffix('_id') if column == 'original_language_id' else column}"
    return "loser" if theirs.get(lock) and not ours.get(lock) else "winner"


def sharing(kind: str, winner: int, loser: int) -> dict[str, tuple[int, int]]:
    """For each list how many rows of the loser come along, and how many the winner has already. 1 query a table."""
    found: dict[str, tuple[int, int]] = {}
    for each in TABLES:
        if each.kind == kind or not each.section:
            continue
        for column in _columns(each, kind):
            moving, same = _sort(each, column, winner, loser)
            if moving or same:
                known = found.get(each.section, (0, 0))
                found[each.section] = (known[0] + len(moving), known[1] + len(same))
    return found


@transaction.atomic
def merge(kind: str, winner: int, loser: int, actor: Any, note: str, chosen: Mapping[str, str]) -> Edit:
    """Merge ``loser`` into ``winner``; ``chosen``: column -> "winner" or "loser", missing ones by their default.

    Raises RefusedError for one and the same record, or one that is gone.
    """
    if winner == loser:
        raise RefusedError(["A record is not merged with itself."])
    model = KINDS[kind]
    with recording(EditKind.MERGE, actor, note) as edit:
        if kind == "movie":
            for guest in GUESTS:
                guest.lock([winner, loser])
        _watch(edit, kind, winner, loser)
        records = {record.pk: record for record in model._default_manager.filter(pk__in=[winner, loser])}
        if len(records) < 2:
            raise RefusedError([f"One of the two {model._meta.verbose_name_plural} is gone."])
        taken = _taken(kind, winner, loser, chosen)
        _unite(kind, winner, loser, records[loser])
        if kind == "movie":
            for guest in GUESTS:
                guest.merge(loser, winner)
        _leave_redirects(kind, winner, records[loser], taken)
        model._default_manager.filter(pk=loser).delete()
        of = table(f"catalogue.{kind}")
        change_row(records[winner], of, taken)
        records[winner].save()
        _keep_names(kind, records[winner], records[loser])
    assert edit.edit
    follow(edit.edit.changes.all())
    return edit.edit


def _watch(edit: Recording, kind: str, winner: int, loser: int) -> None:
    edit.watch(kind, [winner, loser], everywhere=True)
    edit.records.sort(key=lambda record: record[1] != winner)
    keys = {winner, loser}
    edit.watch_rows({"catalogue.redirect": {"target": keys, "value": {str(key) for key in keys}}})
    if kind == "movie":
        for guest in GUESTS:
            edit.watch_rows(guest.rows(loser, winner))


def _taken(kind: str, winner: int, loser: int, chosen: Mapping[str, str]) -> Row:
    """The columns the winner takes from the loser, with their locks and sources."""
    of = table(f"catalogue.{kind}")
    rows = read({of.name: {"pk": {winner, loser}}})
    theirs, taken = rows[of.name, str(loser)], {}
    for choice in choices(kind, winner, loser):
        if chosen.get(choice.name, choice.default) == "loser":
            name = choice.name if choice.name in theirs else ""
            taken[choice.name] = choice.loser
            for prefix in (LOCKED, PROVENANCE):
                for key in {f"{prefix}{name}", f"{prefix}{name.removesuffix('_id')}"} & theirs.keys():
                    taken[key] = theirs[key]
    return taken


def _columns(of: Table, kind: str) -> list[str]:
    """The columns of a table that name records of a kind."""
    return [column for column, model in of.links.items() if model is KINDS[kind]]


def _sort(of: Table, column: str, winner: int, loser: int) -> tuple[list[Any], list[Any]]:
    """Keys of the loser's rows that come along, and of those the winner has already: 1 query."""
    identity = SAME.get(of.name)
    rows = list(of.rows().filter(**{f"{column}__in": [winner, loser]}).values_list("pk", column, *(identity or ())))
    if identity is None:
        return [key for key, owner, *_ in rows if owner == loser], []

    def merged(cells: Iterable[Any]) -> tuple[Any, ...]:
        named = [winner if name in of.links and cell == loser and of.links[name] is of.links[column] else cell
                 for name, cell in zip(identity, cells, strict=True)]  # fmt: skip
        return tuple(named)

    known = {merged(cells) for _, owner, *cells in rows if owner == winner}
    moving: list[Any] = []
    same: list[Any] = []
    for key, owner, *cells in rows:
        if owner == loser:
            is_known = merged(cells) in known or _is_itself(of, merged(cells))
            (same if is_known else moving).append(key)
            known.add(merged(cells))
    return moving, same


def _is_itself(of: Table, cells: tuple[Any, ...]) -> bool:
    """Whether a movie would stand beside itself."""
    return of.model is RelatedMovie and cells[0] == cells[1]


def _unite(kind: str, winner: int, loser: int, record: Any) -> None:
    """Give the winner the loser's rows, behind its own; rows it has already go with the loser."""
    if kind == "movie":
        RelatedMovie.objects.filter(Q(movie__in=[winner, loser]) | Q(other=loser), placing=Placing.COMPUTED).delete()
    if kind == "person":
        Credit.objects.filter(person=loser, credited_as="").update(credited_as=record.name)
    for each in TABLES:
        for column in _columns(each, kind):
            moving, same = _sort(each, column, winner, loser)
            rows = each.model._default_manager
            rows.filter(pk__in=same).delete()
            if moving and kind == "movie":
                _behind(rows, column, winner, moving)
            rows.filter(pk__in=moving).update(**{column: winner})


def _behind(rows: Any, column: str, winner: int, moving: list[Any]) -> None:
    """Billing and positions of what comes along continue those of the winner."""
    names = {field.name for field in rows.model._meta.concrete_fields}
    for place in set(PLACES) & names if column == "movie_id" else ():
        last = rows.filter(**{column: winner}).aggregate(last=Max(place))["last"]
        if last is not None:
            for row in rows.filter(pk__in=moving).exclude(**{place: None}):
                rows.filter(pk=row.pk).update(**{place: getattr(row, place) + last + 1})


def _leave_redirects(kind: str, winner: int, loser: Any, taken: Row) -> None:
    """The loser's key and the ids that the winner does not take over; what led to the loser leads on."""
    Redirect.objects.filter(kind=kind, target=loser.pk).update(target=winner)
    known = {KEY: loser.pk} | {name: getattr(loser, name, None) for name in IDS if name not in taken}
    if kind == "studio":
        known[NAME] = fold(loser.name)[:200]
    for name, value in known.items():
        if value:
            Redirect.objects.update_or_create(kind=kind, name=name, value=str(value), defaults={"target": winner})


def _keep_names(kind: str, winner: Any, loser: Any) -> None:
    """What the loser was called, the winner is found by."""
    if kind == "movie":
        known = {fold(name) for name in winner.alternative_titles.values_list("title", flat=True)}
        known |= {fold(winner.title), fold(winner.original_title)}
        for title in dict.fromkeys(filter(None, (loser.title, loser.original_title))):
            if fold(title) not in known:
                AlternativeTitle.objects.create(movie=winner, title=title)
                known.add(fold(title))
    elif kind == "person" and loser.name != winner.name:
        AlternativeName.objects.get_or_create(person=winner, name=loser.name)
