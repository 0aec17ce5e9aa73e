from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from core.mail_url import mail_settings

pytestmark = pytest.mark.once
FOLDER = Path("/var/desk/mail")


@pytest.mark.parametrize(
    ("url", "host", "port", "user", "password", "way"),
    [
        ("smtp://mail.example", "mail.example", 25, "", "", None),
        ("smtp+tls://desk:p%40ss@mail.example", "mail.example", 587, "desk", "p@ss", "EMAIL_USE_TLS"),
        ("smtps://desk@mail.example:4650", "mail.example", 4650, "desk", "", "EMAIL_USE_SSL"),
    ],
)
def test_a_server(url, host, port, user, password, way):
    said = mail_settings(url, FOLDER)
    assert said["EMAIL_BACKEND"].endswith("smtp.EmailBackend")
    assert (said["EMAIL_HOST"], said["EMAIL_PORT"]) == (host, port)
    assert (said["EMAIL_HOST_USER"], said["EMAIL_HOST_PASSWORD"]) == (user, password)
    assert [name for name in said if name.startswith("EMAIL_USE")] == [way] * bool(way)


def test_without_an_address_mails_become_files():
    assert mail_settings("", FOLDER)["EMAIL_FILE_PATH"] == "/var/desk/mail"
    assert mail_settings("file:///a%20b", FOLDER)["EMAIL_FILE_PATH"] == "/a b"
    assert mail_settings("console:", FOLDER)["EMAIL_BACKEND"].endswith("console.EmailBackend")


@pytest.mark.parametrize(
    "url", ["mail.example", "http://mail.example", "smtp://", "smtp://a:x", "smtp://["]
)
def test_what_is_not_understood_stops_the_start_and_is_not_repeated(url):
    with pytest.raises(ImproperlyConfigured, match="EMAIL_URL is not understood"):
        mail_settings(url, FOLDER)
    with pytest.raises(ImproperlyConfigured) as error:
        mail_settings("smpt://desk:hunter2@mail", FOLDER)
    assert "hunter2" not in str(error.value)
