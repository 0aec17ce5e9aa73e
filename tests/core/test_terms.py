"""An instructor's entry is changed, the term renewed, and leaving put on record."""

from datetime import timedelta
from uuid import uuid4

import pytest

from core.audit.models import Event
from core.audit.sentences import sentence
from core.errors import Refused
from core.people.assigning import assign, months_later, unassign
from core.people.entries import change_instructor
from core.people.terms import record_left, renew_term
from core.rulebook import rule
from tests import county as made

pytestmark = pytest.mark.usefixtures("english")


def entry(**more):
    return {
        "key": str(uuid4()), "name": "Li Ming", "area": made.EAST, "sending_unit": "Tax office",
        "specialty": "", "phone": "139 0000 0000", "kind": "part_time", "mode": "multiple",
    } | more  # fmt: skip


def ended(guide, county, days=10):
    guide.term_until = county.today - timedelta(days=days)
    guide.save()
    return guide


def test_an_entry_is_changed_and_the_trail_names_the_fields(county, signed_in):
    page = f"/instructors/{county.guide_li.pk}/"
    assert f"{page}edit/" in signed_in(county.wang_fang).get(page).content.decode()
    assert signed_in(county.wang_fang).post(f"{page}edit/", entry()).url == page
    county.guide_li.refresh_from_db()
    assert county.guide_li.sending_unit == "Tax office" and county.guide_li.user == county.li_ming
    event = Event.objects.get(code="instructor.changed")
    assert event.words["what"] == "instructor.unit, instructor.phone"
    assert sentence(event).endswith("Li Ming: sending unit, phone")
    signed_in(county.wang_fang).post(f"{page}edit/", entry())  # nothing differs: nothing to tell
    assert Event.objects.filter(code="instructor.changed").count() == 1


def test_no_term_is_renewed_without_good_standing(county):
    county.guide_li.full_member = False
    county.guide_li.save()
    with pytest.raises(Refused, match="good standing"):
        renew_term(county.guide_li, begins="today", by=county.wang_fang, on=county.today)


def test_a_township_keeps_its_own_instructors_only(county, signed_in):
    assign_elsewhere = made.firm("East Mill", made.EAST)
    made.assign(county.guide_zhao, assign_elsewhere)  # so Wang Fang sees him, through the firm
    browser = signed_in(county.wang_fang)
    page = browser.get(f"/instructors/{county.guide_zhao.pk}/")
    assert page.status_code == 200 and b"/renew/" not in page.content
    assert browser.get(f"/instructors/{county.guide_zhao.pk}/renew/").status_code == 403
    for act in (
        lambda: change_instructor(county.guide_zhao, by=county.wang_fang, name="Zhao"),
        lambda: renew_term(county.guide_zhao, begins="today", by=county.wang_fang, on=county.today),
        lambda: record_left(
            county.guide_zhao, left_on=county.today, by=county.wang_fang, on=county.today
        ),
        lambda: change_instructor(county.guide_li, by=county.wang_fang, area=made.WEST),
    ):
        with pytest.raises(Refused) as refusal:
            act()
        assert refusal.value.code == Refused.NOT_YOURS


@pytest.mark.parametrize("begins", ["today", "old_end"])
def test_a_term_that_is_over_is_renewed_by_the_rulebook(county, begins):
    guide = ended(county.guide_li, county)
    start = county.today if begins == "today" else guide.term_until
    renewed = renew_term(guide, begins=begins, by=county.wang_fang, on=county.today)
    months = rule("instructor_term", on=start).value
    assert (renewed.term_from, renewed.term_until) == (start, months_later(start, months))
    assert Event.objects.get().words["what"] == "instructor.term_from, instructor.term_until"


def test_a_term_renewed_before_its_end_goes_on_and_is_renewed_once(county):
    first, end = county.guide_li.term_from, county.guide_li.term_until
    renewed = renew_term(county.guide_li, begins="old_end", by=county.wang_fang, on=county.today)
    assert renewed.term_from == first and renewed.term_until > end
    with pytest.raises(Refused, match="renewed already"):
        renew_term(renewed, begins="old_end", by=county.wang_fang, on=county.today)


def test_a_new_term_that_would_be_over_too_is_refused(county):
    guide = ended(county.guide_li, county, days=365 * 5)
    with pytest.raises(Refused, match="begin today"):
        renew_term(guide, begins="old_end", by=county.wang_fang, on=county.today)


def test_who_would_assign_is_led_to_the_page_that_renews(county, signed_in):
    ended(county.guide_li, county)
    browser = signed_in(county.wang_fang)
    renew = f"/instructors/{county.guide_li.pk}/renew/"
    assert renew in browser.get(f"/firms/{county.mall.pk}/assign/").content.decode()
    with pytest.raises(Refused, match="must be renewed first"):
        assign(county.mall, county.guide_li, since=county.today, by=county.wang_fang, on=county.today)
    assert browser.post(renew, {"key": str(uuid4()), "begins": "today"}).status_code == 302
    assert renew not in browser.get(f"/firms/{county.mall.pk}/assign/").content.decode()
    assign(county.mall, county.guide_li, since=county.today, by=county.wang_fang, on=county.today)


def test_leaving_waits_for_the_firms_and_names_them(county, signed_in):
    browser = signed_in(county.wang_fang)
    page = f"/instructors/{county.guide_li.pk}/left/"
    given = {"key": str(uuid4()), "left_on": county.today.isoformat()}
    answer = browser.post(page, given)
    assert answer.status_code == 422 and b"Li Ming still guides: East Hill Tea." in answer.content
    unassign(
        county.tea,
        until=county.today,
        reason="asked",
        why="leaves",
        by=county.wang_fang,
        on=county.today,
    )
    early = given | {"left_on": (county.today - timedelta(days=3)).isoformat()}
    assert b"The last assignment ended on" in browser.post(page, early).content
    assert browser.post(page, given).status_code == 302
    county.guide_li.refresh_from_db()
    assert county.guide_li.left_on == county.today
    assert Event.objects.filter(code="instructor.left").count() == 1
    back = renew_term(county.guide_li, begins="today", by=county.wang_fang, on=county.today)
    assert back.left_on is None
