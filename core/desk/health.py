"""What /healthz tells: a line each for the database, migrations, fonts and the queue."""

import logging
from functools import cache

from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpResponse
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django_q.conf import Conf
from django_q.status import Stat

from core.papers.fonts import fonts_ready

log = logging.getLogger(__name__)


def database() -> tuple[bool, str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return True, "ok"


def migrations() -> tuple[bool, str]:
    missing = _known_migrations() - set(MigrationRecorder(connection).applied_migrations())
    return not missing, f"{len(missing)} not applied" if missing else "ok"


@cache
def _known_migrations() -> frozenset[tuple[str, str]]:
    return frozenset(MigrationLoader(None).disk_migrations)


def fonts() -> tuple[bool, str]:
    ready, words = fonts_ready()
    return ready, f"ok ({words})" if ready else words


def queue() -> tuple[bool, str]:
    alive = any(worker.status != Conf.STOPPED for worker in Stat.get_all())
    return alive, "ok" if alive else "no worker seen"


VITAL = (database, migrations)
CHECKS = (*VITAL, fonts, queue)


def report() -> tuple[bool, list[str]]:
    """Whether the desk can serve, and a line for each part. Never raises, tells no secret."""
    serves, lines = True, []
    for check in CHECKS:
        try:
            fine, words = check()
        except Exception as error:  # whatever is broken, this page answers
            log.warning("healthz: %s: %s", check.__name__, error)
            fine, words = False, f"away ({type(error).__name__})"
        serves = serves and (fine or check not in VITAL)
        lines.append(f"{check.__name__}: {words}")
    return serves, lines


@login_not_required
@require_safe
@never_cache
def healthz(request):
    """For a watching program: no sign-in, no secret."""
    with translation.override("en"):
        serves, lines = report()
    text = "".join(f"{line}\n" for line in lines)
    return HttpResponse(text, content_type="text/plain; charset=utf-8", status=200 if serves else 503)


class Health:
    """Answers /healthz before the session is read, since its table may be away."""

    def __init__(self, get_response) -> None:
        self.get_response = get_response

    def __call__(self, request):
        return healthz(request) if request.path == "/healthz" else self.get_response(request)
