"""After a bulk load the schema is the one that the migrations made."""

from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection

from catalogue.importers.bulk import bulk_writing
from catalogue.models import Movie, MovieGenre
from tests.catalogue.importers.imdb.data import run, write

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)
UNQUOTED = str.maketrans("", "", "'\"")
SQLITE = "SELECT type, name, tbl_name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_stat%' ORDER BY 1, 2, 3"
POSTGRESQL = [
    "SELECT conrelid::regclass::text, conname, contype, pg_get_constraintdef(oid) FROM pg_constraint ORDER BY 1, 2, 3",
    "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1, 2",
    "SELECT table_name, column_name, column_default, is_nullable, data_type, is_identity, generation_expression "
    "FROM information_schema.columns WHERE table_schema = 'public' ORDER BY 1, 2",
    "SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1, 2",
]


def schema() -> list[Any]:
    with connection.cursor() as cursor:
        rows = []
        for query in [SQLITE] if connection.vendor == "sqlite" else POSTGRESQL:
            cursor.execute(query)
            # Quotes apart: SQLite puts others around the name of a table that has taken another one's place.
            rows.append([tuple(str(value).translate(UNQUOTED) for value in row) for row in cursor.fetchall()])
    return rows


def test_the_schema_is_the_same_to_the_letter(tmp_path: Path) -> None:
    before = schema()

    run(write(tmp_path))

    assert schema() == before
    call_command("makemigrations", "--check", verbosity=0)


def test_a_key_that_points_nowhere_takes_everything_back() -> None:
    before = schema()

    def load() -> None:
        with bulk_writing([Movie, MovieGenre]) as writer:
            writer.write(Movie, ["id", "title"], [(1, "Ran")])
            writer.write(MovieGenre, ["movie", "genre", "position"], [(1, 4711, 0)])

    with pytest.raises(IntegrityError):
        load()

    assert not Movie.objects.exists()
    assert schema() == before


@pytest.mark.parametrize("row", [(1, "", None), (1, "Ran", "54"), (1, "Ran", None)])
def test_the_rules_of_the_models_hold(row: tuple[Any, ...]) -> None:
    with pytest.raises(IntegrityError), bulk_writing([Movie]) as writer:
        writer.write(Movie, ["id", "title", "release_date"], [row, row])


def test_columns_that_are_not_given_get_their_defaults() -> None:
    with bulk_writing([Movie]) as writer:
        assert writer.write(Movie, ["id", "title", "sort_title", "slug"], [(1, "Ran", "ran", "ran")]) == 1

    made = Movie.objects.get()
    expected = Movie.objects.create(title="Ran")
    for field in Movie._meta.concrete_fields:
        if field.name not in ("id", "created_at", "updated_at"):
            assert getattr(made, field.attname) == getattr(expected, field.attname), field.name
    assert made.created_at <= expected.created_at
