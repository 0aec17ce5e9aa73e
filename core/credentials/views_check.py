"""The page behind a card's QR code, for whoever holds the card in their hand: says whether it is
valid and for whom, and nothing else. No account, no cookie, no memory in the browser."""

import ipaddress
import time

from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.views.decorators.http import require_safe

from core.credentials.models import Card
from core.credentials.moves import State
from core.credentials.tokens import nonce_of

A_MINUTE = 30  # looks from one address; a person at a door needs one


@login_not_required
@require_safe
def check(request, token):
    language = request.GET.get("lang")
    language = language if language in ("zh-hans", "en") else translation.get_language()
    if _too_often(request.META.get("REMOTE_ADDR", "")):
        return _page({"too_often": True}, language, status=429)
    facts = facts_of(token, on=timezone.localdate())
    return _page(facts, language, status=200 if facts["known"] else 404)


def facts_of(token: str, *, on) -> dict:
    """What the page may say. A forged token and one that was never given out look the same."""
    nonce = nonce_of(token)
    card = (
        nonce
        and Card.objects.select_related("credential__instructor__unit").filter(nonce=nonce).first()
    )
    if not card:
        return {"known": False}
    held, who = card.credential, card.credential.instructor
    valid = (
        card.ended_on is None
        and held.state == State.ACTIVE
        and held.valid_from <= on <= held.valid_until
        and (who.left_on is None or who.left_on > on)
    )
    return {
        "known": True, "valid": valid, "number": held.number, "name": masked(who.name),
        "unit": who.unit.name, "valid_from": held.valid_from, "valid_until": held.valid_until,
    }  # fmt: skip


def masked(name: str) -> str:
    """王小明 → 王*明, 王明 → 王*: one character less than what the card shows."""
    if len(name) < 2:
        return "*"
    return f"{name[0]}*{name[2:]}"


def _too_often(address: str) -> bool:
    """Counts the looks of this minute. IPv6 callers own a whole /64 and are counted as one.

    Behind a proxy every caller has the proxy's address here, and all share one allowance:
    BEHIND_PROXY trusts only X-Forwarded-Proto, and X-Forwarded-For is not read, since anybody can
    write it. There the proxy has to hand the caller's address over as the connection's own, or
    limit the looks itself.
    """
    try:
        there = ipaddress.ip_address(address)
    except ValueError:
        there = ipaddress.ip_address("0.0.0.0")  # noqa: S104  a caller without an address
    if there.version == 6:
        there = ipaddress.ip_network((there, 64), strict=False).network_address
    key = f"card-check:{int(there):x}:{int(time.time()) // 60}"
    cache.add(key, 0, 120)
    try:
        return cache.incr(key) > A_MINUTE
    except ValueError:  # it ran out between the two lines
        return False


def _page(facts: dict, language: str, *, status: int) -> HttpResponse:
    """Rendered without the request: what a signed-in reader is shown does not belong here."""
    with translation.override(language):
        html = render_to_string("credentials/check.html", {**facts, "today": timezone.localdate()})
    answer = HttpResponse(html, status=status)
    answer["Cache-Control"] = "no-store, private"
    answer["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    answer["Referrer-Policy"] = "same-origin"
    if status == 429:
        answer["Retry-After"] = "60"
    return answer
