"""Tokens of platforms: given out, looked at on each request, revoked."""

import hashlib
import secrets
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.accounts.models import User
from core.api.models import Part, PlatformToken, PlatformUse
from core.audit.record import record
from core.errors import Refused
from core.ledger.permits import allow_in
from core.often import caller, too_often, was_too_often
from core.rulebook import rule

VERB = "keep_platforms"
WRONG_A_MINUTE = 20  # tokens that nobody gave out, from one address


class NotAdmitted(Exception):
    """A request is not answered: HTTP status, code for programs, sentence for people."""

    def __init__(self, status: int, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.status, self.code, self.sentence = status, code, sentence


def hashed(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


@transaction.atomic
def give(
    platform: str, *, area: str, parts: list[str], expires_on: date, by: User, on: date
) -> tuple[PlatformToken, str]:
    """A new token for a platform, and its text, which is kept nowhere: show it now. Raises Refused: an
    area beyond one's own, no end or one too far off, nothing that it opens."""
    allow_in(by, VERB, area)
    if not platform.strip():
        raise Refused(Refused.BAD_INPUT, _("Name the platform."))
    if not parts or set(parts) - set(Part.values):
        raise Refused(Refused.BAD_INPUT, _("Choose what the token opens."))
    most = on + timedelta(days=rule("platform_token_term", on=on).value)
    if not on < expires_on <= most:
        raise Refused(
            Refused.BAD_INPUT,
            _("Choose a last day between tomorrow and %(day)s.") % {"day": date_format(most)},
        )
    secret = secrets.token_urlsafe(32)
    made = PlatformToken.objects.create(
        platform=platform.strip(), area=area, parts=sorted(parts), digest=hashed(secret),
        expires_on=expires_on, by=by,
    )  # fmt: skip
    _record("platform.token_given", made, by=by, place=User(area=area).place, until=expires_on)
    return made, secret


@transaction.atomic
def revoke(token: PlatformToken, *, by: User, at: datetime) -> None:
    """From now on the token opens nothing. Again, it does nothing. Raises Refused."""
    allow_in(by, VERB, token.area)
    now = PlatformToken.objects.visible_to(by).select_for_update(of=("self",)).get(pk=token.pk)
    if now.revoked_at is None:
        now.revoked_at, now.revoked_by = at, by
        now.save(update_fields=["revoked_at", "revoked_by"])
        _record("platform.token_revoked", now, by=by)


def admitted(secret: str, *, address: str, now: datetime) -> PlatformToken:
    """The token of a request, whose use is counted. Raises NotAdmitted."""
    wrong = f"platform-wrong:{caller(address)}"
    if was_too_often(wrong, WRONG_A_MINUTE):
        raise _too_often()
    token = PlatformToken.objects.filter(digest=hashed(secret)).first()
    if token is None:
        too_often(wrong, WRONG_A_MINUTE)
        raise NotAdmitted(401, "unknown_token", _("This token is not known. Ask the office for one."))
    if token.revoked_at:
        raise NotAdmitted(401, "revoked", _("This token was revoked. Ask the office for a new one."))
    today = timezone.localdate(now)
    if token.expires_on < today:
        raise NotAdmitted(
            401, "expired",
            _("This token was valid until %(day)s. Ask the office for a new one.")
            % {"day": date_format(token.expires_on)},
        )  # fmt: skip
    if too_often(f"platform:{token.pk}", rule("platform_requests", on=today).value):
        raise _too_often()
    _count(token, now, today)
    return token


def _too_often() -> NotAdmitted:
    return NotAdmitted(429, "too_often", _("Too many requests in this minute. Wait a minute."))


@transaction.atomic
def _count(token: PlatformToken, now: datetime, today: date) -> None:
    uses = PlatformUse.objects.filter(token=token, day=today)
    if not uses.update(many=F("many") + 1, last_at=now):
        fresh = PlatformUse(token=token, day=today, last_at=now)
        PlatformUse.objects.bulk_create([fresh], ignore_conflicts=True)  # two may begin a day at once
        uses.update(many=F("many") + 1, last_at=now)


def _record(code: str, token: PlatformToken, *, by: User, **words) -> None:
    record(code, by=by, area=token.area, chain=f"platforms:{token.area}", platform=token.platform,
           **words)  # fmt: skip
