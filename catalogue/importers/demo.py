"""The demo catalogue in fixtures/: one JSON file a movie, people.json, collections.json, and the pictures.

Loading creates what is missing and leaves alone what is there, so it can be run again and wipes nothing.
"""

import json
from collections.abc import Collection as Names
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import transaction

from catalogue import images
from catalogue.curation.derive import refresh_movies, refresh_people
from catalogue.dates import PartialDate
from catalogue.models import (
    AlternativeName,
    AlternativeTitle,
    Collection,
    CollectionItem,
    Credit,
    ExternalRating,
    Feature,
    Genre,
    Image,
    Movie,
    MovieGenre,
    MovieStudio,
    Person,
    Release,
    Studio,
    Video,
)
from catalogue.text import slugify
from catalogue.vocabulary import Department, ImageKind, Tint, TitleKind

Json = dict[str, Any]
CREDIT = "Drawn for this project"
LICENCE = "MIT"
ALT = {"poster": "Poster", "backdrop": "Still"}
GENRE_TINTS = {
    "Action": Tint.FIRELIGHT, "Adventure": Tint.SUNSHINE, "Animation": Tint.AQUAGREEN, "Biography": Tint.PEACHBLOW,
    "Comedy": Tint.SUNSHINE, "Crime": Tint.ARGENT, "Documentary": Tint.AZURE, "Drama": Tint.CANDLEFLAME,
    "Family": Tint.AQUAGREEN, "Fantasy": Tint.FLEURDELIS, "Film noir": Tint.NOCTURNE, "History": Tint.AFTERGLOW,
    "Horror": Tint.INFERNO, "Music": Tint.CAPRICE, "Musical": Tint.AMARANTH, "Mystery": Tint.PURPLEHAZE,
    "Romance": Tint.ROSEDOREE, "Science fiction": Tint.TURQUOISE, "Sport": Tint.VERDANTE, "Thriller": Tint.NOCTURNE,
    "War": Tint.VERDANTE, "Western": Tint.AFTERGLOW,
}  # fmt: skip


@dataclass(slots=True)
class Loaded:
    """What a run did."""

    created: int = 0
    unchanged: int = 0
    movies: dict[str, int] = field(default_factory=dict)  # slug of the file -> key


def load_movies(folder: Path, progress: Any = iter, *, only: Names[str] = ()) -> Loaded:
    """Create the movies of ``folder``/movies that the catalogue does not have, with everything that hangs on them.

    ``progress`` wraps the list of files, as tqdm does; ``only`` names the files to load, none: all.
    Raises ValueError, naming the file, for one that is not sound.
    """
    done = Loaded()
    # Those named in "newest" come last, so that the home page shows them as the newest.
    newest = json.loads((folder / "collections.json").read_text(encoding="utf-8"))["newest"]
    files = [
        file
        for file in sorted((folder / "movies").glob("*.json"), key=lambda file: (file.stem in newest, file.stem))
        if not only or file.stem in only
    ]
    records = [(file, _read(file)) for file in files]
    known = {(title, year): pk for title, year, pk in Movie.objects.values_list("title", "release_year", "pk")}
    for file, record in records:
        if pk := known.get(_key(record)):
            done.movies[file.stem] = pk
    fresh = [(file, record) for file, record in records if file.stem not in done.movies]
    done.created, done.unchanged = len(fresh), len(done.movies)
    pictures = _store_pictures(folder, {file.stem: record["title"] for file, record in fresh})
    with transaction.atomic():
        loader = _Loader(folder)
        for file, record in progress(fresh):
            try:
                done.movies[file.stem] = loader.movie(record, file.stem, pictures).pk
            except (KeyError, TypeError, ValueError) as error:
                raise ValueError(f"{file.name}: {error!r}") from error
        if done.created:
            refresh_movies(done.movies.values())
            refresh_people(Person.objects.values_list("pk", flat=True))
        if done.created and not only:
            _collections(folder, done.movies)
    return done


def _read(file: Path) -> Json:
    try:
        record: Json = json.loads(file.read_text(encoding="utf-8"))
        _key(record)
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(f"{file.name}: {error!r}") from error
    return record


def _key(record: Json) -> tuple[str, int]:
    return record["title"], int(record["release_date"][:4])


def _store_pictures(folder: Path, titles: dict[str, str]) -> dict[tuple[str, str], Image]:
    """Make the renditions of posters and stills, on all cores: Pillow lets go of the interpreter while it works."""

    def store(job: tuple[str, str, Path]) -> tuple[tuple[str, str], Image]:
        kind, stem, file = job
        with file.open("rb") as upload:
            decoded = images.decode(upload)
        images.store(kind, decoded)
        width, height = decoded.size
        image = Image(
            digest=decoded.digest, kind=kind, width=width, height=height, credit=CREDIT, licence=LICENCE,
            alt=f"{ALT[kind]} of {titles[stem]}", dhash=images.dhash(decoded.picture),
        )  # fmt: skip
        return (kind, stem), image

    places = ((ImageKind.POSTER, folder / "posters"), (ImageKind.BACKDROP, folder / "stills"))
    jobs = [(str(kind), stem, place / f"{stem}.webp") for stem in titles for kind, place in places]
    with ThreadPoolExecutor() as pool:
        found = dict(pool.map(store, [job for job in jobs if job[2].exists()]))
    Image.objects.bulk_create(found.values(), ignore_conflicts=True)
    return found


class _Loader:
    """Remembers the people, studios and genres met so far, by name."""

    def __init__(self, folder: Path) -> None:
        self.genres = {genre.name: genre for genre in Genre.objects.all()}
        self.studios = {studio.name: studio for studio in Studio.objects.all()}
        self.people = {str(person): person for person in Person.objects.all()}
        file = folder / "people.json"
        self.lives: dict[str, Json] = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}

    def movie(self, record: Json, stem: str, pictures: dict[tuple[str, str], Image]) -> Movie:
        poster, backdrop = pictures.get((ImageKind.POSTER, stem)), pictures.get((ImageKind.BACKDROP, stem))
        movie = Movie.objects.create(
            title=record["title"],
            original_title=record["original_title"] or "",
            original_language_id=record["original_language"],
            tagline=record["tagline"],
            synopsis=record["synopsis"],
            release_date=PartialDate.parse(record["release_date"]),
            runtime_minutes=record["runtime_minutes"],
            color=record["color"] or "",
            aspect_ratio=record["aspect_ratio"],
            imdb_id=record["imdb_id"],
            tmdb_id=record["tmdb_id"],
            wikidata_id=record["wikidata_id"],
            tint=record["tint"],
            poster=poster,
            backdrop=backdrop,
            is_published=True,
            source="demo",
        )
        movie.countries_of_origin.set(record["countries"])
        movie.spoken_languages.set(record["languages"])
        MovieGenre.objects.bulk_create(
            MovieGenre(movie=movie, genre=self._genre(name), position=place)
            for place, name in enumerate(record["genres"])
        )
        MovieStudio.objects.bulk_create(
            MovieStudio(movie=movie, studio=self._studio(name), position=place)
            for place, name in enumerate(dict.fromkeys(record["studios"]))
        )
        AlternativeTitle.objects.bulk_create(self._titles(movie, record))
        Release.objects.bulk_create(self._releases(movie, record))
        ExternalRating.objects.bulk_create(
            ExternalRating(movie=movie, **rating) for rating in record["external_ratings"]
        )
        Video.objects.bulk_create(Video(movie=movie, **video) for video in record.get("videos", []))
        Credit.objects.bulk_create(self._credits(movie, record))
        return movie

    def _genre(self, name: str) -> Genre:
        if name not in self.genres:
            self.genres[name] = Genre.objects.create(
                name=name, slug=slugify(name, "genre"), tint=GENRE_TINTS.get(name, Tint.ARGENT)
            )
        return self.genres[name]

    def _studio(self, name: str) -> Studio:
        if name not in self.studios:
            self.studios[name] = Studio.objects.create(name=name)
        return self.studios[name]

    def _person(self, name: str) -> Person:
        if name not in self.people:
            life = self.lives.get(name, {})
            person = Person.objects.create(
                name=name,
                born_on=life.get("born_on"),
                died_on=life.get("died_on"),
                birthplace=life.get("birthplace", ""),
                biography=life.get("biography", ""),
                source="demo",
            )
            AlternativeName.objects.bulk_create(
                AlternativeName(person=person, name=other["name"], language_id=other.get("language"))
                for other in life.get("alternative_names", [])
            )
            self.people[name] = person
        return self.people[name]

    def _titles(self, movie: Movie, record: Json) -> Iterator[AlternativeTitle]:
        if record["romanized_title"]:
            yield AlternativeTitle(
                movie=movie,
                title=record["romanized_title"],
                kind=TitleKind.ROMANIZED,
                language_id=record["original_language"],
            )
        for title in record["alternative_titles"]:
            yield AlternativeTitle(
                movie=movie,
                title=title["title"],
                kind=title.get("kind") or TitleKind.ALTERNATIVE,
                country_id=title["country"],
                language_id=title["language"],
            )

    def _releases(self, movie: Movie, record: Json) -> Iterator[Release]:
        for release in record["releases"]:
            yield Release(
                movie=movie,
                country_id=release["country"],
                date=PartialDate.parse(release["date"]) if release["date"] else None,
                type=release["type"],
                certification=release.get("certification") or "",
                note=release.get("note") or "",
            )

    def _credits(self, movie: Movie, record: Json) -> Iterator[Credit]:
        for place, part in enumerate(record["cast"]):
            yield Credit(
                movie=movie,
                person=self._person(part["name"]),
                credited_as=part.get("credited_as", ""),
                department=Department.ACTING,
                character=part["character"],
                billing_order=place,
                is_uncredited=part.get("uncredited", False),
                is_voice=part.get("voice", False),
            )
        for work in record["crew"]:
            yield Credit(movie=movie, person=self._person(work["name"]), department=work["department"], job=work["job"])


def _collections(folder: Path, movies: dict[str, int]) -> None:
    file = folder / "collections.json"
    content = json.loads(file.read_text(encoding="utf-8"))
    for record in content["collections"]:
        collection, is_new = Collection.objects.get_or_create(
            name=record["name"],
            defaults={"description": record["description"], "tint": record["tint"], "is_published": True},
        )
        if is_new:
            CollectionItem.objects.bulk_create(
                CollectionItem(collection=collection, movie_id=movies[item["movie"]], position=place, note=item["note"])
                for place, item in enumerate(record["movies"])
            )
    for feature in content["features"]:
        Feature.objects.get_or_create(
            movie_id=movies[feature["movie"]], starts_on=feature["starts_on"], defaults={"text": feature["text"]}
        )
