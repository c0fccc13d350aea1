"""A search index that is missing or broken fails no page and no write, and comes back with a rebuild."""

from collections.abc import Callable

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client

from catalogue.models import SearchDocument, Studio
from catalogue.search import postgresql, search, sqlite
from tests.makers import make_movie, make_person

TABLES_OF = {"sqlite": sqlite, "postgresql": postgresql}
# A failed statement ends a transaction of PostgreSQL, and pages are read outside of any.
pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


def run(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


def lose_text() -> None:
    """The full-text table is gone, or what the indexes of PostgreSQL are made with."""
    if connection.vendor == "sqlite":
        run("DROP TABLE catalogue_search")
    else:
        run("DROP FUNCTION catalogue_search_lexemes CASCADE")


def break_text() -> None:
    """What the full-text index holds is nonsense; PostgreSQL's has no table to write nonsense into, but cannot be made."""
    if connection.vendor == "sqlite":
        run("UPDATE catalogue_search_data SET block = x'ff00ff'")
    else:
        run(
            "CREATE OR REPLACE FUNCTION catalogue_search_lexemes(words text) RETURNS tsvector LANGUAGE plpgsql IMMUTABLE "
            "AS $$ BEGIN RAISE 'broken'; END $$"
        )


def lose_words() -> None:
    """The speller's words are gone."""
    run("ALTER TABLE catalogue_searchtypo RENAME TO lost")


def find_words_again() -> None:
    run("ALTER TABLE lost RENAME TO catalogue_searchtypo")


BREAKS = pytest.mark.parametrize(
    ("harm", "heal"),
    [
        pytest.param(lose_text, None, id="lost"),
        pytest.param(break_text, None, id="broken"),
        pytest.param(lose_words, find_words_again, id="speller-lost"),
    ],
)


@BREAKS
def test_pages_are_read_and_records_written_without_an_index(
    harm: Callable[[], None], heal: Callable[[], None] | None, as_editor: Client, caplog: pytest.LogCaptureFixture
) -> None:
    make_movie("Ran")
    harm()

    for page in ("/search/?q=ran", "/search/?q=rann", "/search/?q=kurosawa+ran+1985", "/search/suggest/?q=ra"):
        assert as_editor.get(page).status_code == 200
    saved = as_editor.post("/admin/catalogue/studio/add/", {"name": "Toho", "about": ""})
    movie, person = make_movie("Ikiru"), make_person("Takashi Shimura")
    movie.title = "To Live"
    movie.save()
    deleted = as_editor.post(f"/admin/catalogue/person/{person.pk}/delete/", {"post": "yes"})
    messages = caplog.text

    if heal:
        heal()
    call_command("rebuild_search", verbosity=0)
    assert (saved.status_code, deleted.status_code) == (302, 302)
    assert Studio.objects.filter(name="Toho").exists()
    assert [found.title for found in search("live").movies] == ["To Live"]
    assert [found.name for found in search("toho").studios] == ["Toho"]
    assert not search("shimura").people
    assert SearchDocument.objects.count() == 3
    assert connection.vendor != "sqlite" or harm is break_text or "run rebuild_search" in messages
