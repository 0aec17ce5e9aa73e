"""The interface itself: its addresses below /api/v1/, who is admitted, and refusals as JSON."""

from datetime import date
from typing import Literal

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import get_language, gettext_noop
from django.utils.translation import gettext as _
from ninja import NinjaAPI, Query
from ninja.errors import AuthenticationError, ValidationError
from ninja.security import HttpBearer

from core.accounts.readers import reader
from core.api import answers, firms, tokens
from core.api.answers import Bridge, BridgeFirms, Coverage, Figures, Refusal
from core.api.models import Part
from core.api.tokens import NotAdmitted
from core.figures.forms import EARLIEST
from core.figures.ledger import Ledger


class Token(HttpBearer):
    """Authorization: Bearer TOKEN."""

    def authenticate(self, request, token):
        address = request.META.get("REMOTE_ADDR", "")
        return tokens.admitted(token, address=address, now=timezone.now())


api = NinjaAPI(
    title="Instructor Desk", version="1", auth=Token(), docs_url=None, urls_namespace="api:v1",
    description=gettext_noop(
        "Read only. Every answer is over the area of the token; every day of the past is answered "
        "from the records, by the rules of that day."
    ),
)  # fmt: skip
REFUSALS = dict.fromkeys((401, 403, 422, 429), Refusal)

DAY = Query(None, description=gettext_noop("A day as 2026-03-31; today, if it is left out."))
FIRST = Query(description=gettext_noop("The first day."))
AFTER = Query(
    0, ge=0, lt=2**63, description=gettext_noop("What the page before said; none for the first.")
)
MANY = Query(100, ge=1, le=firms.AT_MOST, description=gettext_noop("Firms on a page."))
PLACE = Query(
    None, description=gettext_noop("A division code within the token's area, to narrow the answer.")
)


def _opened(request, part: Part, area: str | None) -> str:
    """The area of an answer. Raises NotAdmitted: the token does not open this."""
    token = request.auth
    if part not in token.parts:
        raise NotAdmitted(403, "not_in_scope", _("This token does not open this part."))
    if area and not (area.isascii() and area.isdigit() and area.startswith(token.area)):
        raise NotAdmitted(403, "not_in_scope", _("This token opens a smaller area."))
    return area or token.area


def _ledger(area: str, on: date | None) -> Ledger:
    """The ledger of an area on a day. Raises NotAdmitted for a day that has no figures."""
    today = timezone.localdate()
    on = on or today
    _of_the_past(on)
    return Ledger(reader(area), on, past=on < today)


def _of_the_past(day: date) -> None:
    if not EARLIEST <= day <= timezone.localdate():
        raise NotAdmitted(422, "bad_input", _("Choose a day between 1978 and today."))


@api.get("/figures", response={200: Figures, **REFUSALS}, summary=gettext_noop("All figures of a day"))
def figures(request, on: date | None = DAY, area: str | None = PLACE):
    area = _opened(request, Part.FIGURES, area)
    ledger = _ledger(area, on)
    return Figures(on=ledger.on, area=area, figures=answers.all_figures(ledger))


@api.get(
    "/coverage", response={200: Coverage, **REFUSALS},
    summary=gettext_noop("Coverage by township, line, industry or size"),
)  # fmt: skip
def coverage(
    request,
    by: Literal["township", "line", "industry", "size"] = Query(
        "township", description=gettext_noop("What the firms are grouped by.")
    ),
    on: date | None = DAY,
    area: str | None = PLACE,
):
    area = _opened(request, Part.FIGURES, area)
    ledger = _ledger(area, on)
    return Coverage(on=ledger.on, area=area, by=by, parts=answers.parts_of(ledger, by))


@api.get(
    "/bridge", response={200: Bridge, **REFUSALS},
    summary=gettext_noop("What changed between two days, by stage and reason"),
)  # fmt: skip
def bridge(request, since: date = FIRST, until: date | None = DAY, area: str | None = PLACE):
    area = _opened(request, Part.FIGURES, area)
    until = _span(since, until)
    told = answers.movements(reader(area), since, until)
    return Bridge(since=since, until=until, area=area, movements=told)


@api.get(
    "/bridge/firms", response={200: BridgeFirms, **REFUSALS},
    summary=gettext_noop("The firms that make the difference between two days, page by page"),
)  # fmt: skip
def bridge_firms(
    request,
    since: date = FIRST,
    until: date | None = DAY,
    after: int = AFTER,
    many: int = MANY,
    area: str | None = PLACE,
):
    area = _opened(request, Part.FIGURES, area)
    _opened(request, Part.FIRMS, area)
    return answers.moved(reader(area), since, _span(since, until), after=after, many=many)


def _span(since: date, until: date | None) -> date:
    """The last day of a span. Raises NotAdmitted for days that have no figures, or in wrong order."""
    until = until or timezone.localdate()
    _of_the_past(since)
    _of_the_past(until)
    if since >= until:
        raise NotAdmitted(422, "bad_input", _("The first day comes before the last one."))
    return until


@api.get(
    "/firms", response={200: firms.Firms, **REFUSALS},
    summary=gettext_noop("The ledger, page by page; no person is in it"),
)  # fmt: skip
def list_firms(
    request,
    after: int = AFTER,
    many: int = MANY,
    closed: bool = Query(False, description=gettext_noop("Closed firms, too.")),
    area: str | None = PLACE,
):
    area = _opened(request, Part.FIRMS, area)
    return firms.page_of_firms(reader(area), after=after, many=many, closed=closed)


# ── refusals ───────────────────────────────────────────────────────────────────────────────────
def refusal(request: HttpRequest, status: int, code: str, sentence: str) -> HttpResponse:
    """A refusal in the language that was asked for."""
    told = {"code": code, "sentence": sentence}
    answer = api.create_response(request, told, status=status)
    answer["Content-Language"] = get_language()
    if status == 401:
        answer["WWW-Authenticate"] = "Bearer"
    if status in (429, 503):
        answer["Retry-After"] = "60"
    return answer


@api.exception_handler(NotAdmitted)
def _not_admitted(request, no: NotAdmitted):
    return refusal(request, no.status, no.code, no.sentence)


@api.exception_handler(AuthenticationError)
def _no_token(request, no):
    said = _("Send the token that the office gave you: Authorization: Bearer TOKEN.")
    return refusal(request, 401, "no_token", said)


@api.exception_handler(ValidationError)
def _bad_input(request, no: ValidationError):
    names = ", ".join(str(slip["loc"][-1]) for slip in no.errors)
    said = _("This cannot be read: %(names)s. The page /api/ says what may be asked.")
    return refusal(request, 422, "bad_input", said % {"names": names})


@api.exception_handler(OperationalError)
@api.exception_handler(InterfaceError)
def _away(request, no):
    said = _("The desk cannot reach its records just now. Try again in a minute.")
    return refusal(request, 503, "away", said)
