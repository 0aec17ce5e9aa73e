"""Files as offices really save them, through the import of firms: read, or refused in words."""

import io
import re
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import uuid4

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from core.errors import Refused
from core.imports import reading, staging
from core.jobs import run as worker
from core.ledger.models import Firm
from tests import county as small
from tests.core.sheets import with_part
from tests.core.test_imports import HEADINGS, applied, book_of, media, read, rows_of  # noqa: F401

FILES = Path(__file__).parent / "files"
pytestmark = pytest.mark.usefixtures("english")


@pytest.mark.parametrize("name", ["ledger.xls", "ledger.xlsx"])
def test_a_ledger_as_an_office_saves_it_comes_in(county, name):
    # Firms of the county of the tests have some of these codes.
    for firm in Firm.objects.filter(credit_code__startswith="91139901MA0000"):
        Firm.objects.filter(pk=firm.pk).update(credit_code=small.credit_code(900 + firm.pk))
    one = read((FILES / name).read_bytes(), county.wang_fang, name)
    assert one.state == "judged", one.error
    assert one.counts == {"new": 3, "warned": 0, "totals": 1}
    assert applied(one, county.wang_fang).state == "applied"
    found = Firm.objects.filter(area=small.EAST).values_list("name", "employees")
    assert {("东方茶厂", 42), ("新田粮油", 8), ("华光机械", 320)} <= set(found)


def test_a_ledger_with_a_password_is_refused_and_nothing_is_kept(county):
    upload = SimpleUploadedFile("locked.xlsx", (FILES / "locked.xlsx").read_bytes())
    with pytest.raises(Refused, match="password"):
        staging.take_in(upload, name="locked.xlsx", key="k", by=county.wang_fang)
    assert not staging.Import.objects.exists()


def part(content: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        return book.read(name)


def three() -> bytes:
    """A plain list of three new firms."""
    return book_of(*rows_of(901, 902, 903))


SHEET = "xl/worksheets/sheet1.xml"


def new_in(content: bytes, by, name="list.xlsx") -> int:
    one = read(content, by, name)
    assert one.state == "judged", one.error
    return one.counts["new"]


def test_a_dimension_that_is_wrong_as_wps_writes_it_hides_nothing(county):
    content = three()
    xml = re.sub(rb'<dimension ref="[^"]*"', b'<dimension ref="A1"', part(content, SHEET))
    assert b'ref="A1"/' in xml
    assert new_in(with_part(content, SHEET, xml), county.wang_fang) == 3


def test_a_million_empty_rows_below_the_list_are_nothing(county):
    content = three()
    empty = b"".join(b'<row r="%d"><c r="A%d" s="0"/></row>' % (at, at) for at in range(5, 300_000))
    empty += b'<row r="1048576"><c r="A1048576" s="0"/></row>'
    xml = part(content, SHEET).replace(b"</sheetData>", empty + b"</sheetData>")
    assert new_in(with_part(content, SHEET, xml), county.wang_fang) == 3


def test_a_bomb_is_refused_before_it_is_opened(county, monkeypatch):
    monkeypatch.setattr(reading, "UNPACKED", 5_000_000)
    bomb = with_part(three(), "xl/media/bomb.bin", b"\0" * 5_000_001)
    assert len(bomb) < 50_000
    with pytest.raises(Refused, match="unpacks to far more"):
        staging.take_in(
            SimpleUploadedFile("list.xlsx", bomb), name="list.xlsx", key=uuid4(), by=county.wang_fang
        )


def test_of_several_sheets_the_one_with_the_headings_is_taken_and_named(county):
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as book:
        book.add_worksheet("Notes").write(0, 0, "Sent in each quarter")
        sheet = book.add_worksheet("Firms")
        for at, cells in enumerate([HEADINGS, *rows_of(901, 902)]):
            sheet.write_row(at, 0, cells)
    one = read(content.getvalue(), county.wang_fang)
    assert (one.sheet, one.sheets, one.counts["new"]) == ("Firms", ["Notes", "Firms"], 2)


def test_macros_are_never_run_and_the_rows_are_read(county):
    content = with_part(three(), "xl/vbaProject.bin", b"\xd0\xcf\x11\xe0 never run")
    assert new_in(content, county.wang_fang, "list.xlsm") == 3


def test_a_picture_of_wps_and_a_formula_count_as_what_they_show(county):
    said = rows_of(901)[0]
    cells = dict(zip(HEADINGS, said, strict=True))
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, [*HEADINGS, "Photo"])
        for at, value in enumerate(cells.values()):
            sheet.write_formula(1, at, '="x"', None, value)  # its value was kept when it was saved
        sheet.write_string(1, len(cells), '=DISPIMG("ID_1",1)')
    assert new_in(content.getvalue(), county.wang_fang) == 1


def test_an_import_that_is_given_up_while_it_is_read_leaves_nothing(county):
    one = staging.take_in(
        SimpleUploadedFile("list.xlsx", three()), name="list.xlsx", key=uuid4(), by=county.wang_fang
    )
    staging.drop(one, by=county.wang_fang)
    worker.run(one.job_id)
    one.refresh_from_db()
    assert (one.state, one.staged.count()) == ("dropped", 0)
    assert new_in(three(), county.wang_fang) == 3  # and the office may send another


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_two_files_of_an_office_sent_at_once_one_is_taken(county):
    def send(name):
        try:
            upload = SimpleUploadedFile(name, three())
            return staging.take_in(upload, name=name, key=uuid4(), by=county.wang_fang).state
        except Refused as refusal:
            return refusal.code
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        said = sorted(pool.map(send, [f"{n}.xlsx" for n in range(4)]))
    assert said.count("uploaded") == 1 and len(set(said)) == 2
    assert staging.Import.objects.count() == 1


def test_a_size_that_the_figures_contradict_is_a_warning_with_the_right_one(county):
    rows = rows_of(901, 902, 规模="Large") + rows_of(903, 规模="Micro")
    one = read(book_of(*rows), county.wang_fang)
    (first, *_rest) = one.staged.filter(warned=True).order_by("row")
    assert one.counts["new"] == 3 and one.counts["warned"] == 2
    assert first.findings == [
        [
            "size",
            "does not fit the firm's figures: by the statistical classes it is Small, Micro.",
            False,
        ]
    ]
