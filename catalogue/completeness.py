"""How complete a record is, 0 to 100, and what is missing: one table of weights. A leaf.

The database computes all of it from the row (generated columns), so no write can leave it wrong. What other tables say
of a movie is in one column of the row, ``missing_parts``: curation.derive and the bulk import write that.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from operator import add
from typing import Any

from django.db.models import BooleanField, Case, F, Func, Q, Value, When

MOST = 100
AT_LEAST = 10  # how much a movie that nobody looked at yet counts among those to be worked on


class HasBit(Func):
    """Whether a bit of a column is set, with the bit in the statement itself: partial indexes need that.

    >>> str(HasBit("gaps", bit=4))
    'HasBit(F(gaps), bit=4)'
    """

    template = "(%(expressions)s & %(bit)s) <> 0"
    output_field = BooleanField()


@dataclass(frozen=True, slots=True)
class Gap:
    """Something a record may lack. ``weight``: what it costs, of 100; ``has_queue``: editors get a list of those."""

    bit: int
    name: str
    label: str
    weight: int
    is_missing: Q
    has_queue: bool = False


# What other tables say of a movie, in Movie.missing_parts.
GENRES, COUNTRIES, STUDIOS, CHARACTERS = 1, 2, 4, 8
NO_PARTS = GENRES | COUNTRIES | STUDIOS  # a new movie


def _part(bit: int) -> Q:
    return Q(HasBit("missing_parts", bit=bit))


MOVIE = (
    Gap(1, "synopsis", "no synopsis", 15, Q(synopsis=""), has_queue=True),
    Gap(2, "poster", "no poster", 15, Q(poster=None), has_queue=True),
    Gap(4, "release_date", "no release date", 10, Q(release_date=None), has_queue=True),
    Gap(8, "runtime", "no running time", 5, Q(runtime_minutes=None)),
    Gap(16, "genres", "no genre", 8, _part(GENRES), has_queue=True),
    Gap(32, "countries", "no country", 6, _part(COUNTRIES), has_queue=True),
    Gap(64, "language", "no original language", 4, Q(original_language=None)),
    Gap(128, "director", "no director", 10, Q(director_line=""), has_queue=True),
    Gap(256, "cast", "no cast", 16, Q(cast_count=0), has_queue=True),
    Gap(512, "characters", "cast without characters", 6, _part(CHARACTERS), has_queue=True),
    Gap(1024, "studios", "no studio", 4, _part(STUDIOS)),
    Gap(2048, "backdrop", "no backdrop", 3, Q(backdrop=None)),
    Gap(4096, "tagline", "no tagline", 2, Q(tagline="")),
    Gap(8192, "ids", "no id elsewhere", 2, Q(imdb_id=None, tmdb_id=None, wikidata_id=None)),
)
PERSON = (
    Gap(1, "portrait", "no portrait", 25, Q(portrait=None), has_queue=True),
    Gap(2, "biography", "no biography", 25, Q(biography=""), has_queue=True),
    Gap(4, "born_on", "no date of birth", 20, Q(born_on=None), has_queue=True),
    Gap(8, "birthplace", "no birthplace", 10, Q(birthplace=""), has_queue=True),
    Gap(16, "credits", "no credits", 10, Q(credit_count=0), has_queue=True),
    Gap(32, "ids", "no id elsewhere", 10, Q(imdb_id=None, tmdb_id=None, wikidata_id=None), has_queue=True),
)
STUDIO = (
    Gap(1, "description", "no description", 40, Q(description=""), has_queue=True),
    Gap(2, "country", "no country", 30, Q(country=None), has_queue=True),
    Gap(4, "homepage", "no homepage", 10, Q(homepage=""), has_queue=True),
    Gap(8, "ids", "no id elsewhere", 20, Q(tmdb_id=None, wikidata_id=None), has_queue=True),
)


def gaps(of: Iterable[Gap]) -> Any:
    """The bits of all that is missing, as an expression over the row."""
    return reduce(add, [_if(gap, gap.bit) for gap in of])


def score(of: Iterable[Gap]) -> Any:
    """The completeness, 0 to 100, as an expression over the row."""
    return Value(MOST) - _missing(of)


def need(of: Iterable[Gap], looked_at: str) -> Any:
    """By what editors' lists are ordered, largest first: what is missing, times how much it is looked at."""
    return _missing(of) * (F(looked_at) + AT_LEAST)


def _missing(of: Iterable[Gap]) -> Any:
    return reduce(add, [_if(gap, gap.weight) for gap in of])


def _if(gap: Gap, points: int) -> Any:
    return Case(When(gap.is_missing, then=Value(points)), default=Value(0))


def lacks(gap: Gap) -> Q:
    """Whether a record lacks this, as a condition that its partial index answers."""
    return Q(HasBit("gaps", bit=gap.bit))


def missing(of: Iterable[Gap], bits: int) -> list[Gap]:
    """What the bits of a record say.

    >>> [gap.name for gap in missing(MOVIE, 3)]
    ['synopsis', 'poster']
    """
    return [gap for gap in of if gap.bit & bits]
