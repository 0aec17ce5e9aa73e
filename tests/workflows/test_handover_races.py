"""Two at once, on PostgreSQL: an assignment that is ended twice opens one handover; a side is signed
once, and nobody takes over what is just being handed over."""

from uuid import uuid4

import pytest
from django.urls import reverse

from core.audit.models import Event
from tests import county as small
from tests.workflows.test_handovers import ended, step
from tests.workflows.test_races import at_once, browser
from workflows.handovers.models import Handover

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def sent(who, page, **words):
    """A call that posts a form of its own from a browser of its own; it gives the status."""
    return lambda: browser(who).post(page, {"key": uuid4(), **words}).status_code


def test_an_assignment_that_is_ended_twice_at_once_opens_one_handover(county):
    for number in range(6):
        firm = small.firm(f"Twice {number}")
        small.assign(county.guide_li, firm)
        page = reverse("people:unassign", args=[firm.pk])
        calls = [
            sent(who, page, until=county.today, reason="asked")
            for who in (county.wang_fang, county.zhou_tao, county.wang_fang, county.zhou_tao)
        ]
        assert sorted(at_once(*calls))[0] == 302
        assert Handover.objects.filter(firm=firm).count() == 1
        assert Event.objects.filter(firm=firm, code="handover.opened").count() == 1


def test_both_sign_at_once_and_each_side_is_signed_once(county):
    """Who leaves signs twice at once, then two of the office take over at once."""
    other = small.person("liu.yan", small.Role.TOWNSHIP, small.EAST)
    for number in range(6):
        firm = small.firm(f"Both {number}")
        small.assign(county.guide_li, firm)
        handover = ended(county, firm)
        first, address = step(handover), step(handover).get_absolute_url()
        signs = [
            sent(who, address, what_next="Call.")
            for who in (county.li_ming, county.li_ming, county.wang_fang)
        ]
        got = at_once(*signs)
        assert 302 in got
        handover.refresh_from_db()
        assert handover.handed_by == county.li_ming
        second = step(handover)
        assert second.pk != first.pk
        page = second.get_absolute_url()
        takes = [sent(who, page) for who in (county.wang_fang, other, county.li_ming)]
        assert 302 in at_once(*takes)
        handover.refresh_from_db()
        assert handover.taken_by in (county.wang_fang, other)
        assert handover.finished
        taken = Event.objects.filter(firm=firm, code="handover.taken")
        assert taken.count() == 1
        assert handover.pack["signed"]["taken"]["name"] == handover.taken_by.name
