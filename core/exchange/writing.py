"""Excel files that the desk makes: the template, the register, and what came of an import. Whatever
a cell begins with, it is text: nothing that somebody typed is a formula in a colleague's Excel."""

import io
from datetime import date

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from core.exchange.plain import plain, risky
from core.exchange.reading import ROWS

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
HEAD = PatternFill("solid", fgColor="F3E3E3")


def template(columns, context) -> bytes:
    """An empty table with drop-downs, an example on the second sheet, and how to fill it in."""
    book = Workbook()
    _table(book.active, _("Instructors"), columns)
    example = book.create_sheet(_("Example"))
    _table(example, _("Example"), columns)
    for at, column in enumerate(columns, start=1):
        said = str(column.example)
        if not said and column.choices:
            said = next(iter(column.choices(context)), "")
        put(example.cell(2, at), date.fromisoformat(said) if column.is_day and said else said)
    notes = book.create_sheet(_("How to fill it in"))
    notes.column_dimensions["A"].width, notes.column_dimensions["B"].width = 26, 80
    for at, (what, how) in enumerate(_notes(columns), start=1):
        put(notes.cell(at, 1), what)
        put(notes.cell(at, 2), how)
        notes.cell(at, 2).alignment = Alignment(wrap_text=True, vertical="top")
    _drop_downs(book.worksheets[0], columns, context)
    return _bytes(book)


def _notes(columns):
    yield (
        _("One row, one person"),
        _(
            "Who is on record already is found by the entry number, or by name and sending unit "
            "together. An empty cell leaves what is on record as it is. The same file sent twice "
            "changes nothing."
        ),
    )
    for column in columns:
        said = [_("Needed for somebody new.")] if column.required else []
        said += [str(column.hint)] if column.hint else []
        said += [_("A day, as 2026-03-01.")] if column.is_day else []
        yield str(column.heading), " ".join(said)


def register(columns, context, people) -> bytes:
    """The entries, in the columns that the import reads. `people`: instructors with their units and
    further areas."""
    book = Workbook()
    sheet = book.active
    _table(sheet, _("Instructors"), columns)
    _drop_downs(sheet, columns, context)
    for row, one in enumerate(people, start=2):
        for at, column in enumerate(columns, start=1):
            put(sheet.cell(row, at), column.write(one, context))
    return _bytes(book)


def outcomes(columns, rows) -> bytes:
    """What came of a file: its rows as they were read, each with its outcome and what was said.
    `rows`: (number, cells, outcome, sentence)."""
    book = Workbook()
    sheet = book.active
    sheet.title = _("What came of it")
    before = (_("Row of the file"), _("Outcome"), _("What was said"))
    for at, heading in enumerate((*before, *(str(c.heading) for c in columns)), start=1):
        _head(sheet.cell(1, at), heading)
        sheet.column_dimensions[get_column_letter(at)].width = (10, 14, 48)[at - 1] if at < 4 else 16
    sheet.freeze_panes = "D2"
    for row, (number, cells, outcome, sentence) in enumerate(rows, start=2):
        for at, said in enumerate((number, outcome, sentence), start=1):
            put(sheet.cell(row, at), said)
        for at, column in enumerate(columns, start=4):
            put(sheet.cell(row, at), cells.get(column.code, ""))
    return _bytes(book)


def put(cell, value) -> None:
    """Write a value; text stays text, whatever it begins with."""
    if not isinstance(value, str):
        cell.value = value
        if isinstance(value, date):
            cell.number_format = "yyyy-mm-dd"
        return
    cell.value = plain(value)
    cell.data_type, cell.number_format = "s", "@"
    if risky(value):
        cell.quotePrefix = True


def _table(sheet, title: str, columns) -> None:
    sheet.title = title
    for at, column in enumerate(columns, start=1):
        _head(sheet.cell(1, at), f"{column.heading}{' *' if column.required else ''}")
        letter = get_column_letter(at)
        sheet.column_dimensions[letter].width = column.width
        sheet.column_dimensions[letter].number_format = "yyyy-mm-dd" if column.is_day else "@"
    sheet.freeze_panes = "C2"


def _head(cell, heading: str) -> None:
    put(cell, heading)
    cell.font, cell.fill = Font(bold=True), HEAD
    cell.alignment = Alignment(wrap_text=True, vertical="top")


def _drop_downs(sheet, columns, context) -> None:
    """Lists to choose from, kept on a hidden sheet: in the cell's own rule only 255 letters fit."""
    lists = sheet.parent.create_sheet(_("Lists"))
    lists.sheet_state = "hidden"
    for at, column in enumerate(columns, start=1):
        labels = list(column.choices(context)) if column.choices else []
        if not labels:
            continue
        letter = get_column_letter(at)
        for row, label in enumerate(labels, start=1):
            put(lists.cell(row, at), label)
        place = f"'{lists.title}'!${letter}$1:${letter}${len(labels)}"
        rule = DataValidation("list", formula1=place, allow_blank=True, showErrorMessage=True)
        rule.error = _("Choose from the list.")
        sheet.add_data_validation(rule)
        rule.add(f"{letter}2:{letter}{ROWS + 1}")


def _bytes(book: Workbook) -> bytes:
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()
