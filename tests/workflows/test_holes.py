"""Ways around the conversation, one by one: nobody decides on what they wrote, nothing gets stuck."""

from datetime import timedelta

import pytest
from django.utils import timezone

from core.accounts.verbs import Role
from core.errors import Refused
from core.ledger.models import Firm
from core.people.models import Member
from tests import county as small
from tests.workflows.talk import D, at_hand, say
from workflows.coverage.acts import correct, give_opinion, propose
from workflows.engine import handing, verbs
from workflows.engine.models import Task
from workflows.followups.acts import open_follow_up
from workflows.inbox import lists
from workflows.nightly import sweep
from workflows.notices.models import Notice


def right(task, by, county):
    correct(
        task, by=by, on=county.today, at=timezone.now(), reason="Put right.", branch_name="East branch"
    )


def test_a_supervisor_who_hands_on_the_own_proposal_does_not_decide_on_it(county):
    small.union(county.tea)
    asked = propose(
        county.tea, "organise_mass", by=county.wang_fang, on=county.today, reason="A union."
    )
    say(at_hand(asked), D.RETURN, county.zhou_tao, "Which number?")
    handing.reassign(at_hand(asked), by=county.wang_fang, to=county.li_ming)
    correct(at_hand(asked), by=county.li_ming, on=county.today, at=timezone.now(), reason="Q-1.")
    assert at_hand(asked).step == "county_decision"


def test_the_county_does_not_decide_on_what_it_began_and_handed_on(county, three_members):
    asked = propose(
        county.tea, "stand_alone", by=county.zhou_tao, on=county.today, reason="Three.",
        branch_name="East branch",
    )  # fmt: skip
    say(at_hand(asked), D.RETURN, county.wang_fang, "Minutes?")
    handing.reassign(at_hand(asked), by=county.zhou_tao, to=county.li_ming)
    right(at_hand(asked), county.li_ming, county)
    say(at_hand(asked), D.APPROVE, county.wang_fang)
    assert at_hand(asked) not in Task.objects.queue(county.zhou_tao)
    with pytest.raises(Refused, match="your own proposal"):
        say(at_hand(asked), D.APPROVE, county.zhou_tao)


def test_the_county_does_not_decide_on_what_it_corrected(county, own_branch):
    other = small.person("qian.jin", Role.COUNTY, small.COUNTY)
    say(at_hand(own_branch), D.RETURN, county.wang_fang, "Minutes?")
    handing.reassign(at_hand(own_branch), by=county.zhou_tao, to=county.zhou_tao)
    right(at_hand(own_branch), county.zhou_tao, county)
    say(at_hand(own_branch), D.APPROVE, county.wang_fang)
    task = at_hand(own_branch)
    assert task not in Task.objects.queue(county.zhou_tao)
    assert county.zhou_tao not in task.candidates()
    with pytest.raises(Refused, match="your own proposal"):
        say(task, D.APPROVE, county.zhou_tao)
    say(task, D.APPROVE, other)
    assert Firm.objects.get(pk=county.tea.pk).stage == "standalone"


def test_a_township_disposes_of_no_decision_of_the_county(county, own_branch):
    other = small.person("qian.jin", Role.COUNTY, small.COUNTY)
    say(at_hand(own_branch), D.APPROVE, county.wang_fang)
    verbs.claim(at_hand(own_branch), by=county.zhou_tao)
    for act in (
        lambda: handing.reassign(at_hand(own_branch), by=county.wang_fang, to=other),
        lambda: handing.release(at_hand(own_branch), by=county.wang_fang),
    ):
        with pytest.raises(Refused):
            act()
    assert at_hand(own_branch).owner == county.zhou_tao
    handing.reassign(at_hand(own_branch), by=county.zheng_guan, to=other)
    assert at_hand(own_branch).owner == other


def test_what_somebody_sits_on_can_be_taken_by_the_next_level(county, own_branch):
    verbs.claim(at_hand(own_branch), by=county.wang_fang)
    late = timezone.now() + timedelta(days=30)
    assert sweep(late) == 1
    assert sweep(late) == 0
    task = at_hand(own_branch)
    assert task in Task.objects.queue(county.zhou_tao)
    assert Notice.objects.filter(to=county.wang_fang, event__code="task.escalated").exists()
    say(task, D.APPROVE, county.zhou_tao)
    assert Firm.objects.get(pk=county.tea.pk).stage == "standalone"


def test_the_county_may_ask_for_an_opinion_on_a_review_it_took_over(county, own_branch):
    sweep(timezone.now() + timedelta(days=30))
    say(at_hand(own_branch), D.ASK, county.zhou_tao, "A room?", asked=county.wu_laoban)
    give_opinion(at_hand(own_branch), by=county.wu_laoban, at=timezone.now(), comment="Yes.")
    task = at_hand(own_branch)
    assert (task.step, task.owner) == ("township_review", county.zhou_tao)
    say(task, D.APPROVE, county.zhou_tao)
    assert Firm.objects.get(pk=county.tea.pk).stage == "standalone"


def test_an_opinion_comes_back_to_the_queue_when_the_asker_works_elsewhere(county, own_branch):
    say(at_hand(own_branch), D.ASK, county.wang_fang, asked=county.wu_laoban)
    county.wang_fang.area = small.WEST
    county.wang_fang.save()
    give_opinion(at_hand(own_branch), by=county.wu_laoban, at=timezone.now(), comment="Yes.")
    assert at_hand(own_branch).owner is None


def test_who_no_longer_sees_the_firm_is_told_no_more(county, own_branch):
    say(at_hand(own_branch), D.RETURN, county.wang_fang, "Minutes?")
    county.wang_fang.area = small.WEST
    county.wang_fang.save()
    right(at_hand(own_branch), county.li_ming, county)
    assert not Notice.objects.filter(to=county.wang_fang, event__code="request.corrected").exists()


def test_a_taken_branch_name_is_refused_when_proposed(county, three_members):
    small.affiliated_branch("East branch")
    with pytest.raises(Refused, match="stands already"):
        propose(
            county.tea, "stand_alone", by=county.li_ming, on=county.today, reason="Three.",
            branch_name=" East branch",
        )  # fmt: skip


def test_nobody_stays_in_a_branch_that_the_firm_left(county, own_branch):
    say(at_hand(own_branch), D.APPROVE, county.wang_fang)
    say(at_hand(own_branch), D.APPROVE, county.zhou_tao)
    firm = Firm.objects.get(pk=county.tea.pk)
    activist = small.member(firm, "Ding Yi", kind=Member.Kind.ACTIVIST)
    firm.members.filter(kind=Member.Kind.FULL).update(until=county.today)
    small.visit(firm, by=county.li_ming)
    back = propose(firm, "fall_to_covered", by=county.li_ming, on=county.today, reason="All left.")
    say(at_hand(back), D.APPROVE, county.wang_fang)
    say(at_hand(back), D.APPROVE, county.zhou_tao)
    activist.refresh_from_db()
    assert activist.branch is None


def test_a_task_that_began_in_the_pause_gets_only_its_own_days_back(county):
    asked = propose(
        county.tea, "pause", by=county.li_ming, on=county.today, reason="After the harvest.",
        resumes_on=county.today + timedelta(days=60),
    )  # fmt: skip
    say(at_hand(asked), D.APPROVE, county.wang_fang)
    Firm.objects.filter(pk=county.tea.pk).update(paused_on=county.today - timedelta(days=60))
    firm = Firm.objects.get(pk=county.tea.pk)
    due = open_follow_up(firm, "resume_due", resumes_on=county.today.isoformat())
    before = Task.objects.human().get(process=due).due_at
    resume = propose(firm, "resume", by=county.li_ming, on=county.today, reason="Spring tea.")
    say(at_hand(resume), D.APPROVE, county.wang_fang)
    assert Task.objects.human().get(process=due).due_at == before


def test_a_contact_reads_nothing_that_officials_wrote_until_asked(county, signed_in, english):
    for name in ("A", "B", "C"):
        small.member(county.tea, name)
    small.visit(county.tea, by=county.li_ming)
    county.tea.guidance.update(done="Wang Jianguo handed in his application.")
    asked = propose(county.tea, "stand_alone", by=county.li_ming, on=county.today,
                    reason="Wang Jianguo is a full member now.", branch_name="Own")  # fmt: skip
    browser = signed_in(county.wu_laoban)
    case = f"/firms/{county.tea.pk}/"
    assert "Wang Jianguo" not in browser.get(case).content.decode()
    assert browser.get(f"/requests/{asked.pk}/").status_code == 404
    say(at_hand(asked), D.ASK, county.wang_fang, "Is there a room?", asked=county.wu_laoban)
    assert browser.get(f"/requests/{asked.pk}/").status_code == 200


def test_every_row_of_every_list_opens(county, own_branch, signed_in):
    say(at_hand(own_branch), D.ASK, county.wang_fang, asked=county.wu_laoban)
    give_opinion(at_hand(own_branch), by=county.wu_laoban, at=timezone.now(), comment="Yes.")
    say(at_hand(own_branch), D.APPROVE, county.wang_fang)
    small.assign_away(county.tea, county.guide_zhao)
    for person in county.by_role.values():
        for rows in (
            Task.objects.mine(person), Task.objects.queue(person), *lists.waiting(person),
            Task.objects.done_by(person),
        ):  # fmt: skip
            for task in rows:
                assert signed_in(person).get(task.get_absolute_url()).status_code == 200
    assert [part.exists() for part in lists.waiting(county.wang_fang)] == [True]
    assert [part.exists() for part in lists.waiting(county.wu_laoban)] == [False]


def test_a_proposer_who_lost_the_firm_reads_what_was_not_what_is(
    county, own_branch, signed_in, english
):
    small.assign_away(county.tea, county.guide_zhao)
    small.member(county.tea, "New One")
    page = signed_in(county.li_ming).get(f"/requests/{own_branch.pk}/").content.decode()
    assert own_branch.reason in page
    assert ">Today</th>" not in page
    other = signed_in(county.wang_fang).get(f"/requests/{own_branch.pk}/").content.decode()
    assert ">Today</th>" in other
