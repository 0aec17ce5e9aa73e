import os

import pytest
from django.conf import settings
from django.db import connection
from hypothesis import settings as examples

from core.words import compile_words
from tests import county as small_county

examples.register_profile("house", database=None, deadline=None, derandomize=True)
examples.load_profile("house")


def pytest_configure():
    """Tests see the translations as they stand in locale/."""
    settings.VAR_DIR.mkdir(parents=True, exist_ok=True)
    compile_words()


def pytest_collection_modifyitems(items):
    needs = {
        "postgres": (connection.vendor == "postgresql", "needs DATABASE_URL=postgres://…"),
        "browser": (bool(os.getenv("CHROMIUM")), "needs CHROMIUM=/path/of/chromium"),
    }
    for item in items:
        for mark, (there, reason) in needs.items():
            if item.get_closest_marker(mark) and not there:
                item.add_marker(pytest.mark.skip(reason=reason))


@pytest.fixture
def county(db):
    """The small county: see tests/county.py for who and what is in it."""
    return small_county.build()


@pytest.fixture
def signed_in(client):
    """`signed_in(user)`: a browser in which this person is signed in."""

    def sign_in(user):
        client.force_login(user)
        return client

    return sign_in
