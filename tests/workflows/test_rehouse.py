"""Open work follows the facts: a firm that moves, a person who goes, a new instructor."""

from uuid import uuid4

from django.utils import timezone

from core.accounts.acts import change_place, close_account
from core.accounts.verbs import Role
from core.audit.models import Event
from core.ledger.acts import change
from core.ledger.models import Firm
from core.people.assigning import assign, unassign
from tests import county as small
from tests.workflows.talk import D, at_hand, say
from workflows.coverage.acts import correct, give_opinion
from workflows.engine.handing import reassign
from workflows.engine.models import Task
from workflows.engine.verbs import claim
from workflows.followups import findings
from workflows.followups.acts import handle, open_follow_up


def rehouse(county, **home):
    firm = Firm.objects.get(pk=county.tea.pk)
    change(firm, by=county.zhou_tao, on=county.today, version=firm.version, **home)


def test_open_tasks_follow_the_firm_to_its_new_township(county, own_branch):
    claim(at_hand(own_branch), by=county.wang_fang)
    rehouse(county, area=small.WEST)
    assert at_hand(own_branch) in Task.objects.queue(county.he_jun)
    assert at_hand(own_branch) not in Task.objects.mine(county.wang_fang)
    say(at_hand(own_branch), D.APPROVE, county.he_jun)
    assert at_hand(own_branch).step == "county_decision"


def test_a_firm_that_comes_to_a_line_is_reviewed_by_the_line_and_back(county, own_branch):
    claim(at_hand(own_branch), by=county.wang_fang)
    rehouse(county, line=county.commerce)
    assert at_hand(own_branch).step == "line_review"
    assert at_hand(own_branch) in Task.objects.queue(county.chen_jing)
    rehouse(county, line=None)
    assert at_hand(own_branch).step == "township_review"
    say(at_hand(own_branch), D.APPROVE, county.wang_fang)
    assert at_hand(own_branch).step == "county_decision"


# people who go


def look_into(county, whose=None):
    """The task of a follow-up about the tea firm."""
    process = open_follow_up(county.tea, findings.CONTACT_DUE, whose=whose, last_visit="", days=31)
    return Task.objects.human().open().get(process=process)


def fresh(task) -> Task:
    return Task.objects.get(pk=task.pk)


def test_what_a_closed_account_held_lies_in_its_queue_again(county, own_branch):
    task = claim(at_hand(own_branch), by=county.wang_fang)
    other = small.person("ma.jie", Role.TOWNSHIP, small.EAST)
    close_account(county.wang_fang, by=county.zheng_guan)
    assert task in Task.objects.queue(other) and fresh(task).assigned is None
    assert Event.objects.get(code="task.queued").words["name"] == "Wang Fang"
    say(at_hand(own_branch), D.APPROVE, other)
    assert at_hand(own_branch).step == "county_decision"


def test_another_area_frees_only_what_is_no_longer_theirs(county, own_branch):
    task = claim(at_hand(own_branch), by=county.wang_fang)
    place = {"by": county.zheng_guan, "role": Role.TOWNSHIP}
    change_place(county.wang_fang, area=small.EAST, **place)
    assert fresh(task).owner == county.wang_fang
    change_place(county.wang_fang, area=small.WEST, **place)
    assert fresh(task).owner is None


def test_the_office_looks_into_what_an_instructor_who_went_was_to_look_into(county):
    task = look_into(county, whose=county.li_ming)
    assert task not in Task.objects.queue(county.wang_fang)
    close_account(county.li_ming, by=county.zheng_guan)
    assert task in Task.objects.queue(county.wang_fang)
    handle(fresh(task), by=county.wang_fang, note="Went there myself.")
    assert fresh(task).status == "DONE"


def test_a_follow_up_goes_from_instructor_to_office_to_the_next_instructor(county):
    task = look_into(county, whose=county.li_ming)
    told = {"by": county.wang_fang, "on": county.today}
    unassign(county.tea, until=county.today, reason="asked", why="moved", **told)
    assert task in Task.objects.queue(county.wang_fang)
    next_one = small.person("ma.jie", Role.INSTRUCTOR, small.EAST)
    guide = small.instructor("Ma Jie", user=next_one)
    assign(county.tea, guide, since=county.today, **told)
    assert fresh(task).owner == next_one and not Task.objects.queue(county.wang_fang)
    handle(fresh(task), by=next_one, note="Introduced myself.")


def test_what_the_office_took_stays_with_the_office(county):
    task = look_into(county)
    claim(task, by=county.wang_fang)
    told = {"by": county.wang_fang, "on": county.today}
    unassign(county.tea, until=county.today, reason="asked", why="moved", **told)
    assign(county.tea, county.guide_li, since=county.today, **told)
    assert fresh(task).owner == county.wang_fang


def test_an_opinion_of_somebody_who_went_is_found_and_handed_on(county, own_branch, signed_in):
    say(at_hand(own_branch), D.ASK, county.wang_fang, "Is it so?", asked=county.wu_laoban)
    task = at_hand(own_branch)
    browser = signed_in(county.wang_fang)
    assert b"/tasks/left-behind/" not in browser.get("/tasks/").content
    close_account(county.wu_laoban, by=county.zheng_guan)
    assert task.get_absolute_url() in browser.get("/tasks/left-behind/").content.decode()
    assert b"/tasks/left-behind/" in browser.get("/tasks/").content
    assert not Task.objects.orphaned(county.he_jun)  # another township's
    offered = task.candidates()
    assert county.zhou_tao in offered and county.li_ming not in offered  # he proposed it
    browser.post(f"{task.get_absolute_url()}reassign/", {"to": county.zhou_tao.pk, "key": uuid4()})
    assert not Task.objects.orphaned(county.wang_fang)
    give_opinion(at_hand(own_branch), by=county.zhou_tao, at=timezone.now(), comment="It is so.")
    assert at_hand(own_branch).owner == county.wang_fang


def test_a_correction_stays_with_the_proposer_and_can_go_to_the_next_instructor(county, own_branch):
    say(at_hand(own_branch), D.RETURN, county.wang_fang, "Name the secretary.")
    assert not Task.objects.orphaned(county.wang_fang)
    told = {"by": county.wang_fang, "on": county.today}
    unassign(county.tea, until=county.today, reason="asked", why="moved", **told)
    task = at_hand(own_branch)
    assert task.owner == county.li_ming and list(Task.objects.orphaned(county.wang_fang)) == [task]
    next_one = small.person("ma.jie", Role.INSTRUCTOR, small.EAST)
    assign(county.tea, small.instructor("Ma Jie", user=next_one), since=county.today, **told)
    reassign(task, by=county.zheng_guan, to=next_one)
    correct(
        at_hand(own_branch), by=next_one, on=county.today, at=timezone.now(),
        reason="The secretary is Wang.", branch_name="East Hill Tea branch",
    )  # fmt: skip
    assert at_hand(own_branch).step == "township_review"
