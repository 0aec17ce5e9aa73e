"""Whatever goes wrong: a page that says what happened and what to do, never a bare 500."""

import pytest
from django.contrib.auth.decorators import login_not_required
from django.contrib.sessions.backends.db import SessionStore
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.db import InterfaceError, InternalError, OperationalError
from django.http import HttpResponse
from django.test import Client
from django.urls import include, path
from django.views.decorators.http import require_POST

from core.errors import Refused
from tests.county import PASSWORD

pytestmark = pytest.mark.usefixtures("english")

RAISES = {
    "refused": Refused(Refused.NOT_NOW, "2 full members; a branch of its own needs 3."),
    "not-yours": Refused(Refused.NOT_YOURS, "Your role may not decide this."),
    "denied": PermissionDenied(),
    "suspicious": SuspiciousOperation(),
    "too-big": RequestDataTooBig(),
    "slip": ZeroDivisionError("a secret of the machine"),
    "away": OperationalError("connection refused"),
    "gone": InterfaceError("connection already closed"),
    "read-only": InternalError("read-only transaction"),
}


def fail(request, what):
    raise RAISES[what]


urlpatterns = [
    path("fail/<slug:what>/", login_not_required(fail)),
    path("read/", login_not_required(lambda request: HttpResponse(len(request.POST)))),
    path("press/", login_not_required(require_POST(fail))),
    path("", include("core.urls")),
]
handler400 = "core.desk.trouble.bad_request"
handler403 = "core.desk.trouble.forbidden"
handler404 = "core.desk.trouble.not_found"
handler500 = "core.desk.trouble.server_error"


@pytest.fixture
def browser(settings):
    settings.ROOT_URLCONF = __name__
    return Client(raise_request_exception=False)


def is_a_page(answer, status, says):
    text = answer.content.decode()
    assert answer.status_code == status
    assert says in text
    assert "site.css" in text and 'href="/"' in text  # in our look, with a way on
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "Content-Security-Policy" in answer.headers


@pytest.mark.parametrize(
    ("what", "status", "says"),
    [
        ("refused", 409, "2 full members; a branch of its own needs 3."),
        ("not-yours", 403, "Your role may not decide this."),
        ("denied", 403, "Your role may not open this page"),
        ("suspicious", 400, "cannot be read"),
        ("too-big", 413, "too large to send"),
        ("slip", 500, "Something went wrong on our side"),
        ("away", 503, "cannot reach its records"),
        ("gone", 503, "cannot reach its records"),
        ("read-only", 503, "cannot reach its records"),
    ],
)
def test_each_trouble_has_its_page(db, browser, what, status, says):
    answer = browser.get(f"/fail/{what}/")
    is_a_page(answer, status, says)
    assert "secret of the machine" not in answer.content.decode()


def test_an_unknown_address(db, browser):
    is_a_page(browser.get("/no/such/page/", follow=True), 404, "There is no such page here")


def test_a_page_asked_for_that_only_takes_a_form(db, browser):
    answer = browser.get("/press/")
    is_a_page(answer, 405, "only takes a form")
    assert answer.headers["Allow"] == "POST"


def test_too_much_text(db, browser, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    is_a_page(browser.post("/read/", {"reason": "x" * 2000}), 413, "too large to send")


def test_a_body_larger_than_all_files_together_is_not_even_read(db, browser, settings):
    settings.UPLOAD_MAX_BYTES = 10
    is_a_page(browser.post("/read/", {"reason": "x" * 200}), 413, "Nothing was saved")


def test_the_database_is_away_for_everything(db, browser, monkeypatch):
    """Not even the session can be read: the page still comes, and the form can be sent again."""

    def away(self):
        raise OperationalError("connection refused")

    browser.cookies["sessionid"] = "x" * 32
    monkeypatch.setattr(SessionStore, "load", away)
    is_a_page(browser.get("/account/"), 503, "What was saved before is safe")
    typed = {"reason": "三名正式党员", "key": "k1", "csrfmiddlewaretoken": "t" * 64}
    answer = browser.post("/account/", typed | {"new_password1": "not-to-be-shown"})
    is_a_page(answer, 503, "Send it again")
    text = answer.content.decode()
    assert 'name="reason" hidden>三名正式党员<' in text and 'name="key" hidden>k1<' in text
    assert f'value="{"t" * 64}"' in text  # the token it came with, no fresh one
    assert "not-to-be-shown" not in text
    assert answer.headers["Retry-After"]


def test_a_page_asks_no_database(browser):
    """Without the `db` mark any query would fail the test."""
    is_a_page(browser.get("/fail/away/"), 503, "cannot reach its records")


def test_a_stale_form_shows_what_was_typed_and_cannot_be_sent_by_one_press(county, settings):
    browser = Client(enforce_csrf_checks=True)
    answer = browser.post("/account/", {"reason": "<b>三名</b>", "password": "hidden-word"})
    is_a_page(answer, 403, "This form is no longer valid")
    text = answer.content.decode()
    assert "&lt;b&gt;三名&lt;/b&gt;" in text and "hidden-word" not in text
    assert "Send it again" not in text


def test_the_page_of_last_resort(db, browser, monkeypatch):
    def broken(*args, **given):
        raise ValueError("template")

    monkeypatch.setattr("core.desk.trouble.render_to_string", broken)
    answer = browser.get("/fail/slip/")
    assert answer.status_code == 500 and b"Something went wrong on our side" in answer.content


def test_it_speaks_the_readers_language(db, browser, settings):
    settings.LANGUAGE_CODE = "zh-hans"
    assert b'lang="zh-hans"' in browser.get("/fail/slip/").content
    browser.cookies["django_language"] = "en"
    assert b'lang="en"' in browser.get("/fail/slip/").content


def test_nothing_of_a_failed_sign_in_is_shown(db, browser):
    assert PASSWORD not in browser.post("/fail/slip/", {"password": PASSWORD}).content.decode()
