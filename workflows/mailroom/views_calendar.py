"""The calendar itself, and its private address."""

import logging

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from redis.exceptions import RedisError

from workflows.mailroom import calendars
from workflows.mailroom.wishes import wishes_of

log = logging.getLogger(__name__)

SESSION_KEY = "calendar_token"
AN_HOUR = 120  # requests with one token; calendars ask every quarter of an hour


@require_POST
def calendar_make(request):
    request.session[SESSION_KEY] = calendars.make_link(request.user, at=timezone.now())
    return redirect(reverse("mailroom:settings") + "#calendar")


@require_POST
def calendar_end(request):
    calendars.end_link(request.user)
    request.session.pop(SESSION_KEY, None)
    messages.success(request, _("The calendar address no longer works."))
    return redirect(reverse("mailroom:settings") + "#calendar")


def token_to_show(request) -> str:
    """The address with a token that was just made, once; then ""."""
    token = request.session.pop(SESSION_KEY, "")
    return request.build_absolute_uri(reverse("mailroom:calendar", args=[token])) if token else ""


@login_not_required
@require_safe
def calendar(request, token):
    """Read by calendar programs: no sign-in, the address is the key."""
    if _too_often(token):
        answer = HttpResponse(status=429)
        answer["Retry-After"] = "3600"
        answer._has_been_logged = True  # or Django would write the address, which opens, into a log
        return answer
    person = calendars.person_of(token)
    if person is None:
        raise Http404
    language = wishes_of(person).language
    tasks = calendars.deadlines(person)
    etag = f'"{calendars.version_of(tasks, language)}"'
    if etag in request.headers.get("If-None-Match", ""):
        answer = HttpResponse(status=304)
    else:
        with translation.override(language):
            answer = HttpResponse(calendars.calendar_of(tasks), "text/calendar; charset=utf-8")
        answer["Content-Disposition"] = 'inline; filename="deadlines.ics"'
    answer["ETag"] = etag
    answer["Cache-Control"] = "private, no-cache"
    return answer


def _too_often(token: str) -> bool:
    """A light brake for a program that asks all the time; counted under the hash, never the token."""
    key = f"calendar:{calendars.hashed(token)}"
    try:
        return not cache.add(key, 1, timeout=3600) and cache.incr(key) > AN_HOUR
    except ValueError:  # the hour ended just now
        return False
    except (OSError, RedisError):
        log.warning("Calendars are not counted: the cache does not answer.")
        return False
