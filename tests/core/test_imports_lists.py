"""Lists beside that of firms: judged through the acts themselves, applied at once, taken back."""

import io
from uuid import uuid4

import openpyxl
import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile

from core.audit.models import Event
from core.errors import Refused
from core.imports import kind_applying, kind_staging, kind_undoing
from core.imports.kind_table import KINDS
from core.imports.models import AppliedRow, Import
from core.jobs import run as worker
from core.ledger.acts import change_mass_organisation
from core.ledger.models import MassOrganisation
from tests import county as small

pytestmark = pytest.mark.usefixtures("english")
UNIONS = ("统一社会信用代码", "类型", "组织名称", "批准文号", "批准日期", "会员数", "撤销日期")


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def book_of(headings, *rows) -> bytes:
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content)
    sheet = book.add_worksheet()
    for at, row in enumerate([headings, *rows]):
        sheet.write_row(at, 0, [str(cell) for cell in row])
    book.close()
    return content.getvalue()


def worked(one: Import) -> Import:
    worker.run(one.job_id)
    return Import.objects.select_related("job").get(pk=one.pk)


def read(kind: str, content: bytes, by) -> Import:
    file = SimpleUploadedFile("list.xlsx", content)
    return worked(kind_staging.take_in(KINDS[kind], file, name="list.xlsx", key=uuid4(), by=by))


def applied(one: Import, by, *, leave_out=False) -> Import:
    return worked(kind_applying.carry_out(one, leave_out=leave_out, by=by, key=uuid4()))


def undone(one: Import, by) -> Import:
    return worked(kind_undoing.take_back(one, by=by, key=uuid4()))


def said_of(one: Import, row: int) -> str:
    return " ".join(said for _code, said, _wrong in one.staged.get(row=row).findings)


def union_of(firm, number="9-1", **more) -> list:
    said = (firm.credit_code, "union", "Union", number, "2025-05-01", 20, "")
    return list((dict(zip(UNIONS, said, strict=True)) | more).values())


def test_mass_organisations_are_entered_changed_and_taken_back(county):
    small.put(county.tea, opened_on="2020-01-01")
    old = small.union(county.mall, "8-8")
    changed = [county.mall.credit_code, "union", old.name, "8-8", "", 44, ""]
    content = book_of(UNIONS, union_of(county.tea), changed[:4] + [old.approved_on, 44, ""])
    one = read("mass", content, county.wang_fang)
    assert (one.counts["new"], one.counts["changed"]) == (1, 1), (one.error, one.job.trouble)
    assert MassOrganisation.objects.count() == 1  # looking leaves nothing
    assert not Event.objects.filter(code="mass_organisation.recorded").exists()
    one = applied(one, county.wang_fang)
    assert one.state == Import.State.APPLIED, one.job.error + one.job.trouble
    made = MassOrganisation.objects.get(approval_number="9-1")
    old.refresh_from_db()
    assert (made.firm, made.members, old.members) == (county.tea, 20, 44)
    assert county.tea.events.filter(code="mass_organisation.recorded").count() == 1
    assert Event.objects.get(code="import.list_applied").words["new"] == "1"
    one = undone(one, county.wang_fang)
    assert one.state == Import.State.UNDONE, one.job.error + one.job.trouble
    old.refresh_from_db()
    assert old.members == 30
    assert not MassOrganisation.objects.filter(pk=made.pk).exists()
    assert county.tea.events.filter(code="import.row_undone").count() == 1


def test_rows_of_mass_organisations_that_are_wrong(county):
    small.union(county.mall, "8-8")
    one = read("mass", book_of(
        UNIONS, union_of(county.tea, ""), union_of(county.tea, "8-8"), union_of(county.paper, "7"),
        union_of(county.tea, "6", 批准日期="2999-01-01"), union_of(county.tea, "5"),
        union_of(county.mall, "5"), union_of(county.tea, "4", 撤销日期="2024-01-01"),
    ), county.wang_fang)  # fmt: skip
    expected = (
        "is missing",
        "another firm",
        "no firm",
        "future",
        "",
        "row 6 already",
        "cannot end before",
    )
    for row, part in enumerate(expected, 2):
        assert part in said_of(one, row), row
    assert (one.counts["error"], one.counts["new"]) == (6, 1)
    with pytest.raises(Refused, match="6 rows have errors"):
        kind_applying.carry_out(one, leave_out=False, by=county.wang_fang, key=uuid4())
    applied(one, county.wang_fang, leave_out=True)
    assert AppliedRow.objects.filter(imported=one).count() == 1


def test_a_list_on_which_something_was_built_stays(county):
    one = applied(
        read("mass", book_of(UNIONS, union_of(county.tea)), county.wang_fang), county.wang_fang
    )
    change_mass_organisation(
        MassOrganisation.objects.get(), by=county.wang_fang, on=county.today, members=3
    )
    with pytest.raises(Refused, match=county.tea.name):
        kind_undoing.take_back(one, by=county.wang_fang, key=uuid4())


def test_a_row_that_no_longer_does_what_it_did_stops_the_whole_list(county):
    content = book_of(UNIONS, union_of(county.tea), union_of(county.mall, "9-2"))
    one = read("mass", content, county.wang_fang)
    small.union(county.mall, "9-2")
    one = applied(one, county.wang_fang)
    assert one.state == Import.State.JUDGED
    assert "Row 3" in one.job.error
    assert MassOrganisation.objects.count() == 1


def test_the_pages_show_mend_and_bring_in_a_list(county, signed_in):
    browser = signed_in(county.wang_fang)
    rows = union_of(county.tea, ""), union_of(county.mall, "5"), union_of(county.tea, "5")
    upload = SimpleUploadedFile("list.xlsx", book_of(UNIONS, *rows))
    answer = browser.post("/imports/mass/", {"key": uuid4(), "file": upload})
    assert answer.status_code == 302
    one = worked(Import.objects.get())
    page = one.get_absolute_url()
    assert "is missing" in browser.get(page).content.decode()
    assert one.counts["error"] == 2
    browser.post(f"{page}rows/2/", {"cell-approval_number": "6"})
    browser.post(f"{page}rows/3/", {"cell-approval_number": "4"})
    one.refresh_from_db()
    assert one.counts.get("error", 0) == 0, [r.findings for r in one.staged.all()]
    assert one.counts["new"] == 3
    assert b"".join(browser.get(page + "remarks/").streaming_content)[:2] == b"PK"
    browser.post(page, {"do": "apply", "key": uuid4()})
    one = worked(Import.objects.get())
    assert "SHA-256" in browser.get(page).content.decode()
    assert MassOrganisation.objects.count() == 3
    assert browser.get(f"/firms/import/{one.pk}/").status_code == 404
    assert f"import {one.pk}" not in browser.get(f"/firms/{county.tea.pk}/").content.decode()


@pytest.mark.parametrize("kind", KINDS)
def test_the_template_of_each_list_can_be_sent_back(county, signed_in, kind):
    by = county.wang_fang
    content = b"".join(signed_in(by).get(f"/imports/{kind}/template/").streaming_content)
    assert len(openpyxl.load_workbook(io.BytesIO(content)).worksheets) == 3
    one = read(kind, content, by)
    assert one.state == Import.State.JUDGED, one.error + one.job.trouble
