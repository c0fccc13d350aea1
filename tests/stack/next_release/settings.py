"""The site as its next release would be: one more app."""

from catalogue.settings import *  # noqa: F403, TID251
from catalogue.settings import INSTALLED_APPS  # noqa: TID251

INSTALLED_APPS += ["tests.stack.next_release"]
