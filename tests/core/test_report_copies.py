"""What was reported stays as it was; the next superior is given the same, and told what changed."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.audit.models import Event
from core.audit.sentences import sentence
from core.errors import Refused
from core.ledger.models import Firm
from core.ledger.spells import Spell, note
from core.people.models import Member
from core.reports.changes import since
from core.reports.copies import ReportedCopy, hand_on, opened
from core.reports.making import digest_of
from tests import county as small
from tests.core.reporting import asked, report

pytestmark = pytest.mark.usefixtures("english")


@pytest.fixture
def past(county):
    """A day of which the ledger has records, some weeks ago."""
    for firm in Firm.objects.all():
        note(firm, on=firm.opened_on)
    return county.today - timedelta(days=30)


@pytest.fixture
def copy(county, past):
    return report(county.wang_fang, asked(county.wang_fang, on=past, today=county.today))


def test_a_copy_says_who_when_for_whom_and_holds_counts_only(copy, county, past):
    assert (copy.whom, copy.by, copy.on, copy.area) == (
        "City office",
        county.wang_fang,
        past,
        small.EAST,
    )
    assert copy.digest == digest_of(bytes(copy.content))
    assert copy.numbers["firms"] == copy.rows == 2
    assert copy.numbers["organisation_coverage"] == [0, 2]
    assert not any(isinstance(value, float | str) for value in copy.numbers.values())
    event = Event.objects.get(code="report.frozen")
    assert "reported the table Ledger of firms of East" in sentence(event)


@pytest.mark.django_db(transaction=True)
def test_the_database_refuses_to_change_a_copy(copy):
    for change in (
        lambda rows: rows.update(whom="Another"),
        lambda rows: rows.delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change(ReportedCopy.objects.filter(pk=copy.pk))


def test_the_same_form_reports_once(county, past):
    key, what = uuid4(), asked(county.wang_fang, on=past, today=county.today)
    first = report(county.wang_fang, what, key=key)
    assert report(county.wang_fang, what, key=key) == first
    assert ReportedCopy.objects.count() == 1


def test_what_nobody_corrected_is_known_as_it_was_reported(copy, county):
    small.put(county.tea, employees=77)  # today's affair: that day stays as it was
    note(Firm.objects.get(pk=county.tea.pk), on=county.today)
    found = since(copy, county.today)
    assert (found.numbers, found.firms, found.many) == ([], [], 0)


def test_a_correction_of_that_day_is_told_firm_by_firm(copy, county, past):
    Spell.objects.filter(firm=county.tea).update(stage="work_covered", employees=41)
    Spell.objects.filter(firm=county.mall).update(since=county.today)
    for name in ("An", "Bo", "Ci"):
        small.member(county.tea, name=name)
    found = since(copy, county.today)
    assert ("Firms", "2", "1") in found.numbers
    assert ("Full members", "0", "3") in found.numbers
    said = {firm.name: " ".join(firm.says) for firm in found.firms}
    assert "stage: No members yet, now Work covered" in said[county.tea.name]
    assert "employees: 40, now 41" in said[county.tea.name]
    assert "full members: 0, now 3" in said[county.tea.name]
    assert said[county.mall.name] == "was counted in the copy, and is not any more"
    assert not Member.objects.filter(name__in=said).exists()


def test_the_next_superior_gets_the_same_file_and_figures(copy, county):
    Spell.objects.filter(firm=county.tea).update(employees=41)
    second = hand_on(copy, by=county.wang_fang, key=uuid4(), whom="Province", reason="Year")
    assert (second.digest, second.numbers, second.same_as) == (copy.digest, copy.numbers, copy)
    assert opened(second, by=county.wang_fang) == bytes(copy.content)
    assert since(second, county.today).many == 1
    third = hand_on(second, by=county.wang_fang, key=uuid4(), whom="Union", reason="Year")
    assert third.same_as == copy


def test_to_whom_and_for_what_is_asked(copy, county):
    with pytest.raises(Refused):
        hand_on(copy, by=county.wang_fang, key=uuid4(), whom=" ", reason="Year")


def test_copies_are_seen_within_reach_and_by_those_who_report_or_check(copy, county):
    line = report(county.chen_jing, asked(county.chen_jing, today=county.today))
    whole = report(county.zhou_tao, asked(county.zhou_tao, today=county.today))
    seen = {
        user.username: set(ReportedCopy.objects.visible_to(user))
        for user in (county.wang_fang, county.he_jun, county.chen_jing, county.zhou_tao, county.sun_li,
                     county.li_ming, county.wu_laoban, county.gao_yuan)
    }  # fmt: skip
    assert seen == {
        "wang.fang": {copy}, "he.jun": set(), "chen.jing": {line},
        "zhou.tao": {copy, line, whole}, "sun.li": {copy, line, whole},
        "li.ming": set(), "wu.laoban": set(), "gao.yuan": set(),
    }  # fmt: skip
    with pytest.raises(Refused):
        hand_on(copy, by=county.he_jun, key=uuid4(), whom="City", reason="Year")


def test_the_page_offers_the_next_superior_what_was_reported(copy, county, past, signed_in):
    browser = signed_in(county.wang_fang)
    Spell.objects.filter(firm=county.tea).update(employees=41)
    address = reverse("reports:report", args=["ledger"])
    page = browser.get(f"{address}?on={past}").content.decode()
    assert "Reported to City office" in page
    assert "employees: 40, now 41" in page
    form = {"key": str(uuid4()), "on": past.isoformat(), "form": "xlsx", "whom": "Province",
            "reason": "Year", "which": str(copy.pk)}  # fmt: skip
    answer = browser.post(address, form)
    made = ReportedCopy.objects.get(whom="Province")
    assert answer.url == made.get_absolute_url()
    assert made.same_as == copy
    assert browser.post(address, form).url == answer.url
    browser.post(address, form | {"key": str(uuid4()), "which": "anew", "whom": "Union"})
    assert ReportedCopy.objects.get(whom="Union").numbers["employees"] == 81
    assert "employees: 40, now 41" in browser.get(made.get_absolute_url()).content.decode()
    file = browser.get(reverse("reports:copy_file", args=[made.pk]))
    assert file.content == bytes(copy.content)
    assert Event.objects.filter(code="report.copy_opened").count() == 1


def test_a_copy_whose_form_lacks_the_superior_comes_back_with_what_was_typed(county, past, signed_in):
    browser = signed_in(county.wang_fang)
    form = {"key": str(uuid4()), "on": past.isoformat(), "form": "pdf", "reason": "Half-year",
            "which": "anew"}  # fmt: skip
    answer = browser.post(reverse("reports:report", args=["coverage"]), form)
    assert answer.status_code == 422
    assert "Half-year" in answer.content.decode()
    assert not ReportedCopy.objects.exists()


def test_a_list_of_copies_costs_the_same_however_long_it_is(
    copy, county, signed_in, django_assert_num_queries
):
    browser, address = signed_in(county.wang_fang), reverse("reports:copies")
    browser.get(address)
    with CaptureQueriesContext(connection) as one:
        browser.get(address)
    for whom in ("Province", "County", "Ministry"):
        hand_on(copy, by=county.wang_fang, key=uuid4(), whom=whom, reason="Again")
    with django_assert_num_queries(len(one)):
        assert browser.get(address).content.decode().count("Again") == 3
