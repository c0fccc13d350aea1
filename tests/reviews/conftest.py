"""Who decides about reviews."""

import pytest
from django.test import Client

from reviews.models import Member
from tests.makers import make_moderator


@pytest.fixture
def moderator(db: None) -> Member:
    """A moderator with the rights of the group, and no others."""
    return make_moderator("mona")


@pytest.fixture
def as_moderator(moderator: Member) -> Client:
    """A browser in which ``moderator`` is signed in."""
    client = Client()
    client.force_login(moderator)
    return client
