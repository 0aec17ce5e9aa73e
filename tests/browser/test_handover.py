"""A handover in a browser: the office ends the assignment, who leaves signs, who follows signs."""

import pytest
from django.urls import reverse

from tests import county as small
from workflows.engine.models import Task
from workflows.handovers.models import Handover

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def address(handover) -> str:
    return Task.objects.human().open().get(process_id=handover.pk).get_absolute_url()


def test_from_the_end_of_an_assignment_to_both_signatures(county, window):
    office = window(county.wang_fang)
    office.open(reverse("people:unassign", args=[county.tea.pk]))
    assert "召回" in office.page.inner_text("main")
    office.look()
    office.page.check("input[name=reason][value=asked]")
    office.send()
    handover = Handover.objects.get(firm=county.tea)

    leaves = window(county.li_ming, size="phone")
    leaves.open(address(handover))
    leaves.page.fill("textarea[name=what_next]", "五月走访一次。")
    leaves.look()
    leaves.send("#answer")
    leaves.look()

    small.assign(small.instructor("Tang Yu", user=small.person("tang.yu", "instructor", small.EAST)),
                 county.tea, since=county.today)  # fmt: skip
    office.open(address(handover))
    assert "五月走访一次。" in office.page.inner_text("main")
    office.send("#answer")
    handover.refresh_from_db()
    assert handover.taken_office
    assert handover.pack["said"]["what_next"] == "五月走访一次。"
    office.open(reverse("handovers:list") + "?state=done")
    assert county.tea.name in office.page.inner_text("main")
    office.look()
