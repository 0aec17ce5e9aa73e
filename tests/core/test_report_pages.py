"""The pages of report tables: preview, file, headings of the office."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from core.audit.models import Event
from core.errors import Refused
from core.jobs.models import Job
from core.ledger.models import Firm
from core.reports import making
from core.reports.counts import quarter_before
from core.reports.layouts import ReportLayout, keep_layout, kept_layout, layout_of, reset_layout
from core.reports.tables import COLUMNS, Report
from tests import county as small
from tests.core.reporting import saved, sheet_of

pytestmark = pytest.mark.usefixtures("english")


def make(browser, report="ledger", **given):
    form = {"key": str(uuid4()), "form": "xlsx", "language": "en", "on": "", "place": ""} | given
    return browser.post(reverse("reports:make", args=[report]), form)


@pytest.mark.parametrize("report", Report.values)
def test_each_table_is_previewed_and_saved(county, report, signed_in):
    browser = signed_in(county.wang_fang)
    page = browser.get(reverse("reports:table", args=[report]))
    assert page.status_code == 200
    assert f"East {Report(report).label}" in page.content.decode()
    answer = make(browser, report)
    assert answer.status_code == 200
    assert sheet_of(answer.content)[0][0] == f"East {Report(report).label}"
    assert Event.objects.get(code="report.saved").words["report_table"] == report


def test_the_quarterly_report_is_of_the_last_whole_quarter_unless_a_day_is_chosen(county, signed_in):
    page = signed_in(county.wang_fang).get(reverse("reports:table", args=["quarterly"]))
    assert page.context["asked"].on == quarter_before(county.today)
    page = signed_in(county.wang_fang).get(
        reverse("reports:table", args=["quarterly"]), {"on": county.today.isoformat()}
    )
    assert page.context["asked"].on == county.today


def test_the_same_press_twice_is_answered_twice_and_written_down_once(county, signed_in):
    browser, key = signed_in(county.wang_fang), str(uuid4())
    assert [make(browser, key=key).status_code for _ in range(2)] == [200, 200]
    assert Event.objects.filter(code="report.saved").count() == 1


def test_a_long_table_leads_to_its_job(county, signed_in, monkeypatch):
    monkeypatch.setitem(making.SMALL, "xlsx", 1)
    answer = make(signed_in(county.wang_fang))
    assert answer.url == Job.objects.get().get_absolute_url()
    assert str(Job.objects.get()).startswith("Ledger of firms, East, ")


def test_the_list_of_firms_leads_to_its_table(county, signed_in):
    browser = signed_in(county.wang_fang)
    page = browser.get(reverse("ledger:firms"), {"has": "no_members", "q": "tea"}).content.decode()
    address = reverse("reports:table", args=["ledger"])
    assert f"{address}?has=no_members&amp;q=tea" in page
    page = browser.get(address, {"has": "no_members", "q": "tea"}).content.decode()
    assert "has=no_members&amp;q=tea" in page
    assert county.tea.name in page
    assert county.mall.name not in page


@pytest.mark.parametrize(
    "given", ["on=2999-01-01", "on=x", "place=139902", "on=1200-01-01", "filters=%00", "place=%00"]
)
def test_a_strange_address_is_a_page_with_a_sentence(county, given, signed_in):
    for report in Report.values:
        answer = signed_in(county.wang_fang).get(f"{reverse('reports:table', args=[report])}?{given}")
        assert answer.status_code in (200, 422)


def test_an_unknown_table_is_not_found(county, signed_in):
    assert (
        signed_in(county.wang_fang).get(reverse("reports:table", args=["weather"])).status_code == 404
    )


def test_filters_are_of_today(county, signed_in):
    past = (county.today - timedelta(days=9)).isoformat()
    assert make(signed_in(county.wang_fang), filters="has=members", on=past).status_code == 422


# ── the office's own headings ──────────────────────────────────────────────────────────────────
def chosen(**headings):
    """Every column of the ledger, those that are named first; the others hidden."""
    rest = [c.code for c in COLUMNS["ledger"] if c.code not in headings]
    return [[code, said, True] for code, said in headings.items()] + [[c, "", False] for c in rest]


def test_an_office_names_orders_and_hides_columns(county):
    keep_layout("ledger", by=county.wang_fang, version=0, title="=Our list",
                notes="As we count.", signs="填表人：\n审核人：",
                columns=chosen(employees="Staff", name=""))  # fmt: skip
    rows = saved(county.wang_fang, today=county.today, language="en")
    assert rows[0][0] == "=Our list"
    assert rows[2] == ["Staff", "Firm"]
    assert rows[3][0] == 40
    assert rows[1][0] == "Reporting unit: East"
    assert rows[-3][0] == "As we count."
    assert rows[-1] == ["填表人：", "审核人："]


def test_a_township_has_its_countys_headings_unless_it_keeps_its_own(county):
    keep_layout("ledger", by=county.zhou_tao, version=0, title="County's", columns=chosen(name=""))
    assert kept_layout(county.wang_fang, "ledger").title == "County's"
    assert kept_layout(county.chen_jing, "ledger").title == "County's"
    assert kept_layout(county.gao_yuan, "ledger") is None
    keep_layout("ledger", by=county.wang_fang, version=0, title="East's", columns=chosen(name=""))
    assert kept_layout(county.wang_fang, "ledger").title == "East's"
    assert kept_layout(county.he_jun, "ledger").title == "County's"
    reset_layout("ledger", by=county.wang_fang)
    reset_layout("ledger", by=county.wang_fang)
    assert kept_layout(county.wang_fang, "ledger").title == "County's"
    assert Event.objects.filter(code="report.layout_reset").count() == 1


def test_a_colleagues_headings_are_not_overwritten_and_a_table_keeps_a_column(county):
    keep_layout("ledger", by=county.wang_fang, version=0, columns=chosen(name="A"))
    with pytest.raises(Refused, check=lambda no: no.code == Refused.FASTER):
        keep_layout("ledger", by=county.wang_fang, version=0, columns=chosen(name="B"))
    with pytest.raises(Refused):
        keep_layout("ledger", by=county.wang_fang, version=1, columns=chosen())
    assert ReportLayout.objects.get().columns[0] == ["name", "A", True]


def test_a_copy_that_knows_other_columns_still_works(county):
    kept = ReportLayout(
        report="ledger", columns=[["gone", "Gone", True], ["name", "Firm's name", True]]
    )
    shown = layout_of("ledger", kept, place="East").columns
    assert shown[0].heading == "Firm's name"
    assert "gone" not in [column.code for column in shown]
    assert "employees" in [column.code for column in shown]


def headings_form(browser, **more) -> dict:
    page = browser.get(reverse("reports:layout", args=["ledger"]))
    form = page.context["form"]
    given = {name: form[name].value() or "" for name in form.fields}
    return {name: value for name, value in given.items() if value is not False} | more


def test_the_headings_are_previewed_kept_and_reset_on_their_page(county, signed_in):
    browser, address = signed_in(county.wang_fang), reverse("reports:layout", args=["ledger"])
    form = headings_form(browser, heading_name="Enterprise", place_name=1, title="East <b>list</b>")
    page = browser.post(address, form | {"preview": "1"})
    assert page.status_code == 200
    assert "East &lt;b&gt;list&lt;/b&gt;" in page.content.decode()
    assert "uses the product" in page.content.decode()  # nothing is kept yet
    assert '<th scope="col">Enterprise</th>' in page.content.decode()
    assert not ReportLayout.objects.exists()
    assert browser.post(address, form).url == reverse("reports:table", args=["ledger"])
    assert "Enterprise" in browser.get(reverse("reports:table", args=["ledger"])).content.decode()
    browser.post(reverse("reports:layout_reset", args=["ledger"]))
    assert not ReportLayout.objects.exists()


def test_a_place_that_is_no_number_comes_back_with_a_sentence(county, signed_in):
    browser = signed_in(county.wang_fang)
    answer = browser.post(
        reverse("reports:layout", args=["ledger"]), headings_form(browser, place_name="x")
    )
    assert answer.status_code == 422


def test_a_firms_name_is_shown_as_text(county, signed_in):
    small.put(county.tea, name="<script>alert(1)</script>")
    page = signed_in(county.wang_fang).get(reverse("reports:table", args=["ledger"])).content.decode()
    assert "<script>alert(1)" not in page
    assert Firm.objects.filter(name__contains="<script>").exists()
