"""Which movie of ours a record means: by its ids, else by title, year and director or running time.

Where that leaves a doubt an editor is asked.

docs/importing.md tells the rule. 4 queries a batch for ids, and for each record without a known id 3 or 4 more.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import combinations

from django.db.models import Q

from catalogue.importers.alike import is_one_name, share_a_word
from catalogue.importers.former import former_ids, silence
from catalogue.importers.records import SILENT, Mended, MovieRecord
from catalogue.importers.state import IDS
from catalogue.models import Credit, ExternalId, MatchQuestion, Movie, SearchKind, Suspect
from catalogue.search.match import Ask
from catalogue.search.match import match as full_text
from catalogue.search.spelling import Vocabulary
from catalogue.search.words import whole
from catalogue.text import fold, sort_title
from catalogue.vocabulary import Answer, Suspicion

MOST = 40  # namesakes looked at
MINUTES = 3
Id = tuple[str, object]  # which, and the value


@dataclass(slots=True)
class Match:
    """``movie`` None: a new one, unless ``candidates`` wait for an editor or it is not ``wanted``."""

    movie: int | None = None
    candidates: list[int] = field(default_factory=list)
    reason: str = ""
    wanted: bool = True


def match_batch(source: str, records: list[MovieRecord]) -> list[Match]:
    """The match of each record."""
    former = former_ids(Movie, records)
    by_id, theirs = _by_ids(records)
    known = former | by_id
    keys = {question_key(record) for record in records}
    asked = {question.key: question for question in MatchQuestion.objects.filter(source=source, key__in=keys)}
    matches = [_match(source, record, known, theirs, asked.get(question_key(record))) for record in records]
    for record, match in zip(records, matches, strict=True):
        if match.wanted and not match.candidates:
            _leave_out_ids(record, match.movie, known)
            silence(record, former)
    return matches


def _leave_out_ids(record: MovieRecord, movie: int | None, known: dict[Id, int]) -> None:
    """An editor may have said that a record is not, or not only, the movie that its ids are known of."""
    for name in IDS:
        value = getattr(record, name)
        if value and known.get((name, value), movie) != movie:
            setattr(record, name, None)
            record.mended.append(Mended(record.origin, name, f"{value}, which is another movie's"))


def question_key(record: MovieRecord) -> str:
    """What a record is called in questions: its first id, else title, year and directors."""
    for name in IDS:
        if value := getattr(record, name):
            return f"{name}:{value}"
    for name, value in sorted(record.external_ids.items()):
        return f"{name}:{value}"
    year = record.release_date.year if record.release_date not in (SILENT, None) else ""
    return "|".join([fold(str(record.title))[:60], str(year), *sorted(directors_of(record))])[:120]


def _by_ids(records: Iterable[MovieRecord]) -> tuple[dict[Id, int], dict[int, set[Id]]]:
    """The movies of ids, and of those found by what a source calls them the other ids. 2 queries."""
    records = list(records)
    wanted = Q(pk=None)
    for name in IDS:
        wanted |= Q(**{f"{name}__in": {getattr(record, name) for record in records} - {None}})
    found: dict[Id, int] = {}
    for pk, *values in Movie.objects.filter(wanted).values_list("pk", *IDS):
        found |= {(name, value): pk for name, value in zip(IDS, values, strict=True) if value}
    others = Q(pk=None)
    for record in records:
        for name, value in record.external_ids.items():
            others |= Q(source=name, value=value)
    rows = ExternalId.objects.filter(others)
    theirs: dict[int, set[Id]] = {}
    for source, code, pk, *values in rows.values_list("source", "value", "movie", *(f"movie__{name}" for name in IDS)):
        found[source, code] = pk
        theirs[pk] = {(name, value) for name, value in zip(IDS, values, strict=True) if value}
    return found, theirs


def _own_id(source: str, record: MovieRecord) -> Id:
    """What the source itself calls the record; the other ids are what it says of other sources."""
    name = f"{source}_id"
    return (name, getattr(record, name)) if name in IDS else (source, record.external_ids.get(source))


def _are_told_apart(movies: list[int]) -> bool:
    """Whether an editor has said of all of these that they are not the same: 1 query."""
    pairs = list(combinations(sorted(movies), 2))
    wanted = Q(pk=None)
    for first, second in pairs:
        wanted |= Q(first=first, second=second)
    return Suspect.objects.filter(wanted, kind="movie", state=Suspicion.DIFFERENT).count() == len(pairs)


def _match(
    source: str, record: MovieRecord, known: dict[Id, int], theirs: dict[int, set[Id]], asked: MatchQuestion | None
) -> Match:
    ids = [(name, getattr(record, name)) for name in IDS] + list(record.external_ids.items())
    found = list(dict.fromkeys(known[key] for key in ids if key in known))
    if asked and asked.state in (Answer.SAME, Answer.NEW) and asked.answer_id:
        return Match(asked.answer_id)
    if asked and asked.state == Answer.NEW:
        return Match()
    if asked and asked.state == Answer.SKIPPED:
        return Match(wanted=False, reason="an editor did not want it")
    if len(found) == 1:
        said = {(name, value) for name, value in ids if name in IDS and value}
        if said and _are_at_odds(said, theirs.get(found[0], set())):
            return Match(candidates=found, reason="Its number is known of a movie with another id.")
        return Match(found[0])
    if found:
        own = known.get(_own_id(source, record))
        if own and _are_told_apart(found):
            return Match(own)
        return Match(candidates=found, reason="Its ids belong to different movies.")
    if record.title is SILENT or not record.title:
        return Match(wanted=False, reason="")
    return _by_title(record)


def _are_at_odds(said: set[Id], known: set[Id]) -> bool:
    """Whether ids contradict each other and none agrees: lists of two archives may number their movies alike."""
    return not said & known and not {name for name, _ in said}.isdisjoint(name for name, _ in known)


def _by_title(record: MovieRecord) -> Match:
    rows = [row for row in _namesakes(record) if not _other_id(record, row)]
    directors = _directors([row.pk for row in rows])
    sure = [row.pk for row in rows if _is_confirmed(record, row, directors.get(row.pk, set()))]
    if len(sure) == 1:
        return Match(sure[0])
    if sure:
        return Match(candidates=sure, reason="More than one movie fits.")
    doubtful = [row.pk for row in rows if not _is_other(record, row, directors.get(row.pk, set()))]
    reason = "Title and year fit; director and running time do not tell."
    return Match(candidates=doubtful, reason=reason) if doubtful else Match()


def _namesakes(record: MovieRecord) -> list[Movie]:
    """Movies of one of the record's titles, within a year of it."""
    language = record.original_language if isinstance(record.original_language, str) else ""
    names = {str(record.title)}
    if isinstance(record.original_title, str) and record.original_title:
        names.add(record.original_title)
    filed = {sort_title(name, code)[:200] for name in names for code in ("", language)}
    words = [fold(name).split() for name in names]
    hits = full_text([Ask(SearchKind.MOVIE, [[whole(name)]], MOST) for name in words if name], Vocabulary())
    rows = Movie.objects.filter(
        Q(pk__in=[hit.object_id for hit in hits])
        | Q(is_published__in=[True, False], sort_title__in=filed)  # both values, so that the index is used
    )
    if record.release_date is not SILENT and record.release_date is not None:
        year = record.release_date.year
        rows = rows.filter(Q(release_year__range=(year - 1, year + 1)) | Q(release_year=None))
    return list(rows.only(*IDS, "runtime_minutes", "release_date").order_by("pk")[:MOST])


def _other_id(record: MovieRecord, movie: Movie) -> bool:
    return any(
        getattr(record, name) and getattr(movie, name) and getattr(record, name) != getattr(movie, name) for name in IDS
    )


def _directors(movies: list[int]) -> dict[int, set[str]]:
    found: dict[int, set[str]] = {}
    rows = Credit.objects.filter(movie__in=movies, job="Director").values_list("movie", "credited_as", "person__name")
    for movie, printed, name in rows:
        found.setdefault(movie, set()).update(fold(word) for word in (printed, name) if word)
    return found


def directors_of(record: MovieRecord) -> set[str]:
    """The folded names of a record's directors."""
    credits = record.credits if isinstance(record.credits, list) else []
    names = [
        credit.person.name if credit.person else credit.credited_as for credit in credits if credit.job == "Director"
    ]
    return {fold(name) for name in names if name}


def _is_confirmed(record: MovieRecord, movie: Movie, directors: set[str]) -> bool:
    theirs = directors_of(record)
    if theirs and directors:
        return any(is_one_name(name, other) for name in theirs for other in directors)
    return _is_as_long(record, movie)


def _is_other(record: MovieRecord, movie: Movie, directors: set[str]) -> bool:
    """Whether it is surely another movie: not as long, and by people whose names do not even share a word."""
    theirs = directors_of(record)
    if not theirs or not directors or _is_as_long(record, movie):
        return False
    return not any(share_a_word(name, other) for name in theirs for other in directors)


def _is_as_long(record: MovieRecord, movie: Movie) -> bool:
    minutes = record.runtime_minutes if isinstance(record.runtime_minutes, int) else None
    return bool(minutes and movie.runtime_minutes and abs(minutes - movie.runtime_minutes) <= MINUTES)
