"""The search index is made anew while the site serves."""

from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from catalogue.models import AlternativeName, Movie, SearchDocument, SearchKind, SearchTypo
from catalogue.search import postgresql, search, sqlite, suggest
from catalogue.search.build import TABLES, rebuild
from catalogue.search.index import index_movies, index_people
from tests.makers import make_movie, make_person

pytestmark = pytest.mark.django_db
TABLES_OF = {"sqlite": sqlite, "postgresql": postgresql}


def found(text: str) -> list[str]:
    return [movie.title for movie in search(text).movies]


def test_a_rebuild_finds_everything_again() -> None:
    make_movie("Ran")
    make_movie("Ran, a draft", is_published=False)
    person = make_person("Akira Kurosawa")
    AlternativeName.objects.create(person=person, name="黒澤明")
    SearchDocument.objects.all().delete()
    SearchTypo.objects.all().delete()
    gone = SearchDocument.key(SearchKind.MOVIE, 999_999, 0)
    SearchDocument.objects.create(id=gone, kind=SearchKind.MOVIE, object_id=999_999, names="|gone|", words="gone")

    assert rebuild() == 2

    assert (found("ran"), found("gone")) == (["Ran"], [])
    assert [found.name for found in search("黒澤").people] == ["Akira Kurosawa"]
    assert search("kurosava").mended == "kurosawa"
    assert SearchDocument.objects.count() == 2


def test_a_rebuild_writes_what_single_writes_wrote() -> None:
    for title in ("Ran", "Amélie", "8½", "Spider-Man", "七人の侍", "Rocky II"):
        make_movie(title, release_date="1985")
    columns = ("id", "kind", "object_id", "level", "names", "words")
    before = list(SearchDocument.objects.order_by("id").values_list(*columns))
    rebuild()

    assert list(SearchDocument.objects.order_by("id").values_list(*columns)) == before
    assert rebuild() == 6


def test_the_index_follows_writes_after_a_rebuild() -> None:
    movie = make_movie("Ran")
    rebuild()

    Movie.objects.filter(pk=movie.pk).update(title="Chaos")
    index_movies([movie.pk])

    assert (found("ran"), found("chaos")) == ([], ["Chaos"])


def test_a_rebuild_follows_what_is_written_meanwhile() -> None:
    changed, deleted = make_movie("Ran"), make_movie("Ikiru")
    SearchDocument.objects.update(written_at=None)

    def meanwhile(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        if ("optimize" in sql or "maintenance_work_mem" in sql) and deleted.pk:
            key = deleted.pk
            deleted.delete()
            index_movies([key])
            Movie.objects.filter(pk=changed.pk).update(title="Chaos")
            index_movies([changed.pk])
            make_person("Tatsuya Nakadai")
        return execute(sql, *rest)

    with connection.execute_wrapper(meanwhile):
        rebuild()

    assert (found("ran"), found("chaos"), found("ikiru")) == ([], ["Chaos"], [])
    assert suggest("nakadai").people


def test_an_interrupted_rebuild_leaves_the_old_index_and_can_be_run_again() -> None:
    make_movie("Ran")
    TABLES_OF[connection.vendor].begin(TABLES)

    assert found("ran") == ["Ran"]
    call_command("rebuild_search", verbosity=0)
    assert found("ran") == ["Ran"]


def test_a_rebuild_brings_a_lost_index_back() -> None:
    make_movie("Ran")
    make_person("Akira Kurosawa")
    TABLES_OF[connection.vendor].drop()
    with transaction.atomic():
        rebuild()

    assert found("ran") == ["Ran"]
    index_people([make_person("Takashi Shimura").pk])
    assert suggest("shimura").people


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="FTS5 is one table, which a rebuild replaces")
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_an_upgrade_renews_the_indexes_beside_those_that_are_searched() -> None:
    make_movie("Ran")
    with connection.cursor() as cursor:
        names = "SELECT indexname FROM pg_indexes WHERE indexname LIKE 'search\\_%%' ORDER BY 1"
        cursor.execute(names)
        before = cursor.fetchall()
        for name in ("search_movie_0_new", "search_movie_600_new"):  # as one broken off left it, and an earlier version
            cursor.execute(f"CREATE INDEX {name} ON catalogue_searchdocument (level)")
        cursor.execute("CREATE INDEX search_person_300 ON catalogue_searchdocument (level)")

        postgresql.renew()

        cursor.execute(names)
        assert cursor.fetchall() == before
    assert found("ran") == ["Ran"]


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="FTS5 is read in order, whatever it holds")
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_the_ranges_hold_so_many_however_alike_all_are_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    def sizes(kind: SearchKind) -> list[int]:
        with connection.cursor() as cursor:
            found = []
            for name, _ in postgresql.tiers(kind):
                cursor.execute(
                    "SELECT pg_get_expr(indpred, indrelid) FROM pg_index WHERE indexrelid = %s::regclass", [name]
                )
                cursor.execute(f"SELECT count(*) FROM catalogue_searchdocument WHERE {cursor.fetchone()[0]}")
                found.append(cursor.fetchone()[0])
        return found

    for number in range(9):
        make_movie(f"Harbour {number}")
    make_person("Akira Kurosawa")
    monkeypatch.setattr(postgresql, "_RANKS", {SearchKind.MOVIE: (2, 5, 50), SearchKind.PERSON: (2,)})
    for renew in (rebuild, postgresql.renew):
        renew()
        assert sizes(SearchKind.MOVIE) == [2, 3, 4, 0]
        assert sum(sizes(SearchKind.PERSON)) == 1
        assert len(found("harbour")) == 9
        assert suggest("kurosawa").people
    make_movie("Harbour 9")
    assert len(found("harbour")) == 10
    call_command("refresh_search", stdout=(said := StringIO()))
    assert "anew" not in said.getvalue()

    for number in range(10, 20):
        make_movie(f"Harbour {number}", popularity=1000 - number)
    call_command("refresh_search", stdout=said)
    assert "anew" in said.getvalue()
    assert sizes(SearchKind.MOVIE)[:2] == [2, 3]
    assert len(found("harbour")) == 20
