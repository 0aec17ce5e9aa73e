"""From the act to the signals: nothing is said of what was not done, and nothing done is lost."""

import time
from types import SimpleNamespace

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.accounts import acts
from core.accounts.models import User
from core.errors import Refused
from core.people.models import Assignment
from tests import county as small
from tests.workflows.talk import D, at_hand, say
from workflows.coverage.acts import propose
from workflows.engine import handing, verbs
from workflows.engine.changes import changed, gathering
from workflows.engine.models import Task
from workflows.live import courier, outbox
from workflows.live.courier import sweep
from workflows.live.deliver import deliver, prune
from workflows.live.models import Outbox, Signal, SignalCount
from workflows.live.who import who_may_see

pytestmark = pytest.mark.django_db


def heard(user) -> list[tuple]:
    rows = Signal.objects.filter(to=user).order_by("number")
    return [(row.number, row.what, row.task) for row in rows]


def test_an_act_writes_one_row_whatever_it_did(county, own_branch):
    Outbox.objects.all().delete()
    with CaptureQueriesContext(
        connection,
    ) as seen:
        say(at_hand(own_branch), D.APPROVE, county.wang_fang)  # taken, decided, and a new one
    ours = [one["sql"] for one in seen if "workflows_outbox" in one["sql"]]
    assert len(ours) == 1 and ours[0].startswith("INSERT")
    assert not [one for one in seen if "workflows_signal" in one["sql"]]
    kinds = [item["what"] for item in Outbox.objects.get().said]
    assert kinds == [["taken", "decided"], ["new"], ["notice"]]


def test_what_was_not_done_is_not_said(county, own_branch):
    deliver()
    before = Signal.objects.count()
    with pytest.raises(Refused):
        verbs.claim(at_hand(own_branch), by=county.li_ming)  # their own proposal
    with pytest.raises(RuntimeError), transaction.atomic(), gathering():
        verbs.claim(at_hand(own_branch), by=county.wang_fang)
        raise RuntimeError("something later fails")
    assert deliver() == {}
    assert Signal.objects.count() == before


def test_a_process_that_was_killed_after_the_commit_leaves_it_to_the_sweep(county, own_branch):
    assert Outbox.objects.count() == 1  # committed, and nobody carried it
    sweep()
    assert not Outbox.objects.exists()
    assert heard(county.wang_fang) == [(1, "new", at_hand(own_branch).pk)]
    sweep()
    assert len(heard(county.wang_fang)) == 1


def test_a_delivery_that_breaks_off_is_done_again_and_once(county, own_branch, monkeypatch):
    def broken(*args, **more):
        raise RuntimeError("killed in the middle")

    with monkeypatch.context() as patch, pytest.raises(RuntimeError):
        patch.setattr(Signal.objects, "bulk_create", broken)
        deliver()
    assert Outbox.objects.count() == 1
    assert not Signal.objects.exists()
    deliver()
    assert [number for number, *_ in heard(county.wang_fang)] == [1]


def test_numbers_of_each_person_have_no_gap(county, own_branch):
    task = at_hand(own_branch)
    for _n in range(3):
        handing.release(verbs.claim(task, by=county.wang_fang), by=county.wang_fang)
        deliver()
    for user in User.objects.all():
        numbers = [number for number, *_ in heard(user)]
        assert numbers == list(range(1, len(numbers) + 1))
        last = SignalCount.objects.filter(to=user).first()
        assert (last.last if last else 0) == len(numbers)
    assert len(heard(county.wang_fang)) == 7


def test_who_no_longer_sees_a_task_is_told_that_something_left_and_not_what(county):
    small.union(county.paper)
    asked = propose(county.paper, "organise_mass", by=county.zhao_qiang, on=county.today, reason="U")
    task = verbs.claim(at_hand(asked), by=county.he_jun)
    deliver()
    before = len(heard(county.he_jun))
    acts.change_place(
        county.he_jun, by=county.zheng_guan, role="township", area=small.EAST
    )  # their task lies in the queue of West again
    deliver()
    assert heard(county.he_jun)[before:] == [(before + 1, "gone", None)]
    assert ("released", task.pk) in [said[1:] for said in heard(county.zhou_tao)]


def test_what_is_no_task_is_said_to_those_named_and_to_nobody_else(county):
    for _n in range(3):  # a few times a second, and said once
        outbox.follow_job(SimpleNamespace(pk=7, by_id=county.li_ming.pk))
    outbox.say("job", to=[county.wang_fang.pk, 999_999], ref=7)
    outbox.say("notice", to=[county.li_ming.pk])
    outbox.say("notice", to=[])
    assert Outbox.objects.count() == 5
    told = deliver()
    assert told == {
        county.li_ming.pk: [{"n": 1, "what": "job", "ref": 7}, {"n": 2, "what": "notice"}],
        county.wang_fang.pk: [{"n": 1, "what": "job", "ref": 7}],
    }


def test_a_kind_that_is_added_later_is_said_as_it_is(county, own_branch):
    deliver()
    changed(at_hand(own_branch), "nudged")
    deliver()
    assert heard(county.wang_fang)[-1][1:] == ("nudged", at_hand(own_branch).pk)


def test_old_signals_are_forgotten(county, own_branch, settings):
    deliver()
    old = timezone.now() - timezone.timedelta(days=settings.LIVE_KEPT_DAYS, seconds=5)
    Signal.objects.filter(to=county.wang_fang).update(at=old)
    kept = Signal.objects.exclude(to=county.wang_fang).count()
    assert prune(timezone.now()) == 1
    assert Signal.objects.count() == kept > 0
    assert SignalCount.objects.get(to=county.wang_fang).last == 1  # the number goes on


def test_who_is_told_is_who_may_see_turned_round(county, own_branch):
    """For every person and every task, after all that can become of people and firms."""
    for firm in (county.paper, county.brick, county.mall):
        small.union(firm)
        by = county.gao_yuan if firm == county.brick else county.zhou_tao
        propose(firm, "organise_mass", by=by, on=county.today, reason="Union.")
    say(at_hand(own_branch), D.ASK, county.wang_fang, "What does the firm say?", county.wu_laoban)
    _as_visible_to()
    User.objects.filter(pk=county.li_ming.pk).update(is_active=False)
    User.objects.filter(pk=county.he_jun.pk).update(role="auditor", area="13")
    User.objects.filter(pk=county.zhao_qiang.pk).update(role="contact")
    User.objects.filter(pk=county.sun_li.pk).update(area="")
    _as_visible_to()
    Assignment.objects.filter(firm=county.tea).update(until=county.today, ended_as="before")
    small.assign(county.guide_gao, county.tea)
    county.mall.tasks.update(line=None)
    _as_visible_to()


def _as_visible_to():
    tasks = list(Task.objects.human())
    assert len(tasks) >= 4
    told = who_may_see(task.pk for task in tasks)
    for user in User.objects.filter(is_active=True):
        seen = set(Task.objects.visible_to(user).values_list("pk", flat=True))
        assert {pk for pk, who in told.items() if user.pk in who} == seen, user
    closed = set(User.objects.filter(is_active=False).values_list("pk", flat=True))
    assert not [pk for pk, who in told.items() if who & closed]


def test_finding_who_may_see_takes_as_long_for_many_tasks_as_for_one(
    county, own_branch, django_assert_num_queries
):
    small.union(county.paper)
    propose(county.paper, "organise_mass", by=county.zhou_tao, on=county.today, reason="Union.")
    tasks = list(Task.objects.human().values_list("pk", flat=True))
    for some in (tasks[:1], tasks):
        with django_assert_num_queries(4):
            assert len(who_may_see(some)) == len(some)
    with django_assert_num_queries(1):
        assert who_may_see([0]) == {}


REDIS_AWAY = {
    "default": {
        "BACKEND": "channels_redis.core.RedisChannelLayer",
        "CONFIG": {"hosts": ["redis://127.0.0.1:9/0"]},
    }
}


@pytest.mark.django_db(transaction=True)
def test_a_redis_that_is_away_holds_nothing_up(transactional_db, settings, monkeypatch):
    """The courier of these tries is the test's own: the process's may be at work beside it."""
    county = small.build()
    settings.CHANNEL_LAYERS, settings.LIVE_DELIVERY = REDIS_AWAY, "inline"
    small.union(county.tea)
    asked = propose(county.tea, "organise_mass", by=county.li_ming, on=county.today, reason="U.")
    verbs.claim(at_hand(asked), by=county.wang_fang)
    assert [what for _n, what, _t in heard(county.wang_fang)] == ["new", "taken"]
    tried, sends = [], courier._send

    async def seen(message):
        tried.append(message)
        await sends(message)

    monkeypatch.setattr(courier, "_send", seen)
    own, message = courier.Courier(), {"told": ["of this test"]}
    own._away(message)
    own._away(message)  # not tried again at once
    assert tried.count(message) == 1
    assert own._shut_until > time.monotonic()
