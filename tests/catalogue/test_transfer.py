"""The catalogue as files and back, without loss."""

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from catalogue.models import (
    Collection,
    Credit,
    ExternalId,
    Feature,
    Image,
    Movie,
    Person,
    RelatedMovie,
    SearchDocument,
    Studio,
    WatchLink,
)
from catalogue.search import search
from catalogue.transfer.parts import PARTS
from catalogue.vocabulary import Placing
from tests.catalogue.importers.test_run import heat, run
from tests.makers import make_cast, make_member, make_movie, make_review

pytestmark = pytest.mark.django_db


@pytest.fixture
def catalogue() -> Movie:
    """A movie with one of everything, and another one beside it."""
    run(heat(external_ids={"movielens": "6"}, countries_of_origin=["US"], spoken_languages=["en", "es"]))
    movie = Movie.objects.get()
    other = make_movie(
        "=cmd|' /C calc'!A0", genres=["Drama"], studios=["Regency"], budget_usd=1000, aspect_ratio="2.35"
    )
    make_cast(other, "Al Pacino", character="-1")
    Movie.objects.filter(pk=movie.pk).update(
        locked_fields=["title"], provenance={"title": ["editor", "2026-11-24"]}, version=7
    )
    movie.alternative_titles.create(title="Fuego contra fuego", country_id="ES", language_id="es")
    movie.external_ratings.create(source="IMDb", value="8.30", votes=700_000, histogram=[1, 2, 3])
    movie.releases.create(country_id="US", date="1995-12-15")
    movie.videos.create(title="Trailer", url="https://example.org/t")
    WatchLink.objects.create(
        movie=movie, provider="A shop", url="https://example.org/w", kind="buy", checked_on="2026-01-01"
    )
    Image.objects.create(digest="0" * 32, kind="poster", width=2, height=3, credit="Somebody", licence="CC0")
    collection = Collection.objects.create(name="Heists", is_published=True)
    collection.items.create(movie=movie, note="The best")
    Feature.objects.create(movie=movie, starts_on="2026-11-01")
    for placing, pair in ((Placing.PINNED, (movie, other)), (Placing.BANNED, (other, movie))):
        RelatedMovie.objects.create(movie=pair[0], other=pair[1], placing=placing, reason="An editor's word")
    return movie


def empty() -> None:
    for part in reversed(PARTS):
        part.model._default_manager.all().delete()
    SearchDocument.objects.all().delete()


def files(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in sorted(folder.iterdir())}


def test_export_import_export_gives_the_same_bytes(catalogue: Movie, tmp_path: Path) -> None:
    make_review(catalogue, make_member())
    call_command("export_catalogue", str(tmp_path / "one"), verbosity=0)
    keys = sorted(Movie.objects.values_list("pk", flat=True))
    catalogue.reviews.all().delete()
    empty()

    call_command("import_catalogue", str(tmp_path / "one"), verbosity=0)
    call_command("export_catalogue", str(tmp_path / "two"), verbosity=0)

    assert files(tmp_path / "one") == files(tmp_path / "two")
    assert len(files(tmp_path / "one")) == 2 * len(PARTS) + 1
    assert sorted(Movie.objects.values_list("pk", flat=True)) == keys


def test_what_follows_is_made_anew(catalogue: Movie, tmp_path: Path) -> None:
    call_command("export_catalogue", str(tmp_path), verbosity=0)
    empty()

    call_command("import_catalogue", str(tmp_path), verbosity=0)

    movie = Movie.objects.get(pk=catalogue.pk)
    assert (movie.director_line, movie.cast_count, movie.popularity, movie.locked_fields) == (
        "Michael Mann",
        1,
        673,
        ["title"],
    )
    assert [found.pk for found in search("fuego").movies] == [movie.pk]
    assert Person.objects.get(name="Al Pacino").credit_count == 2
    assert ExternalId.objects.get().value == "6"
    assert Studio.objects.create(name="A new one").pk  # keys go on behind those that were loaded
    assert make_movie("A new one").pk > movie.pk
    assert run(heat(external_ids={"movielens": "6"}, countries_of_origin=["US"], spoken_languages=["en", "es"])) == {
        "unchanged": 1
    }


def test_members_are_no_part_of_it(catalogue: Movie, tmp_path: Path) -> None:
    make_review(catalogue, make_member("mallory"), headline="A secret")

    call_command("export_catalogue", str(tmp_path), verbosity=0)

    assert not any(b"mallory" in content or b"A secret" in content for content in files(tmp_path).values())


def test_no_cell_of_the_tables_is_a_formula(catalogue: Movie, tmp_path: Path) -> None:
    call_command("export_catalogue", str(tmp_path), verbosity=0)

    for file in tmp_path.glob("*.csv"):
        with file.open(encoding="utf-8", newline="") as lines:
            assert not [cell for row in csv.reader(lines) for cell in row if cell[:1] in "=+@\t" and cell], file.name


def test_the_manifest_names_sources_and_licences(catalogue: Movie, tmp_path: Path) -> None:
    call_command("export_catalogue", str(tmp_path), verbosity=0)

    manifest = json.loads((tmp_path / "manifest.json").read_text())
    assert manifest["sources"][1]["code"] == "imdb"
    assert "non-commercial" in manifest["sources"][1]["licence"]
    assert manifest["sources"][1]["movies"] == 1
    assert {part["name"]: part["rows"] for part in manifest["parts"]}["credits"] == 3


def test_a_catalogue_with_movies_refuses_an_export(catalogue: Movie, tmp_path: Path) -> None:
    call_command("export_catalogue", str(tmp_path), verbosity=0)

    with pytest.raises(CommandError, match="not empty"):
        call_command("import_catalogue", str(tmp_path), verbosity=0)


def test_a_folder_that_holds_something_is_not_written_into(tmp_path: Path) -> None:
    (tmp_path / "mine").touch()

    with pytest.raises(CommandError, match="not empty"):
        call_command("export_catalogue", str(tmp_path), verbosity=0)


def _cut(folder: Path) -> None:
    file = folder / "movies.jsonl"
    file.write_bytes(file.read_bytes()[:-20])


def _no_manifest(folder: Path) -> None:
    (folder / "manifest.json").unlink()


def _newer(folder: Path) -> None:
    file = folder / "manifest.json"
    file.write_text(file.read_text().replace('"version": 1', '"version": 2'))


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (_cut, r"movies\.jsonl is missing, or not as"),
        (_no_manifest, "manifest.json cannot be read"),
        (_newer, "version 1"),
    ],
)
def test_a_damaged_export_is_refused_whole(catalogue: Movie, tmp_path: Path, damage: Any, said: str) -> None:
    call_command("export_catalogue", str(tmp_path), verbosity=0)
    empty()
    damage(tmp_path)

    with pytest.raises(CommandError, match=said):
        call_command("import_catalogue", str(tmp_path), verbosity=0)

    assert not Movie.objects.exists()
    assert not Credit.objects.exists()


@pytest.mark.parametrize("place", ["file/sub", "full"])
def test_a_place_that_cannot_be_written_is_named(tmp_path: Path, place: str) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "x").touch()

    with pytest.raises(CommandError, match=f"{place} cannot be written: (Not a directory|it is not empty)"):
        call_command("export_catalogue", str(tmp_path / place), verbosity=0)
