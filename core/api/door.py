"""The interface as Django mounts it: without sign-in or cookie, with refusals as JSON throughout."""

import hashlib
from functools import wraps

from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from core.api.api import api, refusal


@login_not_required
@csrf_exempt
def nothing(request, rest=""):
    """Whatever else is asked for below the interface's address."""
    return refusal(request, 404, "not_found", _("There is nothing here. See the page /api/."))


def opened(view):
    """A view of the interface: who has the answer already (If-None-Match) is not sent it again."""

    @login_not_required
    @csrf_exempt
    @wraps(view)
    def through(request, *args, **kwargs):
        try:
            answer = view(request, *args, **kwargs)
        except Http404:
            return nothing(request)
        if answer.status_code == 405:
            said = refusal(request, 405, "read_only", _("This interface is read only: use GET."))
            said["Allow"] = answer["Allow"]
            return said
        answer["Cache-Control"] = "private, no-cache"
        answer["Vary"] = "Authorization, Accept-Language"
        if answer.status_code == 200:
            etag = quote_etag(hashlib.sha256(answer.content).hexdigest()[:32])
            answer["ETag"] = etag
            return get_conditional_response(request, etag=etag, response=answer)
        return answer

    return through


def doors() -> list:
    """The addresses of the interface, each opened."""
    patterns, _app, _namespace = api.urls
    for pattern in patterns:
        pattern.callback = opened(pattern.callback)
    return patterns
