"""Two editors, or an editor and an import, at one movie: what they write is merged, or shown for choosing."""

import pytest
from django.test import Client
from django.urls import reverse

from catalogue.curation.derive import refresh_movies
from catalogue.curation.presence import forget_old
from catalogue.models import Credit, Disagreement, Movie, Presence, Release
from tests.catalogue.admin.form import address, new_row, opened, place_of, refused, saved, send
from tests.catalogue.importers.test_run import heat, run
from tests.makers import make_cast, make_crew, make_member, make_movie
from tests.pages import read

pytestmark = pytest.mark.django_db


@pytest.fixture
def movie() -> Movie:
    movie = make_movie("Ran", tagline="A", runtime_minutes=160)
    make_cast(movie, "Tatsuya Nakadai", "Hidetora")
    make_cast(movie, "Mieko Harada", "Kaede")
    return movie


@pytest.fixture
def other() -> Client:
    client = Client()
    client.force_login(make_member("otto", is_staff=True, is_superuser=True))
    return client


def test_fields_that_one_side_changed_are_merged(as_editor: Client, other: Client, movie: Movie) -> None:
    mine, theirs = opened(as_editor, movie), opened(other, movie)

    saved(other, movie, theirs, title="Chaos", runtime_minutes="162")
    saved(as_editor, movie, mine, tagline="B")

    movie.refresh_from_db()
    assert (movie.title, movie.slug, movie.runtime_minutes, movie.tagline) == ("Chaos", "chaos", 162, "B")
    assert movie.locked_fields == ["runtime_minutes", "tagline", "title"]


def test_a_field_both_changed_is_shown_and_a_second_save_has_mine(
    as_editor: Client, other: Client, movie: Movie
) -> None:
    mine, theirs = opened(as_editor, movie), opened(other, movie)
    saved(other, movie, theirs, tagline="Theirs")

    page = refused(as_editor, movie, mine, tagline="Mine", title="Ran!")

    assert "Another changed this meanwhile, from “A” to “Theirs”." in page.text
    assert page.one("input", id="id_tagline").attributes["value"] == "Mine"
    movie.refresh_from_db()
    assert (movie.tagline, movie.title) == ("Theirs", "Ran")
    shown = page.one("input", name="initial-tagline").attributes["value"]
    saved(as_editor, movie, mine, **{"tagline": "Mine", "title": "Ran!", "initial-tagline": shown})
    movie.refresh_from_db()
    assert (movie.tagline, movie.title) == ("Mine", "Ran!")


def test_theirs_can_be_chosen(as_editor: Client, other: Client, movie: Movie) -> None:
    mine, theirs = opened(as_editor, movie), opened(other, movie)
    saved(other, movie, theirs, tagline="Theirs")

    saved(as_editor, movie, mine, tagline="Mine", theirs="tagline", title="Ran!")

    movie.refresh_from_db()
    assert (movie.tagline, movie.title) == ("Theirs", "Ran!")


def test_the_same_change_by_both_is_no_conflict(as_editor: Client, other: Client, movie: Movie) -> None:
    mine, theirs = opened(as_editor, movie), opened(other, movie)
    saved(other, movie, theirs, tagline="Same")

    saved(as_editor, movie, mine, tagline="Same")


def test_rows_are_merged_by_column_and_their_new_rows_stay(as_editor: Client, other: Client, movie: Movie) -> None:
    mine, theirs = opened(as_editor, movie), opened(other, movie)
    start = place_of(theirs, "Hidetora")
    fresh = new_row(2, person_name="Akira Terao", is_new="on", character="Taro")

    saved(other, movie, theirs, **fresh, **{f"{start}credited_as": "T. Nakadai"})
    saved(as_editor, movie, mine, **{f"{start}character": "Lord Hidetora"})

    found = {credit.character: credit.credited_as for credit in movie.credits.all()}
    assert found == {"Lord Hidetora": "T. Nakadai", "Kaede": "", "Taro": ""}


def test_a_cell_both_changed_is_shown(as_editor: Client, other: Client, movie: Movie) -> None:
    mine, theirs = opened(as_editor, movie), opened(other, movie)
    start = place_of(mine, "Hidetora")
    saved(other, movie, theirs, **{f"{start}character": "Theirs"})

    page = refused(as_editor, movie, mine, **{f"{start}character": "Mine"})

    assert "Another changed this meanwhile, from “Hidetora” to “Theirs”. Save again to have yours." in page.text
    was = page.one("input", name=f"{start}was").attributes["value"]
    saved(as_editor, movie, mine, **{f"{start}character": "Mine", f"{start}was": was})
    assert movie.credits.filter(character="Mine").exists()


def test_a_row_removed_by_another_stays_removed_unless_it_was_changed(
    as_editor: Client, other: Client, movie: Movie
) -> None:
    mine, theirs = opened(as_editor, movie), opened(other, movie)
    start = place_of(mine, "Hidetora")
    saved(other, movie, theirs, **{f"{start}DELETE": "on"})

    saved(as_editor, movie, mine, tagline="B")
    assert not movie.credits.filter(character="Hidetora").exists()

    page = refused(as_editor, movie, mine | {"initial-tagline": "B", "tagline": "B"}, **{f"{start}character": "Mine"})
    assert "Somebody removed this row meanwhile." in page.text
    assert page.one("input", name="credits-1-character").attributes["value"] == "Mine"
    assert page.one("input", name="credits-1-id").attributes["value"] == ""


def test_a_row_changed_by_another_is_not_removed_unseen(as_editor: Client, other: Client, movie: Movie) -> None:
    mine, theirs = opened(as_editor, movie), opened(other, movie)
    start = place_of(mine, "Hidetora")
    saved(other, movie, theirs, **{f"{start}character": "Theirs"})

    page = refused(as_editor, movie, mine, **{f"{start}DELETE": "on"})

    assert "was changed by another meanwhile. Save again to remove it." in page.text
    was = page.one("input", name=f"{start}was").attributes["value"]
    saved(as_editor, movie, mine, **{f"{start}DELETE": "on", f"{start}was": was})
    assert list(movie.credits.values_list("character", flat=True)) == ["Kaede"]


@pytest.mark.parametrize("was", ["", "{", "[]", "7", '{"billing_order": "x"}', '{"person": [1]}'])
def test_a_forged_memory_of_a_row_is_no_error(as_editor: Client, movie: Movie, was: str) -> None:
    form = opened(as_editor, movie)
    start = place_of(form, "Hidetora")

    saved(as_editor, movie, form, **{f"{start}was": was, f"{start}character": "Mine"})

    assert movie.credits.filter(character="Mine").exists()


def test_an_import_that_wrote_the_list_anew_meanwhile(as_editor: Client) -> None:
    run(heat())
    movie = Movie.objects.get()
    form = opened(as_editor, movie)
    rows = list(Credit.objects.order_by("pk"))
    for credit in rows:  # what an import does with a list that changed: all rows anew, one more among them
        Credit.objects.filter(pk=credit.pk).delete()
        credit.pk = None
        credit.save()
    make_crew(movie, "Elliot Goldenthal", "Original Music Composer", "sound")

    saved(as_editor, movie, form, **{f"{place_of(form, 'Vincent Hanna')}character": "Lt. Hanna"})

    assert movie.credits.filter(character="Lt. Hanna").exists()
    assert movie.credits.filter(job="Original Music Composer").exists()
    assert movie.credits.count() == len(rows) + 1


def test_an_import_in_between_and_a_release(as_editor: Client, movie: Movie) -> None:
    Release.objects.create(movie=movie, country_id="JP", date="1985-06-01")
    form = opened(as_editor, movie)
    Release.objects.update(certification="G")
    refresh_movies([movie.pk])

    saved(as_editor, movie, form, **{f"{place_of(form, 'JP', 'country')}note": "Tokyo"})

    release = Release.objects.get()
    assert (release.certification, release.note, str(release.date)) == ("G", "Tokyo", "1985-06-01")


def test_who_else_has_it_open_is_said(as_editor: Client, other: Client, movie: Movie) -> None:
    assert "has this movie open" not in read(as_editor.get(address(movie))).text
    assert "edith has this movie open, too." in read(other.get(address(movie))).text
    path = address(movie).replace("/change/", "/presence/")
    assert as_editor.post(path).json() == {"others": ["otto"]}
    assert as_editor.get(path).status_code == 405

    saved(other, movie, opened(other, movie), tagline="B")

    assert as_editor.post(path).json() == {"others": []}
    Presence.objects.update(seen_at="2020-01-01T00:00:00Z")
    assert forget_old() == 1


def test_who_has_it_open_is_no_part_of_what_is_deleted(as_editor: Client, movie: Movie) -> None:
    opened(as_editor, movie)
    make_cast(movie, "Peter", "Kyoami")

    page = read(as_editor.get(reverse("admin:catalogue_movie_delete", args=[movie.pk]))).text

    assert Presence.objects.count() == 1
    assert "Peter" in page
    assert "resence" not in page


def test_what_another_source_says_is_taken_in_the_form(as_editor: Client) -> None:
    run(heat())
    movie = Movie.objects.get()
    saved(as_editor, movie, opened(as_editor, movie), runtime_minutes="171")
    run(heat())
    row = Disagreement.objects.get()
    form = opened(as_editor, movie)
    assert "IMDb says otherwise" in read(as_editor.get(address(movie))).text

    saved(as_editor, movie, form, take=str(row.pk), tagline="B")

    movie.refresh_from_db()
    row.refresh_from_db()
    assert (movie.runtime_minutes, movie.locked_fields, row.state) == (170, ["tagline"], "taken")


@pytest.mark.parametrize("take", ["999", "x", "9" * 40])
def test_a_forged_take_is_nothing(as_editor: Client, movie: Movie, take: str) -> None:
    saved(as_editor, movie, opened(as_editor, movie), take=take)


def test_what_was_typed_is_shown_when_another_deleted_the_record_and_saved_when_it_is_back(
    as_editor: Client, other: Client, movie: Movie
) -> None:
    mine = opened(as_editor, movie)
    written = {
        "synopsis": "An old lord divides\nhis land.",
        **new_row(2, person_name="Mieko Harada", character="Her ghost"),
    }
    other.post(reverse("admin:catalogue_movie_delete", args=[movie.pk]), {"post": "yes"})

    response = send(as_editor, movie, mine, **written)

    assert (response.status_code, Movie.objects.count()) == (410, 0)
    page = read(response)
    terms = page.one("dl")
    assert dict(zip(terms.texts("dt"), terms.texts("dd"), strict=True)) == {
        "Synopsis": "An old lord divides his land.",
        "Credits 1": "0, Tatsuya Nakadai, Hidetora, acting",
        "Credits 2": "1, Mieko Harada, Kaede, acting",
        "Credits 3": "acting, Mieko Harada, Her ghost",
    }
    history = next(link for link in page.all("a") if link.text == "Its history").attributes["href"]
    undo = next(link for link in read(other.get(history)).all("a") if link.text.startswith("undo it"))
    other.post(undo.attributes["href"])
    saved(as_editor, movie, mine, **written)
    assert (Movie.objects.get().synopsis, Credit.objects.count()) == ("An old lord divides\nhis land.", 3)


@pytest.mark.parametrize("key", ["٣٣٣", "9" * 40, "x", "0"])
def test_a_form_sent_to_no_record_fails_kindly(as_editor: Client, movie: Movie, key: str) -> None:
    response = as_editor.post(f"/admin/catalogue/movie/{key}/change/", opened(as_editor, movie))

    assert response.status_code in (302, 404, 410)
    assert Movie.objects.count() == 1
