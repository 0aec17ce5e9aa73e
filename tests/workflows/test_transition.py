"""The conversation about a transition, from the proposal to the last word."""

from datetime import timedelta

import pytest
from django.utils import timezone

from core.accounts.verbs import Role
from core.audit.models import Event
from core.errors import Refused
from core.ledger.models import Branch, Firm, StageChange
from tests import county as small
from tests.workflows.talk import D, at_hand, say
from workflows.coverage.acts import correct, give_opinion, propose, withdraw
from workflows.coverage.models import TransitionRequest
from workflows.engine import handing, verbs
from workflows.engine.models import Process, Task
from workflows.nightly import night
from workflows.notices.models import Notice


def refused(code):
    return pytest.raises(Refused, check=lambda refusal: refusal.code == code)


def test_township_and_county_agree_and_the_firm_moves(county, own_branch):
    assert at_hand(own_branch).step == "township_review"
    say(at_hand(own_branch), D.APPROVE, county.wang_fang, "Agreed.")
    assert at_hand(own_branch).step == "county_decision"
    say(at_hand(own_branch), D.APPROVE, county.zhou_tao)
    firm = Firm.objects.get(pk=county.tea.pk)
    own_branch.refresh_from_db()
    assert (firm.stage, firm.stage_since) == ("standalone", county.today)
    assert firm.branch.name == "East Hill Tea branch"
    assert own_branch.outcome == "approved"
    assert own_branch.finished and own_branch.status == "DONE"
    change = StageChange.objects.get(firm=firm)
    assert (change.source, change.target, change.by) == ("blank", "standalone", county.zhou_tao)
    assert list(Event.objects.filter(firm=firm).order_by("place").values_list("code", flat=True)) == [
        "request.proposed", "task.claimed", "request.approved_on", "task.claimed",
        "branch.founded", "case.moved", "request.approved_on",
    ]  # fmt: skip


def test_a_move_of_the_first_level_ends_with_the_first_review(county):
    small.union(county.tea)
    asked = propose(
        county.tea, "organise_mass", by=county.li_ming, on=county.today, reason="A union stands."
    )
    say(at_hand(asked), D.APPROVE, county.wang_fang)
    assert Firm.objects.get(pk=county.tea.pk).stage == "mass_organised"


def test_what_was_true_when_it_was_proposed_is_kept(county, own_branch):
    assert own_branch.facts["full_members"] == 3
    county.tea.members.first().delete()
    say(at_hand(own_branch), D.RETURN, county.wang_fang, "Who left?")
    own_branch.refresh_from_db()
    assert own_branch.facts["full_members"] == 3
    assert own_branch.decided_facts["full_members"] == 2


def test_what_is_true_when_it_is_decided_is_checked_again(county, own_branch):
    say(at_hand(own_branch), D.APPROVE, county.wang_fang)
    county.tea.members.first().delete()
    with pytest.raises(Refused, match="2 full members; a branch of its own needs 3"):
        say(at_hand(own_branch), D.APPROVE, county.zhou_tao)
    assert at_hand(own_branch).owner is None  # nothing was half done: not even taken
    assert Firm.objects.get(pk=county.tea.pk).stage == "blank"
    say(at_hand(own_branch), D.REJECT, county.zhou_tao, "A member left.")
    own_branch.refresh_from_db()
    assert own_branch.outcome == "rejected" and own_branch.finished


def test_returned_for_correction_it_comes_back_to_the_proposer_and_goes_round(county, own_branch):
    say(at_hand(own_branch), D.RETURN, county.wang_fang, "Add the minutes.")
    task = at_hand(own_branch)
    assert (task.step, task.owner) == ("correct", county.li_ming)
    correct(
        task, by=county.li_ming, on=county.today, at=timezone.now(), reason="Minutes added.",
        branch_name="East Hill branch",
    )  # fmt: skip
    own_branch.refresh_from_db()
    assert own_branch.reason == "Minutes added."
    assert own_branch.returned_times == 1
    assert at_hand(own_branch).step == "township_review"
    assert at_hand(own_branch).owner is None


def test_who_corrects_in_the_proposers_place_does_not_decide_on_it(county, own_branch):
    say(at_hand(own_branch), D.RETURN, county.wang_fang, "Add the minutes.")
    handing.reassign(at_hand(own_branch), by=county.li_ming, to=county.wang_fang)
    correct(
        at_hand(own_branch), by=county.wang_fang, on=county.today, at=timezone.now(),
        reason="Minutes added.", branch_name="East Hill branch",
    )  # fmt: skip
    assert at_hand(own_branch).step == "county_decision"  # not back to her own desk
    own_branch.refresh_from_db()
    assert own_branch.opened_by == county.wang_fang
    assert own_branch.opinions.first().by == county.li_ming  # who proposed it first is kept


@pytest.mark.parametrize("decision", [D.RETURN, D.REJECT])
def test_no_refusal_without_a_reason(county, own_branch, decision):
    with refused(Refused.BAD_INPUT):
        say(at_hand(own_branch), decision, county.wang_fang, "   ")
    assert at_hand(own_branch).step == "township_review"


def test_an_opinion_comes_back_to_the_one_who_asked(county, own_branch):
    say(at_hand(own_branch), D.ASK, county.wang_fang, "Is there a room?", asked=county.wu_laoban)
    task = at_hand(own_branch)
    assert (task.step, task.owner) == ("opinion", county.wu_laoban)
    give_opinion(task, by=county.wu_laoban, at=timezone.now(), comment="The upper hall is free.")
    back = at_hand(own_branch)
    assert (back.step, back.owner) == ("township_review", county.wang_fang)
    say(back, D.APPROVE, county.wang_fang)
    assert at_hand(own_branch).step == "county_decision"
    assert at_hand(own_branch).owner is None


def test_asking_for_opinions_does_not_buy_time(county, own_branch):
    due = timezone.now() + timedelta(days=2)
    Task.objects.filter(pk=at_hand(own_branch).pk).update(due_at=due)
    say(at_hand(own_branch), D.ASK, county.wang_fang, asked=county.wu_laoban)
    give_opinion(at_hand(own_branch), by=county.wu_laoban, at=timezone.now(), comment="Yes.")
    assert abs(at_hand(own_branch).due_at - due) < timedelta(minutes=5)


def test_nobody_is_asked_who_does_not_see_the_firm(county, own_branch):
    with refused(Refused.BAD_INPUT):
        say(at_hand(own_branch), D.ASK, county.wang_fang, asked=county.he_jun)


def test_a_line_managed_firm_goes_to_its_line_and_the_township_is_told(county):
    guide = small.instructor("Ma Lan", user=small.person("ma.lan", Role.INSTRUCTOR, small.EAST))
    small.assign(guide, county.mall)
    small.union(county.mall)
    asked = propose(
        county.mall, "organise_mass", by=guide.user, on=county.today, reason="A union stands."
    )
    task = at_hand(asked)
    assert task.step == "line_review"
    assert task in Task.objects.queue(county.chen_jing)
    assert task not in Task.objects.queue(county.wang_fang)
    assert Notice.objects.visible_to(county.wang_fang).unread().count() == 1
    say(task, D.APPROVE, county.chen_jing)
    assert Firm.objects.get(pk=county.mall.pk).stage == "mass_organised"
    assert Notice.objects.visible_to(county.wang_fang).count() == 2


def test_a_supervisors_own_proposal_goes_to_the_next_level(county, three_members):
    asked = propose(
        county.tea, "stand_alone", by=county.wang_fang, on=county.today, reason="Three members.",
        branch_name="East Hill Tea branch",
    )  # fmt: skip
    assert at_hand(asked).step == "county_decision"


def test_nobody_decides_on_their_own_proposal(county, three_members):
    asked = propose(
        county.tea, "stand_alone", by=county.zhou_tao, on=county.today, reason="Three members.",
        branch_name="East Hill Tea branch",
    )  # fmt: skip
    say(at_hand(asked), D.APPROVE, county.wang_fang)
    assert at_hand(asked).step == "county_decision"
    assert at_hand(asked) not in Task.objects.queue(county.zhou_tao)
    with pytest.raises(Refused, match="your own proposal"):
        say(at_hand(asked), D.APPROVE, county.zhou_tao)


def test_one_open_proposal_for_a_firm(county, own_branch):
    with refused(Refused.FASTER):
        propose(
            county.tea, "stand_alone", by=county.wang_fang, on=county.today, reason="Also.",
            branch_name="Another",
        )  # fmt: skip
    assert TransitionRequest.objects.count() == 1


def test_withdrawn_nothing_can_be_decided_any_more(county, own_branch):
    task = at_hand(own_branch)
    withdraw(own_branch, by=county.li_ming)
    own_branch.refresh_from_db()
    assert own_branch.outcome == "withdrawn" and own_branch.finished
    with refused(Refused.FASTER):
        say(task, D.APPROVE, county.wang_fang)
    with refused(Refused.FASTER):
        withdraw(own_branch, by=county.li_ming)
    again = propose(
        county.tea, "stand_alone", by=county.li_ming, on=county.today, reason="Again.",
        branch_name="East Hill Tea branch",
    )  # fmt: skip
    assert at_hand(again).step == "township_review"


def test_only_the_proposer_withdraws(county, own_branch):
    with refused(Refused.NOT_YOURS):
        withdraw(own_branch, by=county.wang_fang)


def test_who_comes_second_hears_who_was_first(county, own_branch):
    task = at_hand(own_branch)
    say(task, D.APPROVE, county.wang_fang)
    other = small.person("liu.yan", Role.TOWNSHIP, small.EAST)
    with pytest.raises(Refused, match="Wang Fang already did this"):
        say(task, D.REJECT, other, "Too late.")
    assert own_branch.opinions.filter(decision=D.REJECT).count() == 0


def test_a_reason_of_5000_characters_is_refused_with_the_numbers(county, three_members):
    with pytest.raises(Refused, match="5000 characters; 2000 fit"):
        propose(
            county.tea, "stand_alone", by=county.li_ming, on=county.today, reason="长" * 5000,
            branch_name="Branch",
        )  # fmt: skip
    assert not TransitionRequest.objects.exists()


def test_a_closed_firm_takes_no_proposal_but_reopening(county):
    night(county.today)
    assert Process.objects.open().filter(firm=county.tea, subject="contact_due").exists()
    asked = propose(county.tea, "close", by=county.li_ming, on=county.today, reason="Bankrupt.")
    say(at_hand(asked), D.APPROVE, county.wang_fang)
    say(at_hand(asked), D.APPROVE, county.zhou_tao)
    firm = Firm.objects.get(pk=county.tea.pk)
    assert (firm.operation, firm.closed_on) == ("closed", county.today)
    assert not firm.assignments.current().exists()
    handover = Task.objects.human().open().get(firm=firm)
    assert (handover.owner, handover.process.subject) == (
        county.li_ming,
        f"handover_{firm.assignments.get().pk}",
    )
    with refused(Refused.NOT_NOW):
        propose(firm, "organise_mass", by=county.wang_fang, on=county.today, reason="x")
    back = propose(firm, "reopen", by=county.wang_fang, on=county.today, reason="New owner.")
    say(at_hand(back), D.APPROVE, county.zhou_tao)
    firm = Firm.objects.get(pk=firm.pk)
    assert (firm.operation, firm.closed_on) == ("operating", None)


def test_a_pause_rests_the_deadlines_and_resuming_gives_the_days_back(county):
    ends = county.today + timedelta(days=60)
    asked = propose(
        county.tea, "pause", by=county.li_ming, on=county.today, reason="After the harvest.",
        resumes_on=ends,
    )  # fmt: skip
    say(at_hand(asked), D.APPROVE, county.wang_fang)
    firm = Firm.objects.get(pk=county.tea.pk)
    assert (firm.operation, firm.paused_on, firm.resumes_on) == ("paused", county.today, ends)
    Firm.objects.filter(pk=firm.pk).update(paused_on=county.today - timedelta(days=60))
    resume = propose(firm, "resume", by=county.li_ming, on=county.today, reason="Spring tea.")
    say(at_hand(resume), D.APPROVE, county.wang_fang)
    firm = Firm.objects.get(pk=county.tea.pk)
    assert (firm.operation, firm.paused_on, firm.resumes_on) == ("operating", None, None)


def test_leaving_a_branch_of_its_own_dissolves_it(county, own_branch):
    say(at_hand(own_branch), D.APPROVE, county.wang_fang)
    say(at_hand(own_branch), D.APPROVE, county.zhou_tao)
    firm = Firm.objects.get(pk=county.tea.pk)
    own = firm.branch
    firm.members.update(until=county.today)
    small.visit(firm, by=county.li_ming)
    back = propose(firm, "fall_to_covered", by=county.li_ming, on=county.today, reason="All left.")
    say(at_hand(back), D.APPROVE, county.wang_fang)
    say(at_hand(back), D.APPROVE, county.zhou_tao)
    firm = Firm.objects.get(pk=firm.pk)
    assert (firm.stage, firm.branch) == ("work_covered", None)
    assert Branch.objects.get(pk=own.pk).dissolved_on == county.today


def test_a_task_is_handed_only_to_who_may_do_it(county, own_branch):
    task = at_hand(own_branch)
    other = small.person("liu.yan", Role.TOWNSHIP, small.EAST)
    for stranger in (county.he_jun, county.li_ming, county.wu_laoban, county.sun_li):
        with refused(Refused.NOT_YOURS):
            handing.reassign(task, by=county.wang_fang, to=stranger)
    handing.reassign(task, by=county.wang_fang, to=other)
    assert at_hand(own_branch).owner == other
    with pytest.raises(Refused, match="has this task now"):
        say(task, D.APPROVE, county.wang_fang)


def test_claimed_and_given_back(county, own_branch):
    task = at_hand(own_branch)
    verbs.claim(task, by=county.wang_fang)
    verbs.claim(task, by=county.wang_fang)  # twice is once
    assert Event.objects.filter(code="task.claimed").count() == 1
    assert at_hand(own_branch).assigned is not None
    handing.release(task, by=county.wang_fang)
    assert at_hand(own_branch).owner is None
    assert list(Task.objects.queue(county.wang_fang)) == [at_hand(own_branch)]


def test_everybody_concerned_is_told_and_nobody_else(county, own_branch):
    say(at_hand(own_branch), D.APPROVE, county.wang_fang)
    say(at_hand(own_branch), D.APPROVE, county.zhou_tao)
    last = Event.objects.filter(code="request.approved_on").latest("place")
    told = set(Notice.objects.filter(event=last).values_list("to__username", flat=True))
    assert told == {"li.ming", "wang.fang"}
