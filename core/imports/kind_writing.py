"""The tables that the desk makes for a list that is not of firms: the empty template, and the rows of
a file with remarks. Every cell is written as text."""

from pathlib import Path

import xlsxwriter
from django.utils.translation import gettext as _

from core.imports.kind_pages import LABELS, told, word
from core.imports.kind_table import KINDS, ROWS, ListKind
from core.imports.models import Import


def template(path: Path, kind: ListKind) -> None:
    """An empty table with text columns and lists to choose from, an example and notes."""
    book = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False})
    head = book.add_format({"bold": True, "bg_color": "#F3E3E3", "text_wrap": True})
    text = book.add_format({"num_format": "@"})
    sheets = [book.add_worksheet(str(kind.title)), book.add_worksheet(_("Example"))]
    for at, column in enumerate(kind.columns):
        labels = [str(label) for label in column.choices.labels] if column.choices else []
        for sheet in sheets:
            sheet.set_column(at, at, 24 if at < 3 else 16, text)
            sheet.write_string(0, at, f"{column.heading}{'*' if column.needed else ''}", head)
        sheets[1].write_string(1, at, column.example or (labels[0] if labels else ""))
        if labels:
            sheets[0].data_validation(1, at, ROWS, at, {"validate": "list", "source": labels})
    sheets[0].freeze_panes(1, 1)
    notes = book.add_worksheet(_("How to fill it in"))
    notes.set_column(0, 0, 110)
    for row, said in enumerate([*map(str, kind.notes), *_notes()]):
        notes.write_string(row, 0, said)
    book.close()


def _notes() -> list[str]:
    return [
        _("Columns with * are needed. Firms are named by their credit code and must be in the ledger."),
        _("Keep the columns as text, or Excel changes long numbers. Days are written as 2026-03-01."),
        _("A file has %(rows)d rows at most.") % {"rows": ROWS},
    ]


def remarks(path: Path, one: Import) -> None:
    """The rows of a file as they were understood, with what is to be said of each."""
    kind = KINDS[one.kind]
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True, "strings_to_formulas": False})
    sheet = book.add_worksheet()
    sheet.set_column(0, len(kind.columns) + 2, 16)
    headings = [*(str(column.heading) for column in kind.columns),
                _("Row of the file"), _("Outcome"), _("Remarks")]  # fmt: skip
    for at, heading in enumerate(headings):
        sheet.write_string(0, at, heading)
    for place, row in enumerate(one.staged.order_by("row"), start=1):
        cells = [word(column, value) for column, value in zip(kind.columns, row.values, strict=True)]
        said = "\n".join(f"{head}: {said}" if head else said
                         for head, said, _wrong in told(kind, row.findings))  # fmt: skip
        for at, cell in enumerate([*cells, str(row.row), str(LABELS[row.verdict]), said]):
            sheet.write_string(place, at, cell)
    book.close()
