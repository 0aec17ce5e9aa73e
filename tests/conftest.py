import os

import pytest
from django.conf import settings
from django.db import connection
from django.utils import translation
from hypothesis import settings as examples

from core.audit import guard
from tests import county as small_county
from workflows.surveys import guard as surveys

examples.register_profile("house", database=None, deadline=None, derandomize=True)
examples.load_profile("house")


def pytest_configure():
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)


def pytest_collection_modifyitems(items):
    needs = {
        "postgres": (connection.vendor == "postgresql", "needs DATABASE_URL=postgres://…"),
        "redis": (bool(os.getenv("REDIS_URL")), "needs REDIS_URL=redis://…"),
        "browser": (bool(os.getenv("CHROMIUM")), "needs CHROMIUM=/path/of/chromium"),
    }
    for item in items:
        for mark, (there, reason) in needs.items():
            if item.get_closest_marker(mark) and not there:
                item.add_marker(pytest.mark.skip(reason=reason))


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup):
    """Between tests that commit, Django empties all tables. Only here, around that, the triggers of
    the audit trail and of closed surveys are taken away; the product has no switch for it."""
    kind = type(connection.ops)  # the class: beside a browser's event loop there is a second object
    flush = kind.execute_sql_flush

    def flush_with_trail(self, statements):
        guard.remove(self.connection, guard.TABLES)
        surveys.remove(self.connection)
        try:
            flush(self, statements)
        finally:
            guard.install(self.connection, guard.TABLES)
            surveys.install(self.connection)

    kind.execute_sql_flush = flush_with_trail
    yield
    kind.execute_sql_flush = flush


@pytest.fixture(autouse=True)
def seals_of_this_test(settings, tmp_path):
    """Seals are kept outside the database, so a rollback does not take them back."""
    settings.AUDIT_SEAL_FILE = tmp_path / "audit-seals.log"


@pytest.fixture
def english(settings):
    """Pages and sentences in English, whatever the default language is."""
    settings.LANGUAGE_CODE = "en"
    with translation.override("en"):
        yield


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
