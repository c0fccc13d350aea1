"""Mails wait in the database until the server has taken them."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives, send_mail
from django.db import transaction
from django.test import Client
from django.utils import timezone

from catalogue.doctor import Options
from reviews import outbox
from reviews.doctor import mails_leave_in_time
from reviews.models import Member, OutgoingMail
from tests.makers import PASSWORD
from tests.smtp import MailServer

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)
SIGN_UP = {"email": "alice@example.org", "username": "alice", "password1": PASSWORD}


@pytest.fixture
def server(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[MailServer]:
    """Mails go there when the test says so, not by a thread."""
    monkeypatch.setattr(outbox, "wake", lambda: None)
    with MailServer() as running:
        settings.EMAIL_BACKEND = "reviews.outbox.EmailBackend"
        settings.MAIL_TRANSPORT = "django.core.mail.backends.smtp.EmailBackend"
        settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", running.port, 0.3
        yield running


def write(to: str = "bob@example.org") -> None:
    send_mail("Hello", "It holds.", None, [to])


def make_due() -> None:
    OutgoingMail.objects.update(next_try_at=timezone.now())


def test_a_mail_goes_and_its_row_with_it(server: MailServer) -> None:
    message = EmailMultiAlternatives("Hello", "It holds.", to=["bob@example.org"], headers={"Auto-Submitted": "yes"})
    message.attach_alternative("<p>It holds.</p>", "text/html")
    message.send()
    assert server.mails == []

    assert outbox.send_due() == 1

    assert not OutgoingMail.objects.exists()
    for part in ("Subject: Hello", "To: bob@example.org", "Auto-Submitted: yes", "text/plain", "<p>It holds.</p>"):
        assert part in server.mails[0]


def test_what_was_not_done_is_not_told(server: MailServer) -> None:
    with transaction.atomic():
        write()
        transaction.set_rollback(True)

    assert outbox.send_due() == 0


@pytest.mark.parametrize("way", ["refuses", "silent"])
def test_people_sign_up_while_the_server_is_down_and_get_their_mail_later(server: MailServer, way: str) -> None:
    if way == "refuses":
        server.stop()
    server.is_silent = True

    answers = [
        Client().post("/accounts/signup/", SIGN_UP).status_code,
        Client().post("/accounts/password/reset/", {"email": "nobody@example.org"}).status_code,
    ]
    assert answers == [302, 302]
    waiting = OutgoingMail.objects.count()
    assert outbox.send_due() == 0
    assert OutgoingMail.objects.count() == waiting

    server.is_silent = False
    if way == "refuses":
        server.start()
    make_due()

    assert outbox.send_due() == waiting
    assert Member.objects.filter(username="alice").exists()
    assert any(re.search(r"/accounts/confirm-email/", text) for text in server.mails)


def test_tries_are_further_apart_each_time_and_end(server: MailServer) -> None:
    server.stop()
    write()
    for seconds in outbox.SECONDS[:-1]:
        make_due()
        began = timezone.now()
        outbox.send_due()
        waits = OutgoingMail.objects.get().next_try_at - began
        assert timedelta(seconds=seconds) <= waits < timedelta(seconds=seconds + 5)
    make_due()

    outbox.send_due()

    assert not OutgoingMail.objects.exists()


def test_an_address_that_is_refused_holds_up_no_other_mail(server: MailServer) -> None:
    server.answer_to_recipient = "550 Nobody of that name"
    write()

    assert outbox.send_due() == 0
    assert not OutgoingMail.objects.exists()

    server.answer_to_recipient = "451 Later"
    write()
    outbox.send_due()
    server.answer_to_recipient = "250 Fine"
    make_due()
    assert outbox.send_due() == 1


def test_two_processes_send_it_once(server: MailServer) -> None:
    write()
    one = OutgoingMail.objects.get()

    assert outbox._claim(one)
    assert not outbox._claim(one)


def test_a_thread_sends_what_waits(settings: Any) -> None:
    """With the transport of the tests, which keeps mails in memory."""
    settings.EMAIL_BACKEND = "reviews.outbox.EmailBackend"
    settings.MAIL_TRANSPORT = "django.core.mail.backends.locmem.EmailBackend"
    sent = outbox._Postman()
    OutgoingMail.objects.create(to=["bob@example.org"], sender="a@example.org", subject="Hello", body="It holds.")

    sent.wake()

    for _ in range(100):
        if mail.outbox and not sent.is_at_work:
            break
        sent.asked.wait(0.1)
    assert [message.subject for message in mail.outbox] == ["Hello"]
    assert not OutgoingMail.objects.exists()


def test_the_doctor_says_what_waits(server: MailServer) -> None:
    assert list(mails_leave_in_time(Options())) == []
    write()
    OutgoingMail.objects.update(written_at=timezone.now() - timedelta(minutes=30))

    (finding,) = mails_leave_in_time(Options())

    assert finding.problem == "1 mails wait for the mail server, the oldest for 30 minutes."
