"""Mails wait in the database until the server has taken them, so no page waits for it and none of them is lost.

Written in the transaction of what they tell of, and sent by a thread of the process that wrote one, again after SECONDS
where the server fails; a process that ends leaves them to the next one. Delivered once or, if the process ended between
the server's answer and the deletion of the row, twice.
"""

import logging
import smtplib
import threading
from collections.abc import Sequence
from datetime import timedelta

from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import DatabaseError, connections, transaction
from django.utils import timezone

from reviews.models import OutgoingMail

log = logging.getLogger(__name__)
# After a failure; half a day in all, which is longer than any link in them works.
SECONDS = (10, 20, 60, 300, 900, 3600, 10_800, 28_800)
PAUSE = 5.0  # seconds between two looks at what waits


class EmailBackend(BaseEmailBackend):
    """Keeps what is to be sent, and has it sent once the transaction stands."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for message in email_messages:
            html = [str(part[0]) for part in getattr(message, "alternatives", []) if part[1] == "text/html"]
            OutgoingMail.objects.create(
                to=message.recipients(),
                sender=str(message.from_email),
                subject=str(message.subject),
                body=str(message.body),
                html="".join(html),
                headers=message.extra_headers,
            )
        transaction.on_commit(wake)
        return len(email_messages)


def send_due() -> int:
    """Send what is due, until the server fails; return how many went."""
    sent = 0
    due = OutgoingMail.objects.filter(next_try_at__lte=timezone.now()).order_by("next_try_at", "pk")
    line = get_connection(settings.MAIL_TRANSPORT)
    try:
        while (mail := due.first()) is not None:
            if not _claim(mail):
                continue
            try:
                line.send_messages([_message(mail)])
            except (OSError, ValueError) as error:  # smtplib's are OSErrors, addresses nobody can encode ValueErrors
                _fail(mail, error)
                if not _is_about_the_mail(error):
                    break  # the next one would fare no better
            else:
                sent += 1
                mail.delete()
    finally:
        line.close()
    return sent


def _claim(mail: OutgoingMail) -> bool:
    """Put the next try off, unless another process has; no transaction is open while the server is waited for."""
    wait = SECONDS[min(mail.tries, len(SECONDS) - 1)]
    later = timezone.now() + timedelta(seconds=wait)
    mine = OutgoingMail.objects.filter(pk=mail.pk, tries=mail.tries, next_try_at=mail.next_try_at)
    return bool(mine.update(tries=mail.tries + 1, next_try_at=later))


def _message(mail: OutgoingMail) -> EmailMessage:
    message = EmailMultiAlternatives(mail.subject, mail.body, mail.sender, mail.to, headers=mail.headers)
    if mail.html:
        message.attach_alternative(mail.html, "text/html")
    return message


def _fail(mail: OutgoingMail, error: Exception) -> None:
    if _is_about_the_mail(error) or mail.tries + 1 >= len(SECONDS):
        mail.delete()
        log.error("A mail is given up: %s", type(error).__name__)  # what the server says may name the address
    else:
        log.warning("The mail server takes no mail: %s", type(error).__name__)


def _is_about_the_mail(error: Exception) -> bool:
    """Whether this mail will never be taken, for its address or its text."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _ in error.recipients.values())
    return isinstance(error, ValueError) or (isinstance(error, smtplib.SMTPDataError) and error.smtp_code >= 500)


class _Postman:
    """The thread of this process that sends; there is one at most, and none when nothing waits."""

    def __init__(self) -> None:
        self.lock, self.asked, self.is_at_work = threading.Lock(), threading.Event(), False

    def wake(self) -> None:
        with self.lock:
            self.asked.set()
            if not self.is_at_work:
                self.is_at_work = True
                threading.Thread(target=self._work, name="mails", daemon=True).start()

    def _work(self) -> None:
        while self._goes_on():
            self.asked.wait(PAUSE)

    def _goes_on(self) -> bool:
        self.asked.clear()
        try:
            send_due()
            waits = OutgoingMail.objects.exists()
        except DatabaseError as error:
            log.warning("It cannot be read which mails wait: %s", type(error).__name__)
            waits = True
        finally:
            connections.close_all()
        with self.lock:
            self.is_at_work = waits or self.asked.is_set()
            return self.is_at_work


wake = _Postman().wake
