"""Credits as the pages of a movie print them."""

from typing import Any, NamedTuple

from django.db.models import QuerySet

from catalogue.compiled import path_of, rows
from catalogue.models import Credit
from catalogue.text import initials
from catalogue.vocabulary import Tint

TINTS = Tint.values
TOP_BILLED = 12
MOST_CREW = 60  # people of the crew on the movie page; all of them are on movie_credits
MOST_CREDITS = 3_000


class Face(NamedTuple):
    """What templates/components/person.html reads of a person, by the names a Person gives it."""

    pk: int
    name: str
    slug: str
    portrait_id: str | None

    def get_absolute_url(self) -> str:
        return path_of("person_detail", self.pk, self.slug)

    @property
    def initials(self) -> str:
        return initials(self.name)

    @property
    def tint(self) -> str:
        return TINTS[self.pk % len(TINTS)]


class Line(NamedTuple):
    """A credit, by the names a Credit gives its columns."""

    department: str
    job: str
    character: str
    credited_as: str
    is_voice: bool
    is_uncredited: bool
    person: Face | None

    @property
    def name(self) -> str:
        """The name as credited, else the person's."""
        return self.credited_as or (self.person.name if self.person else "")


COLUMNS = (
    "department", "job", "character", "credited_as", "is_voice", "is_uncredited", "person", "person__name",
    "person__slug", "person__portrait",
)  # fmt: skip


def top_cast(movie: int) -> QuerySet[Credit]:
    """The cast on top of the bill."""
    return Credit.objects.filter(pk__in=Credit.objects.filter(movie=movie).cast().values("pk")[:TOP_BILLED])


def key_crew(movie: int) -> QuerySet[Credit]:
    """The crew of the movie page."""
    return Credit.objects.filter(pk__in=Credit.objects.filter(movie=movie).crew().values("pk")[:MOST_CREW])


def all_credits(movie: int) -> tuple[list[Line], list[Line]]:
    """Everybody of the cast and of the crew, in their order: 2 queries."""
    return _lines(rows(_cast, [movie])), _lines(rows(_crew, [movie]))


def _cast(movies: list[int]) -> QuerySet[Any, Any]:
    return Credit.objects.filter(movie=movies[0]).cast().values_list(*COLUMNS)[:MOST_CREDITS]


def _crew(movies: list[int]) -> QuerySet[Any, Any]:
    return Credit.objects.filter(movie=movies[0]).crew().values_list(*COLUMNS)[:MOST_CREDITS]


def _lines(found: list[tuple[Any, ...]]) -> list[Line]:
    return [
        Line._make((*plain, Face(person, name, slug, portrait) if person else None))
        for *plain, person, name, slug, portrait in found
    ]
