"""Pages for what goes wrong. Each says what happened, what became of the work, and what to do.

They need no database, no session and no person, so they also work when these are away.
"""

import logging
import sys
from typing import NamedTuple

from django.conf import settings
from django.core.exceptions import (
    RequestDataTooBig,
    SuspiciousOperation,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.db import InterfaceError, InternalError, OperationalError
from django.http import HttpResponse, RawPostDataException, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.middleware.csrf import get_token
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from core.accounts.kept import page_before, page_of_pressed
from core.errors import Refused

log = logging.getLogger(__name__)

DATABASE_AWAY = (OperationalError, InterfaceError, InternalError)
TOO_MUCH = (RequestDataTooBig, TooManyFilesSent, TooManyFieldsSent)
UNREADABLE = (SuspiciousOperation, UnreadablePostError, RawPostDataException, MultiPartParserError)
STATUS_OF = {Refused.NOT_YOURS: 403, Refused.BAD_INPUT: 400}  # every other refusal: 409


class Trouble(NamedTuple):
    status: int
    title: str
    happened: str
    do: str
    resend: bool = False  # offer to send the same form again: its key makes that safe


BAD_REQUEST = Trouble(
    400,
    _("This request cannot be read"),
    _("What arrived here was incomplete or malformed. Nothing was changed."),
    _("Go back, reload the page and try again."),
)
STALE_FORM = Trouble(
    403,
    _("This form is no longer valid"),
    _("The page was open for too long, or you signed in again in another window. Nothing was saved."),
    _("Reload the page and send the form again. What you typed is shown below, so you can copy it."),
)
FORBIDDEN = Trouble(
    403,
    _("This is not open to you"),
    _("Your role may not open this page or do this. Nothing was changed."),
    _("If you need it for your work, ask the administrator of your county."),
)
NOT_FOUND = Trouble(
    404,
    _("There is no such page here"),
    _("The address may have a slip, or what it shows is not in your area."),
    _("Look for it from your tasks or in the list of firms."),
)
WRONG_METHOD = Trouble(
    405,
    _("This address only takes a form"),
    _("It has no page of its own. Nothing was changed."),
    _("Go to the page with the button and press it there."),
)
CONFLICT = Trouble(
    409,
    _("This was not done"),
    "",
    _("Nothing was changed. Open the page again to see how things stand now."),
)
TOO_LARGE = Trouble(
    413,
    _("This is too large to send"),
    _("More or larger files came along, or more text, than this desk takes. Nothing was saved."),
    _("Go back with the browser's back button, leave out or shrink the largest files, and send again."),
)
SERVER_ERROR = Trouble(
    500,
    _("Something went wrong on our side"),
    _("The fault has been written to the log. Nothing was half done: this step was undone as a whole."),
    _("Try again. If it happens a second time, tell the administrator the time shown here."),
    resend=True,
)
DATABASE_IS_AWAY = Trouble(
    503,
    _("The desk cannot reach its records just now"),
    _("The database does not answer. What was saved before is safe; this step was not saved."),
    _("Wait a minute and send it again. Nothing will be done twice."),
    resend=True,
)


class Answers:
    """Turns a refusal that no view caught, and empty answers, into pages that say what to do."""

    def __init__(self, get_response) -> None:
        self.get_response = get_response

    def __call__(self, request):
        if _body_is_too_large(request):
            return page(request, TOO_LARGE)
        response = self.get_response(request)
        if response.status_code == 405 and (back := page_of_pressed(request)):
            return redirect(back)
        if response.status_code == 405 and not response.content:
            told = page(request, WRONG_METHOD)
            told["Allow"] = response.get("Allow", "")
            return told
        return response

    def process_exception(self, request, exception):
        if not isinstance(exception, Refused):
            return None
        status = STATUS_OF.get(exception.code, 409)
        trouble = FORBIDDEN if status == 403 else CONFLICT
        return page(request, trouble._replace(status=status, happened=exception.sentence))


def bad_request(request, exception=None):
    return page(request, TOO_LARGE if isinstance(exception, TOO_MUCH) else BAD_REQUEST)


def forbidden(request, exception=None):
    return page(request, FORBIDDEN)


def not_found(request, exception=None):
    return page(request, NOT_FOUND)


def stale_form(request, reason=""):
    """Django's check against forged forms said no. The text is shown, never sent again by itself."""
    log.warning("Form refused: %s (%s)", reason, request.path)
    return page(request, STALE_FORM)


def server_error(request):
    """Called while the exception is being handled."""
    away = isinstance(sys.exc_info()[1], DATABASE_AWAY)
    return page(request, DATABASE_IS_AWAY if away else SERVER_ERROR)


def page(request, trouble: Trouble) -> HttpResponse:
    """The page of a trouble, in the reader's language."""
    with translation.override(translation.get_language_from_request(request)):
        context = {
            "trouble": trouble,
            "typed": _typed(request) if trouble.status != 413 else [],
            "path": request.get_full_path(),
            "back": request.get_full_path() if request.method == "GET" else page_before(request),
            "csrf_token": get_token(request),
            "token_sent": _sent_token(request) if trouble.resend else "",
            "LANGUAGE_CODE": translation.get_language(),
        }
        try:
            text = render_to_string("desk/trouble.html", context)
        except Exception:  # the page for what goes wrong must not go wrong itself
            log.exception("The page for status %s could not be drawn", trouble.status)
            text = format_html(
                "<!doctype html><title>{}</title><h1>{}</h1><p>{}</p><p>{}</p>",
                trouble.title, trouble.title, trouble.happened, trouble.do,
            )  # fmt: skip
        response = HttpResponse(text, status=trouble.status)
    if trouble.status == 503:
        response["Retry-After"] = "30"
    return response


def _body_is_too_large(request) -> bool:
    at_most = settings.UPLOAD_MAX_BYTES * settings.UPLOAD_MAX_FILES
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0) > at_most
    except ValueError:
        return False


def _typed(request) -> list[tuple[str, list[str]]]:
    """The text that came with the form, for its writer to copy. Never passwords."""
    return [
        (name, [value for value in values if value])
        for name, values in _posted(request)
        if name != "csrfmiddlewaretoken" and "password" not in name and any(values)
    ]


def _sent_token(request) -> str:
    """The token as it came: a forged form stays a forged form when it is sent again."""
    return next((v[0] for name, v in _posted(request) if name == "csrfmiddlewaretoken" and v), "")


def _posted(request) -> list:
    if request.method != "POST":
        return []
    try:
        return list(request.POST.lists())
    except UNREADABLE:
        return []
