"""A task is lent to a helper who works on it and gives it back; the owner keeps the decision."""

from datetime import timedelta

import pytest
from django.utils import timezone

from core.errors import Refused
from tests.workflows.talk import D, at_hand, say
from workflows.engine import handing, pace
from workflows.engine.models import Task
from workflows.engine.verbs import claim
from workflows.inbox import comments, lists
from workflows.inbox.models import Comment


@pytest.fixture
def lent(county, own_branch):
    task = claim(at_hand(own_branch), by=county.wang_fang)
    return comments.lend(
        task, by=county.wang_fang, to=county.li_ming, wish="Please count the members.",
        at=timezone.now(),
    )  # fmt: skip


def test_it_is_the_helper_s_to_work_on_and_the_owner_s_to_decide(county, lent):
    assert (lent.owner, lent.delegated_by) == (county.li_ming, county.wang_fang)
    for who in (county.li_ming, county.wang_fang):
        with pytest.raises(Refused):
            say(lent, D.APPROVE, who)
    assert [part.filter(pk=lent.pk).exists() for part in lists.waiting(county.wang_fang)] == [True]


def test_it_comes_back_with_its_result(county, lent):
    task = comments.report(lent, by=county.li_ming, text="There are three.", at=timezone.now())
    assert (task.owner, task.delegated_by) == (county.wang_fang, None)
    assert Comment.objects.get(result=True).text == "There are three."
    say(task, D.APPROVE, county.wang_fang)


def test_the_owner_calls_it_back(county, lent):
    with pytest.raises(Refused):
        handing.call_back(lent, by=county.li_ming)
    assert handing.call_back(lent, by=county.wang_fang).owner == county.wang_fang


def test_the_helper_neither_hands_it_on_nor_gives_it_to_the_queue_nor_lends_it(county, lent):
    for act in (
        lambda: handing.release(lent, by=county.li_ming),
        lambda: handing.reassign(lent, by=county.li_ming, to=county.wang_fang),
        lambda: handing.delegate(lent, by=county.li_ming, to=county.zhou_tao, wish="You."),
    ):
        with pytest.raises(Refused):
            act()
    assert Task.objects.get(pk=lent.pk).owner == county.li_ming


def test_what_the_helper_put_off_is_not_put_off_for_the_owner(county, lent):
    day = county.today + timedelta(days=2)
    pace.hold(lent, by=county.li_ming, until=day, on=county.today)
    pace.follow_up(lent, by=county.li_ming, day=day, on=county.today)
    task = handing.give_back(lent, by=county.li_ming)
    assert (task.held_until, task.follow_up_on) == (None, None)


def test_a_question_is_not_answered_by_who_asked_it(county, own_branch):
    say(claim(at_hand(own_branch), by=county.wang_fang), D.ASK, county.wang_fang, "Is it so?",
        asked=county.zhou_tao)  # fmt: skip
    with pytest.raises(Refused):
        handing.reassign(at_hand(own_branch), by=county.wang_fang, to=county.wang_fang)


def test_an_auditor_hurries_nobody(county, own_branch):
    task = claim(at_hand(own_branch), by=county.wang_fang)
    with pytest.raises(Refused):
        pace.nudge(task, by=county.sun_li, at=timezone.now())
    pace.nudge(task, by=county.li_ming, at=timezone.now())


def test_a_task_saved_twice_is_as_it_was_set_last(county, own_branch):
    task = claim(at_hand(own_branch), by=county.wang_fang)
    task.owner = county.zhou_tao
    task.save()
    task.owner = county.wang_fang
    task.save()
    assert Task.objects.get(pk=task.pk).owner == county.wang_fang
    Task.objects.filter(pk=task.pk).update(owner=county.zhou_tao)
    task.refresh_from_db()
    task.owner = county.wang_fang
    task.save()
    assert Task.objects.get(pk=task.pk).owner == county.wang_fang
