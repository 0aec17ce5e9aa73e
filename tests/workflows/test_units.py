"""Who answers for a sending unit: asked about its people, and shown nothing of how a firm stands."""

import pytest
from django.utils import timezone

from core.ledger.models import Firm
from core.people.models import Instructor
from tests import county as small
from workflows.assignments.acts import propose_assignment

pytestmark = pytest.mark.usefixtures("english")


def test_the_day_begins_with_what_is_asked_and_the_units_own_people(county, signed_in):
    page = signed_in(county.xu_min).get("/today/").content.decode()
    assert "Nothing is asked of your unit at present." in page
    assert "Li Ming" in page and "Zhao Qiang" not in page and "Gao Yuan" not in page
    assert "Could move up" not in page
    request = propose_assignment(county.mall, county.guide_li, by=county.wang_fang, at=timezone.now())
    page = signed_in(county.xu_min).get("/today/").content.decode()
    assert f"/tasks/{request.task_set.get(owner=county.xu_min).pk}/" in page


def test_it_sees_no_firm_and_only_its_own_people(county, signed_in):
    assert not Firm.objects.visible_to(county.xu_min).exists()
    assert list(Instructor.objects.visible_to(county.xu_min)) == [county.guide_li]
    browser = signed_in(county.xu_min)
    for path in ("", "guidance/"):  # Li Ming of this unit guides the tea firm
        assert browser.get(f"/firms/{county.tea.pk}/{path}").status_code == 404
    assert "/firms/" not in browser.get("/today/").content.decode()


def test_a_notice_names_a_firm_that_one_does_not_see_and_leads_to_none(county, signed_in):
    propose_assignment(county.mall, county.guide_li, by=county.wang_fang, at=timezone.now())
    page = signed_in(county.xu_min).get("/notices/").content.decode()
    assert "Qinghe Mall" in page and f"/firms/{county.mall.pk}/" not in page
    small.assign(county.guide_li, county.mall)
    propose_assignment(small.firm("Next"), county.guide_li, by=county.wang_fang, at=timezone.now())
    assert f"/firms/{county.mall.pk}/" in signed_in(county.li_ming).get("/notices/").content.decode()
