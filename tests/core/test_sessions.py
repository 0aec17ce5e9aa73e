"""A session's end is put off while somebody works, without a write on every page."""

from datetime import timedelta

from django.contrib.sessions.models import Session
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core.accounts.sessions import RENEW_AFTER, RENEWED


def written(client, path: str) -> bool:
    with CaptureQueriesContext(connection) as heard:
        assert client.get(path).status_code == 200
    return any("UPDATE" in one["sql"] and "session" in one["sql"] for one in heard)


def test_the_end_is_put_off_once_a_minute(county, signed_in):
    browser = signed_in(county.wang_fang)
    browser.get("/tasks/")
    assert not written(browser, "/tasks/")
    session = browser.session
    session[RENEWED] -= RENEW_AFTER
    session.save()
    soon = timezone.now() + timedelta(minutes=3)
    Session.objects.update(expire_date=soon)
    assert written(browser, "/tasks/")
    assert Session.objects.get().expire_date > soon
    assert not written(browser, "/tasks/")


def test_a_clock_that_was_set_back_keeps_nobody_from_going_on(county, signed_in):
    browser = signed_in(county.wang_fang)
    session = browser.session
    session[RENEWED] = 2**40
    session.save()
    assert written(browser, "/tasks/")


def test_who_is_not_signed_in_gets_no_session(client, db):
    assert client.get(reverse("sign_in")).status_code == 200
    client.get("/healthz")
    assert not Session.objects.exists()
