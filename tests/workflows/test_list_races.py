"""Two of one office decide the same row at once, on PostgreSQL: one wins, the ledger has it once."""

import pytest
from django.utils import timezone

from core.accounts.verbs import Role
from core.errors import Refused
from core.ledger.models import Firm
from tests import county as small
from tests.workflows.listing import HEAD, brought, code
from tests.workflows.test_races import at_once
from workflows.reconciling.deciding import decide, take_back
from workflows.reconciling.models import KeptDecision, ListRow

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
WHOLE = [*HEAD, "行业门类", "企业规模", "从业人数", "成立日期"]


@pytest.fixture
def both(county, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    county.liu_yan = small.person("liu.yan", Role.TOWNSHIP, small.EAST)
    return county


def say(row, decision, by, county, **more):
    try:
        decide(row, decision, by=by, on=county.today, at=timezone.now(), **more)
    except Refused as refusal:
        return refusal.code
    return decision


def test_two_decide_the_same_row(both):
    line = ("New Works", code(901), "存续", "C", "small", "31", "2020-05-01")
    row = brought(both, line, head=WHOLE).findings.get()
    answers = at_once(*[
        lambda n=n: say(row, "add", both.wang_fang, both) if n % 2
        else say(row, "ignore", both.liu_yan, both, reason="A shop.")
        for n in range(8)
    ])  # fmt: skip
    won = ListRow.objects.get(pk=row.pk).decision
    assert sorted(answers) == sorted([won] * 4 + [Refused.FASTER] * 4)
    assert Firm.objects.filter(name="New Works").count() == (won == "add")
    assert KeptDecision.objects.get().decision == won


def test_the_same_firm_added_from_two_lists(both):
    line = ("New Works", code(901), "存续", "C", "small", "31", "2020-05-01")
    rows = [
        brought(both, line, head=WHOLE, source=source).findings.get() for source in ("tax", "social")
    ]
    answers = at_once(*[lambda r=row: say(r, "add", both.wang_fang, both) for row in rows])
    assert sorted(answers) == ["add", Refused.BAD_INPUT]
    assert Firm.objects.filter(name="New Works").count() == 1


def test_a_decision_taken_back_by_two(both):
    row = brought(both, ("Tea Hill", both.tea.credit_code, "存续")).findings.get()
    say(row, "rename", both.wang_fang, both)
    at_once(*[
        lambda p=person: take_back(row, by=p, on=both.today) and "back"
        for person in (both.wang_fang, both.liu_yan) * 3
    ])  # fmt: skip
    firm = Firm.objects.get(pk=both.tea.pk)
    assert (firm.name, firm.version) == ("East Hill Tea", both.tea.version + 2)
