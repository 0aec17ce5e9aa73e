"""Report tables: their rows are the ledger's, their numbers those of the figures, within reach only."""

import io
from datetime import date, timedelta
from random import Random

import pytest
from django.db import connection
from django.http import QueryDict
from openpyxl import load_workbook

from core.errors import Refused
from core.figures.coverage import figures
from core.jobs.run import run
from core.ledger.filters import firms_where
from core.ledger.models import Firm
from core.ledger.spells import Spell, note
from core.reports import work
from core.reports.asked import PDF
from core.reports.counts import quarter_before
from tests import county as small
from tests.core.reporting import asked, report, saved, sheet_of
from tests.core.test_figures import scatter
from tests.core.test_papers import printed

pytestmark = pytest.mark.usefixtures("english")


def names(rows, heading="Firm") -> list:
    """The column of names below the headings."""
    at = rows[2].index(heading)
    return [row[at] for row in rows[3:] if isinstance(row[0], int)]


def noted(county, since: date | None = None) -> None:
    for firm in Firm.objects.all():
        note(firm, on=since or firm.opened_on)


def english(user, report, county, **more):
    return saved(user, report, today=county.today, language="en", **more)


@pytest.mark.parametrize("seed", range(4))
def test_the_ledger_lists_the_firms_of_ones_reach_and_the_figures_count_them(county, seed):
    scatter(county, Random(seed))
    for user in (county.zhou_tao, county.wang_fang, county.chen_jing):
        rows = english(user, "ledger", county)
        mine = Firm.objects.visible_to(user).counted()
        assert sorted(names(rows)) == sorted(mine.values_list("name", flat=True))
        assert len(names(rows)) == figures(user)["firms"]
        at = rows[2].index("Full members")
        assert (
            sum(row[at] for row in rows[3:] if isinstance(row[0], int)) == figures(user)["full_members"]
        )


@pytest.mark.parametrize("seed", range(4))
def test_the_list_of_those_that_should_have_a_branch_is_as_long_as_the_figures_say(county, seed):
    scatter(county, Random(seed), many=25)
    for user in (county.zhou_tao, county.wang_fang):
        share = figures(user)["should_have_rate"]
        assert len(names(english(user, "should_have", county))) == share.whole - share.part


def test_a_table_by_filters_is_the_list_of_firms_that_was_looked_at(county):
    scatter(county, Random(5))
    given = "has=organised&size=small&q=firm"
    rows = english(county.zhou_tao, "ledger", county, filters=given)
    found, _in_force = firms_where(
        Firm.objects.visible_to(county.zhou_tao), QueryDict(given), on=county.today
    )
    assert sorted(names(rows)) == sorted(found.values_list("name", flat=True))


def test_the_coverage_table_says_what_the_figures_say_and_its_parts_add_up(county):
    scatter(county, Random(3))
    rows = english(county.zhou_tao, "coverage", county)
    told, head = figures(county.zhou_tao), rows[2]
    whole = dict(zip(head, rows[3], strict=True))
    assert whole["Firms"] == told["firms"]
    assert whole["Organised"] == told["organisation_coverage"].part
    assert whole["Work covered"] == told["work_coverage"].part
    assert whole["Organisation coverage"] == float(told["organisation_coverage"].percent / 100)
    for title in ("By township and park", "By line department", "By industry", "By size"):
        begin = next(at for at, row in enumerate(rows) if row[0] == title) + 1
        part = [row[1] for row in _until_heading(rows[begin:])]
        assert sum(part) == told["firms"], title


def _until_heading(rows):
    for row in rows:
        if not isinstance(row[1], int):
            return
        yield row


def test_the_quarterly_report_bridges_its_quarter(county):
    today = date(2026, 8, 14)
    assert quarter_before(today) == date(2026, 6, 30)
    assert quarter_before(date(2026, 3, 31)) == date(2025, 12, 31)
    for firm in Firm.objects.all():
        Firm.objects.filter(pk=firm.pk).update(opened_on=date(2020, 1, 1))
        note(Firm.objects.get(pk=firm.pk), on=date(2020, 1, 1))
    fresh = small.firm("New Mill", opened_on=date(2026, 7, 2))
    note(fresh, on=date(2026, 7, 2))
    Spell.objects.filter(firm=county.tea).update(until=date(2026, 7, 5))
    held = {f: getattr(county.tea, f) for f in ("county", "area", "industry", "size", "above_scale")}
    Spell.objects.create(firm=county.tea, since=date(2026, 7, 5), employees=1, stage="work_covered",
                         operation="operating", **held)  # fmt: skip
    many = Firm.objects.filter(county=small.COUNTY).count()
    rows = saved(county.zhou_tao, "quarterly", on=today, today=date(2026, 9, 1), language="en")
    by_item = {row[0]: row[1:] for row in rows}
    assert by_item["All firms"][:4] == [many - 1, 1, 0, many]
    assert by_item["Work covered"][:4] == [0, 1, 0, 1]
    assert by_item["Opened"][1] == 1
    assert by_item["Moved up"][1] == 1
    assert by_item["Organised"][3] == 0  # a count is not named as a share
    assert "Organisation coverage" not in by_item


def test_a_past_day_is_as_it_was(county):
    past = county.today - timedelta(days=30)
    noted(county)
    small.put(county.tea, area=small.WEST, employees=999)
    note(Firm.objects.get(pk=county.tea.pk), on=county.today)
    rows = saved(county.wang_fang, "ledger", on=past, today=county.today, language="en")
    line = next(row for row in rows if county.tea.name in row)
    assert "East" in line
    assert 999 not in line
    assert county.tea.name not in names(english(county.wang_fang, "ledger", county))


def test_a_township_may_be_chosen_within_ones_area_and_nothing_beyond(county):
    noted(county)
    west = english(county.zhou_tao, "ledger", county, place=small.WEST)
    assert county.paper.name in names(west)
    assert county.tea.name not in names(west)
    beyond = english(county.wang_fang, "ledger", county, place=small.WEST)
    assert county.paper.name not in names(beyond)


def test_a_substitute_gets_their_own_offices_table(county):
    county.wang_fang._stands_in_for = [county.he_jun]
    assert county.paper.name not in names(english(county.wang_fang, "ledger", county))


@pytest.mark.parametrize("typed", ["=1+1", "+86 1", "-x", "@SUM(A1)", "\t=1", "=cmd|' /C calc'!A0"])
def test_what_looks_like_a_formula_stays_text(county, typed):
    small.put(county.tea, name=f"{typed}", owner_name=typed)
    made = work.made_now(
        asked(county.wang_fang, today=county.today, language="en"), by=county.wang_fang
    )
    book = load_workbook(io.BytesIO(made.content))
    found = [c for row in book.worksheets[0].iter_rows() for c in row if c.value == typed]
    assert found
    assert all(cell.data_type == "s" and cell.quotePrefix for cell in found)


def test_no_members_name_leaves_with_a_table(county):
    for kind in ("full", "probationary", "activist"):
        small.member(county.tea, name="欧阳一二三", kind=kind)
    for what in ("ledger", "coverage", "quarterly", "should_have"):
        assert "欧阳一二三" not in str(english(county.wang_fang, what, county))


def test_a_table_as_pdf_says_the_same(county):
    made = work.made_now(
        asked(county.wang_fang, "coverage", today=county.today, form=PDF, language="en"),
        by=county.wang_fang,
    )
    said = printed(made.content)
    assert "EastCoveragetable" in said
    assert "Byindustry" in said


def test_a_long_table_is_no_pdf_and_the_sentence_says_what_to_do(county, monkeypatch):
    monkeypatch.setattr("core.reports.lists.counted", lambda what: 2001)
    with pytest.raises(Refused) as no:
        work.is_long(asked(county.wang_fang, today=county.today, form=PDF))
    assert "Excel" in str(no.value)
    assert work.is_long(asked(county.wang_fang, today=county.today)) is True


def test_who_does_not_report_is_refused(county):
    for user in (county.li_ming, county.wu_laoban, county.sun_li, county.zheng_guan):
        with pytest.raises(Refused):
            work.made_now(asked(user, today=county.today), by=user)


@pytest.mark.django_db(transaction=True)
def test_a_long_table_is_made_by_a_job(county, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    noted(county)
    what = asked(county.wang_fang, today=county.today, language="en")
    job = work.start(what, by=county.wang_fang, key="7f6c2d0e-3d8a-4d5e-9a1b-1c2d3e4f5a6b")
    run(job.pk)
    job.refresh_from_db()
    assert job.state == "done", job.trouble
    rows = sheet_of((tmp_path / job.result).read_bytes())
    assert names(rows) == names(english(county.wang_fang, "ledger", county))
    assert job.done == job.total == len(names(rows))


@pytest.mark.django_db(transaction=True)
def test_a_long_table_is_reported_by_a_job_once(county, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    noted(county)
    what = asked(county.wang_fang, today=county.today)
    words = {"whom": "City", "reason": "Census"}
    job = work.start(
        what, by=county.wang_fang, key="7f6c2d0e-3d8a-4d5e-9a1b-1c2d3e4f5a6b", frozen=words
    )
    run(job.pk)
    job.refresh_from_db()
    assert job.state == "done", job.trouble
    copy = work.copies.ReportedCopy.objects.get()
    assert (copy.whom, copy.rows, str(copy.pk)) == ("City", job.total, str(job.key))
    assert job.page == copy.get_absolute_url()
    assert bytes(copy.content)[:2] == b"PK"


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_rows_come_by_a_cursor_in_one_moment_of_the_ledger(county, django_capture_on_commit_callbacks):
    heard = []

    def listen(execute, sql, params, many, context):
        heard.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(listen):
        report(county.wang_fang, asked(county.wang_fang, today=county.today))
    assert any("REPEATABLE READ" in sql for sql in heard)
