"""Reading an Excel file that somebody sent: what is dangerous, unseen or not a value is told in a
sentence, with its row and column. Nothing is computed, nothing outside the file is fetched."""

import io
import logging
import re
import zipfile
from datetime import date, datetime
from typing import NamedTuple
from xml.etree import ElementTree

import openpyxl
from django.utils.translation import gettext as _
from openpyxl.utils import range_boundaries

from core.errors import Refused
from core.exchange.columns import in_all_languages
from core.ledger.files import MACROS, OLE2

log = logging.getLogger(__name__)

BYTES = 5 * 1024**2  # of the file as it is sent
UNPACKED = 24 * 1024**2  # of its XML: 2,000 rows have about 2 MB
PARTS = 500
ROWS = 2000  # of people, in one file
ACROSS = 60  # columns that are looked at
DEEP = 1_048_576  # rows that a sheet of Excel can have
HEADINGS_WITHIN = 10  # rows from the top
LETTERS = 1000  # of one cell that are kept; every reader has a lower limit
ADDED = re.compile(r"[\s*＊:：]+")  # by us, or by people, to a heading
REMARK = re.compile(r"[（(][^）)]*[）)]$")


class Read(NamedTuple):
    rows: list[dict]  # {"row": 5, "cells": {code: text}, "slips": [[code, why]]}
    left_out: list[str]


class _Looks(NamedTuple):
    """What a sheet hides or merges: reading the values alone does not tell."""

    rows: set[int]
    columns: list[tuple[int, int]]
    merged: list[tuple[int, int, int, int]]  # first column, first row, last column, last row


def read_sheet(uploaded, columns) -> Read:
    """The rows under the headings that `columns` know. Raises Refused with a sentence."""
    content = _content(uploaded)
    try:
        with zipfile.ZipFile(content) as archive:
            _harmless(archive)
        book = openpyxl.load_workbook(content, read_only=True, keep_links=False)
        try:
            return _rows_of(book, content, columns)
        finally:
            book.close()
    except Refused:
        raise
    except Exception as broken:  # openpyxl raises whatever a strange file makes it stumble over
        log.warning("An Excel file could not be read: %r", broken)
        raise _no(_("This Excel file is damaged. Open it in Excel or WPS, save it anew as .xlsx and "
                    "send that.")) from broken  # fmt: skip


def _no(sentence: str) -> Refused:
    return Refused(Refused.BAD_INPUT, sentence)


def _content(uploaded) -> io.BytesIO:
    if not uploaded.size:
        raise _no(_("The file is empty. Choose it again."))
    if uploaded.size > BYTES:
        raise _no(_("The file has more than %(mb)d MB. Leave out pictures, or send the people in "
                    "several files.") % {"mb": BYTES // 1024**2})  # fmt: skip
    uploaded.seek(0)
    content = uploaded.read()
    if content.startswith(OLE2):
        if "EncryptedPackage".encode("utf-16-le") in content:
            raise _no(_("The file is protected with a password. Save it without one."))
        raise _no(_("This is an old Excel file (.xls, .et). Open it, save it as .xlsx and send that."))
    if not content.startswith(b"PK\x03\x04"):
        raise _no(_("This is no Excel file (.xlsx), whatever its name says."))
    return io.BytesIO(content)


def _harmless(archive: zipfile.ZipFile) -> None:
    """Look at what the file would unpack to, before anything is. Raises Refused."""
    parts = archive.infolist()
    names = {part.filename.lower() for part in parts}
    if "xl/workbook.xml" not in names:
        raise _no(_("This is no Excel file (.xlsx), whatever its name says."))
    if any(name.endswith(MACROS) for name in names):
        raise _no(_("The file has macros. Save it as .xlsx without them."))
    texts = [part for part in parts if part.filename.lower().endswith((".xml", ".rels"))]
    if len(parts) > PARTS or sum(part.file_size for part in texts) > UNPACKED:
        raise _no(_("The file unpacks to far more than a list of people needs. Copy the rows into the "
                    "template and send that."))  # fmt: skip
    for part in texts:
        if not part.filename.lower().startswith(("xl/", "docprops/", "_rels/", "[content_types]")):
            continue  # kept by other programs; nobody here reads it
        said = archive.read(part)
        if b"<!DOCTYPE" in said or b"<!ENTITY" in said or b"\0" in said:
            raise _no(_("The file has parts that Excel does not write. Copy the rows into the template "
                        "and send that."))  # fmt: skip


def _rows_of(book, content, columns) -> Read:
    known = {_bare(word): c.code for c in columns for word in in_all_languages(c.heading)}
    for sheet in book.worksheets:
        if sheet.sheet_state != "visible":
            continue
        if (found := _headings(sheet, known)) is not None:
            row, places, left_out = found
            _complete(places, columns)
            with zipfile.ZipFile(content) as archive:
                looks = _looks(archive, sheet._worksheet_path)
            return Read(_rows(sheet, row, places, looks), left_out)
    raise _no(_("No sheet of the file has our headings in its first %(rows)d rows. Copy the rows into "
                "the template and send that.") % {"rows": HEADINGS_WITHIN})  # fmt: skip


def _bare(heading: str) -> str:
    return REMARK.sub("", ADDED.sub("", heading)).casefold()


def _headings(sheet, known: dict[str, str]):
    """The row of the headings, which column of the sheet is which of ours, and what is not ours."""
    for row in sheet.iter_rows(max_row=HEADINGS_WITHIN, max_col=ACROSS):
        said = {cell.column: str(cell.value) for cell in row if cell.value is not None}
        codes = {at: known[_bare(word)] for at, word in said.items() if _bare(word) in known}
        if len(codes) < 2:  # a title above the table may be one of the words
            continue
        twice = sorted({said[at] for at, code in codes.items() if list(codes.values()).count(code) > 1})
        if twice:
            raise _no(_("The heading %(heading)s stands there twice. Delete one of the columns.")
                      % {"heading": _(", ").join(twice)})  # fmt: skip
        number = next(cell.row for cell in row if cell.value is not None)
        return number, codes, [word[:40] for at, word in said.items() if at not in codes]
    return None


def _complete(places: dict[int, str], columns) -> None:
    """Without these nobody can be told from others; what else a new entry needs is asked by row."""
    have = set(places.values())
    lacking = [str(c.heading) for c in columns if c.code in ("name", "sending_unit")
               and c.code not in have]  # fmt: skip
    if lacking:
        raise _no(_("The column %(columns)s is missing.") % {"columns": _(", ").join(lacking)})


def _rows(sheet, heading: int, places: dict[int, str], looks: _Looks) -> list[dict]:
    rows = []
    for row in sheet.iter_rows(min_row=heading + 1, max_row=DEEP, max_col=ACROSS):
        cells = {places[cell.column]: cell for cell in row
                 if cell.value is not None and cell.column in places}  # fmt: skip
        texts = {code: _text(cell) for code, cell in cells.items()}
        texts = {code: said for code, said in texts.items() if said}
        if not texts:
            continue
        if len(rows) == ROWS:
            raise _no(_("The file has more than %(rows)d people. Send them in several files.")
                      % {"rows": ROWS})  # fmt: skip
        number = next(iter(cells.values())).row
        rows.append({
            "row": number, "cells": texts,
            "slips": _slips(number, {code: cells[code] for code in texts}, places, looks),
        })  # fmt: skip
    if not rows:
        raise _no(_("There is nobody under the headings. Fill in the template and send it."))
    return rows


def _slips(number: int, cells: dict, places: dict[int, str], looks: _Looks) -> list[list[str]]:
    found = [["", "hidden"]] if number in looks.rows else []
    for code, cell in cells.items():
        if cell.data_type == "f":
            found.append([code, "formula"])
        elif cell.data_type == "e":
            found.append([code, "error"])
        if any(first <= cell.column <= last for first, last in looks.columns):
            found.append([code, "hidden_column"])
    for first, top, last, bottom in looks.merged:
        if top <= number <= bottom:
            found += [[code, "merged"] for at, code in places.items() if first <= at <= last]
    return found


def _text(cell) -> str:
    """What a cell says, as text: days as 2026-03-01, whole numbers without a point."""
    value = cell.value
    if isinstance(value, datetime):
        value = str(value) if any(value.timetuple()[3:6]) else value.date().isoformat()
    elif isinstance(value, date):
        value = value.isoformat()
    elif isinstance(value, float) and value.is_integer():
        value = int(value)
    said = str(value).replace("\0", "").encode("utf-8", "ignore").decode()
    return said.strip()[:LETTERS]


def _looks(archive: zipfile.ZipFile, path: str) -> _Looks:
    rows, columns, merged = set(), [], []
    with archive.open(path.lstrip("/")) as part:
        for _event, element in ElementTree.iterparse(part):
            tag = element.tag.rpartition("}")[2]
            if tag == "row" and element.get("hidden") in ("1", "true"):
                rows.add(int(element.get("r", 0)))
            elif tag == "col" and element.get("hidden") in ("1", "true"):
                columns.append((int(element.get("min")), int(element.get("max"))))
            elif tag == "mergeCell":
                merged.append(range_boundaries(element.get("ref")))
                if len(merged) > ROWS:
                    raise _no(SLIPS["merged_all_over"]())
            if tag in ("row", "c", "mergeCell"):
                element.clear()
    return _Looks(rows, columns, [one for one in merged if one != (None,) * 4])


SLIPS = {
    "formula": lambda: _("holds a formula. Copy the column and paste it as values."),
    "error": lambda: _("holds an error of Excel. Write the value itself."),
    "merged": lambda: _("is merged with other cells. Undo that and write the value into each row."),
    "hidden_column": lambda: _("stands in a hidden column. Show the column, or delete it."),
    "merged_all_over": lambda: _(
        "The sheet has merged cells all over. Copy the rows into the template as values and send that."
    ),
    "hidden": lambda: _("The row is hidden. Show it, or delete it."),
}
