"""Finds the people that credits name, and what tells apart those of one name."""

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Q, QuerySet
from django.utils import timezone

from catalogue.curation.locks import lock_fields
from catalogue.models import AlternativeName, Person
from catalogue.models.source import EDITOR

SHOWN = (
    "name", "disambiguation", "born_on", "known_for_department", "known_for_line", "imdb_id", "tmdb_id", "wikidata_id",
)  # fmt: skip
MOST_NAMESAKES = 20


def hint(person: Person) -> str:
    """What tells a person apart in a list: "b. 1967, Acting, Leaving Metropolis"."""
    born = f"b. {person.born_on.year}" if person.born_on else ""
    department = person.get_known_for_department_display() if person.known_for_department else ""
    return ", ".join(filter(None, [person.disambiguation, born, department, person.known_for_line]))


class People:
    """The people that a list of credits names by key or by name, and those made for it."""

    def __init__(self, keys: Iterable[int], names: Iterable[str]) -> None:
        """3 queries, 1 without names."""
        self.by_key = {person.pk: person for person in _shown().filter(pk__in=set(keys))}
        self.by_name: dict[str, list[Person]] = defaultdict(list)
        self.made: dict[tuple[str, str], Person] = {}
        if wanted := set(names):
            self._find(wanted)

    def _find(self, names: set[str]) -> None:
        for person in _shown().filter(name__in=names).order_by("-credit_count", "pk"):
            self.by_name[person.name].append(person)
        others = AlternativeName.objects.filter(~Q(person__name__in=names), name__in=names).order_by("pk")
        for other in others.select_related("person"):
            if other.person not in self.by_name[other.name]:
                self.by_name[other.name].append(other.person)
        for found in self.by_name.values():
            self.by_key.update({person.pk: person for person in found})

    def named(self, name: str) -> list[Person]:
        """Those of this name, the most credited first."""
        return self.by_name.get(name, [])[:MOST_NAMESAKES]

    def is_taken(self, name: str, disambiguation: str) -> bool:
        """Whether nothing would tell a new person apart."""
        return any(
            (person.name, person.disambiguation) == (name, disambiguation)
            and not (person.imdb_id or person.tmdb_id or person.wikidata_id)
            for person in self.by_name.get(name, [])
        )

    def make(self, name: str, disambiguation: str) -> Person:
        """A new person, an editor's word; the same one when the list names them twice."""
        if (name, disambiguation) not in self.made:
            today = timezone.now().date()
            person = Person.objects.create(name=name, disambiguation=disambiguation, source=EDITOR, sourced_on=today)
            lock_fields(person, ["name"])
            self.made[name, disambiguation] = person
        return self.made[name, disambiguation]


def _shown() -> QuerySet[Person]:
    return Person.objects.only(*SHOWN)
