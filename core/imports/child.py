"""The process that reads a strange file. Without Django, with little memory and no patience: what a
bomb or a damaged file does to it is done to nobody else.

    python child.py FILE OUT REQUEST    (REQUEST: JSON with "words" and "sheet")

Writes to OUT a line of JSON about the headings, then lines of JSON with some rows each:
[[number, [cell, …]], …]. A number of more than 15 digits gets LOST before it. Ends with 3 when
no sheet has the headings, with 4 when there are too many rows or columns, else strangely.
"""

import csv
import json
import re
import resource
import sys
import unicodedata
from datetime import datetime
from pathlib import Path

from python_calamine import CalamineWorkbook

MEMORY = 1024**3  # of addresses
SECONDS = 90  # of work
ROWS = 200_000
COLUMNS = 200
LETTERS = 1000  # of one cell
HEADINGS_WITHIN = 30
CHUNK = 2000
LOST = "\x01"
NO_HEADINGS, TOO_MANY = 3, 4
REMARK = re.compile(r"[（(][^）)]*[）)]$")
ADDED = re.compile(r"[\s*＊:：]+")
STRANGE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def bare(heading: str) -> str:
    """A heading without what people add to it."""
    return unicodedata.normalize("NFKC", REMARK.sub("", ADDED.sub("", heading))).casefold()


def said(value) -> str:
    """What a cell says, as text: days as 2026-03-01, whole numbers without a point."""
    kind = type(value)
    if kind is str:
        if value.startswith(("=DISPIMG(", "=_xlfn.DISPIMG(")):
            return ""
        if not value.isprintable():
            value = STRANGE.sub("", value)
        return value.strip()[:LETTERS]
    if kind is float or kind is int:
        if abs(value) >= 10**15:
            return f"{LOST}{value:.0f}"[:60]
        return str(int(value)) if value == int(value) else repr(value)
    if kind is datetime:
        midnight = not (value.hour or value.minute or value.second)
        return str(value.date()) if midnight else str(value)
    if kind is bool:
        return "1" if value else "0"
    return "" if value is None else str(value)


def tables(path: Path):
    """Each visible sheet of a file: its name and its rows."""
    content = path.read_bytes()
    if content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        del content
        with path.open("rb") as file:
            book = CalamineWorkbook.from_filelike(file)
            for sheet in book.sheets_metadata:
                if str(sheet.typ).endswith("WorkSheet") and str(sheet.visible).endswith("Visible"):
                    yield sheet.name, _of_sheet(book, sheet.name)
        return
    text = _decoded(content)
    first = text[:5000]
    separator = max(",;\t", key=first.count)
    rows = enumerate(csv.reader(text.splitlines(), delimiter=separator), 1)
    yield "", list(rows)


def _of_sheet(book, name: str):
    return _Rows(book.get_sheet_by_name(name))


class _Rows:
    """The rows of a sheet, numbered as Excel does; read anew each time."""

    def __init__(self, sheet) -> None:
        self.sheet = sheet

    def __iter__(self):
        # Calamine begins with the sheet's first row, whether or not that holds something.
        return enumerate(self.sheet.iter_rows(), 1)


def _decoded(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("gb18030")


def headings(rows, words: set[str]):
    """How many headings are known, in which row, and that row."""
    best = (0, 0, [])
    for place, (number, row) in enumerate(rows):
        if place >= HEADINGS_WITHIN:
            break
        cells = [said(cell)[:60] for cell in row[:COLUMNS]]
        known = len({bare(cell) for cell in cells} & words)
        if known > best[0]:
            best = (known, number, cells)
    return best


def main(path: str, out: str, request: str) -> int:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    asked = json.loads(Path(request).read_text(encoding="utf-8"))
    words, wanted = set(asked["words"]), asked["sheet"]
    found, names = None, []
    for name, rows in tables(Path(path)):
        names.append(name)
        if wanted and name != wanted:
            continue
        known, number, cells = headings(rows, words)
        if known >= 2 and (found is None or known > found[0]):
            found = (known, number, cells, name, rows)
    if found is None:
        return NO_HEADINGS
    _known, number, cells, name, rows = found
    width = max((at + 1 for at, cell in enumerate(cells) if cell), default=0)
    about = {"row": number, "headings": cells[:width], "sheet": name, "sheets": names}
    about["rows"] = rows.sheet.total_height if isinstance(rows, _Rows) else len(rows)
    with Path(out).open("w", encoding="utf-8") as file:
        file.write(json.dumps(about) + "\n")
        file.flush()
        return _write(file, rows, number, width)


def _write(file, rows, heading: int, width: int) -> int:
    chunk, have = [], 0
    for number, row in rows:
        if number <= heading or not any(row):
            continue
        cells = [
            cell.strip()
            if type(cell) is str and cell[:1] != "=" and len(cell) < LETTERS and cell.isprintable()
            else said(cell)
            for cell in row[:width]
        ]
        if not any(cells):
            continue
        have += 1
        if have > ROWS:
            return TOO_MANY
        chunk.append((number, cells + [""] * (width - len(cells))))
        if len(chunk) == CHUNK:
            file.write(json.dumps(chunk, ensure_ascii=False) + "\n")
            file.flush()  # they are judged while the next are read
            chunk = []
    file.write(json.dumps(chunk, ensure_ascii=False) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:]))
