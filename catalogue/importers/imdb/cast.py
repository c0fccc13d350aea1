"""The credits of one movie, put together from title.principals and title.crew. Pure."""

from collections.abc import Collection

from catalogue.importers.imdb.options import CATEGORIES, job_of
from catalogue.vocabulary import Department

ACTING, DIRECTING, WRITING = Department.ACTING.value, Department.DIRECTING.value, Department.WRITING.value
_CAST = frozenset(name for name, (department, _) in CATEGORIES.items() if department == Department.ACTING)
_PLAYS = frozenset(["actor", "actress"])


# A usable row of title.principals: ordering, person (a number or any other key), category, job, character.
Principal = tuple[int, int, str, str, str]
# A credit, in the order of the columns: person, department, job, character, billing order, uncredited, voice.
Part = tuple[int, str, str, str, int | None, bool, bool]


def parts_of(
    rows: list[Principal], directors: Collection[int], writers: Collection[int], most: int | None
) -> tuple[list[Part], int, int]:
    """The credits of a movie; how many rows were beyond the first ``most`` of the cast, and how many say it again.

    Cast is billed in the order of ``ordering``, which counts crew too. Who directed or wrote by title.crew and has no
    such credit in title.principals, which holds the first few, comes last.
    """
    rows.sort()
    parts: list[Part] = []
    places: set[tuple[int, str] | tuple[int, str, str]] = set()
    beyond = billed = 0
    for _, person, category, written, character in rows:
        if category in _CAST:
            if most is not None and billed >= most:
                beyond += 1
                continue
            is_voice = is_uncredited = False
            if category not in _PLAYS:
                character = _appearance(category, character)
            if character[-1:] == ")":
                character, is_voice, is_uncredited = _remarks(character)
            key = (person, character)
            if key not in places:
                places.add(key)
                parts.append((person, ACTING, "", character, billed, is_uncredited, is_voice))
                billed += 1
        else:
            department, job = job_of(category, written)
            work = (person, department, job)
            if work not in places:
                places.add(work)
                parts.append((person, department, job, "", None, False, False))
    again = len(rows) - beyond - len(parts)
    if directors or writers:
        _complete(parts, directors, writers)
    return parts, beyond, again


def _complete(parts: list[Part], directors: Collection[int], writers: Collection[int]) -> None:
    does = {(part[0], part[1]) for part in parts if part[2]}
    for department, job, people in ((DIRECTING, "Director", directors), (WRITING, "Writer", writers)):
        for person in people:
            if (person, department) not in does:
                does.add((person, department))
                parts.append((person, department, job, "", None, False, False))


def _appearance(category: str, character: str) -> str:
    """What somebody is seen as who does not play.

    >>> _appearance("self", ""), _appearance("archive_footage", "Self")
    ('Self', 'Self (archive footage)')
    """
    word = CATEGORIES[category][1]
    if category == "self":
        return character or word
    return f"{character[: 298 - len(word)]} ({word})" if character else f"({word})"


def _remarks(character: str) -> tuple[str, bool, bool]:
    """The character without "(voice)" and "(uncredited)", and whether they were there.

    >>> _remarks("Woody (voice) (uncredited)"), _remarks("Man (1)")
    (('Woody', True, True), ('Man (1)', False, False))
    """
    is_voice = is_uncredited = False
    while True:
        if character.endswith("(voice)"):
            character, is_voice = character[:-7].rstrip(), True
        elif character.endswith("(uncredited)"):
            character, is_uncredited = character[:-12].rstrip(), True
        else:
            return character, is_voice, is_uncredited
