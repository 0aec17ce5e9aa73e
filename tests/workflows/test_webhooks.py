"""Robots: one message a case, not too many a minute, to places that are allowed."""

import base64
import hashlib
import hmac
from datetime import time, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.utils import translation
from django_q.models import OrmQ

from core.accounts.verbs import Role
from core.audit.models import Event
from core.errors import Refused
from tests import county as small
from tests.workflows.robots import LATER, MINUTE, NOW, news, office
from workflows.engine.models import Task
from workflows.mailroom import acts
from workflows.mailroom.digests import counted
from workflows.mailroom.models import Delivery, Robot, Wishes
from workflows.mailroom.round import run
from workflows.notices.models import Notice


# ── what is said ───────────────────────────────────────────────────────────────────────────────
def test_ten_events_of_a_case_are_one_message(county, group, maker):
    for minute in range(10):
        news(county.tea, county.wang_fang)
        assert run(NOW + minute * MINUTE)["messages"] == 0
    news(county.mall, county.wang_fang)
    assert run(LATER)["messages"] == 1
    (said,) = maker.says()
    assert said == {"msgtype": "text", "text": {"content":
        "East Hill Tea: 10 pieces of news. 0 tasks open.\n"
        f"https://desk.example/firms/{county.tea.pk}/"}}  # fmt: skip
    assert run(LATER)["messages"] == 0
    assert run(LATER + 10 * MINUTE)["messages"] == 1  # the mall's own
    assert len(maker.received) == 2


def test_one_event_told_to_two_of_the_office_is_one_piece_of_news(county, group, maker):
    colleague = small.person("liu.yan", Role.TOWNSHIP, small.EAST)
    news(county.tea, county.wang_fang, colleague, county.li_ming)
    run(NOW)
    assert Delivery.objects.get().events == 1


def test_it_says_how_many_tasks_are_open_and_late_and_names_nobody(county, group, maker, own_branch):
    Task.objects.update(due_at=NOW - timedelta(days=1))
    run(NOW)
    run(LATER)
    (said,) = maker.says()
    text = said["text"]["content"]
    assert text.startswith("East Hill Tea: 1 piece of news. 1 task open, 1 overdue.")
    for name in ("Li Ming", "Wang Jianguo", "Three members"):
        assert name not in text


def test_in_chinese_for_a_chinese_group(county, maker, own_branch):
    office(county, maker, language="zh-hans")
    run(NOW)
    run(LATER)
    with translation.override("zh-hans"):
        assert counted(1, 0) in maker.says()[0]["text"]["content"]


@pytest.mark.parametrize("who", ["he_jun", "zhou_tao", "li_ming"])
def test_an_office_does_not_hear_what_others_are_told(county, group, maker, who):
    news(county.tea, getattr(county, who))
    run(NOW)
    assert not Delivery.objects.exists()
    assert not Notice.objects.filter(passed_on=False).exists()


def test_the_kinds_that_were_not_asked_for_are_not_said(county, maker):
    office(county, maker, kinds=["overdue"])
    news(county.tea, county.wang_fang)
    run(NOW)
    assert not Delivery.objects.exists()


def test_one_s_own_robot_follows_one_s_own_choices(county, maker):
    mine = acts.add_robot(by=county.li_ming, person=county.li_ming, name="Mine", maker="json",
                          url=f"{maker.url}/hook", secret="a long secret")  # fmt: skip
    Wishes.objects.create(person=county.li_ming, language="zh-hans", kinds=["decision"])
    news(county.tea, county.li_ming)
    news(county.tea, county.li_ming, code="task.released")
    news(county.paper, county.li_ming)  # no longer within his reach
    run(NOW)
    run(LATER)
    (said,) = maker.says()
    assert said["events"] == 1
    assert set(mine.deliveries.values_list("state", flat=True)) == {"sent", "nothing"}


# ── how each maker is spoken to ────────────────────────────────────────────────────────────────
def test_dingtalk_s_signature(county, maker):
    office(
        county,
        maker,
        maker="dingtalk",
        url=f"{maker.url}/robot/send?access_token=t",
        secret="SEC123456",
    )
    news(county.tea, county.wang_fang)
    run(NOW)
    run(LATER)
    asked = parse_qs(urlsplit(maker.received[0]["path"]).query)
    moment = str(int(LATER.timestamp() * 1000))
    wanted = hmac.new(b"SEC123456", f"{moment}\nSEC123456".encode(), hashlib.sha256).digest()
    assert asked == {"access_token": ["t"], "timestamp": [moment],
                     "sign": [base64.b64encode(wanted).decode()]}  # fmt: skip


def test_signed_json(county, maker):
    office(county, maker, maker="json", url=f"{maker.url}/hook", secret="a long secret")
    maker.behaves = (204, b"")
    news(county.tea, county.wang_fang, times=3)
    run(NOW)
    assert run(LATER)["messages"] == 1
    (got,) = maker.received
    moment = got["headers"]["x-desk-timestamp"]
    wanted = hmac.new(b"a long secret", moment.encode() + b"." + got["body"], hashlib.sha256)
    assert got["headers"]["x-desk-signature"] == "sha256=" + wanted.hexdigest()
    assert maker.says()[0] | {"text": ""} == {
        "text": "", "link": f"https://desk.example/firms/{county.tea.pk}/", "events": 3, "tasks": 0,
        "overdue": 0,
    }  # fmt: skip


def test_address_and_secret_are_not_readable_in_the_database(county, maker):
    robot = office(county, maker, secret="the secret word")
    with connection.cursor() as cursor:
        cursor.execute("select url, secret from workflows_robot")
        kept = cursor.fetchone()
    assert "127.0.0.1" not in kept[0]
    assert "secret" not in kept[1]
    robot.refresh_from_db()
    assert robot.secret == "the secret word"
    assert not [e for e in Event.objects.all() if "key=" in str(e.words) or "secret" in str(e.words)]


# ── when ───────────────────────────────────────────────────────────────────────────────────────
def test_no_more_a_minute_than_the_maker_allows(county, group, maker):
    for number in range(45):
        news(small.firm(f"Firm {number}"), county.wang_fang)
    run(NOW)
    assert run(LATER)["messages"] == 20
    assert run(LATER + 59 * timedelta(seconds=1))["messages"] == 0
    assert run(LATER + MINUTE)["messages"] == 20
    assert run(LATER + 2 * MINUTE)["messages"] == 5
    assert len(maker.received) == 45


def test_quiet_hours_over_midnight_and_one_message_in_the_morning(county, maker):
    office(county, maker, quiet_from=time(21), quiet_until=time(7))
    evening = NOW.replace(hour=20, minute=55)
    for hours in range(10):
        news(county.tea, county.wang_fang)
        assert run(evening + timedelta(hours=hours))["messages"] == 0
    morning = (NOW + timedelta(days=1)).replace(hour=7)
    assert run(morning - MINUTE)["messages"] == 0
    assert run(morning)["messages"] == 1
    assert "10 pieces of news" in maker.says()[0]["text"]["content"]


def test_quiet_hours_that_were_chosen_meanwhile_count_too(county, group, maker):
    news(county.tea, county.wang_fang)
    run(NOW)
    acts.change_robot(group, by=county.zheng_guan, quiet_from=time(9), quiet_until=time(12))
    assert run(LATER)["messages"] == 0
    assert run(NOW.replace(hour=12))["messages"] == 1


# ── who keeps it, and where it may lead ────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("http://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=k", "begins with https://"),
        ("https://169.254.169.254/latest/meta-data", "may not go to 169.254.169.254"),
        ("https://localhost/", "may not go to localhost"),
        ("https://qyapi.weixin.qq.com.evil.example/", "may not go to"),
        ("https://qyapi.weixin.qq.com:8443/", "may not go to"),
        ("https://qyapi.weixin.qq.com@evil.example/", "no user name"),
        ("https://qyapi.weixin.qq.com/\r\nX: y", "whole address"),
        ("file:///etc/passwd", "whole address"),
        ("https://[", "not an address"),
        ("https://qyapi.weixin.qq.com:99999/", "not an address"),
        ("robot", "whole address"),
    ],
)
def test_addresses_that_are_refused(county, url, said):
    with pytest.raises(Refused, match=said.replace(".", r"\.")):
        acts.add_robot(by=county.li_ming, person=county.li_ming, name="x", maker="wecom", url=url)
    assert not Robot.objects.exists()


def test_a_host_that_is_no_longer_allowed_gets_nothing(county, group, maker, settings):
    news(county.tea, county.wang_fang)
    run(NOW)
    settings.WEBHOOK_HOSTS = []
    assert run(LATER)["messages"] == 0
    assert not maker.received
    group.refresh_from_db()
    assert "https://" in group.fault


def test_a_robot_whose_key_was_exchanged_sends_nothing_strange(county, group, maker):
    with connection.cursor() as cursor:
        cursor.execute("update workflows_robot set url = 'gAAAAABnonsense'")
    news(county.tea, county.wang_fang)
    run(NOW)
    assert run(LATER)["messages"] == 0
    group.refresh_from_db()
    assert group.fault


@pytest.mark.parametrize("who", ["li_ming", "zhou_tao", "wang_fang", "sun_li"])
def test_only_administrators_keep_the_robots_of_offices(county, who):
    by = getattr(county, who)
    with pytest.raises(Refused):
        acts.add_robot(by=by, name="x", maker="wecom", role=Role.TOWNSHIP, area=small.EAST,
                       url="https://qyapi.weixin.qq.com/x")  # fmt: skip


def test_nobody_keeps_robots_of_another_county(county, group):
    stranger = small.person("far", Role.ADMINISTRATOR, small.AWAY)
    for act in (acts.remove_robot, acts.pause_robot, acts.change_robot):
        with pytest.raises(Refused):
            act(group, by=stranger)
    assert group not in Robot.objects.visible_to(stranger)
    assert group in Robot.objects.visible_to(county.zheng_guan)


def test_a_paused_robot_says_nothing_and_nothing_late(county, group, maker):
    news(county.tea, county.wang_fang)
    run(NOW)
    acts.pause_robot(group, by=county.zheng_guan)
    news(county.tea, county.wang_fang)
    run(LATER)
    acts.pause_robot(group, by=county.zheng_guan)
    assert run(LATER + MINUTE)["messages"] == 0
    news(county.tea, county.wang_fang)
    run(LATER + MINUTE)
    assert run(LATER + 11 * MINUTE)["messages"] == 1


def test_a_test_is_enqueued_with_its_row_once(county, group):
    OrmQ.objects.all().delete()
    first = acts.test_robot(group, by=county.zheng_guan, at=NOW)
    assert acts.test_robot(group, by=county.zheng_guan, at=NOW) == first
    assert OrmQ.objects.count() == 1
    assert OrmQ.objects.get().task["func"] == "workflows.mailroom.round.run"
