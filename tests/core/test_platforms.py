"""Tokens of platforms: given out within one's area, shown once, counted, revoked; and the limits."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from core import often
from core.api import tokens
from core.api.models import PlatformToken, PlatformUse
from core.audit.models import Event
from core.audit.sentences import sentence
from core.errors import Refused
from core.rulebook import rule
from tests import county as small

pytestmark = pytest.mark.usefixtures("english")


@pytest.fixture(autouse=True)
def one_minute(monkeypatch):
    """Every test within a minute of its own."""
    cache.clear()
    monkeypatch.setattr(often.time, "time", lambda: 1_000_000)


def give(county, *, area=small.COUNTY, parts=("figures", "firms"), days=30, by=None):
    return tokens.give(
        "Province platform", area=area, parts=list(parts), by=by or county.zhou_tao, on=county.today,
        expires_on=county.today + timedelta(days=days),
    )  # fmt: skip


def ask(client, secret, path="figures", **more):
    return client.get(f"/api/v1/{path}", headers={"Authorization": f"Bearer {secret}", **more})


def test_a_token_is_kept_as_its_digest_only_and_is_on_record(county):
    token, secret = give(county)
    assert secret not in str(PlatformToken.objects.values())
    assert token.digest == tokens.hashed(secret)
    event = Event.objects.get(code="platform.token_given")
    assert "gave the platform Province platform a token for Qinghe" in sentence(event)
    assert secret not in str(event.words)


@pytest.mark.parametrize(
    "given",
    [{"area": small.AWAY}, {"area": ""}, {"area": "13"}, {"parts": ()}, {"parts": ("members",)},
     {"days": 0}, {"days": 367}],
)  # fmt: skip
def test_no_token_reaches_further_or_lasts_longer_than_it_may(county, given):
    with pytest.raises(Refused):
        give(county, **given)
    assert not PlatformToken.objects.exists()


def test_only_the_county_office_and_the_administrator_give_tokens(county):
    for role, user in county.by_role.items():
        if role in ("county", "administrator"):
            give(county, by=user)
        else:
            with pytest.raises(Refused):
                give(county, by=user, area=user.area)


def test_uses_are_counted_by_the_day(county, client):
    token, secret = give(county)
    for _time in range(3):
        assert ask(client, secret).status_code == 200
    use = PlatformUse.objects.get()
    assert (use.token, use.day, use.many) == (token, county.today, 3)
    assert not Event.objects.filter(code__startswith="platform.used").exists()


def refused(answer) -> tuple:
    assert set(answer.json()) == {"code", "sentence"}
    return answer.status_code, answer.json()["code"]


def test_who_has_no_good_token_gets_nothing(county, client):
    token, secret = give(county)
    assert refused(client.get("/api/v1/figures")) == (401, "no_token")
    assert refused(ask(client, secret[:-1])) == (401, "unknown_token")
    assert refused(ask(client, "x" * 9000)) == (401, "unknown_token")
    assert refused(client.get("/api/v1/figures", headers={"Authorization": secret})) == (
        401,
        "no_token",
    )
    PlatformToken.objects.update(expires_on=county.today)
    assert ask(client, secret).status_code == 200
    PlatformToken.objects.update(expires_on=county.today - timedelta(days=1))
    assert refused(ask(client, secret)) == (401, "expired")
    tokens.revoke(token, by=county.zheng_guan, at=timezone.now())
    tokens.revoke(token, by=county.zheng_guan, at=timezone.now())
    assert refused(ask(client, secret)) == (401, "revoked")
    assert Event.objects.filter(code="platform.token_revoked").count() == 1


def test_a_sign_in_is_no_token(county, client):
    client.force_login(county.zhou_tao)
    assert refused(client.get("/api/v1/figures")) == (401, "no_token")


def test_a_refusal_speaks_the_language_that_was_asked_for(county, client, settings):
    answer = ask(client, "no", **{"Accept-Language": "zh-CN"})
    assert answer["Content-Language"] == "zh-hans"
    assert "令牌" in answer.json()["sentence"]
    assert "token" in ask(client, "no", **{"Accept-Language": "en"}).json()["sentence"]


def test_a_token_has_so_many_requests_a_minute(county, client, monkeypatch):
    _token, secret = give(county)
    _other, another = give(county)
    most = rule("platform_requests", on=county.today).value
    for _time in range(most):
        tokens.admitted(secret, address="10.0.0.1", now=timezone.now())
    answer = ask(client, secret)
    assert refused(answer) == (429, "too_often")
    assert answer["Retry-After"] == "60"
    assert ask(client, another).status_code == 200
    monkeypatch.setattr(often.time, "time", lambda: 1_000_060)
    assert ask(client, secret).status_code == 200


def test_who_tries_tokens_is_stopped_by_address_and_others_are_not(county, client):
    _token, secret = give(county)
    for guess in range(tokens.WRONG_A_MINUTE + 1):
        ask(client, f"guess{guess}")
    assert refused(ask(client, "guess")) == (429, "too_often")
    assert refused(ask(client, secret)) == (429, "too_often")
    elsewhere = client.get(
        "/api/v1/figures", headers={"Authorization": f"Bearer {secret}"}, REMOTE_ADDR="10.9.9.9"
    )
    assert elsewhere.status_code == 200


# ── its pages ──────────────────────────────────────────────────────────────────────────────────
def form(county, **more) -> dict:
    until = (county.today + timedelta(days=90)).isoformat()
    return {"key": str(uuid4()), "platform": "Province", "area": small.EAST, "parts": ["figures"],
            "expires_on": until} | more  # fmt: skip


def test_a_token_is_shown_once(county, signed_in):
    browser, given = signed_in(county.zhou_tao), form(county)
    page = browser.post(reverse("api:platform_new"), given)
    secret = page.context["secret"]
    assert secret in page.content.decode()
    assert page["Cache-Control"] == "no-store, private"
    assert tokens.admitted(secret, address="", now=timezone.now()).area == small.EAST
    again = browser.post(reverse("api:platform_new"), given)
    assert again.url == reverse("api:platforms")
    assert PlatformToken.objects.count() == 1
    listed = browser.get(reverse("api:platforms")).content.decode()
    assert secret not in listed
    assert "once, on" in listed


def test_what_cannot_be_given_comes_back_with_a_sentence(county, signed_in):
    browser = signed_in(county.zhou_tao)
    for wrong in ({"area": small.AWAY}, {"expires_on": "2099-01-01"}, {"parts": []}, {"platform": " "}):
        answer = browser.post(reverse("api:platform_new"), form(county, **wrong))
        assert answer.status_code == 422
    assert not PlatformToken.objects.exists()


def test_a_token_is_revoked_on_its_page(county, signed_in, client):
    token, secret = give(county)
    browser = signed_in(county.zheng_guan)
    browser.post(reverse("api:platform_revoke", args=[token.pk]))
    assert refused(ask(client, secret)) == (401, "revoked")
    assert "revoked" in browser.get(reverse("api:platforms")).content.decode()
