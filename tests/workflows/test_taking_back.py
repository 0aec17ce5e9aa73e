"""A decision is taken back while nothing followed from it, by who still decides there."""

import pytest
from django.utils import timezone

from core.accounts.acts import change_place
from core.accounts.models import User
from core.accounts.verbs import Role
from core.errors import Refused
from core.ledger.acts import change
from core.ledger.models import Firm
from tests import county as small
from tests.workflows.talk import D, at_hand, say
from workflows.coverage.acts import correct, propose
from workflows.coverage.models import Opinion
from workflows.coverage.taking_back import take_back
from workflows.engine.models import Task
from workflows.engine.verbs import claim
from workflows.followups import acts as followups
from workflows.nightly import night


def undo(task, by):
    return take_back(Task.objects.get(pk=task.pk), by=User.objects.get(pk=by.pk), at=timezone.now())


def rehouse(county, firm, area):
    firm = Firm.objects.get(pk=firm.pk)
    change(firm, by=county.zhou_tao, on=county.today, version=firm.version, area=area)


@pytest.fixture
def taken(county, own_branch):
    return claim(at_hand(own_branch), by=county.wang_fang)


@pytest.mark.parametrize("said", [D.APPROVE, D.RETURN, D.REJECT, D.ASK])
def test_it_is_in_ones_hands_again_with_its_old_deadline(county, own_branch, taken, said):
    asked = county.wu_laoban if said == D.ASK else None
    say(taken, said, county.wang_fang, "So be it.", asked=asked)
    again = undo(taken, county.wang_fang)
    assert at_hand(own_branch) == again
    assert (again.owner, again.due_at) == (county.wang_fang, taken.due_at)
    own_branch.refresh_from_db()
    assert (own_branch.outcome, own_branch.finished, own_branch.returned_times) == ("open", None, 0)
    assert Opinion.objects.get(task=taken).taken_back_at
    say(again, D.APPROVE, county.wang_fang)
    assert at_hand(own_branch).step == "county_decision"


def test_only_who_decided(county, taken):
    say(taken, D.APPROVE, county.wang_fang)
    for other in (county.zhou_tao, county.li_ming, county.he_jun):
        with pytest.raises(Refused) as refusal:
            undo(taken, other)
        assert refusal.value.code == Refused.NOT_YOURS


def test_not_when_somebody_goes_on_from_it(county, own_branch, taken):
    say(taken, D.APPROVE, county.wang_fang)
    claim(at_hand(own_branch), by=county.zhou_tao)
    with pytest.raises(Refused) as refusal:
        undo(taken, county.wang_fang)
    assert "Zhou Tao" in refusal.value.sentence
    assert at_hand(own_branch).owner == county.zhou_tao


def test_not_when_the_firm_moved_on_the_chart(county, own_branch, taken):
    say(taken, D.APPROVE, county.wang_fang)
    last = claim(at_hand(own_branch), by=county.zhou_tao)
    say(last, D.APPROVE, county.zhou_tao)
    with pytest.raises(Refused):
        undo(last, county.zhou_tao)
    assert Firm.objects.get(pk=county.tea.pk).stage == "standalone"


def test_a_rejection_stands_once_it_was_proposed_anew(county, taken):
    say(taken, D.REJECT, county.wang_fang, "Not yet.")
    new = propose(
        county.tea, "stand_alone", by=county.li_ming, on=county.today, reason="Now.", branch_name="B"
    )
    for open_ in (True, False):
        with pytest.raises(Refused):
            undo(taken, county.wang_fang)
        if open_:
            say(at_hand(new), D.APPROVE, county.wang_fang)
            say(at_hand(new), D.APPROVE, county.zhou_tao)


def test_a_rejection_stands_once_the_firm_is_closed(county, taken):
    say(taken, D.REJECT, county.wang_fang, "Not yet.")
    Firm.objects.filter(pk=county.tea.pk).update(operation="closed", closed_on=county.today)
    with pytest.raises(Refused):
        undo(taken, county.wang_fang)


@pytest.mark.parametrize("said", [D.APPROVE, D.REJECT])
def test_who_no_longer_has_the_firm_changes_nothing(county, taken, said):
    say(taken, said, county.wang_fang, "So be it.")
    rehouse(county, county.tea, small.WEST)
    before = list(Task.objects.order_by("pk").values_list("pk", "status", "owner_id"))
    with pytest.raises(Refused):
        undo(taken, county.wang_fang)
    assert list(Task.objects.order_by("pk").values_list("pk", "status", "owner_id")) == before


@pytest.mark.parametrize(("role", "area"), [(Role.TOWNSHIP, small.WEST), (Role.AUDITOR, small.EAST)])
def test_nor_does_who_has_another_place_now(county, taken, role, area):
    say(taken, D.APPROVE, county.wang_fang)
    change_place(county.wang_fang, by=county.zheng_guan, role=role, area=area)
    with pytest.raises(Refused):
        undo(taken, county.wang_fang)


def test_a_correction_goes_back_to_the_proposer_whole(county, own_branch, taken):
    say(taken, D.RETURN, county.wang_fang, "Name the secretary.")
    step = at_hand(own_branch)
    correct(step, by=county.li_ming, on=county.today, at=timezone.now(), reason="Named.",
            branch_name="East Hill Tea branch")  # fmt: skip
    assert undo(step, county.li_ming).owner == county.li_ming
    own_branch.refresh_from_db()
    assert own_branch.opened_by == county.li_ming


def test_a_follow_up_is_open_again_and_the_night_agrees(county):
    process = followups.open_follow_up(county.tea, "handover", whose=county.li_ming)
    task = Task.objects.human().get(process=process)
    followups.handle(task, by=county.li_ming, note="Handed over.")
    task.refresh_from_db()
    again = followups.take_back(task, by=county.li_ming, at=timezone.now())
    assert again.owner == county.li_ming
    night(county.today)
    again.refresh_from_db()
    assert (again.status, again.left_behind) == ("ASSIGNED", False)
