"""Lists with a row for each part: "Ran, Tatsuya Nakadai, Hidetora" and "Ran, Akira Terao, Taro" are one movie."""

from collections.abc import Iterable, Iterator, Mapping

from catalogue.importers.records import Rejected, Skipped
from catalogue.importers.tables import Cells
from catalogue.text import fold

CHARACTERS = frozenset(["character", "character name", "role", "part", "rolle", "personnage", "personaje"])
PART = "a part in the movie of another row"


def character_column(header: list[str], places: Mapping[str, int]) -> int | None:
    """Where the characters stand, if there is a column of them beside one of the cast."""
    found = (place for place, name in enumerate(header) if fold(name) in CHARACTERS)
    return next(found, None) if "Cast" in places else None


def put_together(
    rows: Iterable[Cells | Rejected], places: Mapping[str, int], character: int
) -> Iterator[Cells | Rejected | Skipped]:
    """Rows that follow each other and differ in the part alone, or its type, as their first with the whole cast.

    The others are skipped, so that every row is counted.
    """
    cast, others = places["Cast"], [place for name, place in places.items() if name not in ("Cast", "Type")]
    first: Cells | None = None
    for row in rows:
        if isinstance(row, Rejected):
            yield row
            continue
        origin, cells, notes = row
        if cells[character].strip():
            cells[cast] += f" as {cells[character].strip()}"
        if first and all(cells[place] == first[1][place] for place in others):
            first[1][cast] += f"\n{cells[cast]}"
            first[2].extend(notes)
            yield Skipped(origin, PART)
            continue
        if first:
            yield first
        first = row
    if first:
        yield first
