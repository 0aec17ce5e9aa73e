"""A page that is left open does not keep its person signed in."""

from django.contrib.sessions.middleware import SessionMiddleware
from django.utils.cache import patch_vary_headers

BY_ITSELF = "X-Live"  # the header of what a page asks without anybody pressing anything


class Sessions(SessionMiddleware):
    """As Django's, but what an open page asks by itself does not put off the end of the session."""

    def process_response(self, request, response):
        if BY_ITSELF in request.headers and not request.session.modified:
            patch_vary_headers(response, ("Cookie",))
            return response
        return super().process_response(request, response)
