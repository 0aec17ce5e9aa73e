"""The personal link of a firm without an account: on paper, for a phone, for one form.

The link is signed, not kept: who has the database cannot make one, and a slip that is printed again
has the same. It dies with its day, with the sent form, and when a new one is given out. What is
typed with it is sealed with a secret that only that browser has (see `core.sealing`), so that the
office that printed the slip cannot look at a draft with it. Whoever holds the paper can send the
form: that is what a personal link is, and the slip says so.
"""

import secrets
from datetime import date, datetime, timedelta

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from core.audit.record import record
from core.errors import Refused
from core.ledger.permits import allow
from core.rulebook import rule
from workflows.evaluations.models import Evaluation, Sheet

SALT = "evaluations.link"
COOKIE = "evaluation_{pk}"


def _signer() -> signing.Signer:
    return signing.Signer(salt=SALT, sep="~")


def token_of(sheet: Sheet) -> str:
    return _signer().sign(f"{sheet.pk}.{sheet.link_serial}")


def address_of(sheet: Sheet) -> str:
    return settings.SITE_URL + reverse("evaluations:link", args=[token_of(sheet)])


def sheet_of(token: str) -> Sheet | None:
    """The form of a link that we signed and that no newer one has ended; None for any other."""
    try:
        pk, serial = (int(part) for part in _signer().unsign(token).split("."))
    except (signing.BadSignature, ValueError):
        return None
    sheets = Sheet.objects.select_related(
        "evaluation__round", "evaluation__firm", "evaluation__instructor__unit"
    )
    return sheets.filter(
        pk=pk, link_serial=serial, side=Sheet.Side.FIRM, link_until__isnull=False
    ).first()


@transaction.atomic
def give_link(evaluation: Evaluation, *, by, at: datetime, new: bool = False) -> Sheet:
    """The firm's form with a link that works. One that still does is given again, unless a `new` one
    is wanted: then the old slip is void. Raises Refused."""
    allow(by, "key_in_evaluation")
    if not Evaluation.objects.visible_to(by).filter(pk=evaluation.pk).exists():
        raise Refused(Refused.NOT_YOURS, _("This firm is not within your reach."))
    sheet = evaluation.sheets.select_for_update().get(side=Sheet.Side.FIRM)
    today = timezone.localdate(at)
    if evaluation.round.closed_at or sheet.state != Sheet.State.WAITING:
        raise Refused(Refused.NOT_NOW, _("This form is in already, or the round is closed."))
    if sheet.link_until is None or sheet.link_until < today or new:
        sheet.link_serial += 1
        sheet.link_until = last_day(evaluation, today)
        sheet.save(update_fields=["link_serial", "link_until"])
        record("evaluation.link_given", by=by, firm=evaluation.firm)
    return sheet


def last_day(evaluation: Evaluation, today: date) -> date:
    """The rulebook's days, but no longer than the round takes forms."""
    days = rule("evaluation_link_days", on=today).value
    return min(today + timedelta(days=days), evaluation.round.closes_on)


def secret_of(request, sheet: Sheet) -> str:
    """What only this browser knows of a form; "" when it has not begun it."""
    return request.COOKIES.get(COOKIE.format(pk=sheet.pk), "")[:64]


def remember_secret(response, sheet: Sheet, secret: str):
    """Leave the secret with the browser. Returns the response."""
    response.set_cookie(
        COOKIE.format(pk=sheet.pk), secret, max_age=120 * 24 * 3600, httponly=True, samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE, path="/e/",
    )  # fmt: skip
    return response


def new_secret() -> str:
    return secrets.token_urlsafe(24)
