"""What every source is turned into before anything is compared or written. Pure: no models, no settings.

A parser is ``parse(path, options) -> Iterator[Parsed]``. Every item it yields is counted once, so the totals of a run
add up: a record, a row it rejects with its line, or a row that an option leaves out. What a row says wrongly in part
is mended or left out by a rule of ``mending`` and noted on the record; the row itself still counts once.

A field that a source does not speak of is ``SILENT`` and never touches the catalogue. None, "" and [] mean that the
source knows it to be unknown: that empties a value which this source wrote, and leaves every other value alone.
Attributes are called as the models' fields are, since locks and provenance go by these names.
"""

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeVar, Union

from catalogue.dates import PartialDate
from catalogue.vocabulary import Color, Department, ReleaseType, Status, TitleKind, VideoKind


class Silent(enum.Enum):
    """The type of ``SILENT``, so that type checkers know it."""

    SILENT = "silent"

    def __repr__(self) -> str:
        return "SILENT"


SILENT = Silent.SILENT
COLUMN, SHEET = "column", "sheet"  # the field of a note about one that is not read
UNREAD = (COLUMN, SHEET)
_Value = TypeVar("_Value")
Said = Union[_Value, Silent]  # noqa: UP007 -- the other form is no alias to type checkers


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a record was read: the file's name, and the line it begins at, from 1; 0 where lines mean nothing."""

    file: str
    line: int = 0

    def __str__(self) -> str:
        return f"{self.file}:{self.line}" if self.line else self.file


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row that cannot be used. ``reason`` is a sentence that names what was read."""

    origin: Origin
    reason: str


@dataclass(frozen=True, slots=True)
class Skipped:
    """A row that an option leaves out. ``reason`` is one of few words, since they are counted by it: "adult"."""

    origin: Origin
    reason: str


@dataclass(frozen=True, slots=True)
class Mended:
    """A value that was read differently from how it is written; ``became`` is "" when it was left out."""

    origin: Origin
    field: str
    was: str
    became: str = ""


@dataclass(slots=True)
class PersonRecord:
    """A person, or as much of one as a credit says: an id, a name, or both.

    A name alone means the one person of that name among the movie's people, else the only one of that name and
    ``disambiguation`` in the catalogue, else a new one.
    """

    origin: Origin
    name: str = ""
    disambiguation: str = ""
    imdb_id: str | None = None  # "nm0000001"
    tmdb_id: int | None = None
    wikidata_id: str | None = None  # "Q42"
    born_on: Said[PartialDate | None] = SILENT
    died_on: Said[PartialDate | None] = SILENT
    birthplace: Said[str] = SILENT
    biography: Said[str] = SILENT
    homepage: Said[str] = SILENT
    alternative_names: Said[list[str]] = SILENT
    mended: list[Mended] = field(default_factory=list)


@dataclass(slots=True)
class StudioRecord:
    """A studio that a movie names. Found by its id, else by name and disambiguation, else created."""

    name: str
    disambiguation: str = ""
    country: str | None = None  # ISO 3166-1
    tmdb_id: int | None = None
    wikidata_id: str | None = None


@dataclass(slots=True)
class CreditRecord:
    """One job of one person. ``person`` None: only ``credited_as`` is known.

    Cast has a character and its place in the billing (from 0; None: the order of the list), crew a job.
    """

    person: PersonRecord | None
    department: Department = Department.ACTING
    job: str = ""
    character: str = ""
    billing_order: int | None = None
    credited_as: str = ""
    is_voice: bool = False
    is_uncredited: bool = False


@dataclass(frozen=True, slots=True)
class TitleRecord:
    """Another title; ISO 3166-1 and ISO 639 codes."""

    title: str
    kind: TitleKind = TitleKind.ALTERNATIVE
    country: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class ReleaseRecord:
    """One release in one country, ISO 3166-1."""

    country: str
    date: PartialDate | None = None
    type: ReleaseType = ReleaseType.THEATRICAL
    certification: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class RatingRecord:
    """The score of another place. ``source`` is what readers see ("IMDb"); a movie has one of each.

    ``histogram``: how many gave each step of the scale, worst first; None where that is not known.
    """

    source: str
    value: float
    scale: float = 10
    votes: int | None = None
    as_of: PartialDate | None = None
    url: str = ""
    histogram: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True)
class VideoRecord:
    """A trailer or clip on the web."""

    title: str
    url: str
    kind: VideoKind = VideoKind.TRAILER
    language: str | None = None


@dataclass(slots=True)
class MovieRecord:
    """A movie as one source knows it. Without any id it is matched by title, year and director or running time.

    ``external_ids`` holds ids without a column of their own, by the source's name: {"movielens": "1"}. A source that
    only adds to movies the catalogue has (a file of ratings) may leave ``title`` SILENT; unmatched, it is rejected.
    """

    origin: Origin
    imdb_id: str | None = None  # "tt0000001"
    tmdb_id: int | None = None
    wikidata_id: str | None = None  # "Q42"
    external_ids: Mapping[str, str] = field(default_factory=dict)
    title: Said[str] = SILENT
    original_title: Said[str] = SILENT  # "" when it is the title
    original_language: Said[str | None] = SILENT  # ISO 639-1, else 639-3
    release_date: Said[PartialDate | None] = SILENT
    runtime_minutes: Said[int | None] = SILENT
    synopsis: Said[str] = SILENT
    tagline: Said[str] = SILENT
    status: Said[Status] = SILENT
    color: Said[Color | str] = SILENT  # "" when unknown
    aspect_ratio: Said[float | None] = SILENT
    budget_usd: Said[int | None] = SILENT
    revenue_usd: Said[int | None] = SILENT
    homepage: Said[str] = SILENT
    countries_of_origin: Said[list[str]] = SILENT  # ISO 3166-1
    spoken_languages: Said[list[str]] = SILENT  # ISO 639
    genres: Said[list[str]] = SILENT  # our names, the leading one first: see genres.py
    studios: Said[list[StudioRecord]] = SILENT
    credits: Said[list[CreditRecord]] = SILENT
    credited: list[str] | None = None  # of which it knows all credits: "acting", "directing/Director"; None: of all
    alternative_titles: Said[list[TitleRecord]] = SILENT
    releases: Said[list[ReleaseRecord]] = SILENT
    external_ratings: Said[list[RatingRecord]] = SILENT
    videos: Said[list[VideoRecord]] = SILENT
    mended: list[Mended] = field(default_factory=list)


Record = MovieRecord | PersonRecord
Parsed = Record | Rejected | Skipped
