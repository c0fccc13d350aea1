"""Drafts: the link that shows one, and the time at which it is published."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from catalogue.browse import Selection, browse
from catalogue.curation.publishing import publish_due
from catalogue.models import Edit, Movie
from catalogue.previews import token
from catalogue.search import search
from tests.catalogue.admin.form import address, opened, refused, saved
from tests.makers import make_cast, make_movie
from tests.pages import read

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def link(movie: Movie) -> str:
    return reverse("movie_preview", args=[token(movie.pk)])


def test_a_draft_is_shown_by_its_link_and_by_nothing_else(client: Client, as_editor: Client) -> None:
    draft = make_movie("Ran", is_published=False)
    path = read(as_editor.get(address(draft))).one("ul", "object-tools").all("a")[-2].attributes["href"]

    response = client.get(path)

    assert read(response).one("h1").text.startswith("Ran")
    assert "This movie is not published yet" in read(response).text
    assert (response["X-Robots-Tag"], response["Cache-Control"]) == ("noindex", "private, no-store")
    assert read(response).one("meta", name="robots").attributes["content"] == "noindex"
    assert client.get(draft.get_absolute_url()).status_code == 404


def test_a_draft_s_preview_leads_to_its_whole_cast_and_back(client: Client, settings: Any) -> None:
    draft = make_movie("Ran", is_published=False)
    make_cast(draft, "Tatsuya Nakadai")
    text = token(draft.pk)
    preview, path = reverse("movie_preview", args=[text]), reverse("movie_preview_credits", args=[text])
    assert path in client.get(preview).content.decode()

    response = client.get(path)

    assert "Tatsuya Nakadai" in read(response).text
    assert f'href="{preview}"' in response.content.decode()
    assert draft.get_absolute_url() not in [each.attributes.get("href") for each in read(response).all("a")]
    assert (response["X-Robots-Tag"], response["Cache-Control"]) == ("noindex", "private, no-store")
    Movie.objects.update(is_published=True)
    assert client.get(path)["Location"] == reverse("movie_credits", args=[draft.pk, draft.slug])
    settings.PREVIEW_DAYS = -1
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("text", ["x", "x:y:z", "..", "é"])
def test_a_forged_link_shows_nothing(client: Client, text: str) -> None:
    make_movie("Ran", is_published=False)

    assert client.get(reverse("movie_preview", args=[text])).status_code == 404


def test_a_link_expires_and_leads_on_once_the_movie_is_published(client: Client, settings: Any) -> None:
    movie = make_movie("Ran", is_published=False)
    path = link(movie)

    settings.PREVIEW_DAYS = -1
    assert client.get(path).status_code == 404
    settings.PREVIEW_DAYS = 1
    Movie.objects.update(is_published=True)
    assert client.get(path)["Location"] == movie.get_absolute_url()


@pytest.mark.parametrize("count", [1, 3])
def test_the_preview_costs_what_the_page_costs(client: Client, count: int, django_assert_num_queries: Any) -> None:
    movie = make_movie("Ran", is_published=False)
    for number in range(count):
        make_cast(movie, f"Person {number}")
    path = link(movie)
    client.get(path)

    with django_assert_num_queries(3):
        client.get(path)


def test_what_is_due_is_published_everywhere_and_once() -> None:
    due = make_movie("Ran", is_published=False, publish_at=timezone.now() - HOUR)
    later = make_movie("Ikiru", is_published=False, publish_at=timezone.now() + HOUR)
    person = make_cast(due, "Tatsuya Nakadai").person
    version = Movie.objects.get(pk=due.pk).version
    assert (search("ran").movies, len(browse(Selection(), "title", ()).movies)) == ([], 0)

    assert (publish_due(), publish_due()) == (1, 0)

    due.refresh_from_db()
    later.refresh_from_db()
    assert person is not None
    person.refresh_from_db()
    assert (due.is_published, due.publish_at, later.is_published, due.version > version) == (True, None, False, True)
    assert [movie.pk for movie in search("ran").movies] == [due.pk]
    assert len(browse(Selection(), "title", ()).movies) == 1
    assert person.known_for_line == "Ran"
    edit = Edit.objects.get()
    assert (edit.by, edit.note) == ("The schedule", "Published at its time")


def test_the_command_says_how_many(capsys: pytest.CaptureFixture[str]) -> None:
    make_movie("Ran", is_published=False, publish_at=timezone.now() - HOUR)

    call_command("publish_due")

    assert capsys.readouterr().out == "1 movies published.\n"


def test_nothing_is_published_and_scheduled(as_editor: Client) -> None:
    movie = make_movie("Ran")

    with pytest.raises(IntegrityError, match="movie_published_or_scheduled"), transaction.atomic():
        Movie.objects.update(publish_at=timezone.now())
    page = refused(as_editor, movie, opened(as_editor, movie), publish_at="2030-01-02T10:30")
    assert "A published movie has no time of publication to come" in page.text


def test_a_time_is_kept_by_the_form(as_editor: Client) -> None:
    movie = make_movie("Ran", is_published=False)

    saved(as_editor, movie, opened(as_editor, movie), publish_at="2030-01-02T10:30")
    saved(as_editor, movie, opened(as_editor, movie), tagline="B")

    movie.refresh_from_db()
    assert f"{movie.publish_at:%Y-%m-%d %H:%M}" == "2030-01-02 10:30"
    assert opened(as_editor, movie)["publish_at"] == "2030-01-02T10:30"


@pytest.mark.parametrize("moment", ["0001-01-01T00:00", "2020-05-01T10:00"])
def test_a_time_that_has_passed_is_refused(as_editor: Client, moment: str) -> None:
    movie = make_movie("Ran", is_published=False)

    page = refused(as_editor, movie, opened(as_editor, movie), publish_at=moment)

    assert "This moment has passed" in page.text
    Movie.objects.update(publish_at="2020-05-01T10:00Z")  # due, and not published yet: the form is no hindrance
    saved(as_editor, movie, opened(as_editor, movie), tagline="B")
