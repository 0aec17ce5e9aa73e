"""A list that somebody sent or pasted, as rows of cells. One function, `rows_of`; what cannot be
read is told in a sentence. Nothing is computed, nothing outside the file is fetched."""

import csv
import io
import logging
import re
import zipfile

from django.utils.translation import gettext as _
from python_calamine import CalamineWorkbook, PasswordError, SheetVisibleEnum

from core.errors import Refused
from core.ledger.files import MACROS, OLE2

log = logging.getLogger(__name__)

BYTES = 10 * 1024**2  # of what is sent
UNPACKED = 96 * 1024**2  # of its XML: 20,000 rows × 15 columns have about 20 MB
PARTS = 500
ROWS = 20_000
ACROSS = 60  # columns that are looked at
CELLS = 4_000_000  # a sheet is held as a rectangle: one cell far away makes it huge
CELL = re.compile(rb"<(?:\w+:)?c\b([^>]*?)(/?)>")
PLACE = re.compile(rb'\br="([A-Z]{1,3})(\d{1,7})"')
ROW = re.compile(rb'<(?:\w+:)?row\b[^>]*?\br="(\d{1,7})"')


def rows_of(upload) -> list[list]:
    """The cells of an uploaded file (.xlsx, .xls, .csv) or of a pasted text, row by row, as they
    stand there: text, numbers, days. Raises Refused with a sentence."""
    if isinstance(upload, str):
        return _of_text(upload)
    if not upload.size:
        raise _no(_("The file is empty. Choose it again."))
    if upload.size > BYTES:
        raise _no(
            _("The file has more than %(mb)d MB. Leave out pictures and columns that nobody needs.")
            % {"mb": BYTES // 1024**2}
        )
    upload.seek(0)
    content = upload.read()
    if content.startswith(b"PK\x03\x04"):
        _harmless(content)
        return _of_book(content)
    if content.startswith(OLE2):
        if "EncryptedPackage".encode("utf-16-le") in content:
            raise _no(_("The file is protected with a password. Save it without one."))
        if "_VBA_PROJECT".encode("utf-16-le") in content:
            raise _no(_("The file has macros. Save it as .xlsx without them."))
        return _of_book(content)
    if content.lstrip()[:1] == b"<":
        raise _no(_("This is a web page under the name of an Excel file. Save it as .xlsx."))
    return _of_text(_decoded(content))


def _no(sentence: str) -> Refused:
    return Refused(Refused.BAD_INPUT, sentence)


def _decoded(content: bytes) -> str:
    """As lists come: with a mark at the beginning, in UTF-8, or as Chinese Windows writes them."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise _no(_("This is neither an Excel file (.xlsx, .xls) nor a text (.csv)."))


def _of_text(text: str) -> list[list]:
    """Cells with commas, tabs or semicolons between them: whichever the first line has most of."""
    if len(text.encode("utf-8", "replace")) > BYTES:
        raise _no(_("This text is too long. Send it as a file, or in parts."))
    lines = text.replace("\0", "").strip().splitlines()
    first = lines[0] if lines else ""
    mark = max("\t,;", key=first.count)
    try:
        rows = [row[:ACROSS] for row in csv.reader(lines, delimiter=mark)]
    except csv.Error as broken:
        raise _no(_("The text is damaged: a quotation mark is not closed.")) from broken
    return _bounded(rows)


def _bounded(rows: list[list]) -> list[list]:
    if len(rows) > ROWS:
        raise _no(_("The list has more than %(rows)d rows. Send it in several parts.") % {"rows": ROWS})
    return rows


def _harmless(content: bytes) -> None:
    """Look at what the file would unpack to, and how far its cells reach, before anything of it is
    held in memory. Raises Refused."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            names = {part.filename.lower() for part in parts}
            if "xl/workbook.xml" not in names:
                raise _no(_("This is no Excel file (.xlsx), whatever its name says."))
            if any(name.endswith(MACROS) for name in names):
                raise _no(_("The file has macros. Save it as .xlsx without them."))
            if len(parts) > PARTS or sum(part.file_size for part in parts) > UNPACKED:
                raise _too_much()
            for part in parts:
                said = archive.read(part)  # checks that it is no longer than it says
                if part.filename.lower().startswith("xl/worksheets/"):
                    _not_too_wide(said)
    except Refused:
        raise
    except Exception as broken:  # whatever a strange file makes zipfile and zlib stumble over
        raise _damaged(broken) from broken


def _too_much() -> Refused:
    return _no(
        _(
            "The file unpacks to far more than a list needs. Copy the rows into a new file and send"
            " that."
        )
    )


def _damaged(broken) -> Refused:
    log.warning("A list could not be read: %r", broken)
    return _no(_("This file is damaged. Open it in Excel or WPS, save it anew as .xlsx and send that."))


def _not_too_wide(said: bytes) -> None:
    across = deep = 1
    for cell in CELL.finditer(said):
        if cell[2]:
            continue  # nothing stands in it
        if place := PLACE.search(cell[1]):
            deep, across = max(deep, int(place[2])), max(across, _column(place[1]))
        else:
            deep = max([deep, *(int(row) for row in ROW.findall(said))])
            across = max(across, ACROSS)
            break
    if deep * across > CELLS:
        raise _too_much()


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _of_book(content: bytes) -> list[list]:
    """The first visible sheet that holds anything."""
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        for sheet in book.sheets_metadata:
            if sheet.visible != SheetVisibleEnum.Visible:
                continue
            found = book.get_sheet_by_name(sheet.name)
            if not found.height:
                continue
            rows = found.to_python(skip_empty_area=False, nrows=ROWS + 1)
            return _bounded([row[:ACROSS] for row in rows])
    except PasswordError as locked:
        raise _no(_("The file is protected with a password. Save it without one.")) from locked
    except Refused:
        raise
    except Exception as broken:  # as above
        raise _damaged(broken) from broken
    except BaseException as broken:
        if type(broken).__name__ != "PanicException":  # what was not foreseen in the reader itself
            raise
        raise _damaged(broken) from broken
    raise _no(_("There is nothing in this file."))
