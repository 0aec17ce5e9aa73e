"""Two answer one firm, the round closes while one answers, on PostgreSQL: one wins, all is told."""

from uuid import uuid4

import pytest
from django.utils import timezone

from core.accounts.models import Area
from core.errors import Refused
from core.ledger.models import Firm
from tests import county as small
from tests.workflows.surveying import a_survey, miss, row_of, say
from tests.workflows.test_races import at_once
from workflows.surveys.models import LateAnswer, SurveyFirm, SurveyRound
from workflows.surveys.rounds import cancel_round, close_round, open_round

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
State = SurveyFirm.State


def told(act):
    try:
        return act()
    except Refused as refusal:
        return refusal.code


def test_two_answer_the_same_firm(county):
    a_survey(county)
    answers = at_once(*[
        lambda n=n: told(lambda: say(county.tea, (county.li_ming, county.wang_fang)[n % 2],
                                     version=county.tea.version, employees=100 + n))
        for n in range(8)
    ])  # fmt: skip
    assert sorted(answers) == ["in_time"] + [Refused.FASTER] * 7
    row, firm = row_of(county.tea), Firm.objects.get(pk=county.tea.pk)
    assert (row.state, row.changes["employees"][1]) == (State.CHANGED, str(firm.employees))
    assert firm.version == county.tea.version + 1


def test_one_confirms_while_another_does_not_find_it(county):
    a_survey(county)
    answers = at_once(
        lambda: told(lambda: say(county.tea, county.li_ming)),
        lambda: told(lambda: miss(county.tea, county.wang_fang)),
    )
    assert sorted(answers) in (["in_time", Refused.FASTER],) or answers == ["in_time", "in_time"]
    if answers == ["in_time", "in_time"]:
        pytest.fail("a firm was answered twice")


def test_the_round_closes_while_firms_are_answered(county):
    firms = [small.firm(f"Mill {n}") for n in range(7)]
    made = a_survey(county)

    def close():
        return close_round(made, by=county.zhou_tao, on=county.today, at=timezone.now()) and "closed"

    answers = at_once(
        *[lambda f=firm: told(lambda: say(f, county.wang_fang, employees=77)) for firm in firms], close
    )
    for firm, came in zip(firms, answers[:7], strict=True):
        row, now = row_of(firm), Firm.objects.get(pk=firm.pk)
        late = LateAnswer.objects.filter(row=row).exists()
        if came == "in_time":
            assert (row.state, row.employees, now.employees, late) == (State.CHANGED, 77, 77, False)
        else:
            assert (came, row.state, now.employees, late) == ("late", State.OPEN, 40, True)


def test_a_round_is_either_cancelled_or_answered(county):
    made = a_survey(county)
    answers = at_once(
        lambda: told(lambda: say(county.tea, county.li_ming)),
        lambda: told(lambda: cancel_round(made, by=county.zhou_tao, at=timezone.now())),
    )
    made.refresh_from_db()
    assert bool(made.cancelled_at) == (row_of(county.tea).state == State.OPEN)
    assert Refused.NOT_NOW in answers


def test_two_rounds_of_one_area_at_once(county):
    areas = list(Area.objects.filter(pk=small.EAST))
    answers = at_once(*[
        lambda n=n: told(lambda: open_round(
            title=f"Round {n}", areas=areas, until=county.today, key=uuid4(), by=county.zhou_tao,
            on=county.today, at=timezone.now()) and "open")
        for n in range(4)
    ])  # fmt: skip
    assert sorted(answers) == [Refused.NOT_NOW] * 3 + ["open"]
    assert SurveyRound.objects.count() == 1
