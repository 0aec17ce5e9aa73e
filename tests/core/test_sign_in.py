"""Signing in and out, the lock, one's own account, and the administrator's list of people."""

from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.test import Client
from django.utils import timezone

from core.accounts.models import User
from core.accounts.verbs import Role
from core.audit.models import Event
from core.demo.accounts import ACCOUNTS
from core.ledger.models import FirmContact
from tests.county import EAST, PASSWORD, WEST, person

pytestmark = pytest.mark.usefixtures("english")


def try_to_sign_in(client, username, password=PASSWORD, **more):
    return client.post("/sign-in/", {"username": username, "password": password, **more})


def codes(user) -> list[str]:
    return list(
        Event.objects.filter(chain=f"user:{user.pk}").order_by("place").values_list("code", flat=True)
    )


@pytest.mark.parametrize(
    ("who", "first_page"),
    [("li_ming", "/today/"), ("wu_laoban", "/today/"), ("sun_li", "/audit/"),
     ("zheng_guan", "/accounts/")],
)  # fmt: skip
def test_everybody_comes_to_their_own_first_page(county, client, who, first_page):
    user = getattr(county, who)
    assert try_to_sign_in(client, user.username).url == "/"
    assert client.get("/").url == first_page
    assert codes(user) == ["account.signed_in"]


def test_signing_in_leads_to_the_page_asked_for_and_never_elsewhere(county, client):
    assert client.get("/account/").url == "/sign-in/?next=/account/"
    assert try_to_sign_in(client, "li.ming", next="/account/").url == "/account/"
    assert try_to_sign_in(Client(), "li.ming", next="https://evil.example/").url == "/"


def test_a_wrong_password_is_told_and_the_name_stays(county, client):
    answer = try_to_sign_in(client, "li.ming", "wrong")
    assert answer.status_code == 422
    assert b'value="li.ming"' in answer.content and b"wrong" not in answer.content.split(b"form")[0]
    assert codes(county.li_ming) == []


def test_five_wrong_passwords_lock_for_a_quarter_of_an_hour(county, client):
    for _time in range(4):
        assert try_to_sign_in(client, "li.ming", "wrong").status_code == 422
    fifth = try_to_sign_in(client, "li.ming", "wrong")
    assert fifth.status_code == 429 and b"locked for 15 minutes" in fifth.content
    right = try_to_sign_in(client, "li.ming")
    assert right.status_code == 429 and "_auth_user_id" not in client.session
    assert codes(county.li_ming) == ["account.locked_out"]  # once, not for every knock
    assert try_to_sign_in(Client(), "wang.fang").status_code == 302  # nobody else is locked
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=16))
    assert try_to_sign_in(client, "li.ming").status_code == 302


def test_a_lock_on_a_name_that_nobody_has_is_recorded_too(county, client):
    for _time in range(5):
        try_to_sign_in(client, "nobody", "wrong")
    assert Event.objects.get().code == "account.locked_out"


def test_a_closed_account_cannot_sign_in(county, client):
    User.objects.filter(username="li.ming").update(is_active=False)
    assert try_to_sign_in(client, "li.ming").status_code == 422


def test_signing_out_takes_a_post_and_is_recorded(county, signed_in):
    browser = signed_in(county.li_ming)
    assert browser.get("/sign-out/").status_code == 405
    assert browser.post("/sign-out/").url == "/sign-in/"
    assert codes(county.li_ming) == ["account.signed_out"]
    assert browser.get("/account/").status_code == 302


def test_the_language_is_a_choice_of_anybody(client, db):
    assert client.post("/language/", {"language": "en", "next": "/sign-in/"}).url == "/sign-in/"
    assert client.cookies["django_language"].value == "en"
    assert client.get("/language/").status_code == 405


def test_demo_accounts_are_listed_only_on_the_demo(db, client, settings):
    assert ACCOUNTS[0].name.encode() not in client.get("/sign-in/").content
    person(ACCOUNTS[0].username, Role.INSTRUCTOR, EAST)
    assert ACCOUNTS[0].name.encode() in client.get("/sign-in/").content
    settings.DEMO = False
    assert ACCOUNTS[0].name.encode() not in client.get("/sign-in/").content


def test_changing_the_password_keeps_this_browser_and_ends_the_others(county, signed_in):
    browser, other = signed_in(county.li_ming), Client()
    other.force_login(county.li_ming)

    def change(old, new):
        return browser.post(
            "/account/", {"old_password": old, "new_password1": new, "new_password2": new}
        )

    assert change("wrong", "walks-in-the-hills").status_code == 422
    assert change(PASSWORD, "12345678901").status_code == 422  # only digits
    assert change(PASSWORD, "short").status_code == 422
    assert change(PASSWORD, "walks-in-the-hills").status_code == 302
    assert browser.get("/account/").status_code == 200
    assert other.get("/account/").status_code == 302
    assert codes(county.li_ming) == ["account.password_changed"]


def new_person(**more):
    return {
        "key": "6c0c8b0e-5f0e-4a39-a1b4-7a6c1b3f0a01", "username": "qian.wei", "name": "Qian Wei",
        "role": "township", "area": WEST, "password": "west-of-the-river",
    } | more  # fmt: skip


def test_the_administrator_opens_an_account(county, signed_in):
    browser = signed_in(county.zheng_guan)
    answer = browser.post("/accounts/new/", new_person())
    opened = User.objects.get(username="qian.wei")
    assert answer.url == f"/accounts/{opened.pk}/"
    assert (opened.role, opened.area, opened.is_staff) == ("township", WEST, False)
    assert codes(opened) == ["account.opened"]
    assert browser.post("/accounts/new/", new_person()).url == answer.url  # sent twice, opened once
    assert try_to_sign_in(Client(), "qian.wei", "west-of-the-river").status_code == 302
    assert b"Qian Wei" in browser.get("/accounts/?q=qian").content


@pytest.mark.parametrize(
    ("slip", "told"),
    [
        ({"username": "LI.MING"}, "This user name is taken"),
        ({"password": "1234567890"}, "entirely numeric"),
        ({"area": "139902100"}, "not one of the available choices"),
        ({"role": "line"}, "Choose the line department"),
        ({"role": "contact"}, "Name the firm"),
        ({"role": "contact", "firm": "91"}, "No firm in your area"),
    ],
)
def test_a_slip_in_a_new_account_is_told_and_nothing_is_opened(county, signed_in, slip, told):
    answer = signed_in(county.zheng_guan).post("/accounts/new/", new_person(**slip))
    assert answer.status_code == 422 and told in answer.content.decode()
    assert not User.objects.filter(username="qian.wei").exists()


def test_accounts_are_tied_to_the_instructor_and_the_firm(county, signed_in):
    browser = signed_in(county.zheng_guan)
    county.guide_zhao.user = None
    county.guide_zhao.save()
    browser.post("/accounts/new/", new_person(role="instructor", instructor=county.guide_zhao.pk))
    county.guide_zhao.refresh_from_db()
    assert county.guide_zhao.user.username == "qian.wei"
    given = new_person(
        key="6c0c8b0e-5f0e-4a39-a1b4-7a6c1b3f0a02", username="ma.jie", role="contact",
        firm=county.paper.credit_code.lower(),
    )  # fmt: skip
    assert browser.post("/accounts/new/", given).status_code == 302
    assert FirmContact.objects.get(user__username="ma.jie").firm == county.paper


def test_closing_an_account_signs_the_person_out(county, signed_in):
    other = Client()
    other.force_login(county.li_ming)
    browser = signed_in(county.zheng_guan)
    for _time in range(2):  # pressed twice, done once
        assert browser.post(f"/accounts/{county.li_ming.pk}/close/").status_code == 302
    assert other.get("/account/").status_code == 302
    assert browser.post(f"/accounts/{county.li_ming.pk}/reopen/").status_code == 302
    assert codes(county.li_ming) == ["account.changed", "account.changed"]
    assert browser.post(f"/accounts/{county.zheng_guan.pk}/close/").status_code == 409


def test_a_temporary_password_works_and_is_never_shown_again(county, signed_in):
    browser = signed_in(county.zheng_guan)
    url = f"/accounts/{county.li_ming.pk}/"
    given = {"key": "6c0c8b0e-5f0e-4a39-a1b4-7a6c1b3f0a03", "password": "until-tomorrow-only"}
    assert browser.post(url, given).status_code == 302
    assert b"until-tomorrow-only" not in browser.get(url).content
    assert try_to_sign_in(Client(), "li.ming", "until-tomorrow-only").status_code == 302


def test_people_of_another_county_are_not_there(county, signed_in):
    browser = signed_in(county.zheng_guan)
    assert browser.get(f"/accounts/{county.gao_yuan.pk}/").status_code == 404
    assert browser.post(f"/accounts/{county.gao_yuan.pk}/close/").status_code == 404
    assert b"Gao Yuan" not in browser.get("/accounts/").content


def test_the_stock_administration_only_reads_what_the_door_rules(county, signed_in):
    browser = signed_in(county.zheng_guan)
    assert browser.get("/admin/").status_code == 200
    for table in ("event", "seal", "firm", "stagechange", "user", "member"):
        assert browser.get(f"/admin/core/{table}/add/").status_code in (403, 404)
    staff = person("odd.one", Role.COUNTY, EAST, is_staff=True, is_superuser=True)
    assert signed_in(staff).get("/admin/").status_code == 302


def test_passwords_are_kept_hashed(county):
    assert not User.objects.filter(password__contains=PASSWORD).exists()
