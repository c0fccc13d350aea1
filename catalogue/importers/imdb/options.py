"""What of the dataset is wanted, and how its words are ours. Pure."""

from dataclasses import dataclass
from functools import lru_cache

from catalogue.importers.genres import our_genre
from catalogue.vocabulary import Department

# IMDb's types that are one work each, so that they can be a movie here. Series, episodes and games are none.
TITLE_TYPES = ("movie", "tvMovie", "short", "tvShort", "tvSpecial", "tvPilot", "video")
SOURCE = "IMDb"  # as readers see it
SOURCE_CODE = "imdb"  # as provenance has it

# category -> department, job of crew; None: the job that the row says, else the category
CATEGORIES: dict[str, tuple[Department, str]] = {
    "actor": (Department.ACTING, ""),
    "actress": (Department.ACTING, ""),
    "self": (Department.ACTING, "Self"),
    "archive_footage": (Department.ACTING, "archive footage"),
    "archive_sound": (Department.ACTING, "archive sound"),
    "director": (Department.DIRECTING, "Director"),
    "writer": (Department.WRITING, "Writer"),
    "producer": (Department.PRODUCTION, "Producer"),
    "composer": (Department.SOUND, "Original Music Composer"),
    "cinematographer": (Department.CAMERA, "Director of Photography"),
    "editor": (Department.EDITING, "Editor"),
    "production_designer": (Department.ART, "Production Designer"),
    "casting_director": (Department.PRODUCTION, "Casting"),
}
# Of which each file alone knows everybody: title.principals has the first few who directed and wrote, title.crew all
# of them, as the one and the other.
CREDITED = {
    "title.principals": [name.value for name in Department if name not in (Department.DIRECTING, Department.WRITING)],
    "title.crew": ["directing/Director", "writing/Writer"],
}
# Of these the row's own job says more than the category: "screenplay", "executive producer".
HAS_JOBS = frozenset(["director", "writer", "producer"])
# IMDb's codes of regions that are none of ISO 3166-1; the rest of its X codes are no countries.
REGIONS = {"SUHH": "SU", "CSHH": "CS", "DDDE": "DD", "YUCS": "YU", "XYU": "YU", "XWG": "DE", "BUMM": "BU", "ZRCD": "ZR"}
# 639-2 and 639-3 codes that have a 639-1 one here, and IMDb's own.
LANGUAGES = {"cmn": "zh", "qbn": "nl", "qbo": "hr", "qbp": "pt", "qal": "es", "prs": "fa"}


@dataclass(frozen=True, slots=True)
class Options:
    """Which titles and credits are imported."""

    types: frozenset[str] = frozenset(["movie"])
    adult: bool = False
    minimum_votes: int = 0
    maximum_billing: int | None = None  # the first so many of each cast

    def __post_init__(self) -> None:
        if strange := self.types - set(TITLE_TYPES):
            raise ValueError(f"{', '.join(sorted(strange))}: choose of {', '.join(TITLE_TYPES)}.")


def genres_of(cell: str) -> list[str]:
    """Our names of the genres of a row, each once.

    >>> genres_of("Drama,Sci-Fi,Short"), genres_of("\\\\N")
    (['Drama', 'Science fiction'], [])
    """
    return list(dict.fromkeys(ours for name in cell.split(",") if (ours := our_genre(name))))


@lru_cache(4096)
def job_of(category: str, job: str) -> tuple[str, str]:
    """Department and job of a crew row; a category nobody knows is a job itself.

    >>> job_of("writer", "based on the novel by"), job_of("editor", "\\\\N"), job_of("stunt_driver", "\\\\N")
    (('writing', 'Based on the novel by'), ('editing', 'Editor'), ('crew', 'Stunt driver'))
    """
    department, name = CATEGORIES.get(category, (Department.CREW, category.replace("_", " ").capitalize()))
    own = "" if job == "\\N" else job.strip()
    if own and category in HAS_JOBS:
        name = own[:1].upper() + own[1:]
    return department.value, name[:120]
