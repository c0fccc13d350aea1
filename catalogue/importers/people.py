"""Finds or makes the people, studios and genres that records name. Two people of one name are never guessed apart."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q

from catalogue.importers.alike import is_one_name
from catalogue.importers.former import former_ids
from catalogue.importers.genres import GENRES
from catalogue.importers.records import PersonRecord, StudioRecord
from catalogue.importers.state import IDS
from catalogue.models import Genre, Person, Redirect, Studio
from catalogue.models.redirect import NAME
from catalogue.text import fold, slugify
from catalogue.vocabulary import Tint

Key = int | str  # a record's key, or in a plan the name of one that would be made
AMBIGUOUS = None
STUDIO_IDS = ("tmdb_id", "wikidata_id")


@dataclass(slots=True)
class Finder:
    """Remembers, for one batch, whom ids and names mean. ``write``: make who is missing, in this transaction."""

    source: str
    today: Any
    write: bool
    by_id: dict[tuple[str, Any], Key] = field(default_factory=dict)
    former: dict[tuple[str, Any], int] = field(default_factory=dict)  # ids of people who were merged into others
    by_name: dict[tuple[str, str], list[tuple[Key, bool]]] = field(default_factory=lambda: defaultdict(list))
    studios: dict[Any, Key] = field(default_factory=dict)
    studio_ids: dict[Key, tuple[int | None, str | None]] = field(default_factory=dict)
    genres: dict[str, Key] = field(default_factory=dict)
    made: list[Person] = field(default_factory=list)
    made_studios: list[int] = field(default_factory=list)

    def prepare(self, people: Iterable[PersonRecord]) -> None:
        """Load everybody whom these may mean: 3 queries."""
        records = list(people)
        self.former |= (merged := former_ids(Person, records))
        self.by_id |= merged
        ids = {name: {getattr(record, name) for record in records} - {None} for name in IDS}
        wanted = Q(name__in={record.name for record in records if not _has_id(record)} - {""})
        for name, values in ids.items():
            wanted |= Q(**{f"{name}__in": values})
        columns = ("pk", "name", "disambiguation", *IDS)
        for pk, name, disambiguation, *known in Person.objects.filter(wanted).order_by("pk").values_list(*columns):
            self._learn(pk, name, disambiguation, known)

    def _learn(self, pk: Key, name: str, disambiguation: str, known: Iterable[Any]) -> None:
        self.by_name[name, disambiguation].append((pk, any(known)))
        self.by_id |= {(column, value): pk for column, value in zip(IDS, known, strict=True) if value}

    def person(self, record: PersonRecord, beside: dict[str, int]) -> tuple[Key | None, str]:
        """The key of whom a credit means and "", or None and why. ``beside``: the movie's people by folded name."""
        for name in IDS:
            if (key := self.by_id.get((name, getattr(record, name)))) is not None:
                return key, ""
        if not record.name:
            return None, "nobody has this id, and it comes without a name"
        if not _has_id(record) and (known := _beside(fold(record.name), beside)) is not None:
            return known, ""
        if _has_id(record):
            return self._make(record), ""
        namesakes = self.by_name[record.name, record.disambiguation]
        plain = [key for key, has_id in namesakes if not has_id] or [key for key, _ in namesakes]
        if len(plain) > 1:
            return None, f"{len(plain)} people have this name"
        return (plain[0] if plain else self._make(record)), ""

    def _make(self, record: PersonRecord) -> Key:
        known = [getattr(record, name) for name in IDS]
        if not self.write:
            key: Key = f"new: {record.name} {known}"
        else:
            person = Person(
                name=record.name[:200],
                disambiguation=record.disambiguation[:120],
                source=self.source,
                sourced_on=self.today,
                **dict(zip(IDS, known, strict=True)),
            )
            person.save()
            self.made.append(person)
            key = person.pk
        self._learn(key, record.name, record.disambiguation, known)
        return key

    def prepare_studios(self, studios: Iterable[StudioRecord]) -> None:
        """Load those that these may mean: 3 queries."""
        records = list(studios)
        wanted = Q(name__in={record.name for record in records})
        wanted |= Q(tmdb_id__in={record.tmdb_id for record in records} - {None})
        wanted |= Q(wikidata_id__in={record.wikidata_id for record in records} - {None})
        for studio in Studio.objects.filter(wanted).order_by("-pk"):
            self._learn_studio(studio.pk, studio)
        self._prepare_merged(records)

    def _prepare_merged(self, records: list[StudioRecord]) -> None:
        """Studios that were merged are meant by their ids and their names."""
        said: dict[tuple[str, str], Any] = {(NAME, fold(record.name)): fold(record.name) for record in records}
        for name in STUDIO_IDS:
            said |= {(name, str(value)): value for record in records if (value := getattr(record, name))}
        rows = Redirect.objects.filter(kind="studio", value__in=[value for _, value in said])
        merged = [
            (name, said.get((name, value)), target)
            for name, value, target in rows.values_list("name", "value", "target")
        ]
        ids = {
            pk: ours
            for pk, *ours in Studio.objects.filter(pk__in=[target for *_, target in merged]).values_list(
                "pk", *STUDIO_IDS
            )
        }
        for name, value, target in merged:
            if value and target in ids:
                self.studios.setdefault((value, "") if name == NAME else (name, value), target)
                self.studio_ids.setdefault(target, (ids[target][0], ids[target][1]))

    def _learn_studio(self, key: Key, studio: Studio | StudioRecord) -> None:
        self.studios[fold(studio.name), studio.disambiguation] = key
        self.studio_ids[key] = studio.tmdb_id, studio.wikidata_id
        for name in ("tmdb_id", "wikidata_id"):
            if value := getattr(studio, name):
                self.studios[name, value] = key

    def studio(self, record: StudioRecord) -> Key:
        """The key of a studio, by id, else by its folded name and disambiguation."""
        for key in (("tmdb_id", record.tmdb_id), ("wikidata_id", record.wikidata_id)):
            if key in self.studios:
                return self.studios[key]
        known = self.studios.get((fold(record.name), record.disambiguation))
        if known is not None and not self._is_another(known, record):
            return known
        made: Key = f"new: {record.name}"
        if self.write:
            studio = Studio(name=record.name[:200], disambiguation=record.disambiguation[:120])
            studio.country_id, studio.tmdb_id, studio.wikidata_id = record.country, record.tmdb_id, record.wikidata_id
            studio.save()
            self.made_studios.append(studio.pk)
            made = studio.pk
        self._learn_studio(made, record)
        return made

    def _is_another(self, known: Key, record: StudioRecord) -> bool:
        """Whether a studio of the same name is told apart by an id of the same source."""
        ids = zip(self.studio_ids[known], (record.tmdb_id, record.wikidata_id), strict=True)
        return any(ours and theirs and ours != theirs for ours, theirs in ids)

    def genre(self, name: str) -> Key | None:
        """The key of a genre, made when it is one of ours; None for a word we do not keep."""
        if not self.genres:
            self.genres.update({fold(known): pk for pk, known in Genre.objects.values_list("pk", "name")})
        if fold(name) not in self.genres and name in GENRES:
            self.genres[fold(name)] = (
                Genre.objects.create(name=name, slug=slugify(name, "genre"), tint=Tint.ARGENT).pk
                if self.write
                else f"new: {name}"
            )
        return self.genres.get(fold(name))


def _beside(name: str, people: dict[str, int]) -> int | None:
    """Who of a movie's people has this folded name, or, if only one has it in another way of writing, that one."""
    if name in people:
        return people[name]
    alike = {key for other, key in people.items() if is_one_name(name, other)}
    return alike.pop() if len(alike) == 1 else None


def _has_id(record: PersonRecord) -> bool:
    return any(getattr(record, name) for name in IDS)
