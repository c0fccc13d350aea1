"""What has to be in memory while the files pass by: ids, and what is counted of movies and people.

Arrays of machine integers instead of objects: a million movies and two million people of a full dataset take some
300 MB. Movies and people are numbered from 1 in the order of their files, which become their keys.
"""

from array import array
from dataclasses import dataclass, field

from catalogue import completeness
from catalogue.importers.imdb.cast import Part
from catalogue.vocabulary import Department

DEPARTMENTS = [department.value for department in Department]
_PLACE = {name: place for place, name in enumerate(DEPARTMENTS)}
_NONE = bytes(4 * len(DEPARTMENTS))
LISTED = 3  # names on a card
DENSE = 1 << 27  # ids up to here are found in an array, larger ones in a dict
FAR = (1 << 63) - 1


@dataclass(slots=True)
class People:
    """The people of name.basics, of whom those in wanted movies get a place."""

    keys: "array[int]" = field(default_factory=lambda: array("I"))  # by the number of the nconst; 0: no such row
    far: dict[int, int] = field(default_factory=dict)
    count: int = 0
    places: "array[int]" = field(default_factory=lambda: array("I"))  # by key; 0: in no movie
    credits: "array[int]" = field(default_factory=lambda: array("I", [0]))  # by place, as all below
    departments: "array[int]" = field(default_factory=lambda: array("I", _NONE))
    best: "array[int]" = field(default_factory=lambda: array("I", [0]))  # the two movies most looked at
    second: "array[int]" = field(default_factory=lambda: array("I", [0]))
    is_listed: bytearray = field(default_factory=lambda: bytearray(1))  # named on a card
    names: dict[int, str] = field(default_factory=dict)  # by key, of those who are listed

    def add(self, number: int) -> bool:
        """Give a person the next key; False when there was one."""
        if number >= DENSE:
            if number in self.far:
                return False
            self.count += 1
            self.far[number] = self.count
            return True
        keys = self.keys
        if number >= len(keys):
            keys.frombytes(bytes(4 * (max(number + 1, len(keys) * 5 // 4) - len(keys))))
        elif keys[number]:
            return False
        self.count += 1
        keys[number] = self.count
        return True

    def key(self, number: int) -> int:
        """The key of a person, 0 for one without a row."""
        if number < len(self.keys):
            return self.keys[number]
        return self.far.get(number, 0)

    def seal(self) -> None:
        """After the last ``add``."""
        self.places = array("I", bytes(4 * (self.count + 1)))

    def place(self, key: int) -> int:
        """The place of a person who has a credit."""
        place = self.places[key]
        if not place:
            place = self.places[key] = len(self.credits)
            self.credits.append(0)
            self.departments.frombytes(_NONE)
            self.best.append(0)
            self.second.append(0)
            self.is_listed.append(0)
        return place

    def department(self, place: int) -> str:
        """The department somebody is most in."""
        start = place * len(DEPARTMENTS)
        numbers = self.departments[start : start + len(DEPARTMENTS)]
        return DEPARTMENTS[max(range(len(numbers)), key=numbers.__getitem__)]


@dataclass(slots=True)
class Movies:
    """The wanted movies."""

    keys: dict[bytes, int] = field(default_factory=dict)  # by tconst
    titles: list[str] = field(default_factory=lambda: [""])  # by key, as all below
    ranks: "array[int]" = field(default_factory=lambda: array("q", [0]))  # more popular ones first, then earlier ones
    popularity: "array[int]" = field(default_factory=lambda: array("H", [0]))
    lines: "array[int]" = field(default_factory=lambda: array("I", [0]))  # of title.basics
    votes: "array[int]" = field(default_factory=lambda: array("I", [0]))
    tenths: "array[int]" = field(default_factory=lambda: array("B", [0]))
    genres: list[tuple[int, ...]] = field(default_factory=lambda: [()])
    crew: "array[int]" = field(default_factory=lambda: array("I"))  # directors and writers of all movies
    crew_start: "array[int]" = field(default_factory=lambda: array("I"))
    directors: "array[int]" = field(default_factory=lambda: array("I"))  # how many from the start
    writers: "array[int]" = field(default_factory=lambda: array("I"))  # how many behind them
    is_credited: bytearray = field(default_factory=bytearray)
    cast_count: "array[int]" = field(default_factory=lambda: array("I"))
    is_nameless: bytearray = field(default_factory=bytearray)  # somebody of the cast has no character
    top: "array[int]" = field(
        default_factory=lambda: array("I")
    )  # keys of the first of the cast, then of the directors

    def add(
        self, tconst: bytes, title: str, year: str | None, popularity: int, genres: tuple[int, ...], line: int
    ) -> int:
        """Give a movie the next key."""
        key = self.keys[tconst] = len(self.titles)
        self.titles.append(title)
        self.genres.append(genres)
        self.popularity.append(popularity)
        self.ranks.append(popularity << 46 | (8191 - int(year) if year else 0) << 32 | (0xFFFFFFFF - key))
        self.lines.append(line)
        self.votes.append(0)
        self.tenths.append(0)
        return key

    def seal(self) -> None:
        """After the last ``add``."""
        size = len(self.titles)
        self.crew_start = array("I", bytes(4 * size))
        self.directors, self.writers, self.cast_count = (array("I", bytes(4 * size)) for _ in range(3))
        self.is_credited, self.is_nameless = bytearray(size), bytearray(size)
        self.top = array("I", bytes(4 * 2 * LISTED * size))

    def missing_parts(self, key: int) -> int:
        """What the files do not say of a movie, as curation.derive.missing_parts; never a country or a studio."""
        genres = 0 if self.genres[key] else completeness.GENRES
        characters = completeness.CHARACTERS if self.is_nameless[key] else 0
        return genres | completeness.COUNTRIES | completeness.STUDIOS | characters

    def crew_of(self, key: int) -> "tuple[array[int], array[int]]":
        """Keys of directors and writers, by title.crew."""
        start, middle = self.crew_start[key], self.crew_start[key] + self.directors[key]
        return self.crew[start:middle], self.crew[middle : middle + self.writers[key]]


def count(movies: Movies, people: People, movie: int, parts: list[Part]) -> None:
    """Let the credits of a movie count for it and its people."""
    rank, ranks = movies.ranks[movie], movies.ranks
    best, second, departments = people.best, people.second, people.departments
    top = movie * 2 * LISTED
    billed = directing = 0
    for key, department, job, character, _, _, _ in parts:
        place = people.places[key] or people.place(key)
        people.credits[place] += 1
        departments[place * len(DEPARTMENTS) + _PLACE[department]] += 1
        first = best[place]
        if first != movie:
            if rank > ranks[first] or not first:
                second[place], best[place] = first, movie
            elif (other := second[place]) != movie and (rank > ranks[other] or not other):
                second[place] = movie
        if department == "acting":
            if not character:
                movies.is_nameless[movie] = 1
            if billed < LISTED:
                movies.top[top + billed] = key
                people.is_listed[place] = 1
            billed += 1
        elif job == "Director" and directing < LISTED:
            movies.top[top + LISTED + directing] = key
            people.is_listed[place] = 1
            directing += 1
    movies.cast_count[movie] = billed
