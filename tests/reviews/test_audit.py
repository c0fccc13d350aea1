"""What the audit log holds: keys of members, never their names or addresses."""

from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client

from reviews.models import Action, Member
from reviews.services import Verdict, decide
from reviews.services.moderation import undo
from tests.makers import PASSWORD, make_member, make_movie, make_review

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)  # changes are noted on commit


def said(caplog: Any) -> list[str]:
    lines = [record.getMessage() for record in caplog.records if record.name == "audit"]
    caplog.clear()
    return lines


@pytest.fixture(autouse=True)
def _listening(caplog: Any) -> None:
    caplog.set_level("INFO", logger="audit")


def test_sign_ins_and_failed_ones(client: Client, caplog: Any) -> None:
    member = make_member("alice")

    client.post("/accounts/login/", {"login": "alice", "password": "wrong"})
    client.post("/accounts/login/", {"login": "nobody@example.org", "password": "wrong"})
    client.post("/accounts/login/", {"login": "alice", "password": PASSWORD})
    client.post("/accounts/logout/")

    lines = said(caplog)
    assert lines[0] == f"sign_in_failed member={member.pk}"
    assert "sign_in_failed " in lines
    assert f"signed_in member={member.pk} by={member.pk}" in lines
    assert lines[-1].startswith(f"signed_out member={member.pk}")
    assert not any("alice" in line or "@" in line for line in lines)


def test_rights_and_passwords(caplog: Any, as_editor: Client, editor: Member) -> None:
    member, group = make_member("alice"), Group.objects.get(name="Moderators")
    said(caplog)

    member.is_staff = True
    member.save()
    member.groups.add(group)
    member.groups.clear()
    password = {"password1": "another long password", "password2": "another long password", "usable_password": "true"}
    as_editor.post(f"/admin/reviews/member/{member.pk}/password/", password)

    assert said(caplog) == [
        f"rights_changed member={member.pk} what=is_staff=True",
        f"rights_changed member={member.pk} what=Member_groups add {group.pk}",
        f"rights_changed member={member.pk} what=Member_groups clear",
        f"password_changed member={member.pk} by={editor.pk}",
    ]


def test_decisions(caplog: Any, editor: Member) -> None:
    review = make_review(make_movie(), make_member("alice"))
    said(caplog)

    decide([review], Verdict(editor, Action.HIDE, "Because."))
    decision = review.decisions.get()
    undo(decision, moderator=editor)

    what = f"moderator={editor.pk} action=hide decision={decision.pk} review={review.pk} member={review.author_id}"
    assert said(caplog) == [f"decided {what}", f"undone {what}"]
