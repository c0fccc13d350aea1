"""Sessions end: some time after the last visit, and at the latest some time after signing in."""

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as configured
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from reviews.sessions import BEGAN

pytestmark = pytest.mark.django_db


def is_signed_in(client: Client) -> bool:
    return client.get("/accounts/profile/").status_code == 200


def age(**by: int) -> None:
    """Move the end of the one session towards now, as time does."""
    row = Session.objects.get()
    Session.objects.update(expire_date=row.expire_date - timedelta(**by))


def test_a_session_ends_some_time_after_the_last_visit(as_member: Client) -> None:
    age(seconds=configured.SESSION_COOKIE_AGE + 1)

    assert not is_signed_in(as_member)


def test_a_visit_puts_the_end_off(as_member: Client) -> None:
    age(days=13)

    response = as_member.get("/accounts/profile/")

    assert Session.objects.get().expire_date > timezone.now() + timedelta(days=13)
    assert configured.SESSION_COOKIE_NAME in response.cookies  # the browser keeps it as long


def test_visits_on_one_day_write_nothing(as_member: Client) -> None:
    before = Session.objects.get().expire_date

    assert configured.SESSION_COOKIE_NAME not in as_member.get("/accounts/profile/").cookies
    assert Session.objects.get().expire_date == before


def test_no_visit_puts_the_end_off_for_ever(as_member: Client, settings: Any) -> None:
    session = as_member.session
    session[BEGAN] -= settings.SESSION_MOST_SECONDS + 1
    session.save()

    assert not is_signed_in(as_member)
    assert not Session.objects.filter(session_key=session.session_key).exists()


def test_a_session_from_before_this_rule_ends(as_member: Client) -> None:
    session = as_member.session
    del session[BEGAN]
    session.save()

    assert not is_signed_in(as_member)


def test_what_a_visitor_typed_is_kept_without_signing_in(client: Client) -> None:
    session = client.session
    session["typed_review"] = {"1": {"text": "It holds."}}
    session.save()
    client.cookies[configured.SESSION_COOKIE_NAME] = str(session.session_key)

    assert client.session["typed_review"] == {"1": {"text": "It holds."}}
