"""Several keep headings, use a token or revoke one at one moment: on PostgreSQL one after the other."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from core.api import tokens
from core.api.models import PlatformUse
from core.audit.models import Event
from core.errors import Refused
from core.receipts import once
from core.reports import work
from core.reports.copies import ReportedCopy
from core.reports.layouts import ReportLayout, keep_layout
from core.reports.tables import COLUMNS
from tests import county as small
from tests.core.reporting import asked
from tests.workflows.test_assignment_races import told
from tests.workflows.test_races import at_once

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
AT_ONCE = 8


def test_the_first_headings_of_an_office_are_kept_once(county):
    columns = [[column.code, "", True] for column in COLUMNS["coverage"]]
    answers = at_once(*[
        lambda n=n: told(
            lambda: keep_layout(
                "coverage", by=county.wang_fang, version=0, columns=columns, title=f"Title {n}"
            )
        )
        for n in range(AT_ONCE)
    ])  # fmt: skip
    assert sorted(answers) == ["done"] + [Refused.FASTER] * (AT_ONCE - 1)
    assert ReportLayout.objects.get().version == 1


def test_a_form_that_is_sent_several_times_at_once_reports_once(county):
    key, what = uuid4(), asked(county.wang_fang, today=county.today)
    made = work.made_now(what, by=county.wang_fang, frozen=True)

    def send():
        return once(
            key, by=county.wang_fang,
            act=lambda: work.keep_copy(
                what, made, by=county.wang_fang, key=key, whom="City", reason="Year"
            ).get_absolute_url(),
        )  # fmt: skip

    answers = at_once(*[send for _n in range(AT_ONCE)])
    assert len(set(answers)) == 1
    assert ReportedCopy.objects.get().get_absolute_url() == answers[0]


def test_every_use_of_a_token_is_counted_and_it_is_revoked_once(county):
    token, secret = tokens.give(
        "Province", area=small.COUNTY, parts=["figures"], by=county.zhou_tao, on=county.today,
        expires_on=county.today + timedelta(days=9),
    )  # fmt: skip
    now = timezone.now()
    at_once(*[lambda: tokens.admitted(secret, address="10.0.0.1", now=now) for _n in range(AT_ONCE)])
    assert PlatformUse.objects.get().many == AT_ONCE
    at_once(*[lambda: tokens.revoke(token, by=county.zhou_tao, at=now) for _n in range(AT_ONCE)])
    assert Event.objects.filter(code="platform.token_revoked").count() == 1
