"""Every address and every action of the admin, and who may use it: what is not in the tables is not allowed to exist."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.test import Client
from django.urls import URLResolver, reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from catalogue.curation.history import recording
from catalogue.models import (
    AlternativeName,
    AlternativeTitle,
    BulkChange,
    Collection,
    DeadLink,
    Disagreement,
    Feature,
    Image,
    ImportRun,
    MatchQuestion,
    Movie,
    Presence,
    Release,
    Source,
    Studio,
    Suggestion,
    Suspect,
    Video,
)
from catalogue.vocabulary import EditKind
from reviews.groups import ADMINISTRATORS, EDITORS, MODERATORS, RIGHTS, SUGGESTION_REVIEWERS, create_groups, grant
from reviews.models import BlockedDomain, HeldWord, Member, Report
from tests.makers import judge, make_cast, make_member, make_movie, make_person, make_review
from tests.pages import read

pytestmark = pytest.mark.django_db
ROLES = {"E": EDITORS, "M": MODERATORS, "A": ADMINISTRATORS, "S": SUGGESTION_REVIEWERS}
# Who sees the list, the form of a new one, the form of one, its deletion, its history. "s": superusers.
MODELS = {
    "catalogue_movie": "EASs EAs EASs EAs EASs",
    "catalogue_person": "EASs EAs EASs EAs EASs",
    "catalogue_studio": "EAs EAs EAs EAs EAs",
    "catalogue_genre": "EAs EAs EAs As EAs",
    "catalogue_collection": "EAs EAs EAs EAs EAs",
    "catalogue_feature": "EAs EAs EAs EAs EAs",
    "catalogue_image": "EAs - EAs As EAs",
    "catalogue_country": "EAs As EAs As EAs",
    "catalogue_language": "EAs As EAs As EAs",
    "catalogue_source": "EAs As EAs As EAs",
    "catalogue_disagreement": "EAs - EAs s EAs",
    "catalogue_matchquestion": "EAs - EAs s EAs",
    "catalogue_importrun": "EAs - EAs s EAs",
    "catalogue_edit": "EAs - EASs - EAs",
    "catalogue_suspect": "EAs - EAs s EAs",
    "catalogue_deadlink": "EAs - EAs s EAs",
    "catalogue_suggestion": "EASs - EASs - EASs",
    "reviews_review": "MAs - MAs As MAs",
    "reviews_report": "MAs - MAs - MAs",
    "reviews_decision": "MAs - MAs - MAs",
    "reviews_heldword": "MAs MAs MAs MAs MAs",
    "reviews_blockeddomain": "As As As As As",
    "reviews_member": "MAs As MAs As MAs",
    "auth_group": "s s s s s",
    "account_emailaddress": "s s s s s",
    "usersessions_usersession": "s s s s s",
    "mfa_authenticator": "s - s s s",
    "django_tasks_database_dbtaskresult": "s - s - s",
}
PAGES = {
    "index": "EMASs",
    "catalogue_edit_account": "EAs",
    "catalogue_edit_undo": "EAs",
    "catalogue_edit_run": "EAs",
    "catalogue_edit_record": "EASs",
    "catalogue_edit_past": "EASs",
    "catalogue_edit_merge": "EAs",
    "catalogue_edit_split": "EAs",
    "catalogue_movie_people": "EAs",
    "catalogue_movie_named": "EAs",
    "catalogue_movie_slug": "EAs",
    "catalogue_movie_keys": "EAs",
    "catalogue_movie_bulk": "s",  # of somebody else
    "catalogue_movie_presence": "EAs",
    "catalogue_importrun_upload": "EAs",
    "catalogue_importrun_follow": "EAs",
    "reviews_review_queue": "MAs",
    "auth_user_password_change": "As",
}
POSTED = {"catalogue_movie_presence"}
# Django's own: the way in and out, what their pages ask for, and a POST that is tested with the queue.
ELSEWHERE = {
    "login", "logout", "password_change", "password_change_done", "autocomplete", "jsi18n", "view_on_site", "app_list",
    "reviews_decision_undo",
}  # fmt: skip
ACTIONS = {
    "catalogue_movie": {"merge_chosen": "EAs", "edit_in_turn": "EAs", "change_many": "EAs"},
    "catalogue_person": {"merge_chosen": "EAs"},
    "catalogue_studio": {"merge_chosen": "EAs"},
    "catalogue_deadlink": {"check_again": "EAs"},
    "catalogue_suspect": {"tell_apart": "EAs", "ask_again": "EAs"},
    "catalogue_disagreement": {"keep": "EAs", "take": "EAs", "unlock": "EAs"},
    "catalogue_matchquestion": {"same": "EAs", "new": "EAs", "skip": "EAs"},
    "catalogue_importrun": {"stop": "EAs"},
    "reviews_member": {"merge": "As"},
    "account_emailaddress": {"make_verified": "s"},
}
PARTS = ("changelist", "add", "change", "delete", "history")


def names(patterns: Any) -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from names(pattern.url_patterns)
        elif pattern.name:
            yield pattern.name


def allowed() -> dict[str, str]:
    of_models = {
        f"{model}_{part}": who for model, line in MODELS.items() for part, who in zip(PARTS, line.split(), strict=True)
    }
    return of_models | PAGES


@pytest.fixture
def rows() -> dict[str, Any]:
    """A row of every table, by the beginning of its addresses' names."""
    movie, person = make_movie("Ran", genres=["Drama"], studios=["Toho"]), make_person("Akira Kurosawa")
    Collection.objects.create(name="Swords")
    Feature.objects.create(movie=movie, starts_on="2026-01-01")
    Image.objects.create(digest="a" * 32, kind="poster", width=2, height=3)
    Disagreement.objects.create(movie=movie, field="title", source="tmdb")
    MatchQuestion.objects.create(source="tmdb", key="1", title="Ran", record={})
    ImportRun.objects.create(source="tmdb", label="ran.json", choices={"drafts": False})
    Suspect.objects.create(kind="movie", first=movie.pk, second=make_movie("Ran").pk, score=50)
    DeadLink.objects.create(
        table="catalogue.movie",
        row=movie.pk,
        record_kind="movie",
        record_id=movie.pk,
        url="https://a.example",
        is_dead=True,
    )
    Suggestion.objects.create(record_kind="movie", record_id=movie.pk, changes={"title": ["Ran", "Chaos"]}, source="It")
    Source.objects.get_or_create(code="tmdb", defaults={"name": "TMDB"})
    with recording(EditKind.FORM) as edit:
        edit.watch("movie", [movie.pk])
        Movie.objects.update(tagline="Fools")
    judge(make_member(is_superuser=True), review := make_review(movie), "mark_spoilers")
    Report.objects.create(review=review, reporter=review.author, reason="spam")
    HeldWord.objects.create(text="buy"), BlockedDomain.objects.create(domain="example.com")
    EmailAddress.objects.create(user=make_member(), email="a@example.org")
    apps.get_model("usersessions", "UserSession").objects.create(
        user=review.author, ip="127.0.0.1", session_key="a", last_seen_at=timezone.now()
    )
    Authenticator.objects.create(user=review.author, type="totp", data={"secret": "A" * 32})
    DBTaskResult.objects.create(
        args_kwargs={"args": [], "kwargs": {}}, task_path="catalogue.desk.tasks.plan_upload", backend_name="default"
    )
    found = {
        f"{m._meta.app_label}_{m._meta.model_name}": m._default_manager.order_by("pk").first()
        for m in admin.site._registry
    }
    found["reviews_member"] = review.author
    return {**found, "movie": movie, "person": person, "studio": Studio.objects.get()}


def address(name: str, rows: dict[str, Any]) -> str:
    model, _, part = name.rpartition("_")
    if part in ("record", "past"):
        return reverse(f"admin:{name}", args=["movie", rows["movie"].pk])
    if part in ("merge", "split"):
        return reverse(f"admin:{name}", args=["movie"] if part == "merge" else [rows["person"].pk])
    if name == "auth_user_password_change":
        return reverse(f"admin:{name}", args=[rows["reviews_member"].pk])
    if name == "catalogue_movie_named":
        return reverse(f"admin:{name}", args=["movies"])
    if name == "catalogue_edit_run":
        return reverse(f"admin:{name}", args=[rows["catalogue_importrun"].pk])
    if part == "bulk":
        return reverse(f"admin:{name}", args=[BulkChange.objects.create().pk])
    is_about_one = part in ("change", "delete", "history", "undo", "follow", "presence")
    return reverse(f"admin:{name}", args=[rows[model].pk] if is_about_one else [])


def ask(client: Client, name: str, rows: dict[str, Any]) -> Any:
    return (client.post if name in POSTED else client.get)(address(name, rows), follow=True)


def browser(role: str) -> Client:
    client = Client()
    member = make_member(is_staff=role != "member", is_superuser=role == "s")
    if role in ROLES:
        member.groups.set([Group.objects.get(name=ROLES[role])])
    client.force_login(member)
    return client


def test_every_address_is_in_the_tables() -> None:
    assert set(names(admin.site.urls[0])) == {*allowed(), *ELSEWHERE}


@pytest.mark.parametrize("role", ["E", "M", "A", "S", "s"])
def test_who_sees_which_page(rows: dict[str, Any], role: str) -> None:
    client = browser(role)

    seen = {name: ask(client, name, rows).status_code for name in allowed()}

    assert seen == {name: 200 if role in who else 403 for name, who in allowed().items()}


def test_visitors_and_members_see_none(rows: dict[str, Any], client: Client) -> None:
    for reader in (client, browser("member")):
        pages = [ask(reader, name, rows) for name in allowed()]
        assert {page.status_code for page in pages if page.request["PATH_INFO"] != "/accounts/login/"} <= {403}


@pytest.mark.parametrize("role", ["E", "M", "A", "S", "s"])
def test_who_may_use_which_action(rf: Any, role: str) -> None:
    request = rf.get("/admin/")
    request.user = Member.objects.get(pk=browser(role).session["_auth_user_id"])

    for model, model_admin in admin.site._registry.items():
        name = f"{model._meta.app_label}_{model._meta.model_name}"
        expected = {action for action, who in ACTIONS.get(name, {}).items() if role in who}
        if role in MODELS[name].split()[3]:
            expected.add("delete_selected")
        can_see = role in MODELS[name].split()[0]
        assert not can_see or set(model_admin.get_actions(request)) == expected, name


def test_a_movie_s_form_is_read_only_without_the_right(rows: dict[str, Any]) -> None:
    client = browser("S")
    movie = rows["movie"]

    assert client.post(reverse("admin:catalogue_movie_change", args=[movie.pk]), {"title": "X"}).status_code == 403
    movie.refresh_from_db()
    assert movie.title == "Ran"


@pytest.mark.parametrize("count", [1, 3])
def test_who_may_only_read_a_movie_reads_all_of_it(count: int, django_assert_num_queries: Any) -> None:
    client, movie, countries = browser("S"), make_movie("Ran", genres=["Drama"], studios=["Toho"]), ["JP", "FR", "US"]
    make_review(movie)
    for number in range(count):
        make_cast(movie, f"Player {number}", f"Part {number}")
        Release.objects.create(movie=movie, country_id=countries[number], date="1985")
        AlternativeTitle.objects.create(movie=movie, title=f"Chaos {number}", language_id="fr", country_id="FR")
        Video.objects.create(
            movie=movie, title=f"Trailer {number}", url=f"https://a.example/{number}", language_id="ja"
        )
    client.get(reverse("admin:catalogue_movie_change", args=[movie.pk]))

    with django_assert_num_queries(READING):
        page = read(client.get(reverse("admin:catalogue_movie_change", args=[movie.pk])))

    for text in ("Player 0", "Part 0", "Japan", "Chaos 0", "French", "Trailer 0", "Toho", "8.0 of 10 from 1 rating"):
        assert text in page.text
    assert not any(text in page.text for text in ("Poster file", "Unlock", "None"))
    links = [link.attributes["href"] for link in page.one("main").all("a")]
    assert {client.get(link, follow=True).status_code for link in links if link.startswith("/admin/")} == {200}
    assert not page.all("textarea")
    assert not Presence.objects.exists()


READING = 23


def test_who_may_only_read_a_person_is_led_nowhere_else(rows: dict[str, Any]) -> None:
    client, person = browser("S"), rows["person"]
    AlternativeName.objects.create(person=person, name="黒澤明", language_id="ja")

    page = read(client.get(reverse("admin:catalogue_person_change", args=[person.pk])))

    assert "黒澤明" in page.text
    assert "Japanese" in page.text
    assert not any(text in page.text for text in ("Portrait file", "Unlock", "None"))
    links = [link.attributes["href"] for link in page.one("main").all("a")]
    assert {client.get(link, follow=True).status_code for link in links if link.startswith("/admin/")} == {200}


@pytest.mark.parametrize("name", ["reviews_review_change", "reviews_member_change"])
def test_a_moderator_is_led_nowhere_else(rows: dict[str, Any], name: str) -> None:
    client, review = browser("M"), make_review(make_movie("Ran"), make_member("ann"))
    address = reverse(f"admin:{name}", args=[review.pk if name == "reviews_review_change" else review.author_id])

    page = read(client.get(address)).one("main")

    links = {urljoin(address, link.attributes["href"]) for link in page.all("a")}
    assert {link: client.get(link, follow=True).status_code for link in links} == dict.fromkeys(links, 200)
    if name == "reviews_review_change":
        assert {"Ran", "English"} <= {*page.texts("a"), *page.texts("div", "readonly")}


def test_administrators_do_not_rise_above_themselves(rows: dict[str, Any]) -> None:
    client, chief = browser("A"), make_member("chief", is_superuser=True, is_active=False)
    plain, more = make_member("plain"), Group.objects.create(name="More")
    more.permissions.set(Permission.objects.filter(content_type__app_label="auth"))
    data = {
        "username": "plain", "date_joined_0": "2026-01-01", "date_joined_1": "00:00", "is_active": "on",
        "is_superuser": "on", "is_staff": "on",
    }  # fmt: skip
    page = reverse("admin:reviews_member_change", args=[plain.pk])

    refused = client.post(page, data | {"groups": [more.pk]})
    client.post(page, data | {"groups": [Group.objects.get(name=EDITORS).pk]})

    assert refused.status_code == 200
    plain.refresh_from_db()
    assert (plain.is_superuser, [group.name for group in plain.groups.all()]) == (False, [EDITORS])
    for part in ("change", "delete"):
        path = reverse(f"admin:reviews_member_{part}", args=[chief.pk])
        assert client.post(path, {"post": "yes"}).status_code == 403
    assert client.post(reverse("admin:auth_user_password_change", args=[chief.pk]), {}).status_code == 403


def test_groups_that_are_there_are_the_operator_s_but_get_what_is_new() -> None:
    editors = Group.objects.get(name=EDITORS)
    editors.permissions.clear()

    create_groups(None, using=connection.alias)
    assert not editors.permissions.exists()
    grant(apps, connection.alias, {EDITORS: [("catalogue", "revert_edits")], "Unknown": []})

    assert [right.codename for right in editors.permissions.all()] == ["revert_edits"]
    with pytest.raises(LookupError, match="no_such"):
        grant(apps, connection.alias, {EDITORS: [("catalogue", "no_such")]})


@pytest.mark.parametrize("name", RIGHTS)
def test_a_new_site_has_the_groups_with_their_rights(name: str) -> None:
    rights = Group.objects.get(name=name).permissions.values_list("content_type__app_label", "codename")

    assert set(rights) == RIGHTS[name]
