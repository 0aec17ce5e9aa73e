"""From the proposal to the issued list, each side in its turn, and each no."""

from datetime import timedelta

import pytest
from django.utils import timezone

from core.accounts.acts import close_account
from core.errors import Refused
from core.people.assigning import assign
from core.people.models import Assignment
from tests import county as small
from tests.workflows.sending import answer, asked, contact_of, ready, steps
from workflows.assignments.acts import choose_again, propose_assignment, withdraw_assignment
from workflows.assignments.following import look_again
from workflows.assignments.issuing import issue_list
from workflows.assignments.models import AssignmentList, AssignmentRequest
from workflows.engine.models import Task
from workflows.engine.verbs import claim
from workflows.nightly import sweep

pytestmark = pytest.mark.usefixtures("english")


def now():
    return timezone.now()


def open_of(request):
    return AssignmentRequest.objects.get(pk=request.pk)


def issue(*requests, by):
    return issue_list(requests, by=by, at=now())


def test_all_agree_and_the_list_is_issued(county):
    contact = contact_of(county.mall)
    request = asked(county)
    assert {name: task.owner for name, task in steps(request).items()} == {"unit_answer": county.xu_min}
    answer(request, "unit_answer", county.xu_min)
    assert {name: task.owner for name, task in steps(request).items()} == {
        "instructor_answer": county.li_ming, "firm_answer": contact,
    }  # fmt: skip
    answer(request, "firm_answer", contact)
    assert set(steps(request)) == {"instructor_answer"}
    answer(request, "instructor_answer", county.li_ming)
    assert set(steps(request)) == {"issue_assignment"}
    made = issue(request, by=county.zhou_tao)
    request = open_of(request)
    assert (made.number, made.year, made.county) == (1, county.today.year, small.COUNTY)
    assert (request.outcome, request.issued_in) == ("begun", made)
    assert request.finished and not steps(request)
    begun = Assignment.objects.current().get(firm=county.mall)
    assert (begun, begun.instructor, begun.since) == (
        request.assignment, county.guide_li, county.today,
    )  # fmt: skip
    said = [(one.party, one.agrees, one.how) for one in request.answers.all()]
    assert said == [
        ("proposer", True, "self"), ("unit", True, "self"), ("firm", True, "self"),
        ("instructor", True, "self"), ("county", True, "self"),
    ]  # fmt: skip


def test_the_next_list_has_the_next_number_and_another_county_its_own(county):
    first = issue(ready(county), by=county.zhou_tao)
    second = issue(ready(county, small.firm("East Mill")), by=county.zhou_tao)
    assert (first.number, second.number) == (1, 2)
    AssignmentList.objects.create(
        county=small.AWAY, year=county.today.year, number=1, issued_on=county.today,
        issued_by=county.zhou_tao,
    )  # fmt: skip


@pytest.mark.parametrize("who", ["unit_answer", "instructor_answer", "firm_answer", "issue_assignment"])
def test_a_no_anywhere_goes_back_to_the_proposer(county, who):
    contact = contact_of(county.mall)
    people = {
        "unit_answer": county.xu_min, "instructor_answer": county.li_ming, "firm_answer": contact,
        "issue_assignment": county.zhou_tao,
    }  # fmt: skip
    request = asked(county)
    for step, person in people.items():
        if step == who:
            answer(request, step, person, agrees=False, reason="It does not fit.")
            break
        answer(request, step, person)
    assert {name: task.owner for name, task in steps(request).items()} == {
        "choose_again": county.wang_fang
    }
    other = small.instructor("Tang Yu")
    choose_again(
        steps(request)["choose_again"], by=county.wang_fang, at=now(), instructor=other, reasons="Free."
    )  # fmt: skip
    request = open_of(request)
    assert (request.instructor, request.agreed_by_unit) == (other, False)
    assert set(steps(request)) == {"unit_answer"}
    said = list(request.answers.values_list("party", "instructor__name", "agrees"))
    assert said[0] == ("proposer", "Li Ming", True)
    assert said[-1] == ("proposer", "Tang Yu", True)
    assert said[-2][1:] == ("Li Ming", False)


def test_the_proposer_may_give_up_with_a_reason(county):
    request = asked(county)
    answer(request, "unit_answer", county.xu_min, agrees=False, reason="Needed here.")
    task = steps(request)["choose_again"]
    with pytest.raises(Refused, match="Say why you give up"):
        choose_again(task, by=county.wang_fang, at=now(), instructor=None)
    choose_again(task, by=county.wang_fang, at=now(), instructor=None, reasons="Nobody is free.")
    request = open_of(request)
    assert (request.outcome, bool(request.finished)) == ("given_up", True)
    assert asked(county).pk != request.pk  # and may be proposed anew


def test_a_no_needs_a_reason(county):
    request = asked(county)
    with pytest.raises(Refused, match="Say why"):
        answer(request, "unit_answer", county.xu_min, agrees=False, reason="  ")
    assert set(steps(request)) == {"unit_answer"}


def test_where_a_side_has_no_account_what_it_said_is_recorded_and_named_so(county):
    county.guide_zhao.user = None
    county.guide_zhao.save()
    request = asked(county, small.firm("West Mill", small.WEST), by=county.he_jun,
                    guide=county.guide_zhao)  # fmt: skip
    assert steps(request)["unit_answer"].owner == county.he_jun
    with pytest.raises(Refused, match="on paper or by phone"):
        answer(request, "unit_answer", county.he_jun)
    answer(request, "unit_answer", county.he_jun, how="paper")
    assert {task.owner for task in steps(request).values()} == {county.he_jun}
    answer(request, "firm_answer", county.he_jun, how="phone")
    answer(request, "instructor_answer", county.he_jun, how="phone")
    assert [one.how for one in request.answers.all()] == ["self", "paper", "phone", "phone"]
    issue(request, by=county.zhou_tao)


def test_who_proposed_and_recorded_every_answer_does_not_issue(county):
    county.guide_zhao.user = None
    county.guide_zhao.save()
    firm = small.firm("West Mill", small.WEST)
    request = asked(county, firm, by=county.zhou_tao, guide=county.guide_zhao)
    answer(request, "unit_answer", county.zhou_tao, how="phone")
    task = steps(request)["firm_answer"]
    assert (task.owner, task.owner_permission) == (None, "desk.follow_up")
    Task.objects.filter(pk=task.pk).update(owner_permission=None, owner=county.zhou_tao,
                                           status="ASSIGNED")  # fmt: skip
    answer(request, "firm_answer", county.zhou_tao, how="phone")
    answer(request, "instructor_answer", county.zhou_tao, how="phone")
    with pytest.raises(Refused, match="A colleague issues it"):
        issue(request, by=county.zhou_tao)
    assert not AssignmentList.objects.exists()
    issue(request, by=small.person("qian.yi", small.Role.COUNTY, small.COUNTY))


def test_the_office_issues_what_one_of_its_own_proposed_and_others_agreed_to(county):
    request = ready(county, by=county.zhou_tao)
    assert issue(request, by=county.zhou_tao).number == 1


@pytest.mark.parametrize("step", ["unit_answer", "instructor_answer", "firm_answer", "choose_again"])
def test_an_overdue_answer_goes_to_the_office_which_records_it(county, step):
    contact_of(county.mall)
    request = asked(county)
    if step in ("instructor_answer", "firm_answer"):
        answer(request, "unit_answer", county.xu_min)
    if step == "choose_again":
        answer(request, "unit_answer", county.xu_min, agrees=False, reason="No.")
    task = steps(request)[step]
    assert task.owner
    assert task.due_at > now() + timedelta(days=4)
    Task.objects.filter(pk=task.pk).update(due_at=now() - timedelta(hours=1))
    assert sweep() == 1
    task = steps(request)[step]
    assert (task.owner, task.owner_permission) == (None, "desk.follow_up")
    assert Task.objects.queue(county.zhou_tao).filter(pk=task.pk).exists()
    if step == "choose_again":
        done = choose_again(task, by=county.zhou_tao, at=now(), instructor=county.guide_li)
        assert (done.opened_by, done.begun_by) == (county.zhou_tao, county.wang_fang)
        return
    answer(request, step, county.zhou_tao, how="phone")
    said = request.answers.last()
    assert (said.by, said.how, said.agrees) == (county.zhou_tao, "phone", True)


def test_an_overdue_issue_is_told_and_stays_with_the_office(county):
    request = ready(county)
    task = steps(request)["issue_assignment"]
    claim(task, by=county.zhou_tao)
    Task.objects.filter(pk=task.pk).update(due_at=now() - timedelta(hours=1))
    assert sweep() == 1
    task = steps(request)["issue_assignment"]
    assert (task.owner, task.owner_permission) == (None, "desk.decide_county")
    issue(request, by=county.zhou_tao)


def test_one_proposal_at_a_time_for_a_firm(county):
    asked(county)
    with pytest.raises(Refused, match="proposed for this firm already"):
        asked(county, by=county.zhou_tao)


def test_the_proposer_and_the_county_withdraw_until_it_is_issued(county):
    request = asked(county)
    with pytest.raises(Refused, match="Only the proposer"):
        withdraw_assignment(request, by=county.he_jun, at=now(), reason="No.")
    answer(request, "unit_answer", county.xu_min)
    withdraw_assignment(request, by=county.wang_fang, at=now(), reason="The firm moves away.")
    assert open_of(request).outcome == "withdrawn"
    assert steps(request) == {}
    again = ready(county)
    withdraw_assignment(again, by=county.zhou_tao, at=now(), reason="Not this year.")
    third = ready(county)
    issue(third, by=county.zhou_tao)
    with pytest.raises(Refused):
        withdraw_assignment(open_of(third), by=county.wang_fang, at=now(), reason="Too late.")


def test_facts_that_changed_are_asked_again_when_the_list_is_issued(county):
    first, second = ready(county), ready(county, small.firm("East Mill"))
    small.firm("East Inn")
    county.guide_li.ties.create(
        firm=county.mall, kind="relative", declared_on=county.today, by=county.wang_fang
    )
    with pytest.raises(Refused, match=r"Qinghe Mall: .*relative"):
        issue(second, first, by=county.zhou_tao)
    assert not AssignmentList.objects.exists()  # all of it, or nothing
    assert issue(second, by=county.zhou_tao).number == 1
    answer(first, "issue_assignment", county.zhou_tao, agrees=False, reason="A relative works there.")
    assert steps(first)["choose_again"].owner == county.wang_fang


def test_the_night_sends_back_what_can_no_longer_be(county):
    request = asked(county)
    answer(request, "unit_answer", county.xu_min)
    assert look_again(county.today, now()) == 0
    county.guide_li.term_until = county.today - timedelta(days=1)
    county.guide_li.save()
    assert look_again(county.today, now()) == 1
    assert set(steps(request)) == {"choose_again"}
    assert request.answers.last().reads == "The instructor's term is over."
    assert look_again(county.today, now()) == 0  # once is enough


def test_a_firm_that_gets_its_instructor_in_another_way_is_no_longer_proposed_for(county):
    request = ready(county)
    assign(county.mall, county.guide_li, since=county.today, by=county.wang_fang, on=county.today)
    assert open_of(request).outcome == "overtaken"
    assert steps(request) == {}
    with pytest.raises(Refused, match="issued already, or no longer ready"):
        issue(request, by=county.zhou_tao)


def test_a_proposer_who_lost_the_role_is_not_waited_for(county):
    request = asked(county)
    answer(request, "unit_answer", county.xu_min, agrees=False, reason="No.")
    close_account(county.wang_fang, by=county.zheng_guan)
    task = steps(request)["choose_again"]
    assert (task.owner, task.owner_permission) == (None, "desk.follow_up")


def test_a_unit_whose_account_is_closed_is_asked_by_the_office(county):
    request = asked(county)
    close_account(county.xu_min, by=county.zheng_guan)
    assert steps(request)["unit_answer"].owner_permission == "desk.follow_up"


def test_only_who_may_proposes(county):
    for who in (county.li_ming, county.chen_jing, county.wu_laoban, county.xu_min, county.zheng_guan):
        with pytest.raises(Refused):
            asked(county, by=who)
    with pytest.raises(Refused, match="not within your reach"):
        asked(county, county.brick, by=county.wang_fang)
    with pytest.raises(Refused, match="not within your reach"):
        propose_assignment(county.mall, county.guide_gao, by=county.wang_fang, at=now())
