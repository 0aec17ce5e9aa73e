"""Being told: in one statement, one line a case, and never of what did not happen."""

import re
from importlib import import_module

import pytest
from django.apps import apps
from django.db import transaction

from core.accounts.verbs import Role
from core.audit.record import record
from core.capped import capped
from tests import county as small
from workflows.engine.changes import gathering
from workflows.notices.groups import grouped, read, unread_cases
from workflows.notices.kinds import Kind, kind_of
from workflows.notices.models import Notice
from workflows.notices.tell import tell


def happens(firm, *people, times=1, code="request.returned", by=None, kind=""):
    """Something happens to a firm, so many times, and these people are told."""
    for _time in range(times):
        event = record(code, by=by, firm=firm, move="stand_alone")
        tell(event, people=[person.pk for person in people], kind=kind)


def test_however_many_are_told_it_is_one_statement(county, django_assert_num_queries):
    for number in range(20):
        small.person(f"clerk{number}", Role.TOWNSHIP, small.EAST)
    event = record("request.returned", by=county.wang_fang, firm=county.tea, move="stand_alone")
    with gathering(), django_assert_num_queries(1):  # what is said live of it comes with the act's row
        tell(
            event, people=[county.li_ming.pk, None, county.wang_fang.pk], area=small.EAST,
            line=county.commerce.pk, levels=[Role.TOWNSHIP, Role.LINE, Role.COUNTY],
        )  # fmt: skip
    assert Notice.objects.count() == 23
    notice = Notice.objects.get(to=county.li_ming)
    assert (notice.event, notice.firm, notice.kind) == (event, county.tea, Kind.DECISION)
    assert notice.read_at is None
    assert abs((notice.at - event.at).total_seconds()) < 60
    assert not Notice.objects.filter(to=county.wang_fang).exists()  # who did it knows
    assert set(Notice.objects.values_list("passed_on", flat=True)) == {False}


def test_nobody_hears_of_another_area_of_a_closed_account_or_without_being_named(county):
    county.zhou_tao.is_active = False
    county.zhou_tao.save()
    event = record("request.returned", by=None, firm=county.paper, move="stand_alone")
    told = Notice.objects.filter(event=event)
    tell(event, people=[None])
    assert not told.exists()
    tell(event, area=small.WEST, levels=[Role.TOWNSHIP, Role.LINE, Role.COUNTY])
    assert told.count() == 1
    assert Notice.objects.get().to == county.he_jun


def test_a_notice_lives_and_dies_with_its_act(county):
    with pytest.raises(RuntimeError), transaction.atomic():
        happens(county.tea, county.li_ming)
        raise RuntimeError
    assert not Notice.objects.exists()


def test_an_event_about_no_case_is_told_too(county):
    event = record("account.signed_in", by=None, chain="user:1")
    tell(event, people=[county.li_ming.pk], kind=Kind.NUDGE)
    assert Notice.objects.filter(event=event).count() == 1
    notice = Notice.objects.get()
    assert (notice.firm, notice.kind) == (None, Kind.NUDGE)


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("task.escalated", Kind.OVERDUE), ("task.nudged", Kind.NUDGE), ("task.reassigned", Kind.TASK),
        ("task.mentioned", Kind.MENTION), ("request.opinion_asked", Kind.TASK),
        ("request.rejected", Kind.DECISION), ("case.moved", Kind.DECISION), ("new.thing", Kind.OTHER),
    ],
)  # fmt: skip
def test_each_event_has_its_kind(code, kind):
    assert kind_of(code) == kind


def test_ten_events_of_a_case_are_one_line(county, signed_in):
    happens(county.tea, county.li_ming, times=9)
    happens(county.mall, county.li_ming)
    happens(county.tea, county.li_ming, code="request.rejected")
    page = signed_in(county.li_ming).get("/notices/").content.decode()
    assert page.count('<li class="mark"') == 2
    assert "rejected" in page.split("East Hill Tea")[0]  # the newest speaks
    assert "and 9 more in this case" in page
    assert "10 new" in page
    assert page.index("East Hill Tea") < page.index("Qinghe Mall")


def test_the_count_counts_cases(county, signed_in):
    happens(county.tea, county.li_ming, times=7)
    happens(county.mall, county.li_ming, times=2)
    tell(record("account.signed_in", by=None, chain="user:1"), people=[county.li_ming.pk])
    assert unread_cases(county.li_ming).count() == 3
    assert capped(county.li_ming, cases=unread_cases(county.li_ming)) == {"cases": 3}
    page = signed_in(county.li_ming).get("/tasks/").content.decode()
    assert re.search(r'data-count="notices"[^>]*>3<', page)


def test_opening_the_page_reads_what_it_shows_and_nothing_else(county, signed_in):
    happens(county.tea, county.li_ming, county.wang_fang, times=3)
    browser = signed_in(county.li_ming)
    assert "3 new" in browser.get("/notices/").content.decode()
    assert Notice.objects.filter(to=county.li_ming).unread().count() == 0
    assert Notice.objects.filter(to=county.wang_fang).unread().count() == 3
    assert "tag info" not in browser.get("/notices/").content.decode()
    happens(county.tea, county.li_ming)
    again = browser.get("/notices/").content.decode()
    assert ">new</span>" in again
    assert "and 3 more" in again


def test_what_comes_in_meanwhile_stays_unread(county):
    happens(county.tea, county.li_ming)
    from_page = grouped(Notice.objects.visible_to(county.li_ming))
    happens(county.tea, county.li_ming)
    read(county.li_ming, from_page, from_page[0].newest.at)
    assert Notice.objects.visible_to(county.li_ming).unread().count() == 1


def test_the_page_costs_the_same_for_one_and_for_many(county, signed_in, django_assert_max_num_queries):
    browser = signed_in(county.zhou_tao)
    for number in range(45):
        happens(small.firm(f"Firm {number}"), county.zhou_tao, times=2)
    with django_assert_max_num_queries(14):
        page = browser.get("/notices/").content.decode()
    assert page.count('<li class="mark"') == 40
    assert browser.get("/notices/?page=2").content.decode().count('<li class="mark"') == 5
    for strange in ("0", "-1", "x", "99", "²", "9" * 40):
        assert browser.get("/notices/", {"page": strange}).status_code == 200


def test_the_notice_of_before_the_columns_is_filled(county):
    happens(county.tea, county.li_ming)
    Notice.objects.update(firm=None, kind="other")
    import_module("workflows.migrations.0008_notices_of_before").fill(apps, None)
    notice = Notice.objects.get()
    assert (notice.firm, notice.kind, notice.passed_on) == (county.tea, "decision", True)
