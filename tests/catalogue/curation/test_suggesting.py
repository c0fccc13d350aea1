"""Corrections that members suggest: from the page of a movie to the history, and back to the member."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from catalogue.curation.merging import merge
from catalogue.curation.suggesting import suggest
from catalogue.models import Edit, Movie, Person, Suggestion
from catalogue.search import search
from reviews.groups import SUGGESTION_REVIEWERS
from reviews.models import Member
from reviews.services import close_account, export_account, merge_accounts
from tests.makers import make_cast, make_member, make_movie, make_person
from tests.pages import read

pytestmark = pytest.mark.django_db
LONG = "An old warlord divides his land among three sons, and the eldest two turn on him before the winter."


def form_of(client: Client, kind: str, key: int) -> dict[str, str]:
    """What a browser would send, unchanged: line ends as browsers write them."""
    page = read(client.get(f"/suggest/{kind}/{key}/"))
    form = page.one("main").one("form")
    data = {item.attributes["name"]: item.attributes.get("value", "") for item in form.all("input")}
    for area in form.all("textarea"):
        text = "".join(child for child in area.children if isinstance(child, str)).removeprefix("\n")
        data[area.attributes["name"]] = text.replace("\n", "\r\n")
    for chosen in form.all("select"):
        options = [option for option in chosen.all("option") if "selected" in option.attributes]
        data[chosen.attributes["name"]] = options[0].attributes["value"] if options else ""
    return data | {"source": "https://example.org/ran"}


def send(client: Client, movie: Movie, **changes: str) -> Any:
    return client.post(f"/suggest/movie/{movie.pk}/", form_of(client, "movie", movie.pk) | changes, follow=True)


@pytest.fixture
def as_reviewer() -> Client:
    reviewer, client = make_member("rita", is_staff=True), Client()
    reviewer.groups.set(Group.objects.filter(name=SUGGESTION_REVIEWERS))
    client.force_login(reviewer)
    return client


def answer(client: Client, suggestion: Suggestion, **data: str) -> str:
    response = client.post(suggestion.get_absolute_url(), data, follow=True)
    suggestion.refresh_from_db()
    return " ".join(read(response).text.split())


def test_a_visitor_is_led_through_the_sign_in(client: Client) -> None:
    movie, person = make_movie("Ran"), make_person("Peter")

    assert f'href="/suggest/movie/{movie.pk}/"' in client.get(movie.get_absolute_url()).content.decode()
    assert f'href="/suggest/person/{person.pk}/"' in client.get(person.get_absolute_url()).content.decode()
    assert client.get(f"/suggest/movie/{movie.pk}/")["Location"].startswith("/accounts/login/?next=/suggest/")


def test_only_what_differs_is_kept_with_what_was_seen(as_member: Client, member: Member) -> None:
    movie = make_movie("Ran", synopsis="One.\n\nTwo.", release_date="1985", runtime_minutes=160)

    page = send(as_member, movie, runtime_minutes="162", countries_of_origin="JP, FR")

    suggestion = Suggestion.objects.get()
    assert "An editor looks at it" in page.content.decode()
    assert suggestion.changes == {"runtime_minutes": ["160", "162"], "countries_of_origin": ["", "JP, FR"]}
    assert (suggestion.made_by, suggestion.label, suggestion.state) == (member, "Ran (1985)", "open")
    movie.refresh_from_db()
    assert movie.runtime_minutes == 160


def test_sent_twice_it_is_one(as_member: Client) -> None:
    movie = make_movie("Ran")

    for _ in range(2):
        send(as_member, movie, tagline="Men are fools")

    assert Suggestion.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({}, "Nothing is different"),
        ({"tagline": "Fools", "source": ""}, "This field is required"),
        ({"release_date": "20O1"}, "is no date"),
        ({"countries_of_origin": "XX"}, "Not known: XX"),
        ({"imdb_id": "nonsense"}, "imdb"),
        ({"synopsis": "x" * 20_001}, "at most 20000 characters"),
        ({"runtime_minutes": "9" * 30}, "less than or equal to"),
        ({"original_language": "zz-nonsense"}, "Select a valid choice"),
    ],
)
def test_what_does_not_fit_is_said_and_nothing_typed_is_lost(as_member: Client, changes: Any, message: str) -> None:
    movie = make_movie("Ran", original_title="乱")

    page = send(as_member, movie, comment="Seen it myself", **changes)

    assert message.lower() in page.content.decode().lower()
    assert "Seen it myself" in page.content.decode()
    assert not Suggestion.objects.exists()


@pytest.mark.parametrize("name", ["title", "source", "original_language", "credits"])
def test_nul_is_refused(as_member: Client, name: str) -> None:
    assert send(as_member, make_movie("Ran"), **{name: "a\0"}).status_code == 400


@pytest.mark.parametrize("address", ["film/1", "movie/99999999999999999", "genre/1"])
def test_addresses_of_nothing(as_member: Client, address: str) -> None:
    assert as_member.get(f"/suggest/{address}/").status_code == 404


def test_drafts_and_suspended_members_are_kept_out(as_member: Client, member: Member) -> None:
    draft, movie = make_movie("Draft", is_published=False), make_movie("Ran")

    assert as_member.get(f"/suggest/movie/{draft.pk}/").status_code == 404
    Member.objects.update(suspended_until=timezone.now() + timedelta(days=1))
    assert as_member.get(f"/suggest/movie/{movie.pk}/").status_code == 403


def test_suggestions_are_limited(as_member: Client, settings: Any) -> None:
    settings.LIMITS = {"suggestion": (1, 3600)}
    movie = make_movie("Ran")
    send(as_member, movie, tagline="Fools")

    assert send(as_member, movie, tagline="More").status_code == 429


def test_what_is_taken_is_written_like_any_edit_and_the_rest_is_left_with_a_reason(
    as_member: Client, as_reviewer: Client, member: Member
) -> None:
    movie = make_movie("Ran", synopsis=LONG)
    before = movie.version
    send(as_member, movie, title="Chaos", synopsis=LONG.replace("three", "four"), tagline="Fools")
    suggestion = Suggestion.objects.get()
    page = as_reviewer.get(suggestion.get_absolute_url()).content.decode()
    assert "<del>three</del><ins>four</ins>" in page

    taken = {"take-title": "yes", "take-tagline": "yes", "take-synopsis": "no"}
    assert "Say why not" in answer(as_reviewer, suggestion, **taken)
    answer(as_reviewer, suggestion, **taken, reason="There are three")

    movie.refresh_from_db()
    assert (movie.title, movie.tagline, movie.slug, movie.synopsis) == ("Chaos", "Fools", "chaos", LONG)
    assert (movie.locked_fields, movie.version > before) == (["tagline", "title"], True)
    assert [found.pk for found in search("chaos").movies] == [movie.pk]
    assert (suggestion.state, suggestion.taken, suggestion.reason) == (
        "partly",
        ["title", "tagline"],
        "There are three",
    )
    edit = Edit.objects.get()
    assert (edit.kind, edit.by, edit.note) == (
        "suggestion",
        "rita",
        "Suggested by alice. Source: https://example.org/ran",
    )
    assert suggestion.edit == edit


def test_the_member_is_told_and_named(
    as_member: Client, as_reviewer: Client, client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    Member.objects.filter(username="alice").update(email="alice@example.org")
    movie = make_movie("Ran")
    send(as_member, movie, tagline="Fools")

    with django_capture_on_commit_callbacks(execute=True):
        answer(as_reviewer, Suggestion.objects.get(), **{"take-tagline": "yes"})

    assert [(letter.to, "accepted" in letter.body) for letter in mail.outbox] == [(["alice@example.org"], True)]
    mine = read(as_member.get("/accounts/suggestions/")).text
    assert "Accepted" in mine
    assert "taken" in mine
    assert "1 accepted correction of the catalogue" in read(client.get("/members/alice/")).text


def test_a_refusal_needs_a_reason_which_the_member_reads(as_member: Client, as_reviewer: Client) -> None:
    send(as_member, make_movie("Ran"), title="Rain")
    suggestion = Suggestion.objects.get()

    assert "Say why not" in answer(as_reviewer, suggestion)
    answer(as_reviewer, suggestion, reason="The poster says Ran")

    assert (suggestion.state, Edit.objects.count(), Movie.objects.get().title) == ("rejected", 0, "Ran")
    assert "The poster says Ran" in read(as_member.get("/accounts/suggestions/")).text
    assert "decided about it already" in answer(as_reviewer, suggestion, **{"take-title": "yes"})


def test_a_value_that_changed_since_is_shown_and_left_unless_chosen(as_member: Client, as_reviewer: Client) -> None:
    movie = make_movie("Ran", tagline="Old")
    send(as_member, movie, tagline="Suggested")
    Movie.objects.update(tagline="Somebody else's")
    suggestion = Suggestion.objects.get()

    page = read(as_reviewer.get(suggestion.get_absolute_url()))

    assert "Changed since it was suggested. Then it was: Old" in page.text
    chosen = [
        item.attributes["value"] for item in page.all("input", name="take-tagline") if "checked" in item.attributes
    ]
    assert chosen == ["no"]


def test_a_decided_suggestion_says_what_was_suggested_then(as_member: Client, as_reviewer: Client) -> None:
    send(as_member, make_movie("Ran", runtime_minutes=100), runtime_minutes="101")
    suggestion = Suggestion.objects.get()
    answer(as_reviewer, suggestion, **{"take-runtime_minutes": "yes"})

    page = read(as_reviewer.get(suggestion.get_absolute_url()))

    assert (page.texts("del"), page.texts("ins")) == (["was: 100"], ["suggested: 101"])
    assert not page.texts("p", "errornote")


def test_the_queue_s_filter_says_open_for_what_is_open(as_reviewer: Client) -> None:
    page = read(as_reviewer.get("/admin/catalogue/suggestion/"))

    links = page.one("nav", id="changelist-filter").texts("a")
    assert "To be looked at" in links
    assert links.index("To be looked at") < links.index("Accepted")


def test_a_value_that_is_taken_meanwhile_is_refused_and_nothing_is_written(
    as_member: Client, as_reviewer: Client
) -> None:
    movie = make_movie("Ran")
    send(as_member, movie, imdb_id="tt0089881", tagline="Fools")
    make_movie("Other", imdb_id="tt0089881")
    suggestion = Suggestion.objects.get()

    text = answer(as_reviewer, suggestion, **{"take-imdb_id": "yes", "take-tagline": "yes"})

    movie.refresh_from_db()
    assert "already exists" in text
    assert (movie.tagline, suggestion.state) == ("", "open")


def test_a_merged_record_is_found_and_a_deleted_one_only_refused(as_member: Client, as_reviewer: Client) -> None:
    winner, loser = make_movie("Ran"), make_movie("Ran (again)")
    send(as_member, loser, tagline="Fools")
    merge("movie", winner.pk, loser.pk, None, "", {})

    answer(as_reviewer, suggestion := Suggestion.objects.get(), **{"take-tagline": "yes"})

    winner.refresh_from_db()
    assert (winner.tagline, suggestion.state) == ("Fools", "accepted")
    send(as_member, winner, tagline="More fools")
    winner.delete()
    suggestion = Suggestion.objects.open().get()
    assert "not there any more" in answer(as_reviewer, suggestion, **{"take-tagline": "yes"})
    answer(as_reviewer, suggestion, reason="It is gone")
    assert suggestion.state == "rejected"


def test_a_renamed_person_is_renamed_on_their_movies(as_member: Client, as_reviewer: Client) -> None:
    movie = make_movie("Ran")
    person = make_cast(movie, "Peter", "Kyoami").person
    assert person
    data = form_of(as_member, "person", person.pk) | {"name": "Shinnosuke Ikehata", "born_on": "1952"}
    as_member.post(f"/suggest/person/{person.pk}/", data)

    answer(as_reviewer, Suggestion.objects.get(), **{"take-name": "yes", "take-born_on": "yes"})

    movie.refresh_from_db()
    assert movie.cast_line == "Shinnosuke Ikehata"
    assert (Person.objects.get().slug, Person.objects.get().born_on.year) == ("shinnosuke-ikehata", 1952)  # type: ignore[union-attr]


def test_a_trusted_member_needs_no_check_but_for_credits(as_member: Client, member: Member) -> None:
    Member.objects.update(is_trusted=True)
    movie = make_movie("Ran")

    page = send(as_member, movie, tagline="Fools")

    movie.refresh_from_db()
    assert "It is done" in page.content.decode()
    assert (movie.tagline, Edit.objects.get().made_by) == ("Fools", member)
    assert Suggestion.objects.get().state == "accepted"
    send(as_member, movie, credits="add Mieko Harada")
    assert [row.credits for row in Suggestion.objects.open()] == ["add Mieko Harada"]


def test_who_may_not_write_credits_is_not_sent_to_the_form(as_member: Client, as_reviewer: Client) -> None:
    movie = make_movie("Ran")
    send(as_member, movie, credits="add Mieko Harada")
    address = Suggestion.objects.get().get_absolute_url()
    form = reverse("admin:catalogue_movie_change", args=[movie.pk])

    assert form not in as_reviewer.get(address).content.decode()
    assert "by whoever may change the movie" in read(as_reviewer.get(address)).text
    Group.objects.get(name=SUGGESTION_REVIEWERS).permissions.add(Permission.objects.get(codename="change_movie"))
    assert form in as_reviewer.get(address).content.decode()


def test_one_takes_back_one_s_own_alone(as_member: Client, member: Member) -> None:
    movie = make_movie("Ran")
    send(as_member, movie, tagline="Fools")
    theirs = suggest("movie", movie, make_member(), {"tagline": ["", "No"]}, {"source": "x"})

    assert as_member.post("/accounts/suggestions/", {"withdraw": str(theirs.pk)}).status_code == 404
    assert as_member.post("/accounts/suggestions/", {"withdraw": "x"}).status_code == 404
    as_member.post("/accounts/suggestions/", {"withdraw": str(Suggestion.objects.get(made_by=member).pk)})

    assert sorted(Suggestion.objects.values_list("state", flat=True)) == ["open", "withdrawn"]


def test_accounts_take_their_suggestions_along(member: Member) -> None:
    movie, other = make_movie("Ran"), make_member()
    for author in (member, other):
        suggest("movie", movie, author, {"tagline": ["", "Fools"]}, {"source": "x", "comment": "Call me"})

    merge_accounts(other, member)
    assert [row["about"] for row in export_account(member)["suggestions"]] == ["Ran"]
    close_account(member, keep_reviews=False)

    kept: Any = list(Suggestion.objects.values_list("made_by", "comment"))
    assert kept == [(None, "")]


@pytest.mark.parametrize("count", [1, 3])
def test_queries(as_member: Client, as_reviewer: Client, count: int, django_assert_num_queries: Any) -> None:
    movie = make_movie("Ran")
    for number in range(count):
        send(as_member, movie, tagline=f"Fools {number}")

    with django_assert_num_queries(7):
        as_member.get(f"/suggest/movie/{movie.pk}/")
    with django_assert_num_queries(4):
        as_member.get("/accounts/suggestions/")
    with django_assert_num_queries(7):
        as_reviewer.get("/admin/catalogue/suggestion/")
