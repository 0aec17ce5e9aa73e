"""What people send as a list: read as it is, or refused with a sentence. Never anything else."""

import contextlib
import io
import zipfile
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Refused
from tests.workflows.listing import HEAD, code, pasted, uploaded
from workflows.reconciling import reading
from workflows.reconciling.columns import entries
from workflows.reconciling.reading import rows_of

pytestmark = pytest.mark.usefixtures("english")


def book(*rows, far: tuple = ()) -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as made:
        sheet = made.add_worksheet("名单")
        for at, row in enumerate(rows):
            sheet.write_row(at, 0, row)
        if far:
            sheet.write(*far, "x")
    return file.getvalue()


def changed(content: bytes, name: str, text: bytes) -> bytes:
    """The same file with one part more, or another one in its place."""
    file = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for part in old.namelist():
            if part != name:
                new.writestr(part, old.read(part))
        new.writestr(name, text)
    return file.getvalue()


PLAIN = book(["2026年名单"], HEAD, ["恒达 公司", code(90), "存续"], ["合计", "", ""])
SHEET = "xl/worksheets/sheet1.xml"


def refused(content, name="list.xlsx") -> str:
    with pytest.raises(Refused) as refusal:
        entries(rows_of(content if isinstance(content, str) else uploaded(content, name)))
    assert refusal.value.code == Refused.BAD_INPUT
    return str(refusal.value)


def test_an_excel_file_with_a_title_above_the_headings():
    found = entries(rows_of(uploaded(PLAIN)))
    assert found[0] == {"line": 3, "name": "恒达 公司", "credit_code": code(90), "status": "存续"}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk"])
@pytest.mark.parametrize("mark", [",", "\t", ";"])
def test_a_text_file_in_any_usual_encoding(encoding, mark):
    text = "\r\n".join(mark.join(row) for row in (HEAD, ["恒达公司", code(1), "注销"]))
    found = entries(rows_of(uploaded(text.encode(encoding), "list.csv")))
    assert [(row["name"], row["status"]) for row in found] == [("恒达公司", "注销")]


def test_headings_are_known_with_remarks_blanks_and_in_any_order():
    head = ["序 号", "法定代表人（负责人）", "统一社会信用代码*", "企业名称（全称）"]
    found = entries(rows_of(pasted(["1", "吴", code(1).lower(), "恒达公司"], head=head)))
    assert found[0]["owner_name"] == "吴" and found[0]["credit_code"] == code(1)


def test_a_code_that_was_typed_as_a_number_is_refused_with_its_row():
    assert "Row 2" in refused(book(HEAD, ["恒达公司", 911399010000000123, ""]))
    assert "Row 3" in refused(pasted(["恒达公司", code(1), ""], ["Two", "9.11399E+17", ""]))


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "empty"), (b"<html><table></table></html>", "web page"), (b"\x00\x01\x02\xff", "neither"),
        (b"PK\x03\x04 nothing", "damaged"), (reading.OLE2 + b"\0" * 600, "damaged"),
        (reading.OLE2 + "EncryptedPackage".encode("utf-16-le"), "password"),
        (reading.OLE2 + "_VBA_PROJECT".encode("utf-16-le"), "macros"),
        (changed(PLAIN, "xl/vbaProject.bin", b"x"), "macros"),
        (changed(PLAIN, SHEET, b"<worksheet" + b" " * (reading.UNPACKED + 1)), "unpacks"),
        (book(HEAD, far=(1_048_575, 16_383)), "unpacks"), (book(["a", "b"], ["c", "d"]), "headings"),
        (book(HEAD), "No firm"), ("", "headings"), ("企业名称\t状态\n\"" + "x" * 140_000, "quotation"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_told_in_a_sentence(content, says):
    assert says in refused(content)


def test_a_list_that_is_too_long(monkeypatch):
    monkeypatch.setattr(reading, "ROWS", 5)
    assert "more than 5 rows" in refused(pasted(*[[f"F{n}", code(n), ""] for n in range(6)]))
    monkeypatch.setattr(reading, "BYTES", 100)
    assert "MB" in refused(PLAIN)


@given(st.integers(0, len(PLAIN) - 1), st.binary(min_size=1, max_size=40))
def test_damaged_copies_are_read_or_refused(at, noise):
    broken = PLAIN[:at] + noise + PLAIN[at + len(noise) :]
    with contextlib.suppress(Refused):
        entries(rows_of(uploaded(broken)))


@given(st.binary(max_size=300))
def test_anything_is_read_or_refused(content):
    with contextlib.suppress(Refused):
        entries(rows_of(uploaded(content)))


FILES = Path(__file__).parents[1] / "core" / "files"


@pytest.mark.parametrize("name", ["ledger.xls", "ledger.xlsx"])
def test_a_file_as_offices_save_it_is_read_in_the_old_format_and_in_the_new_one(name):
    rows = rows_of(uploaded((FILES / name).read_bytes(), name))
    found = entries(rows)
    assert [(one["name"], one["credit_code"]) for one in found] == [
        ("东 方 茶 厂", "91139901MA00000019"), ("新田 粮油", "91139901MA0000002C"),
        ("华 光 机械", "91139901MA0000003F"),
    ]  # fmt: skip


def test_a_file_with_a_password_is_refused_in_words():
    assert "password" in refused((FILES / "locked.xlsx").read_bytes(), "locked.xlsx")
