import pytest

from tests import county as small_county


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
