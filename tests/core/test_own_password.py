"""A temporary password is changed before anything else; a new place ends the old sign-in."""

from uuid import uuid4

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils.translation import override

from core.accounts.acts import change_place, close_account, open_account
from core.accounts.models import User
from core.accounts.verbs import Role
from core.audit.models import Event
from core.audit.sentences import sentence
from core.errors import Refused
from core.ledger.models import Firm, FirmContact
from tests import county as made

pytestmark = pytest.mark.usefixtures("english")
FIRST, OWN = "until-tomorrow-only", "walks-in-the-hills"


@pytest.fixture
def newcomer(county, signed_in):
    """Li Ming, who forgot the password and got a temporary one, signed in with it."""
    given = {"key": str(uuid4()), "password": FIRST}
    signed_in(county.zheng_guan).post(f"/accounts/{county.li_ming.pk}/", given)
    browser = Client()
    browser.post("/sign-in/", {"username": "li.ming", "password": FIRST})
    return browser


def change(browser, new, old=FIRST):
    given = {"old_password": old, "new_password1": new, "new_password2": new}
    return browser.post("/account/", given)


def test_a_temporary_password_opens_only_the_page_that_changes_it(county, newcomer):
    for page in ("/", "/tasks/", f"/firms/{county.tea.pk}/"):
        assert newcomer.get(page).url == "/account/"
    assert newcomer.post(f"/firms/{county.tea.pk}/guidance/new/", {"done": "x"}).url == "/account/"
    part = newcomer.get("/tasks/", headers={"HX-Request": "true"})
    assert part.headers["HX-Redirect"] == "/account/"
    assert b"Choose a password of your own first" in newcomer.get("/account/").content
    assert newcomer.post("/language/", {"language": "en", "next": "/account/"}).status_code == 302
    assert newcomer.post("/sign-out/").url == "/sign-in/"


def test_the_own_one_opens_everything_and_leads_to_what_was_asked_for(county, newcomer):
    page = f"/firms/{county.tea.pk}/"
    newcomer.get(page)
    assert change(newcomer, FIRST).status_code == 422  # the same again is not one's own
    assert newcomer.get(page).status_code == 302
    assert change(newcomer, OWN).url == page
    assert newcomer.get(page).status_code == 200
    assert change(newcomer, "another-walk-then", old=OWN).url == "/account/"
    codes = Event.objects.filter(chain=f"user:{county.li_ming.pk}").order_by("place")
    assert [e.code for e in codes][:3] == [
        "account.changed", "account.signed_in", "account.password_changed",
    ]  # fmt: skip


def test_a_new_account_begins_with_a_temporary_password(county):
    opened = opening(county, role=Role.AUDITOR)
    assert opened.must_change_password and not county.li_ming.must_change_password


def opening(county, *, role, area=made.EAST, **more) -> User:
    return open_account(
        by=county.zheng_guan, username=f"new.{uuid4().hex[:6]}", name="Qian Wei", role=role,
        area=area, password=FIRST, **more,
    )  # fmt: skip


def test_an_instructor_or_contact_who_would_see_nothing_is_not_opened(county):
    taken = county.tea  # it has a contact
    for more, told in (
        ({"role": Role.INSTRUCTOR}, "Choose the entry"),
        ({"role": Role.INSTRUCTOR, "instructor": county.guide_li}, "has an account already"),
        ({"role": Role.INSTRUCTOR, "instructor": free_guide(made.WEST)}, "works in another area"),
        ({"role": Role.CONTACT}, "Name the firm"),
        ({"role": Role.CONTACT, "firm": taken}, "already has an account"),
        ({"role": Role.CONTACT, "firm": county.paper}, "lies in another area"),
    ):
        with pytest.raises(Refused, match=told):
            opening(county, **more)
    assert not User.objects.filter(name="Qian Wei").exists()


def free_guide(area):
    return made.instructor("Ma Jie", area)


def test_the_successor_of_a_contact_sees_the_firm_and_the_one_before_no_more(county):
    close_account(county.wu_laoban, by=county.zheng_guan)
    opened = opening(county, role=Role.CONTACT, firm=county.tea)
    assert list(Firm.objects.visible_to(opened)) == [county.tea]
    assert FirmContact.objects.get().user == opened


def test_another_role_ends_the_sign_in_and_the_old_reach(county, signed_in):
    guide, other = free_guide(made.EAST), Client()
    made.assign(guide, county.mall)
    other.force_login(county.wu_laoban)
    assert other.get("/tasks/").status_code == 200
    page = f"/accounts/{county.wu_laoban.pk}/"
    given = {
        "key": str(uuid4()), "role": "instructor", "area": made.EAST, "instructor": guide.pk,
        "firm": "",
    }  # fmt: skip
    browser = signed_in(county.zheng_guan)
    assert f"{page}edit/" in browser.get(page).content.decode()
    assert browser.post(f"{page}edit/", given).url == page
    assert other.get("/tasks/").url.startswith("/sign-in/")
    now = User.objects.get(pk=county.wu_laoban.pk)
    assert list(Firm.objects.visible_to(now)) == [county.mall]
    assert not FirmContact.objects.filter(user=now).exists()
    event = Event.objects.get(code="account.changed")
    assert sentence(event).endswith("role, entry in the list of instructors, firm")


def test_a_new_area_ends_the_sign_in_and_nothing_new_changes_nothing(county, client):
    client.force_login(county.he_jun)
    place = {"role": Role.TOWNSHIP, "by": county.zheng_guan}
    change_place(county.he_jun, area=made.WEST, **place)
    assert client.get("/tasks/").status_code == 200 and not Event.objects.exists()
    change_place(county.he_jun, area=made.EAST, **place)
    assert client.get("/tasks/").status_code == 302
    assert Event.objects.get().words["what"] == "account.area"


@pytest.mark.parametrize(
    ("who", "by", "area"),
    [("zheng_guan", "zheng_guan", made.COUNTY), ("gao_yuan", "zheng_guan", made.EAST),
     ("li_ming", "zheng_guan", made.AWAY_TOWN), ("li_ming", "zhou_tao", made.EAST)],
)  # fmt: skip
def test_places_are_given_by_an_administrator_within_the_own_area(county, who, by, area):
    with pytest.raises(Refused):
        change_place(getattr(county, who), by=getattr(county, by), role=Role.AUDITOR, area=area)


def test_a_password_that_is_too_short_is_refused_in_the_readers_language():
    with override("zh-hans"), pytest.raises(ValidationError) as refused:
        validate_password("rain7-hat")
    assert refused.value.messages == ["密码太短，至少须有 10 个字符。"]


def test_places_have_their_names_on_the_pages_of_accounts(county, signed_in):
    assert b"<dd>East</dd>" in signed_in(county.li_ming).get("/account/").content
    admin = signed_in(county.zheng_guan)
    assert b"<dd>East</dd>" in admin.get(f"/accounts/{county.li_ming.pk}/").content
    listed = admin.get("/accounts/?q=li.ming").content.decode()
    assert ">East</td>" in listed and county.li_ming.area not in listed
