"""A table as an Excel file, written row by row: the memory it takes does not grow with its rows."""

from collections.abc import Iterable
from contextlib import contextmanager
from pathlib import Path

import xlsxwriter

from core.exchange.plain import plain, risky
from core.figures.coverage import Share
from core.reports.counts import Heading
from core.reports.layouts import Layout
from core.reports.tables import DAY, NUMBER, SHARE

A4 = 9  # as Excel numbers papers
FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))  # in the name of a sheet
FRAME = {"border": 1, "border_color": "#999999", "valign": "vcenter"}


class Sheet:
    """An Excel file under way: the head is written, rows are added, the foot comes at the end."""

    def __init__(self, book, layout: Layout, day: str) -> None:
        self.layout, self.at = layout, 0
        self.sheet = book.add_worksheet(_sheet_name(layout.title))
        make = book.add_format
        self.text = make(FRAME | {"text_wrap": True})
        self.quoted = make(FRAME | {"text_wrap": True, "quote_prefix": True})
        self.right = make({"align": "right"})
        self.over = make(FRAME | {"bold": True, "bg_color": "#F7F3EC"})
        self.head = make(FRAME | {"bold": True, "text_wrap": True, "align": "center",
                                  "bg_color": "#F3E3E3"})  # fmt: skip
        self.title = make({"bold": True, "font_size": 16, "align": "center", "valign": "vcenter"})
        self.formats = {NUMBER: make(FRAME | {"num_format": "#,##0"}),
                        DAY: make(FRAME | {"num_format": "yyyy-mm-dd", "align": "left"}),
                        SHARE: make(FRAME | {"num_format": "0.00%"})}  # fmt: skip
        self.kinds = [self.formats.get(column.kind) for column in layout.columns]
        self._begin(day)

    def _begin(self, day: str) -> None:
        sheet, columns = self.sheet, self.layout.columns
        for at, column in enumerate(columns):
            sheet.set_column(at, at, column.width)
        sheet.set_paper(A4)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.set_footer("&C&P / &N")
        last = max(len(columns) - 1, 1)
        sheet.set_row(0, 30)
        sheet.merge_range(0, 0, 0, last, "", self.title)
        sheet.write_string(0, 0, plain(self.layout.title), self.title)
        sheet.write_string(1, 0, plain(self.layout.unit_line))
        sheet.write_string(1, last, day, self.right)
        for at, column in enumerate(columns):
            sheet.write_string(2, at, plain(column.heading), self.head)
        sheet.freeze_panes(3, 2)
        sheet.repeat_rows(2)
        self.at = 3

    def add(self, rows: Iterable) -> None:
        """Add rows: each a sequence of cells (text, number, Share or None), or a Heading."""
        text, number, blank = (
            self.sheet.write_string, self.sheet.write_number, self.sheet.write_blank
        )  # fmt: skip
        kinds, plainly, quoted, at = self.kinds, self.text, self.quoted, self.at
        for row in rows:
            if isinstance(row, Heading):
                text(at, 0, plain(row), self.over)
                at += 1
                continue
            for place, value in enumerate(row):
                if value.__class__ is str and value:
                    text(at, place, plain(value), quoted if risky(value) else plainly)
                elif value.__class__ is int:
                    number(at, place, value, kinds[place] or plainly)
                elif isinstance(value, Share) and value.percent is not None:
                    number(at, place, float(value.percent / 100), kinds[place])
                else:
                    blank(at, place, None, plainly)
            at += 1
        self.at = at

    def end(self) -> None:
        """The notes and who signs."""
        for line in self.layout.notes.splitlines():
            self.at += 1
            self.sheet.write_string(self.at, 0, plain(line))
        signs, columns = self.layout.signs, max(len(self.layout.columns), len(self.layout.signs))
        self.at += 2
        for place, line in enumerate(signs):  # beside each other, over the width of the table
            self.sheet.write_string(self.at, place * columns // len(signs), plain(line))


@contextmanager
def writing(path: Path, layout: Layout, day: str):
    """An Excel file that is written while the block lasts, and closed with it."""
    book = xlsxwriter.Workbook(
        str(path), {"constant_memory": True, "tmpdir": str(path.parent), "in_memory": False}
    )
    try:
        sheet = Sheet(book, layout, day)
        yield sheet
        sheet.end()
    finally:
        book.close()


def _sheet_name(title: str) -> str:
    return plain(title).translate(FORBIDDEN).strip()[:31] or "1"
