"""A session goes on while its person works: a page that is left open does not keep them signed in,
and a page that is only read does not write."""

import time

from django.contrib.sessions.middleware import SessionMiddleware
from django.utils.cache import patch_vary_headers

BY_ITSELF = "X-Live"  # the header of what a page asks without anybody pressing anything
RENEWED = "renewed"  # session: when its end was last put off, in seconds since 1970
RENEW_AFTER = 60  # seconds; a session may end so much earlier than its full time after the last act


class Sessions(SessionMiddleware):
    """As Django's. Its end is put off once a minute at most: to write on every page that is looked
    at cost more than the page's own questions, and two pages at once overwrote each other."""

    def process_response(self, request, response):
        session = request.session
        if BY_ITSELF in request.headers and not session.modified:
            patch_vary_headers(response, ("Cookie",))
            return response
        if session.accessed and not session.is_empty():
            now = int(time.time())
            if not 0 <= now - session.get(RENEWED, 0) < RENEW_AFTER:
                session[RENEWED] = now
        return super().process_response(request, response)
