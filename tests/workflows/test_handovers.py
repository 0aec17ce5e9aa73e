"""A handover: opened by every end of an assignment, signed by two, filed as it was signed."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from core.accounts.acts import close_account
from core.accounts.leave import go_on_leave
from core.audit.models import Event
from core.errors import Refused
from core.people.acts import record_guidance
from core.people.assigning import assign, unassign
from core.people.models import Assignment
from tests import county as small
from workflows.coverage.acts import decide, propose
from workflows.engine.models import Task
from workflows.handovers.acts import hand_over, open_handover, take_over
from workflows.handovers.models import Handover
from workflows.nightly import sweep
from workflows.notices.models import Notice
from workflows.recalls.acts import decide_recall, propose_recall

pytestmark = pytest.mark.usefixtures("english")


def step(handover) -> Task:
    return Task.objects.human().open().get(process_id=handover.pk)


def ended(county, firm=None, *, reason="asked") -> Handover:
    firm = firm or county.tea
    unassign(firm, until=county.today, reason=reason, by=county.wang_fang, on=county.today)
    return Handover.objects.get(firm=firm)


def handed(county, *, by=None) -> Handover:
    handover = ended(county)
    hand_over(
        step(handover), by=by or county.li_ming, at=timezone.now(), promises="A reading room.",
        what_next="Call in May.",
    )  # fmt: skip
    handover.refresh_from_db()
    return handover


def follows(county, name="Tang Yu"):
    """Another instructor with an account, assigned to the tea firm."""
    account = small.person("tang.yu", small.Role.INSTRUCTOR, small.EAST)
    guide = small.instructor(name, user=account)
    given = {"since": county.today, "by": county.wang_fang, "on": county.today}
    assign(county.tea, guide, all_the_same=True, **given)
    return account


def test_both_sides_sign_and_the_pack_stays_as_it_was(county):
    handover = handed(county)
    assert (handover.opened_by, handover.subject) == (None, f"handover_{handover.assignment_id}")
    assert step(handover).owner_permission == "desk.follow_up"
    tang = follows(county)
    assert step(handover).owner == tang
    take_over(step(handover), by=tang, at=timezone.now(), remark="The key is missing.")
    handover.refresh_from_db()
    assert handover.finished and not handover.handed_office and not handover.taken_office
    before = json.dumps(handover.pack)
    assert "A reading room." in before and "Li Ming" in before
    county.tea.name = "Other name"
    county.tea.save()
    handover.refresh_from_db()
    assert json.dumps(handover.pack) == before
    codes = Event.objects.filter(firm=county.tea, code__startswith="handover.").values_list(
        "code", flat=True
    )
    assert set(codes) == {"handover.opened", "handover.handed", "handover.passed_on", "handover.taken"}
    assert Notice.objects.filter(to=tang, event__code="handover.passed_on").exists()
