"""The pages of the history: what they say, who may see them, and that they do what their buttons say."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from catalogue.curation.history import recording
from catalogue.curation.merging import merge
from catalogue.models import Credit, Edit, Movie
from catalogue.vocabulary import EditKind
from reviews.models import Member
from tests.catalogue.test_images import movie_form
from tests.makers import make_cast, make_member, make_movie, make_review
from tests.pages import read

pytestmark = pytest.mark.django_db
LONG = "An old warlord divides his land among three sons, and the eldest two turn on him before the winter."


def retitle(movie: Movie, actor: Member, title: str, **more: Any) -> Edit:
    with recording(EditKind.FORM, actor, "As on the poster") as edit:
        edit.watch("movie", [movie.pk])
        Movie.objects.filter(pk=movie.pk).update(title=title, **more)
    assert edit.edit
    return edit.edit


def text_of(client: Client, address: str, **query: str) -> str:
    response = client.get(address, query)
    assert response.status_code == 200
    return " ".join(read(response).text.split())


def staff(*rights: str) -> Client:
    member = make_member(is_staff=True)
    member.user_permissions.set(Permission.objects.filter(codename__in=rights))
    client = Client()
    client.force_login(member)
    return client


def record_page(movie: Movie) -> str:
    return reverse("admin:catalogue_edit_record", args=["movie", movie.pk])


def test_the_history_says_in_words_what_changed(as_editor: Client, editor: Member) -> None:
    movie = make_movie("Ran", synopsis=LONG)
    credit = make_cast(movie, "Peter", "Kyoami")
    gone = make_cast(movie, "Akira Terao", "Taro")
    with recording(EditKind.FORM, editor, "As on the poster") as edit:
        edit.watch("movie", [movie.pk])
        Movie.objects.update(synopsis=LONG.replace("three", "four"), runtime_minutes=162)
        Credit.objects.filter(pk=credit.pk).update(character="The fool")
        gone.delete()

    response = as_editor.get(record_page(movie))

    page = " ".join(read(response).text.split())
    assert "As on the poster" in page
    assert "edith" in page
    assert "removed: Akira Terao, as Taro, Acting, place 1" in page
    assert "removed: Peter, as Kyoami, Acting, place 0" in page
    assert "added: Peter, as The fool, Acting, place 0" in page
    assert "<del>three</del><ins>four</ins>" in response.content.decode()


def test_moments_are_printed_as_the_desk_does(as_editor: Client, editor: Member) -> None:
    movie = make_movie("Ran", is_published=False)
    with recording(EditKind.FORM, editor) as edit:
        edit.watch("movie", [movie.pk])
        Movie.objects.update(publish_at=datetime(2026, 11, 27, 18, 33, tzinfo=UTC))

    assert "is: 27 November 2026, 18:33" in text_of(as_editor, record_page(movie))


def test_a_row_that_is_gone_keeps_its_words(as_editor: Client, editor: Member) -> None:
    """Its place changed, then it was deleted: both edits say whose credit it was."""
    movie = make_movie("Ran")
    credit = make_cast(movie, "Peter", "Kyoami")
    with recording(EditKind.FORM, editor) as moved:
        moved.watch("movie", [movie.pk])
        Credit.objects.filter(pk=credit.pk).update(billing_order=7)
    with recording(EditKind.FORM, editor) as gone:
        gone.watch("movie", [movie.pk])
        credit.delete()

    assert moved.edit
    page = text_of(as_editor, moved.edit.get_absolute_url())
    assert "removed: Peter, as Kyoami, Acting, place 0" in page
    assert "added: Peter, as Kyoami, Acting, place 7" in page


def test_namesakes_are_told_apart_by_their_numbers(as_editor: Client) -> None:
    vandal = make_member("vandal")
    one, other = make_movie("Ran"), make_movie("Ran")
    for movie in (one, other):
        retitle(movie, vandal, "Ran", tagline="Buy")

    page = text_of(as_editor, reverse("admin:catalogue_edit_account"), by="vandal", since="2026-01-01T00:00")

    assert f"Ran, number {one.pk}" in page
    assert f"Ran, number {other.pk}" in page


def test_a_review_in_the_history_says_whose_it_is(as_editor: Client, editor: Member) -> None:
    member, winner, loser = make_member("alice"), make_movie("Ran"), make_movie("Chaos")
    make_review(winner, member, 7)
    make_review(loser, member, 4, text="My secret words.")

    edit = merge("movie", winner.pk, loser.pk, editor, "", {})

    page = text_of(as_editor, edit.get_absolute_url())
    assert "removed: review by alice, 7/10" in page
    assert "secret" not in page


def test_django_s_history_leads_there(as_editor: Client) -> None:
    movie = make_movie("Ran")

    response = as_editor.get(reverse("admin:catalogue_movie_history", args=[movie.pk]))

    assert response["Location"] == record_page(movie)


def test_recent_changes_are_filtered(as_editor: Client, editor: Member) -> None:
    other = make_member("oscar")
    retitle(make_movie("Ran"), editor, "Ran!")
    retitle(make_movie("Dreams"), other, "Yume")
    recent = reverse("admin:catalogue_edit_changelist")

    assert "Ran!" in text_of(as_editor, recent)
    labels = [label.text for label in read(as_editor.get(recent)).all("label")]
    assert [name for name in labels if name in {"Who", "What", "By", "Made by"}] == ["Who", "What"]
    by_oscar = text_of(as_editor, recent, by="oscar")
    assert "Yume" in by_oscar
    assert "Ran!" not in by_oscar
    assert "No edits" in text_of(as_editor, recent, kind="merge")
    assert "No edits" in text_of(as_editor, recent, record="person")
    assert "No edits" in text_of(as_editor, recent, since="2999-01-01")
    assert "No edits" in text_of(as_editor, recent, since="nonsense")


def test_older_changes_are_a_page_further(as_editor: Client, editor: Member) -> None:
    for number in range(51):
        Edit.objects.create(kind="form", record_kind="movie", record_id="1", label=f"Number {number}.")
    recent = reverse("admin:catalogue_edit_changelist")

    page = read(as_editor.get(recent))
    older = next(link.attributes["href"] for link in page.all("a") if link.attributes.get("rel") == "next")

    assert "Number 0." not in page.text
    assert "Number 0." in text_of(as_editor, f"{recent}{older}")


@pytest.mark.parametrize("count", [1, 3])
def test_queries_of_the_pages(as_editor: Client, editor: Member, count: int, django_assert_num_queries: Any) -> None:
    movie = make_movie("Ran")
    for number in range(count):
        edit = retitle(movie, editor, f"Ran {number}")

    with django_assert_num_queries(3):  # session, member, the edits
        as_editor.get(reverse("admin:catalogue_edit_changelist"))
    with django_assert_num_queries(8):  # and the edits' keys, edits, changes, rows they name (2), the record
        as_editor.get(record_page(movie))
    with django_assert_num_queries(7):
        as_editor.get(edit.get_absolute_url())


def test_undo_shows_what_it_does_and_does_it(as_editor: Client, editor: Member) -> None:
    movie = make_movie("Ran")
    edit = retitle(movie, editor, "Chaos")
    undo = reverse("admin:catalogue_edit_undo", args=[edit.pk])

    assert "was: Chaos is: Ran" in text_of(as_editor, undo)
    response = as_editor.post(undo, {"why": "No"}, follow=True)

    assert "Put back" in response.content.decode()
    assert (Movie.objects.get().title, Edit.objects.first().note) == ("Ran", "No")  # type: ignore[union-attr]
    assert "nothing to put back" in text_of(as_editor, undo)
    assert as_editor.post(undo).status_code == 302
    assert Edit.objects.count() == 2


def test_one_field_is_put_back_with_its_padlock(as_editor: Client) -> None:
    movie = make_movie("Ran", tagline="Fools")
    as_editor.post(
        reverse("admin:catalogue_movie_change", args=[movie.pk]),
        movie_form(as_editor, movie) | {"title": "Chaos", "tagline": "Men are fools"},
    )
    undo = reverse("admin:catalogue_edit_undo", args=[Edit.objects.get().pk])

    as_editor.post(f"{undo}?field=tagline&record=movie:{movie.pk}")

    movie.refresh_from_db()
    assert (movie.title, movie.tagline, movie.locked_fields) == ("Chaos", "Fools", ["title"])
    assert Edit.objects.last().undone_by is None  # type: ignore[union-attr]


def test_a_later_value_is_offered_and_left_alone(as_editor: Client, editor: Member) -> None:
    movie = make_movie("Ran")
    edit = retitle(movie, editor, "Chaos")
    retitle(movie, editor, "Ran (1985)")
    undo = reverse("admin:catalogue_edit_undo", args=[edit.pk])

    assert "Title: now Ran (1985) , would be Ran" in text_of(as_editor, undo)
    refused = as_editor.post(undo, follow=True)

    assert "Changed since: title" in refused.content.decode()
    as_editor.post(undo, {"chosen": f"catalogue.movie|{movie.pk}|title"})
    assert Movie.objects.get().title == "Ran"


def test_everything_by_an_account_goes_after_a_look(as_editor: Client, editor: Member) -> None:
    vandal, movie = make_member("vandal"), make_movie("Ran")
    retitle(movie, vandal, "X")
    retitle(movie, vandal, "XX")
    account = reverse("admin:catalogue_edit_account")
    query = {"by": "vandal", "since": timezone.localdate().isoformat()}

    assert "2 edits by vandal" in text_of(as_editor, account, **query)
    assert Movie.objects.get().title == "XX"
    as_editor.post(f"{account}?by=vandal&since={query['since']}")

    assert Movie.objects.get().title == "Ran"
    assert "Nobody has this user name" in text_of(as_editor, account, by="nobody", since="2026-01-01")
    assert "nothing to put back" in text_of(as_editor, account, **query)


def test_what_stands_in_the_way_is_said_and_no_button_offered(as_editor: Client, editor: Member) -> None:
    movie = make_movie("Wholly Gone", release_date="1998")
    with recording(EditKind.FORM, editor) as edit:
        make_cast(movie, "Peter", "Kyoami")
        edit.add("movie", movie.pk)
    assert edit.edit
    review = make_review(movie)
    undo = reverse("admin:catalogue_edit_undo", args=[edit.edit.pk])

    page = text_of(as_editor, undo)
    assert "Wholly Gone (1998), the record itself: A review names it by now." in page
    assert "So nothing can be put back." in page
    assert "Put it back" not in page
    assert "Peter" not in page

    review.delete()
    assert "Put it back" in text_of(as_editor, undo)
    as_editor.post(undo)
    assert not Movie.objects.exists()


def test_what_was_left_is_told(as_editor: Client, editor: Member) -> None:
    movie, vandal = make_movie("Ran"), make_member("vandal")
    retitle(movie, vandal, "X")
    with recording(EditKind.FORM, vandal) as edit:
        kept = make_movie("Wholly Gone")
        edit.add("movie", kept.pk)
    make_review(kept)

    address = f"{reverse('admin:catalogue_edit_account')}?by=vandal&since=2026-01-01"
    answer = " ".join(read(as_editor.post(address, follow=True)).text.split())

    assert "Put back in part. Left as it is: Wholly Gone, the record itself: A review names it by now." in answer
    assert list(Movie.objects.order_by("pk").values_list("title", flat=True)) == ["Ran", "Wholly Gone"]


def test_an_account_s_edits_go_back_to_a_time_of_the_day(as_editor: Client) -> None:
    vandal, early, late = make_member("vandal"), make_movie("Ran"), make_movie("Dreams")
    for movie, hour in ((early, 9), (late, 11)):
        edit = retitle(movie, vandal, "X")
        Edit.objects.filter(pk=edit.pk).update(made_at=datetime(2026, 11, 24, hour, 30, tzinfo=UTC))
    account, query = reverse("admin:catalogue_edit_account"), {"by": "vandal", "since": "2026-11-24T10:00"}

    assert "1 edit by vandal since 24 November 2026, 10:00." in text_of(as_editor, account, **query)
    as_editor.post(f"{account}?by=vandal&since=2026-11-24T10:00")
    assert list(Movie.objects.order_by("pk").values_list("title", flat=True)) == ["X", "Dreams"]

    recent = read(as_editor.get(reverse("admin:catalogue_edit_changelist"), {"by": "vandal", "since": "2026-11-24"}))
    links = [link.attributes["href"] for link in recent.all("a")]
    assert f"{account}?by=vandal&since=2026-11-24T00:00" in links


def test_the_page_as_it_was(as_editor: Client, editor: Member) -> None:
    movie = make_movie("Ran")
    Movie.objects.update(created_at=timezone.now() - timedelta(days=9))
    credit = make_cast(movie, "Peter", "Kyoami")
    edit = retitle(movie, editor, "Chaos")
    past = reverse("admin:catalogue_edit_past", args=["movie", movie.pk])
    with recording(EditKind.DELETION, editor) as gone:
        gone.watch("movie", [movie.pk], everywhere=True)
        credit.delete()
        movie.delete()
    Edit.objects.update(made_at=timezone.now() - timedelta(days=2))
    Edit.objects.filter(pk=edit.pk).update(made_at=timezone.now() - timedelta(days=4))

    def on(days: int) -> str:
        return text_of(as_editor, past, date=(timezone.localdate() - timedelta(days=days)).isoformat())

    assert "Title Ran " in on(5)
    assert "Title Chaos" in on(3)
    assert "Peter, as Kyoami" in on(3)
    assert "It was not in the catalogue then" in on(0)
    assert "It was not in the catalogue then" in on(10)


@pytest.mark.parametrize("date", ["nonsense", "2026-13-01", "0001-01-01", "99999-01-01"])
def test_a_date_that_is_none_means_today(as_editor: Client, date: str) -> None:
    movie = make_movie("Ran")

    assert "Title Ran" in text_of(as_editor, reverse("admin:catalogue_edit_past", args=["movie", movie.pk]), date=date)


def test_who_may_do_what(editor: Member, as_member: Client) -> None:
    movie = make_movie("Ran")
    edit = retitle(movie, editor, "Chaos")
    undo, recent = reverse("admin:catalogue_edit_undo", args=[edit.pk]), reverse("admin:catalogue_edit_changelist")
    of_people, of_movies, watcher = staff("change_person"), staff("change_movie"), staff("revert_edits")

    assert of_people.get(record_page(movie)).status_code == 403
    assert of_people.post(undo).status_code == 403
    assert of_movies.get(record_page(movie)).status_code == 200
    assert of_movies.get(recent).status_code == 403
    assert of_movies.get(reverse("admin:catalogue_edit_account")).status_code == 403
    assert watcher.get(recent).status_code == 200
    assert watcher.post(undo).status_code == 403
    assert as_member.get(recent).status_code in {302, 403}
    assert Movie.objects.get().title == "Chaos"
    assert of_movies.post(undo).status_code == 302
    assert Movie.objects.get().title == "Ran"


@pytest.mark.parametrize(
    "address", ["record/film/1/", "record/movie/x/", "record/movie/99999999999999999999/", "9999999/change/"]
)
def test_addresses_of_nothing(as_editor: Client, address: str) -> None:
    assert as_editor.get(f"/admin/catalogue/edit/{address}").status_code == 404


@pytest.mark.parametrize("key", ["a_20b", "..%2f", "%F0%9F%8E%AC", "<b>", "1"])
def test_the_history_of_what_is_no_record_is_no_failure(as_editor: Client, key: str) -> None:
    response = as_editor.get(f"/admin/catalogue/movie/{key}/history/", follow=True)

    assert response.status_code in {200, 404}
