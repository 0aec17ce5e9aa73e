"""A firm that moves house takes its open tasks along."""

from core.ledger.acts import WHEN_REHOUSED
from core.ledger.models import Firm
from tests import county as small
from tests.workflows.talk import D, at_hand, say
from workflows.engine.models import Task


def test_open_tasks_follow_the_firm_to_its_new_township(county, own_branch):
    Firm.objects.filter(pk=county.tea.pk).update(area=small.WEST)
    firm = Firm.objects.get(pk=county.tea.pk)
    for follow in WHEN_REHOUSED:
        follow(firm)
    assert at_hand(own_branch) in Task.objects.queue(county.he_jun)
    assert at_hand(own_branch) not in Task.objects.queue(county.wang_fang)
    say(at_hand(own_branch), D.APPROVE, county.he_jun)
    assert at_hand(own_branch).step == "county_decision"
