"""Excel files as people make them, for the tests of the import."""

import io
import zipfile
from datetime import date

from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook

HEADINGS = (
    "Name", "Sending unit", "Township or park", "Further areas", "Specialty", "Trade", "Kind",
    "Sent to", "Languages of work", "Phone", "Full member in good standing", "Term from",
    "Term until", "Takes further firms from",
)  # fmt: skip
REN = {
    "Name": "任小平", "Sending unit": "Water bureau", "Township or park": "East",
    "Phone": 13800001111, "Full member in good standing": "是", "Term from": date(2026, 1, 1),
    "Term until": "2028年1月1日", "Trade": "Manufacturing", "Kind": "退休干部",
    "Languages of work": "普通话, 苗语", "Further areas": "East、West",
}  # fmt: skip


def book_of(*rows, headings=HEADINGS, above=0) -> Workbook:
    """A workbook with people; `above` rows of a title stand before the headings."""
    book = Workbook()
    sheet = book.active
    for number in range(above):
        sheet.cell(number + 1, 1, f"Title {number}")
    for at, heading in enumerate(headings, start=1):
        sheet.cell(above + 1, at, heading)
    for number, row in enumerate(rows, start=above + 2):
        for heading, value in row.items():
            sheet.cell(number, headings.index(heading) + 1, value)
    return book


def bytes_of(book: Workbook) -> bytes:
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def sent(content, name="people.xlsx") -> SimpleUploadedFile:
    content = content if isinstance(content, bytes) else bytes_of(content)
    return SimpleUploadedFile(name, content)


def with_part(content: bytes, name: str, said: bytes) -> bytes:
    """The same file with one of its parts replaced, or one more."""
    made = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for part in old.namelist():
            if part != name:
                new.writestr(part, old.read(part))
        new.writestr(name, said)
    return made.getvalue()
