"""The tables that the desk makes for an import: the empty template, and a file with its remarks.
Every cell is written as text, so nothing that begins with = + - @ is a formula in anybody's Excel."""

from pathlib import Path

import xlsxwriter
from django.utils.translation import gettext as _

from core.imports.fields import FIELDS
from core.imports.models import Import
from core.imports.pages import words_of
from core.ledger.forms import lines, places
from core.ledger.kinds import Industry, Size
from core.ledger.stages import Stage

TEMPLATE_ROWS = 5000  # rows that have drop-downs
EXAMPLE = {
    "credit_code": "91330100MA00000018", "employees": "35", "turnover": "1200.50", "assets": "800",
    "contact_phone": "0571-8888888", "opened_on": "2019-03-01",
}  # fmt: skip


def template(path: Path, user) -> None:
    """An empty table with text columns and lists to choose from, an example and notes."""
    book = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False})
    head = book.add_format({"bold": True, "bg_color": "#F3E3E3", "text_wrap": True})
    text = book.add_format({"num_format": "@"})
    choices = _choices(user)
    sheets = [book.add_worksheet(_("Firms")), book.add_worksheet(_("Example"))]
    lists = book.add_worksheet(_("Lists"))
    for at, field in enumerate(FIELDS):
        heading = f"{field.heading}*" if field.needed else str(field.heading)
        for sheet in sheets:
            sheet.set_column(at, at, 24 if at < 2 else 16, text)
            sheet.write_string(0, at, heading, head)
        offered = choices.get(field.code, [])
        sheets[1].write_string(1, at, EXAMPLE.get(field.code) or (offered[0] if offered else ""))
        for row, word in enumerate(offered):
            lists.write_string(row, at, word)
        if offered:
            column = xlsxwriter.utility.xl_col_to_name(at)
            source = f"='{_('Lists')}'!${column}$1:${column}${len(offered)}"
            sheets[0].data_validation(1, at, TEMPLATE_ROWS, at, {"validate": "list", "source": source})
    sheets[1].write_string(1, 0, _("Example Tea Company Limited"))
    sheets[0].freeze_panes(1, 1)
    notes = book.add_worksheet(_("How to fill it in"))
    notes.set_column(0, 0, 110)
    for row, said in enumerate(_notes()):
        notes.write_string(row, 0, said)
    book.close()


def _choices(user) -> dict[str, list[str]]:
    return {
        "area": [name for _code, name in places(user)],
        "line": list(lines(user).values_list("name", flat=True)),
        "industry": [str(label) for label in Industry.labels],
        "size": [str(label) for label in Size.labels],
        "above_scale": [_("yes"), _("no")], "seasonal": [_("yes"), _("no")],
        "stage": [str(label) for label in Stage.labels],
    }  # fmt: skip


def _notes() -> list[str]:
    return [
        _("One row, one firm. Columns with * are needed for a firm that is not in the ledger yet."),
        _("Firms are found by their credit code. An empty cell leaves what is on record as it is."),
        _("Keep the columns as text, or Excel changes long numbers. Days are written as 2026-03-01."),
        _("A stage is never changed by an import: it goes through a proposal on the firm's page."),
    ]


def remarks(path: Path, one: Import, user) -> None:
    """The rows of a file as they were understood, with what is to be said of each."""
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True, "strings_to_formulas": False})
    sheet = book.add_worksheet()
    sheet.set_column(0, len(FIELDS) + 2, 16)
    headings = [
        *(str(field.heading) for field in FIELDS),
        _("Row of the file"),
        _("Outcome"),
        _("Remarks"),
    ]
    for at, heading in enumerate(headings):
        sheet.write_string(0, at, heading)
    rows = one.staged.order_by("row").iterator(chunk_size=2000)
    for place, (number, verdict, said, cells) in enumerate(words_of(user, rows), start=1):
        for at, cell in enumerate([*cells, str(number), verdict, said]):
            if cell:
                sheet.write_string(place, at, cell)
    book.close()
