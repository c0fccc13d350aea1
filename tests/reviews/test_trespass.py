"""What is somebody else's stays theirs, whatever address or form is sent."""

import pytest
from django.test import Client

from reviews.models import Draft, Member, Review
from tests.makers import PASSWORD, make_member, make_movie, make_review
from tests.pages import read

pytestmark = pytest.mark.django_db


def test_a_draft_is_seen_by_its_author_alone(as_member: Client, client: Client) -> None:
    movie = make_movie()
    Draft.objects.create(movie=movie, author=make_member(), headline="Not for you", text="Nor this")
    form = f"{movie.get_absolute_url()}reviews/write/"

    for reader in (as_member, client):
        shown = reader.get(form).content.decode()
        assert "Not for you" not in shown
        assert "Nor this" not in shown
    assert "Not for you" not in as_member.get("/accounts/reviews/").content.decode()


def test_saving_and_discarding_a_draft_touches_ones_own_alone(as_member: Client, member: Member) -> None:
    movie = make_movie()
    theirs = Draft.objects.create(movie=movie, author=make_member(), headline="Theirs")
    form = f"{movie.get_absolute_url()}reviews/write/"

    as_member.post(form, {"action": "draft", "headline": "Mine"})
    as_member.post(form, {"action": "discard"})

    assert list(Draft.objects.all()) == [theirs]
    theirs.refresh_from_db()
    assert theirs.headline == "Theirs"


def test_posting_writes_ones_own_review_alone(as_member: Client, member: Member) -> None:
    movie = make_movie()
    theirs = make_review(movie, headline="Theirs")

    as_member.post(f"{movie.get_absolute_url()}reviews/write/", {"rating": "1", "headline": "Mine"})

    theirs.refresh_from_db()
    assert theirs.headline == "Theirs"
    assert Review.objects.get(author=member).headline == "Mine"


def test_a_member_s_waiting_reviews_are_not_another_s_page(as_member: Client) -> None:
    theirs = make_review(make_movie(), headline="Theirs")
    Review.objects.filter(pk=theirs.pk).update(state="hidden")

    assert "Theirs" not in read(as_member.get("/accounts/reviews/")).text
    assert as_member.get(theirs.get_absolute_url()).status_code == 404
    assert as_member.get(f"{theirs.get_absolute_url()}history/").status_code == 404
    assert as_member.get(f"{theirs.get_absolute_url()}report/").status_code == 404


def test_a_user_name_of_signs_alone_is_refused(client: Client) -> None:
    data = {"username": "...", "email": "n@example.org", "password1": PASSWORD}

    response = client.post("/accounts/signup/", data)

    assert "at least one letter or digit" in read(response).text
    assert not Member.objects.exists()


@pytest.mark.parametrize(
    "away", ["https://evil.example/", "//evil.example/", "https:evil.example", "javascript:alert(1)"]
)
def test_signing_in_leads_to_this_site_only(client: Client, away: str) -> None:
    make_member("bob")

    response = client.post("/accounts/login/", {"login": "bob", "password": PASSWORD, "next": away})

    assert response["Location"] == "/"
