"""Robots whose server hangs, fails, lies or is not there."""

from datetime import timedelta

import pytest

from core.accounts.verbs import Role
from tests import county as small
from tests.services import free_port
from tests.workflows.robots import LATER, MINUTE, NOW, news, office, running_maker
from workflows.mailroom import acts, post
from workflows.mailroom.models import Delivery
from workflows.mailroom.pass_on import pass_on
from workflows.mailroom.quiet import TRIES
from workflows.mailroom.round import run
from workflows.mailroom.speaking import _next, _send
from workflows.notices.models import Notice


# ── a server that hangs, fails, lies ───────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("behaves", "fault"),
    [
        ("hang", "It did not answer in time."),
        ("drip", "It did not answer in time."),
        ((500, b""), "It answered with the error 500."),
        ((302, b""), "It leads to another address; that is not followed."),
        ((200, b'{"errcode":93000,"errmsg":"invalid webhook url"}'), "It did not take the message"),
        ((200, b"<html>welcome"), "It did not take the message"),
        ((200, b"[]"), "It did not take the message"),
    ],
)
def test_what_fails_is_said_tried_again_and_arrives(county, group, maker, monkeypatch, behaves, fault):
    monkeypatch.setattr(post, "TOTAL", 0.5)
    maker.behaves = behaves
    news(county.tea, county.wang_fang, times=3)
    run(NOW)
    assert run(LATER)["messages"] == 0
    group.refresh_from_db()
    assert group.fault.startswith(fault)
    assert (group.failures, group.next_try_at) == (1, LATER + MINUTE)
    assert [each["path"] for each in maker.received] == ["/cgi-bin/webhook/send?key=k"]
    assert run(LATER)["messages"] == 0
    assert len(maker.received) == 1  # it rests
    maker.behaves = (200, b'{"errcode":0}')
    assert run(LATER + MINUTE)["messages"] == 1
    group.refresh_from_db()
    assert (group.fault, group.failures, group.next_try_at) == ("", 0, None)
    assert "3 pieces of news" in maker.says()[-1]["text"]["content"]


def test_a_slow_drip_is_cut_off(county, group, maker, monkeypatch):
    monkeypatch.setattr(post, "TOTAL", 0.5)
    maker.behaves = "drip"
    news(county.tea, county.wang_fang)
    run(NOW)
    run(LATER)
    assert maker.cut_off.wait(10)


def test_a_robot_that_hangs_holds_up_no_other(county, maker, settings, monkeypatch):
    monkeypatch.setattr(post, "TOTAL", 0.5)
    with running_maker() as slow:
        slow.behaves = "hang"
        settings.WEBHOOK_HOSTS = [maker.url, slow.url]
        office(county, slow, name="A slow one")
        office(county, maker, name="A quick one")
        for number in range(8):
            news(small.firm(f"Firm {number}"), county.wang_fang)
        run(NOW)
        assert run(LATER)["messages"] == 8
        assert len(slow.received) == 1  # one time-out a round, not eight


def test_nobody_there(county, maker, settings):
    closed = f"http://127.0.0.1:{free_port()}"
    settings.WEBHOOK_HOSTS = [closed, "https://no.such.host.invalid"]
    robots = [
        acts.add_robot(by=county.zheng_guan, name="x", maker="json", role=Role.TOWNSHIP,
                       area=small.EAST, language="en", url=url)
        for url in (f"{closed}/", "https://no.such.host.invalid/")
    ]  # fmt: skip
    news(county.tea, county.wang_fang)
    run(NOW)
    assert run(LATER)["messages"] == 0
    for robot in robots:
        robot.refresh_from_db()
    assert [r.fault for r in robots][0] == "It could not be reached."
    assert robots[1].fault in ("Its name is not known in this network.", "It did not answer in time.")


def test_what_happens_while_it_waits_joins_the_message(county, group, maker):
    maker.behaves = (500, b"")
    news(county.tea, county.wang_fang, times=2)
    run(NOW)
    run(LATER)
    news(county.tea, county.wang_fang, times=3)
    run(LATER)
    maker.behaves = (200, b'{"errcode":0}')
    assert run(LATER + MINUTE)["messages"] == 1
    assert "5 pieces of news" in maker.says()[-1]["text"]["content"]


def test_what_happens_while_it_is_being_sent_joins_it_when_it_fails(county, group, maker):
    news(county.tea, county.wang_fang, times=2)
    run(NOW)
    robot, delivery = _next(LATER, [])
    news(county.tea, county.wang_fang, times=3)
    pass_on(LATER, seconds=60)
    maker.behaves = (500, b"")
    assert not _send(robot, delivery, LATER)
    assert list(Delivery.objects.order_by("pk").values_list("state", "events")) == [
        ("overtaken", 2), ("waiting", 5),
    ]  # fmt: skip
    maker.behaves = (200, b'{"errcode":0}')
    assert run(LATER + MINUTE)["messages"] == 1


def test_after_ten_failures_it_is_given_up_its_keeper_is_told_and_a_test_mends_it(
    county, group, maker, signed_in
):
    maker.behaves, at = (500, b""), LATER
    news(county.tea, county.wang_fang)
    run(NOW)
    for _try in range(TRIES):
        run(at)
        group.refresh_from_db()
        at = group.next_try_at
    assert group.broken_at
    assert len(maker.received) == TRIES
    assert Delivery.objects.get().state == "given_up"
    told = Notice.objects.get(event__code="robot.broken")
    assert told.to == county.zheng_guan
    assert "East office no longer gets messages: It answered with the error 500." in told.sentence
    news(county.tea, county.wang_fang)
    run(at)
    run(at + timedelta(days=1))
    assert len(maker.received) == TRIES  # left in peace
    browser = signed_in(county.zheng_guan)
    page = browser.get(f"/notices/robots/{group.pk}/").content.decode()
    assert "this robot gets no messages" in page
    assert "It answered with the error 500." in page
    acts.test_robot(group, by=county.zheng_guan, at=at)
    run(at)
    group.refresh_from_db()
    assert group.broken_at, "a test that fails mends nothing"
    maker.behaves = (200, b'{"errcode":0}')
    acts.test_robot(group, by=county.zheng_guan, at=at)
    assert run(at)["messages"] == 1
    group.refresh_from_db()
    assert (group.broken_at, group.failures, group.fault) == (None, 0, "")
    news(county.tea, county.wang_fang)
    run(at)
    assert run(at + 10 * MINUTE)["messages"] == 1
