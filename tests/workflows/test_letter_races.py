"""Letters that are numbered at one moment, on PostgreSQL: no number twice, no letter twice."""

import pytest

from core.errors import Refused
from core.letters.models import Letter, Letterhead
from tests.core.test_letterhead import keep, write
from tests.workflows.test_assignment_races import told
from tests.workflows.test_races import at_once

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def test_one_number_for_eight_letters_at_once_is_given_once(county):
    keep(county.zhou_tao)
    answers = at_once(*[
        lambda n=n: told(lambda: write(county.zhou_tao, county.today, subject=f"list:{n}"))
        for n in range(8)
    ])  # fmt: skip
    assert sorted(answers) == ["done"] + [Refused.FASTER] * 7
    assert Letter.objects.count() == 1


def test_one_letter_asked_for_eight_times_at_once_is_one(county):
    keep(county.zhou_tao)
    answers = at_once(*[
        lambda n=n: told(lambda: write(county.zhou_tao, county.today, number=n + 1)) for n in range(8)
    ])  # fmt: skip
    assert answers == ["done"] * 8
    assert Letter.objects.count() == 1


def test_two_who_keep_the_first_letterhead_at_once(county):
    answers = at_once(*[
        lambda n=n: told(lambda: keep(county.zhou_tao, signer=f"张{n}")) for n in range(4)
    ])  # fmt: skip
    assert sorted(answers) == ["done"] + [Refused.FASTER] * 3
    assert Letterhead.objects.count() == 1
