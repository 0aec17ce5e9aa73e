"""What is asked of a row in hand is what the lists ask of the database."""

from datetime import timedelta

import pytest
from django.utils import timezone

from core.accounts.leave import go_on_leave
from core.accounts.models import User
from core.accounts.verbs import Role
from core.ledger.models import Firm
from core.ledger.scope import reach, reaches
from tests import county as small
from tests.workflows.talk import D, at_hand, say
from workflows.coverage.acts import propose
from workflows.engine import verbs
from workflows.engine.models import Task
from workflows.nightly import night, sweep

pytestmark = pytest.mark.django_db


@pytest.fixture
def busy(county):
    """Tasks of all kinds and states, a leave, a line's firm, a village's, another county's."""
    east = small.person("liu.yan", Role.TOWNSHIP, small.EAST)
    small.person("ma.jie", Role.INSTRUCTOR, small.EAST)
    small.person("city", Role.COUNTY, "1399")
    village = small.firm("Village Mill", f"{small.EAST}001")
    for firm, by in ((county.tea, county.li_ming), (county.mall, county.zhou_tao),
                     (county.paper, county.zhao_qiang), (village, county.zhou_tao),
                     (county.brick, county.gao_yuan)):  # fmt: skip
        small.union(firm)
        propose(firm, "organise_mass", by=by, on=county.today, reason="It has a union.")
    asked = Task.objects.human().get(firm=county.paper)
    say(asked, D.RETURN, county.he_jun, "Which union?")
    verbs.claim(Task.objects.human().get(firm=county.tea), by=county.wang_fang)
    ma_jie = User.objects.get(username="ma.jie")
    for away, there in ((county.wang_fang, county.he_jun), (county.li_ming, ma_jie)):
        go_on_leave(
            away, substitute=there, since=county.today, until=county.today + timedelta(days=3),
            by=away, on=county.today,
        )  # fmt: skip
    Task.objects.filter(firm=village).update(due_at=timezone.now() - timedelta(days=1))
    sweep()
    night(county.today)
    assert at_hand(asked.process) and east
    return county


def everybody():
    return [User.objects.get(pk=pk) for pk in User.objects.order_by("pk").values_list("pk", flat=True)]


def test_the_queue_is_what_may_be_taken(busy):
    taken = 0
    for user in everybody():
        listed = set(Task.objects.queue(user).values_list("pk", flat=True))
        for task in Task.objects.human().open().select_related("process"):
            assert task.flow_task.can_assign(user, task) == (task.pk in listed), (user, task)
            taken += task.pk in listed
    assert taken > 3


def test_a_task_is_seen_by_its_number_by_those_who_see_it_in_lists(busy):
    for user in everybody():
        seen = set(Task.objects.visible_to(user).values_list("pk", flat=True))
        for task in Task.objects.all():
            try:
                found = Task.objects.seen(task.pk, user).pk in seen
            except Task.DoesNotExist:
                found = task.pk not in seen
            assert found, (user, task)


def test_a_firm_in_hand_is_reached_by_those_who_find_it(busy):
    for user in everybody():
        found = set(Firm.objects.filter(reach(user, "")).values_list("pk", flat=True))
        for firm in Firm.objects.all():
            near = {"area": firm.area, "line_id": firm.line_id, "firm_id": firm.pk}
            assert reaches(user, **near) == (firm.pk in found), (user, firm)


def test_a_number_beyond_the_table_is_no_task(county, signed_in):
    for number in (2**63 - 1, 2**63, 10**30):
        assert signed_in(county.wang_fang).get(f"/tasks/{number}/").status_code == 404
