"""A record's values in their canonical form, as our tables accept them; what they do not is left out with a note."""

from collections.abc import Callable, Iterable
from typing import Any

from catalogue.importers.partial import in_place, own_groups
from catalogue.importers.people import Finder
from catalogue.importers.records import (
    SILENT,
    CreditRecord,
    Mended,
    MovieRecord,
    PersonRecord,
    RatingRecord,
    ReleaseRecord,
    TitleRecord,
    VideoRecord,
)
from catalogue.importers.state import MOVIES, PEOPLE, Kind, State, Values, canonical
from catalogue.models import Country, Language, Movie, Person
from catalogue.text import clean, fold
from catalogue.vocabulary import Department


class Codes:
    """The countries and languages that the catalogue has, read once."""

    def __init__(self) -> None:
        self.countries = set(Country.objects.values_list("code", flat=True))
        self.languages = set(Language.objects.values_list("code", flat=True))


def said(record: MovieRecord | PersonRecord) -> list[str]:
    """The fields a record speaks of; an id that is None says nothing."""
    kind = kind_of(record)
    names = (*kind.columns, *kind.sections)
    return [name for name in names if getattr(record, name) is not SILENT and not _is_no_id(record, name)]


def _is_no_id(record: MovieRecord | PersonRecord, name: str) -> bool:
    return name in ("imdb_id", "tmdb_id", "wikidata_id", "name") and not getattr(record, name)


def kind_of(record: MovieRecord | PersonRecord) -> Kind:
    """Movies or people."""
    return MOVIES if isinstance(record, MovieRecord) else PEOPLE


class Wanted:
    """Turns records into values; ``finder`` knows the people, studios and genres of the batch."""

    def __init__(self, finder: Finder, codes: Codes) -> None:
        self.finder, self.codes = finder, codes

    def of(self, record: MovieRecord | PersonRecord, names: Iterable[str], state: State) -> Values:
        """The canonical value of each of these fields."""
        kind = kind_of(record)
        values: Values = {}
        for name in names:
            value = getattr(record, name)
            if name in kind.columns:
                values[name] = self._column(record, name, value)
            else:
                values[name] = self._sections[name](self, record, value or [], state)
        return values

    def _column(self, record: MovieRecord | PersonRecord, name: str, value: Any) -> Any:
        if name == "original_language":
            return value if value is None or value in self.codes.languages else self._out(record, name, value)
        value = canonical(value)
        if name == "aspect_ratio":
            return round(value, 2) if value and 1 <= value <= 4.1 else None
        if isinstance(value, str):
            model: Any = Movie if isinstance(record, MovieRecord) else Person
            most = model._meta.get_field(name).max_length
            return clean(value)[:most] if most else clean(value)
        return value

    def _out(self, record: MovieRecord | PersonRecord, name: str, was: object) -> None:
        note = Mended(record.origin, name, str(was)[:200])
        if note not in record.mended:  # a batch that the database refused is planned a second time
            record.mended.append(note)

    def _genres(self, record: MovieRecord, names: list[str], state: State) -> list[Any]:
        keys = {name: self.finder.genre(name) for name in names}
        for name in (name for name, key in keys.items() if key is None):
            self._out(record, "genres", name)
        return list(dict.fromkeys(key for key in keys.values() if key is not None))

    def _studios(self, record: MovieRecord, studios: list[Any], state: State) -> list[Any]:
        named = [studio for studio in studios if studio.name.strip()]
        for studio in named:
            studio.country = studio.country if studio.country in self.codes.countries else None
        return list(dict.fromkeys(map(self.finder.studio, named)))

    def _countries(self, record: MovieRecord, codes: list[str], state: State) -> list[Any]:
        return self._known(record, "countries_of_origin", codes, self.codes.countries)

    def _languages(self, record: MovieRecord, codes: list[str], state: State) -> list[Any]:
        return self._known(record, "spoken_languages", codes, self.codes.languages)

    def _known(self, record: MovieRecord, name: str, codes: list[str], known: set[str]) -> list[str]:
        for code in (code for code in codes if code not in known):
            self._out(record, name, code)
        return sorted(known.intersection(codes))

    def _credits(self, record: MovieRecord, credits: list[CreditRecord], state: State) -> list[Any]:
        beside = _beside(state.values.get("credits", []))
        rows: dict[tuple[Any, ...], list[Any]] = {}
        for place, credit in enumerate(credits):
            if row := self._credit(record, credit, place, beside):
                rows.setdefault((row[0], row[1], row[2], row[3], row[5]), row)
        theirs = sorted(rows.values(), key=lambda row: (row[1] != Department.ACTING, row[4] or 0))
        if record.credited is None:
            return theirs
        own = own_groups(state.row, self.finder.source, record.credited)
        return in_place(theirs, state.values.get("credits", []), record.credited, own)

    def _credit(
        self, record: MovieRecord, credit: CreditRecord, place: int, beside: dict[str, int]
    ) -> list[Any] | None:
        key, problem = self.finder.person(credit.person, beside) if credit.person else (None, "")
        printed = credit.credited_as or (credit.person.name if credit.person and key is None else "")
        if problem:
            self._out(record, "credits", f"{printed or (credit.person and credit.person.imdb_id)}: {problem}")
        if key is None and not printed:
            return None
        is_cast = credit.department == Department.ACTING
        job = "" if is_cast else (credit.job or credit.department.label)[:120]
        character = clean(credit.character)[:300] if is_cast else ""
        billing = (place if credit.billing_order is None else credit.billing_order) if is_cast else None
        voice = credit.is_voice and is_cast
        named = clean(printed)[:200]
        return [key, credit.department.value, job, character, billing, named, voice, credit.is_uncredited]

    def _titles(self, record: MovieRecord, titles: list[TitleRecord], state: State) -> list[Any]:
        rows: dict[tuple[Any, ...], list[Any]] = {}
        for title in titles:
            country = title.country if title.country in self.codes.countries else None
            language = title.language if title.language in self.codes.languages else None
            text = clean(title.title)[:500]
            if text:
                rows.setdefault((text, country, language), [text, title.kind.value, country, language])
        return list(rows.values())

    def _releases(self, record: MovieRecord, releases: list[ReleaseRecord], state: State) -> list[Any]:
        rows: dict[tuple[Any, ...], list[Any]] = {}
        for one in releases:
            if one.country not in self.codes.countries:
                self._out(record, "releases", one.country)
                continue
            date, note = canonical(one.date), clean(one.note)[:120]
            row = [one.country, date, one.type.value, clean(one.certification)[:20], note]
            rows.setdefault((one.country, one.type, date, note), row)
        return list(rows.values())

    def _ratings(self, record: MovieRecord, ratings: list[RatingRecord], state: State) -> list[Any]:
        rows = {row[0]: row for row in state.values.get("external_ratings", [])}
        for one in ratings:
            if not 0 <= one.value <= one.scale:
                self._out(record, "external_ratings", f"{one.value}/{one.scale}")
                continue
            histogram = list(one.histogram) if one.histogram else None
            value, scale = round(float(one.value), 2), round(float(one.scale), 2)
            row = [one.source[:60], value, scale, one.votes, canonical(one.as_of), one.url, histogram]
            rows[row[0]] = _as_before(row, rows.get(row[0]))
        return [rows[name] for name in sorted(rows)]

    def _videos(self, record: MovieRecord, videos: list[VideoRecord], state: State) -> list[Any]:
        rows: dict[str, list[Any]] = {}
        for video in videos:
            language = video.language if video.language in self.codes.languages else None
            if video.url.startswith(("https://", "http://")) and video.title:
                rows.setdefault(video.url, [video.title[:200], video.url[:500], video.kind.value, language])
        return list(rows.values())

    def _names(self, record: PersonRecord, names: list[str], state: State) -> list[Any]:
        return list(dict.fromkeys(filter(None, (clean(name)[:200] for name in names if name != record.name))))

    _sections: dict[str, Callable[..., list[Any]]] = {
        "genres": _genres,
        "studios": _studios,
        "countries_of_origin": _countries,
        "spoken_languages": _languages,
        "credits": _credits,
        "alternative_titles": _titles,
        "releases": _releases,
        "external_ratings": _ratings,
        "videos": _videos,
        "alternative_names": _names,
    }


def _as_before(row: list[Any], known: list[Any] | None) -> list[Any]:
    """A rating that did not change keeps its date: a file of today that says what yesterday's said is no news."""
    same = known and known[1:4] == row[1:4] and known[5:] == row[5:]
    return known if known and same else row


def _beside(credits: list[Any]) -> dict[str, int]:
    """The people of a movie by folded name; a name that two of them have means nobody."""
    keys = {row[0] for row in credits if row[0]}
    found: dict[str, set[int]] = {}
    for pk, name in Person.objects.filter(pk__in=keys).values_list("pk", "name") if keys else ():
        found.setdefault(fold(name), set()).add(pk)
    return {name: next(iter(people)) for name, people in found.items() if len(people) == 1}
