"""The page behind the QR code: says valid or not, and nothing to those who guess."""

from datetime import timedelta

import pytest
from django.core.cache import cache

from core import often
from core.credentials import views_check
from core.credentials.acts import issue_to, move
from core.credentials.models import Credential
from core.credentials.tokens import new_nonce, nonce_of, token_of
from core.people.models import Instructor
from tests import county as small

EN = {"headers": {"accept-language": "en"}}


@pytest.fixture(autouse=True)
def fresh_minute(settings, tmp_path):
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    cache.clear()


@pytest.fixture
def held(county) -> Credential:
    who = small.instructor("王小明", phone="13800000000")
    made = issue_to(who, by=county.zhou_tao, on=county.today)
    return move(made, "hand_out", by=county.zhou_tao, on=county.today)


def page(client, token, **more):
    return client.get(f"/c/{token}/", **(EN | more))


def test_a_valid_card_says_so_and_little_else(client, held):
    answer = page(client, token_of(held.card.nonce))
    text = answer.content.decode()
    assert answer.status_code == 200 and "verdict good" in text and ">Valid<" in text
    assert held.number in text and "王*明" in text and "bureau of agriculture" in text
    for secret in ("王小明", "13800000000", "East Hill", held.card.nonce):
        assert secret not in text
    assert answer.headers["X-Robots-Tag"].startswith("noindex")
    assert "no-store" in answer.headers["Cache-Control"]
    assert not answer.cookies


@pytest.mark.parametrize(("verb", "reason"), [("revoke", "x"), ("suspend", "x"), ("lose", "x")])
def test_it_turns_red_at_once(verb, reason, client, held, county):
    token = token_of(held.card.nonce)
    assert b"verdict good" in page(client, token).content
    move(held, verb, by=county.zhou_tao, on=county.today, reason=reason)
    assert b"verdict bad" in page(client, token).content


def test_an_old_card_stays_red_when_a_new_one_is_green(client, held, county):
    old = token_of(held.card.nonce)
    now = move(held, "replace", by=county.zhou_tao, on=county.today, reason="Broken.")
    move(now, "hand_out", by=county.zhou_tao, on=county.today)
    assert b"verdict bad" in page(client, old).content
    assert b"verdict good" in page(client, token_of(now.card.nonce)).content


def test_neither_a_day_past_nor_a_holder_who_left_is_valid(held, county):
    token = token_of(held.card.nonce)
    assert views_check.facts_of(token, on=held.valid_until)["valid"]
    assert not views_check.facts_of(token, on=held.valid_until + timedelta(days=1))["valid"]
    Instructor.objects.filter(pk=held.instructor_id).update(left_on=county.today)
    assert not views_check.facts_of(token, on=county.today)["valid"]


def test_forged_and_unknown_tokens_look_the_same(client, held):
    good = token_of(held.card.nonce)
    other = "A" if good[-1] != "A" else "B"
    tried = [
        good[:-1] + other,
        token_of(new_nonce()),
        "1",
        "x" * 24,
        "王" * 24,
        held.card.nonce + "A" * 12,
    ]
    pages = {page(client, token).content for token in tried}
    assert len(pages) == 1
    assert page(client, tried[0]).status_code == 404
    assert all(nonce_of(token) is None for token in (tried[0], *tried[2:]))


def test_a_forged_token_asks_nothing_of_the_database(client, db, django_assert_num_queries):
    with django_assert_num_queries(0):
        page(client, "x" * 24)


def test_cards_signed_with_the_old_secret_go_on(held, settings):
    token, old = token_of(held.card.nonce), settings.SECRET_KEY
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another", [old]
    assert nonce_of(token) == held.card.nonce
    settings.SECRET_KEY_FALLBACKS = []
    assert nonce_of(token) is None


def test_who_looks_too_often_waits(client, db, monkeypatch):
    monkeypatch.setattr(often.time, "time", lambda: 1_000_000)
    for _look in range(views_check.A_MINUTE):
        assert page(client, "x" * 24).status_code == 404
    late = page(client, "x" * 24)
    assert late.status_code == 429 and b"Wait a minute" in late.content
    assert late.headers["Retry-After"] == "60"
    assert page(client, "x" * 24, REMOTE_ADDR="10.0.0.9").status_code == 404
    assert page(client, "x" * 24, REMOTE_ADDR="2001:db8::1").status_code == 404


@pytest.mark.parametrize(
    ("name", "shown"), [("王明", "王*"), ("王小明", "王*明"), ("欧阳修远", "欧*修远"), ("王", "*")]
)
def test_one_character_is_masked(name, shown):
    assert views_check.masked(name) == shown


def test_both_languages(client, held):
    token = token_of(held.card.nonce)
    chinese = client.get(f"/c/{token}/?lang=zh-hans").content.decode()
    assert 'lang="zh-hans"' in chinese and "有效" in chinese and "Valid" not in chinese
    assert ">Valid<" in client.get(f"/c/{token}/?lang=en").content.decode()
