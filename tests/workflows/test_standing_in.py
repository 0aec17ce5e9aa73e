"""Who stands in acts with the absent person's powers for as long, and the trail names both."""

from datetime import timedelta

import pytest
from django.utils import timezone

from core.accounts.acts import change_place, close_account
from core.accounts.leave import end_leave, go_on_leave
from core.accounts.models import LineDepartment, User
from core.accounts.verbs import Role
from core.audit.models import Event
from core.errors import Refused
from core.ledger.models import Firm
from tests import county as small
from tests.workflows.talk import D, at_hand, say
from workflows.coverage.acts import correct
from workflows.engine import handing
from workflows.engine.models import Task
from workflows.engine.verbs import claim


def leave(county, person, substitute):
    return go_on_leave(
        person, substitute=substitute, since=county.today, until=county.today + timedelta(days=3),
        by=person, on=county.today,
    )  # fmt: skip


def today(person) -> User:
    """The person as the next request has them."""
    return User.objects.get(pk=person.pk)


@pytest.fixture
def taken(county, own_branch):
    return claim(at_hand(own_branch), by=county.wang_fang)


def sees(person, task) -> bool:
    return Task.objects.visible_to(today(person)).filter(pk=task.pk).exists()


def test_only_during_the_leave(county, taken):
    assert not sees(county.he_jun, taken)
    away = leave(county, county.wang_fang, county.he_jun)
    assert sees(county.he_jun, taken)
    assert Task.objects.mine(today(county.he_jun)).get() == taken
    end_leave(away, by=county.wang_fang, on=county.today)
    assert not sees(county.he_jun, taken)


def test_at_second_hand_too(county, taken):
    third = small.person("ren.jie", Role.TOWNSHIP, small.WEST)
    leave(county, county.wang_fang, county.he_jun)
    leave(county, county.he_jun, third)
    say(taken, D.APPROVE, today(third))
    taken.refresh_from_db()
    assert (taken.owner, taken.in_place_of) == (third, county.wang_fang)


def test_what_is_taken_from_the_queue_is_the_absent_person_s(county, own_branch):
    leave(county, county.wang_fang, county.he_jun)
    task = claim(at_hand(own_branch), by=today(county.he_jun))
    assert task.owner == county.wang_fang
    assert Event.objects.get(code="task.claimed").words["in_place_of"] == "Wang Fang"


@pytest.mark.parametrize("what", ["release", "reassign", "decide"])
def test_the_trail_names_both(county, own_branch, taken, what):
    leave(county, county.wang_fang, county.he_jun)
    he = today(county.he_jun)
    if what == "release":
        handing.release(taken, by=he)
    elif what == "reassign":
        handing.reassign(taken, by=he, to=small.person("ren.jie", Role.TOWNSHIP, small.EAST))
    else:
        say(taken, D.APPROVE, he)
        assert own_branch.opinions.get(decision=D.APPROVE).in_place_of == county.wang_fang
    event = Event.objects.exclude(code="leave.recorded").latest("pk")
    assert (event.by, event.words["in_place_of"]) == (county.he_jun, "Wang Fang")


@pytest.mark.parametrize("who", ["he_jun", "wang_fang"])
def test_nothing_of_it_is_left_when_one_of_them_goes_to_another_county(county, taken, who):
    leave(county, county.wang_fang, county.he_jun)
    boss = small.person("root", Role.ADMINISTRATOR, "1399", is_staff=True)
    change_place(getattr(county, who), by=boss, role=Role.TOWNSHIP, area=small.AWAY_TOWN)
    assert not sees(county.he_jun, taken)
    other = Firm.objects.visible_to(today(county.he_jun)).filter(pk=county.brick.pk)
    assert other.exists() == (who == "he_jun")  # there by their own place


def test_nor_when_they_come_to_another_line(county):
    tea = LineDepartment.objects.create(county=small.COUNTY, name="Bureau of tea")
    two = small.person("line.two", Role.LINE, small.COUNTY, line=county.commerce)
    leave(county, county.chen_jing, two)
    assert Firm.objects.visible_to(today(two)).filter(pk=county.mall.pk).exists()
    User.objects.filter(pk=two.pk).update(line=tea)  # past the door
    assert not Firm.objects.visible_to(today(two)).filter(pk=county.mall.pk).exists()


def test_a_closed_account_stands_in_for_nobody(county, taken):
    leave(county, county.wang_fang, county.he_jun)
    close_account(county.he_jun, by=county.zheng_guan)
    assert not sees(county.he_jun, taken)
    taken.refresh_from_db()
    assert taken.owner == county.wang_fang


def test_nobody_sends_a_higher_level_on_leave(county):
    two = small.person("qian.yi", Role.COUNTY, small.COUNTY)
    given = {"since": county.today, "until": county.today, "on": county.today}
    for by in (county.chen_jing, county.wang_fang, county.li_ming):
        with pytest.raises(Refused):
            go_on_leave(county.zhou_tao, substitute=two, by=by, **given)
    go_on_leave(county.wang_fang, substitute=county.he_jun, by=county.zhou_tao, **given)


def test_nobody_decides_on_what_they_wrote_however_many_wrote_after_them(county, own_branch, taken):
    named = {"branch_name": "East Hill Tea branch", "on": county.today}
    writers = [county.zhou_tao, small.person("lei.na", Role.TOWNSHIP, small.EAST),
               small.person("qian.yi", Role.COUNTY, small.COUNTY)]  # fmt: skip
    for writer in writers:
        say(at_hand(own_branch), D.RETURN, small_reviewer(own_branch, county), "Once more.")
        step = at_hand(own_branch)
        handing.reassign(step, by=county.zheng_guan, to=writer)
        correct(step, by=writer, at=timezone.now(), reason=f"By {writer.name}.", **named)
    last = at_hand(own_branch)
    assert last.step == "county_decision"
    assert not Task.objects.queue(today(county.zhou_tao)).filter(pk=last.pk).exists()
    with pytest.raises(Refused):
        say(last, D.APPROVE, today(county.zhou_tao))


def small_reviewer(request, county):
    """Somebody who may answer at the step where it is."""
    step = at_hand(request)
    return step.owner or step.candidates().first()
