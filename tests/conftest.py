"""What all tests share."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import caches
from django.test import Client
from hypothesis import settings as hypothesis

from catalogue.browse.filters import names_of
from reviews.models import Member
from tests.makers import make_member

# Programs of settings of their own.
collect_ignore = ["observatory/observe.py", "observatory/settings.py", "stack/next_release"]
hypothesis.register_profile("house", deadline=None)  # a busy machine is no failure
hypothesis.load_profile("house")


@pytest.fixture(autouse=True)
def _quick_and_apart(settings: Any, tmp_path: Path) -> Iterator[None]:
    """Cheap passwords, media of its own, reviews that appear at once, and no limits or pages left over from the test before."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.IMPORT_ROOT, settings.TASK_WORKER = tmp_path / "imports", True  # no process works on another database
    settings.REVIEWS_HELD_FIRST, settings.BURST_RATINGS = 0, 1000  # the tests of screening say otherwise
    settings.EMAIL_BACKEND = settings.MAIL_TRANSPORT = "django.core.mail.backends.locmem.EmailBackend"
    _clear()
    yield
    _clear()


def _clear() -> None:
    names_of.cache_clear()
    for cache in caches.all(initialized_only=True):
        cache.clear()


@pytest.fixture
def member(db: None) -> Member:
    """Somebody with an account."""
    return make_member("alice")


@pytest.fixture
def editor(db: None) -> Member:
    """Somebody who may do everything in the admin."""
    return make_member("edith", is_staff=True, is_superuser=True)


@pytest.fixture
def as_member(member: Member) -> Client:
    """A browser in which ``member`` is signed in."""
    client = Client()
    client.force_login(member)
    return client


@pytest.fixture
def as_editor(editor: Member) -> Client:
    """A browser in which ``editor`` is signed in."""
    client = Client()
    client.force_login(editor)
    return client
