"""Production settings, with static files and addresses of the observation's own."""

import os
from pathlib import Path

from catalogue.settings import *  # noqa: F403, TID251 -- settings are built on settings

STATIC_ROOT = Path(os.environ["OBSERVED_STATIC"])
ROOT_URLCONF = "tests.observatory.urls"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
