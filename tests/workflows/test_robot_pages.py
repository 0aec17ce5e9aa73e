"""The pages of robots: for their keepers, and secrets are written but never shown."""

import pytest
from django.utils import timezone

from core.accounts.verbs import Role
from tests import county as small
from workflows.mailroom.models import Delivery, Robot

KEY = "11111111-1111-4111-8111-11111111111"


def form(number=0, **changed):
    given = {
        "key": f"{KEY}{number}", "name": "Our group", "maker": "wecom", "language": "en",
        "url": "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=most-secret",
        "kinds": ["task", "overdue"], "quiet_from": "21:00", "quiet_until": "07:00",
    }  # fmt: skip
    return given | changed


def office(**changed):
    return form(whose=Role.TOWNSHIP, area=small.EAST, **changed)


def test_an_administrator_connects_an_office(county, signed_in):
    browser = signed_in(county.zheng_guan)
    answer = browser.post("/notices/robots/new/", office())
    robot = Robot.objects.get()
    assert answer.url == f"/notices/robots/{robot.pk}/"
    assert (robot.role, robot.area, robot.person, robot.kept_by) == (
        "township", small.EAST, None, county.zheng_guan,
    )  # fmt: skip
    assert robot.kinds == ["task", "overdue"]
    page = browser.get(answer.url).content.decode()
    assert "most-secret" not in page
    assert "East" in page
    assert "Our group" in browser.get("/notices/settings/").content.decode()
    assert browser.post("/notices/robots/new/", office()).url == answer.url  # sent twice
    assert Robot.objects.count() == 1


def test_a_new_form_proposes_all_kinds(county, signed_in):
    page = signed_in(county.zheng_guan).get("/notices/robots/new/").content.decode()
    assert page.count("checked") == 6


def test_everybody_else_connects_their_own(county, signed_in):
    browser = signed_in(county.li_ming)
    page = browser.get("/notices/robots/new/").content.decode()
    assert "For whom" not in page
    answer = browser.post("/notices/robots/new/", office())  # asks for an office all the same
    assert answer.status_code == 302
    assert Robot.objects.get().person == county.li_ming


def test_nobody_has_more_than_five(county, signed_in):
    browser = signed_in(county.li_ming)
    for number in range(5):
        assert browser.post("/notices/robots/new/", form(number)).status_code == 302
    answer = browser.post("/notices/robots/new/", form(5))
    assert answer.status_code == 422
    assert "Remove one first" in answer.content.decode()


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"url": "https://evil.example/"}, "Messages may not go to evil.example."),
        ({"url": ""}, "Please fill this in."),
        ({"name": ""}, "Please fill this in."),
        ({"maker": "pager"}, "Select a valid choice"),
        ({"secret": "short"}, "at least 8 characters"),
        ({"area": ""}, "Choose the area of the office."),
        ({"area": small.AWAY}, "Select a valid choice"),
        ({"whose": Role.LINE, "area": small.COUNTY}, "Choose the line department of this county."),
        ({"quiet_until": ""}, "Give both hours, or neither."),
    ],
)
def test_what_is_wrong_is_said(county, signed_in, changed, said):
    answer = signed_in(county.zheng_guan).post("/notices/robots/new/", office() | changed)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not Robot.objects.exists()


def test_a_change_keeps_the_address_that_is_not_given(county, signed_in):
    browser = signed_in(county.zheng_guan)
    url = browser.post("/notices/robots/new/", office(secret="long enough")).url
    assert browser.post(url, form(1, name="New name", url="", secret="")).status_code == 302
    robot = Robot.objects.get()
    assert robot.name == "New name"
    assert robot.url.endswith("key=most-secret")
    assert robot.secret == "long enough"
    answer = browser.post(url, form(2, url="https://evil.example/"))
    assert answer.status_code == 422
    assert "evil.example" in answer.content.decode()


def test_test_pause_and_remove(county, signed_in):
    browser = signed_in(county.zheng_guan)
    url = browser.post("/notices/robots/new/", office()).url
    assert browser.post(f"{url}test/").status_code == 302
    assert Delivery.objects.get().what == "test"
    assert "Test message" in browser.get(url).content.decode()
    browser.post(f"{url}pause/")
    assert Robot.objects.get().paused
    browser.post(f"{url}pause/")
    assert not Robot.objects.get().paused
    assert browser.post(f"{url}remove/").url == "/notices/settings/"
    assert not Robot.objects.exists()
    assert browser.get(url).status_code == 404


def test_a_strangers_robot_does_not_exist(county, signed_in, client):
    signed_in(county.li_ming).post("/notices/robots/new/", form())
    url = f"/notices/robots/{Robot.objects.get().pk}/"
    for person in (county.wang_fang, county.zheng_guan, county.gao_yuan):
        browser = signed_in(person)
        assert browser.get(url).status_code == 404
        for act in ("test", "pause", "remove"):
            assert browser.post(f"{url}{act}/").status_code == 404


def test_a_robot_that_never_spoke_is_not_called_connected(county, signed_in, english):
    browser = signed_in(county.li_ming)
    answer = browser.post("/notices/robots/new/", form())
    page = browser.get(answer.url).content.decode()
    assert "not tried yet" in page and '<span class="tag ok">' not in page
    robot = Robot.objects.get()
    now = timezone.now()
    Delivery.objects.create(what="test", robot=robot, state="sent", made_at=now, due_at=now)
    assert '<span class="tag ok">connected' in browser.get(answer.url).content.decode()
