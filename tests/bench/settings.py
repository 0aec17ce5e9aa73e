"""As a real service, without https; and the tables of the peers that are measured beside it."""

import os

os.environ.update(
    DEMO="", SECRET_KEY="only-for-measuring", ALLOWED_HOSTS="127.0.0.1,localhost,testserver", HTTPS="0"
)

from core.settings import *  # noqa: E402, F403

INSTALLED_APPS = [*INSTALLED_APPS, "tests.bench.peers"]  # noqa: F405
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # nobody signs in by password
