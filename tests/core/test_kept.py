"""What was typed survives an expired session, for its writer and nobody else."""

from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from core.accounts.kept import COOKIE
from tests.county import PASSWORD, WEST

pytestmark = pytest.mark.usefixtures("english")

PAGE = "/accounts/new/"
TYPED = {
    "key": "6c0c8b0e-5f0e-4a39-a1b4-7a6c1b3f0a01", "username": "qian.wei", "name": "钱伟",
    "role": "township", "area": WEST, "password": "west-of-the-river",
}  # fmt: skip


def sign_in(browser, user, **more):
    return browser.post(
        "/sign-in/", {"username": user.username, "password": PASSWORD, **more}, follow=True
    )


def expire(browser):
    """The session ends by itself, as after two hours; the browser notices nothing."""
    Session.objects.all().delete()


@pytest.fixture
def typed(county, client):
    """The administrator's session ended while the form was filled in, and it was sent."""
    sign_in(client, county.zheng_guan)
    expire(client)
    county.answer = client.post(PAGE, TYPED)
    return county


def test_the_text_comes_back_after_signing_in(typed, client):
    assert typed.answer.url == f"/sign-in/?next={PAGE}"
    assert "You were signed out" in client.get(typed.answer.url).content.decode()
    page = sign_in(client, typed.zheng_guan, next=PAGE)
    text = page.content.decode()
    assert page.redirect_chain[-1][0] == PAGE
    assert 'value="qian.wei"' in text and 'value="钱伟"' in text
    assert f'<option value="{WEST}" selected>' in text
    assert "what you typed is still here" in text
    assert "west-of-the-river" not in text  # a password is never kept
    assert 'class="error-summary"' not in text


def test_sending_it_clears_what_was_kept(typed, client):
    sign_in(client, typed.zheng_guan, next=PAGE)
    assert client.post(PAGE, TYPED).status_code == 302
    assert "qian.wei" not in client.get(PAGE).content.decode()


def test_another_page_or_person_does_not_get_the_text(typed, client):
    sign_in(client, typed.li_ming)
    assert "kept" not in client.session
    client.post("/sign-out/")
    page = sign_in(client, typed.zheng_guan, next=PAGE)
    assert "qian.wei" not in page.content.decode()


def test_nothing_is_kept_for_a_stranger(county, client):
    client.post(PAGE, TYPED)
    assert "kept" not in client.session
    client.cookies[COOKIE] = f"{county.zheng_guan.pk}:forged"
    client.post(PAGE, TYPED)
    assert "kept" not in client.session


def test_more_than_200_kb_is_not_kept(county, client):
    sign_in(client, county.zheng_guan)
    expire(client)
    assert client.post(PAGE, TYPED | {"name": "字" * 70_000}).status_code == 302
    assert "kept" not in client.session


def test_a_forged_form_is_not_kept(county):
    browser = Client(enforce_csrf_checks=True)
    sign_in_page = browser.get("/sign-in/")
    browser.post(
        "/sign-in/",
        {"username": "zheng.guan", "password": PASSWORD,
         "csrfmiddlewaretoken": sign_in_page.context["csrf_token"]},
    )  # fmt: skip
    expire(browser)
    assert browser.post(PAGE, TYPED).status_code == 403
    assert not any("kept" in each.get_decoded() for each in Session.objects.all())


def test_a_button_without_text_leads_back_to_its_page(county, client):
    sign_in(client, county.zheng_guan)
    expire(client)
    close = f"/accounts/{county.li_ming.pk}/close/"
    answer = client.post(close, headers={"referer": f"http://testserver/accounts/{county.li_ming.pk}/"})
    assert answer.url == f"/sign-in/?next=/accounts/{county.li_ming.pk}/"
    answer = client.post(close, headers={"referer": "http://evil.example/testserver/x"})
    assert answer.url == f"/sign-in/?next={close}"


def test_a_part_of_a_page_sends_the_whole_page_to_sign_in(county, client):
    answer = client.get("/accounts/", headers={"HX-Request": "true"})
    assert answer.headers["HX-Redirect"] == "/sign-in/?next=/accounts/"


@pytest.mark.parametrize("given", [{}, {"to": "3"}], ids=["no text", "a choice"])
@pytest.mark.parametrize(
    ("referer", "leads_to"),
    [("http://testserver/accounts/?q=li", "/accounts/?q=li"), (None, "/"),
     ("http://testserver//evil.example/", "/"), ("http://evil.example/", "/")],
)  # fmt: skip
def test_a_button_that_was_too_late_leads_to_its_page(county, client, given, referer, leads_to):
    sign_in(client, county.zheng_guan)
    expire(client)
    address = f"/accounts/{county.li_ming.pk}/close/"
    answer = client.post(address, given, headers={"referer": referer} if referer else None)
    page = sign_in(client, county.zheng_guan, next=parse_qs(urlsplit(answer.url).query)["next"][0])
    went = [url for url, _status in page.redirect_chain]
    assert page.status_code == 200 and leads_to in went and "evil" not in "".join(went)
    assert "You were signed out" in page.content.decode()
    county.li_ming.refresh_from_db()
    assert county.li_ming.is_active  # it is led back, never pressed for the person
    assert client.get(address).status_code == 405  # asked for by hand, it is what it is
