"""The page behind a card's QR code, for whoever holds the card in their hand: says whether it is
valid and for whom, and nothing else. No account, no cookie, no memory in the browser."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.views.decorators.http import require_safe

from core.credentials.models import Card
from core.credentials.moves import State
from core.credentials.tokens import nonce_of
from core.often import caller, too_often

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
    return too_often(f"card-check:{caller(address)}", A_MINUTE)


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
