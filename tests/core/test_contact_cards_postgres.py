"""Several name a leader, or keep visiting days, at one moment: on PostgreSQL one after the other."""

import pytest

from core.contact_cards.acts import end_contact, keep_visiting_days
from core.contact_cards.models import TierContact, VisitingDays
from core.errors import Refused
from tests.core.test_contact_cards import named
from tests.workflows.test_assignment_races import told
from tests.workflows.test_races import at_once

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
AT_ONCE = 8


@pytest.mark.parametrize("for_one_firm", [False, True])
def test_the_last_one_named_stands_and_nobody_is_lost(county, for_one_firm):
    more = {"firm": county.tea} if for_one_firm else {}
    answers = at_once(*[
        lambda n=n: told(lambda: named(county.wang_fang, county.today, name=f"名{n}", **more))
        for n in range(AT_ONCE)
    ])  # fmt: skip
    assert answers == ["done"] * AT_ONCE
    assert TierContact.objects.count() == AT_ONCE
    assert TierContact.objects.standing().count() == 1


def test_a_leader_ends_once(county):
    one = named(county.wang_fang, county.today)
    answers = at_once(*[
        lambda: told(lambda: end_contact(one, by=county.wang_fang, on=county.today))
        for _n in range(AT_ONCE)
    ])  # fmt: skip
    assert sorted(answers) == ["done"] + [Refused.FASTER] * (AT_ONCE - 1)


def test_visiting_days_stand_once(county):
    answers = at_once(*[
        lambda n=n: told(
            lambda: keep_visiting_days(county.tea, f"每月{n}日", by=county.li_ming, on=county.today)
        )
        for n in range(AT_ONCE)
    ])  # fmt: skip
    assert answers == ["done"] * AT_ONCE
    assert VisitingDays.objects.standing().count() == 1
