"""Indexes that are added while a table is in use."""

from typing import Any

import pytest
from django.apps import apps
from django.db import connection, models
from django.db.migrations.state import ProjectState

from catalogue.doctor import Options
from catalogue.doctor.database import indexes_are_whole
from catalogue.migrating import AddIndexInUse

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)
NAME = "movie_by_tagline"


def indexes() -> set[str]:
    listed = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'index'",
        "postgresql": "SELECT indexname FROM pg_indexes",
    }
    with connection.cursor() as cursor:
        cursor.execute(listed[connection.vendor])
        return {name for (name,) in cursor.fetchall()}


def test_it_is_added_and_removed() -> None:
    before = indexes()
    move(forwards=True)
    assert indexes() - before == {NAME}

    move(forwards=False)
    assert indexes() == before


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite makes an index whole or not at all")
def test_one_that_was_broken_off_is_made_anew() -> None:
    move(forwards=True)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE pg_index SET indisvalid = false WHERE indexrelid = (SELECT oid FROM pg_class WHERE relname = %s)",
            [NAME],
        )
    assert NAME in next(indexes_are_whole(Options())).problem

    move(forwards=True)

    assert list(indexes_are_whole(Options())) == []
    move(forwards=False)


def move(*, forwards: bool) -> None:
    operation: Any = AddIndexInUse("movie", models.Index(fields=["tagline"], name=NAME))
    before = ProjectState.from_apps(apps)
    after = before.clone()
    operation.state_forwards("catalogue", after)
    with connection.schema_editor(atomic=False) as editor:
        if forwards:
            operation.database_forwards("catalogue", editor, before, after)
        else:
            operation.database_backwards("catalogue", editor, after, before)
