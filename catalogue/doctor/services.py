import os
import time
from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

from django.conf import settings
from django.core.cache import cache
from django.core.mail import EmailMessage, get_connection
from django.utils import timezone
from django_tasks import task
from django_tasks_db.models import DBTaskResult

from catalogue.doctor.findings import Finding, Options, check

WAIT_SECONDS = 8.0
MOST_WAITING = timedelta(minutes=15)


@check
def cache_keeps(options: Options) -> Iterator[Finding]:
    """Cache."""
    key = f"doctor:{uuid4().hex}"
    cache.set(key, key, 30)
    if cache.get(key) != key:
        yield Finding("The cache does not keep what it is given.", "Start Redis, or mend CACHE_URL in .env.")
    cache.delete(key)
    workers = int(os.environ.get("WEB_CONCURRENCY", 2 * (os.cpu_count() or 1)))
    if settings.CACHES["default"]["BACKEND"].endswith("LocMemCache") and workers > 1:
        yield Finding(
            f"Each of {workers} workers has a cache of its own: rate limits allow {workers} times as much.",
            "Set CACHE_URL=redis://..., or WEB_CONCURRENCY=1 for a small site.",
        )


@check
def mails_leave(options: Options) -> Iterator[Finding]:
    """Mail."""
    if settings.MAIL_TRANSPORT.endswith("console.EmailBackend"):
        yield Finding(
            "Mails are printed, not sent: nobody can sign up.", "Set EMAIL_URL=smtp+tls://user:password@host:587"
        )
        return
    if "@localhost" in settings.DEFAULT_FROM_EMAIL:
        yield Finding("Mails come from @localhost and will be refused.", "Set DEFAULT_FROM_EMAIL.")
    try:
        with get_connection(settings.MAIL_TRANSPORT) as line:
            if options.mail:
                text = f"{settings.SITE_NAME} can send mails."
                EmailMessage("A test", text, to=[options.mail], connection=line).send()
    except OSError as error:  # refused connections, names, certificates and passwords are all of this kind
        yield Finding(f"The mail server does not take mails: {error}", "Mend EMAIL_URL in .env.")


@task()
def ping() -> None:
    """Done by a worker that lives."""


@check
def worker_works(options: Options) -> Iterator[Finding]:
    """Background worker."""
    now = timezone.now()
    ready = DBTaskResult.objects.ready().values_list("enqueued_at", "run_after")
    since = [max(asked, after) if after <= now else asked for asked, after in ready]  # one for no time is far away
    if since and now - min(since) > MOST_WAITING:
        minutes = int((now - min(since)).total_seconds() // 60)
        yield Finding(f"{len(since)} tasks wait, the oldest for {minutes} minutes.", _remedy())
    elif settings.TASK_WORKER and not _is_answered():
        yield Finding(f"No worker did a task within {WAIT_SECONDS:.0f} seconds.", _remedy())


def _remedy() -> str:
    if settings.TASK_WORKER:
        return "Start it: systemctl start cuemark-worker (manage.py db_worker), or unset TASK_WORKER."
    return "Run what waits once: manage.py db_worker --batch"


def _is_answered() -> bool:
    key = ping.enqueue().id
    end = time.monotonic() + WAIT_SECONDS
    mine = DBTaskResult.objects.filter(pk=key)
    try:
        while time.monotonic() < end:
            if not mine.filter(status="READY").exists():
                return True
            time.sleep(0.2)
        return False
    finally:
        mine.filter(status="READY").delete()
