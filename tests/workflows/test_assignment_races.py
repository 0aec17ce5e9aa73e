"""Two boards, two lists, eight hands at once, on PostgreSQL: one wins, the others are told."""

from uuid import uuid4

import pytest
from django.utils import timezone

from core.errors import Refused
from core.people.models import Assignment
from tests import county as small
from tests.workflows.sending import answer, asked, contact_of, ready, steps
from tests.workflows.test_races import at_once, browser
from workflows.assignments.acts import open_requests
from workflows.assignments.issuing import issue_list
from workflows.assignments.models import AssignmentList, AssignmentRequest
from workflows.engine.models import Task

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def told(act):
    """What came of it: "done", or the code of the refusal."""
    try:
        act()
    except Refused as refusal:
        return refusal.code
    return "done"


def test_two_boards_that_send_somebody_to_one_firm(county):
    guides = [small.instructor(f"Tang {n}") for n in range(8)]
    answers = at_once(*[
        lambda g=guide: told(lambda: asked(county, by=county.zhou_tao, guide=g)) for guide in guides
    ])  # fmt: skip
    assert sorted(answers) == ["done"] + [Refused.FASTER] * 7
    assert open_requests().count() == 1


def test_eight_proposals_do_not_go_over_the_hard_cap(county):
    firms = [small.firm(f"Firm {n}") for n in range(8)]  # Li Ming has the tea firm: four more fit
    answers = at_once(*[
        lambda f=firm: told(lambda: asked(county, f, by=county.zhou_tao)) for firm in firms
    ])  # fmt: skip
    assert sorted(answers) == ["done"] * 4 + [Refused.NOT_NOW] * 4
    assert open_requests().count() == 4


def test_lists_that_are_issued_at_once_are_numbered_without_a_gap(county):
    requests = [
        ready(county, small.firm(f"Firm {n}"), guide=small.instructor(f"Tang {n}")) for n in range(8)
    ]
    answers = at_once(*[
        lambda r=request: told(lambda: issue_list([r], by=county.zhou_tao, at=timezone.now()))
        for request in requests
    ])  # fmt: skip
    assert answers == ["done"] * 8
    numbers = AssignmentList.objects.order_by("number").values_list("number", flat=True)
    assert list(numbers) == list(range(1, 9))


def test_the_same_list_issued_at_once_begins_once(county):
    requests = [ready(county, small.firm(f"Firm {n}")) for n in range(2)]
    form = {"requests": [one.pk for one in requests], "key": uuid4()}
    clients = [browser(county.zhou_tao) for _n in range(8)]
    same = at_once(*[lambda c=c: c.post("/assignments/", form).status_code for c in clients])
    assert set(same) == {302}
    other = at_once(*[
        lambda c=c: c.post("/assignments/", form | {"key": uuid4()}).status_code for c in clients
    ])  # fmt: skip
    assert set(other) == {422}
    assert AssignmentList.objects.count() == 1
    assert Assignment.objects.filter(request__in=requests).count() == 2


def test_lists_in_opposite_order_with_the_same_instructors_wait_for_each_other(county):
    one, two = small.instructor("Tang Yu"), small.instructor("Deng Yi")
    firms = [small.firm(f"Firm {n}") for n in range(4)]
    made = [
        ready(county, firm, guide=guide)
        for firm, guide in zip(firms, (one, two, two, one), strict=True)
    ]
    answers = at_once(
        lambda: told(lambda: issue_list([made[0], made[1]], by=county.zhou_tao, at=timezone.now())),
        lambda: told(lambda: issue_list([made[3], made[2]], by=county.zhou_tao, at=timezone.now())),
    )
    assert answers == ["done", "done"]


def test_both_sides_answer_at_once(county):
    contact = contact_of(county.mall)
    request = asked(county)
    answer(request, "unit_answer", county.xu_min)
    at_once(
        lambda: answer(request, "instructor_answer", county.li_ming),
        lambda: answer(request, "firm_answer", contact),
    )
    assert set(steps(request)) == {"issue_assignment"}
    assert Task.objects.human().filter(process_id=request.pk).count() == 4


def test_a_yes_and_a_no_at_once_leave_one_step(county):
    contact = contact_of(county.mall)
    request = asked(county)
    answer(request, "unit_answer", county.xu_min)
    at_once(
        lambda: told(lambda: answer(request, "instructor_answer", county.li_ming)),
        lambda: told(lambda: answer(request, "firm_answer", contact, agrees=False, reason="No.")),
    )
    assert set(steps(request)) == {"choose_again"}
    assert AssignmentRequest.objects.get().finished is None
