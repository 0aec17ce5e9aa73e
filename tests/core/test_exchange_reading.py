"""What Excel files are not taken, and with which words: every one a sentence, none a crash."""

import io
import zipfile
from datetime import date

import pytest
from openpyxl import Workbook
from openpyxl.worksheet.formula import ArrayFormula

from core.errors import Refused
from core.exchange import reading
from core.exchange.reading import read_sheet
from core.exchange.register import COLUMNS
from tests.core.sheets import HEADINGS, REN, book_of, bytes_of, sent, with_part

pytestmark = pytest.mark.usefixtures("english")
GOOD = bytes_of(book_of(REN))
SHEET = "xl/worksheets/sheet1.xml"


def refused(content) -> str:
    with pytest.raises(Refused) as refusal:
        read_sheet(sent(content), COLUMNS)
    return refusal.value.sentence


def part(name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(GOOD)) as archive:
        return archive.read(name)


def slips(book) -> list:
    return read_sheet(sent(book), COLUMNS).rows[0]["slips"]


def test_what_cells_say_is_read_as_people_mean_it():
    (row,) = read_sheet(sent(GOOD), COLUMNS).rows
    assert row["row"] == 2 and row["slips"] == []
    assert row["cells"]["phone"] == "13800001111"  # a number is written without a point
    assert row["cells"]["term_from"] == "2026-01-01" and row["cells"]["name"] == "任小平"


def test_headings_are_known_in_both_languages_below_a_title_and_with_what_is_added():
    chinese = ("姓名 *", "派出单位（必填）", "所在乡镇（园区）")
    rows = [{"姓名 *": "任小平", "派出单位（必填）": "水利局", "所在乡镇（园区）": "East"}]
    read = read_sheet(sent(book_of(*rows, headings=chinese, above=3)), COLUMNS)
    assert read.rows[0]["cells"] == {"name": "任小平", "sending_unit": "水利局", "area": "East"}
    odd = read_sheet(sent(book_of(REN, headings=(*HEADINGS, "Shoe size"))), COLUMNS)
    assert odd.left_out == ["Shoe size"]


def test_blank_rows_and_far_formatting_do_no_harm():
    book = book_of(REN)
    sheet = book.active
    sheet.cell(7, 1, "  ")
    sheet.cell(9, 1, "何勇")
    sheet.cell(9, 2, "Water bureau")
    sheet.cell(1_048_576, 40, "far away")
    assert [row["row"] for row in read_sheet(sent(book), COLUMNS).rows] == [2, 9]


def test_formulas_errors_merged_and_hidden_cells_are_told():
    book = book_of(REN | {"Specialty": "=1+1", "Phone": "#N/A"})
    assert sorted(slips(book)) == [["phone", "error"], ["specialty", "formula"]]
    array = book_of(REN)
    array.active["E2"] = ArrayFormula("E2:E2", "=SUM(A1:A2)")
    assert slips(array) == [["specialty", "formula"]]
    merged = book_of(REN, REN | {"Name": "何勇"})
    merged.active.merge_cells("B2:B3")
    assert [row["slips"] for row in read_sheet(sent(merged), COLUMNS).rows] == [
        [["sending_unit", "merged"]], [["sending_unit", "merged"]],
    ]  # fmt: skip
    hidden = book_of(REN)
    hidden.active.row_dimensions[2].hidden = True
    hidden.active.column_dimensions["J"].hidden = True
    assert slips(hidden) == [["", "hidden"], ["phone", "hidden_column"]]


def test_a_hidden_sheet_is_not_read_and_another_one_is():
    book = book_of(REN)
    book.active.sheet_state = "hidden"
    second = book.create_sheet("Second")
    second.append(["Name", "Sending unit"])
    second.append(["何勇", "Water bureau"])
    assert read_sheet(sent(book), COLUMNS).rows[0]["cells"]["name"] == "何勇"


def test_files_of_another_kind_are_named():
    assert "old Excel file" in refused(reading.OLE2 + b"\0" * 600)
    protected = reading.OLE2 + "EncryptedPackage".encode("utf-16-le")
    assert "protected with a password" in refused(protected)
    assert "no Excel file" in refused(b"%PDF-1.7")
    assert "no Excel file" in refused(
        with_part(GOOD, "x", b"").replace(b"xl/workbook.xml", b"xl/w0rkbook.xml")
    )
    assert "has macros" in refused(with_part(GOOD, "xl/vbaProject.bin", b"x"))
    assert "empty" in refused(b"")
    assert "damaged" in refused(GOOD[: len(GOOD) // 2])
    assert "damaged" in refused(with_part(GOOD, SHEET, b"<worksheet><sheetData><row"))


def test_files_that_would_fill_the_machine_are_refused_before_they_are_unpacked(monkeypatch):
    assert "unpacks to far more" in refused(with_part(GOOD, "xl/big.xml", b" " * 25 * 1024**2))
    with pytest.raises(Refused, match="more than 5 MB"):
        read_sheet(sent(b"PK\x03\x04" + b"x" * 6 * 1024**2), COLUMNS)
    laughs = b'<!DOCTYPE x [<!ENTITY a "aaaa">]>' + part(SHEET)
    assert "Excel does not write" in refused(with_part(GOOD, SHEET, laughs))
    monkeypatch.setattr(reading, "ROWS", 3)
    many = [REN | {"Name": f"何{n}"} for n in "一二三四"]
    assert "more than 3 people" in refused(book_of(*many))


def test_a_merge_or_a_row_beyond_all_reason_takes_no_time():
    endless = part(SHEET).replace(
        b"</sheetData>", b'</sheetData><mergeCells><mergeCell ref="A3:XFD1048576"/></mergeCells>'
    )
    (row,) = read_sheet(sent(with_part(GOOD, SHEET, endless)), COLUMNS).rows
    assert row["slips"] == []
    far = (
        part(SHEET)
        .replace(b'<row r="2"', b'<row r="999999999999"')
        .replace(b'2" t=', b'999999999999" t=')
    )
    assert "nobody under the headings" in refused(with_part(GOOD, SHEET, far))


def test_headings_that_are_lacking_or_twice_are_named():
    assert "No sheet of the file has our headings" in refused(Workbook())
    lacking = book_of({"Name": "x", "Phone": "1"}, headings=("Name", "Phone"))
    assert refused(lacking) == "The column Sending unit is missing."
    twice = book_of({"Name": "x"}, headings=("Name", "Sending unit", "姓名"))
    assert "stands there twice" in refused(twice)
    assert "nobody under the headings" in refused(book_of())


@pytest.mark.parametrize("said", ["2026-03-01", "2026/3/1", "2026.3.1", "2026年3月1日", "20260301"])
def test_days_are_read_as_people_write_them(said):
    day = next(column for column in COLUMNS if column.code == "term_from")
    assert day.read(said, None) == date(2026, 3, 1)
