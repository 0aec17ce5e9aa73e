"""What the tests of report tables share: what is asked for, and what a file holds."""

import io
from uuid import uuid4

from openpyxl import load_workbook

from core.reports import work
from core.reports.asked import Asked, scope_of


def asked(user, report="ledger", on=None, today=None, place="", **more) -> Asked:
    from_today = today or on
    area, line = scope_of(user, place)
    return Asked(report=report, on=on or today, today=from_today, area=area, line=line, **more)


def sheet_of(content: bytes) -> list[list]:
    """Every row of an Excel file, as values."""
    sheet = load_workbook(io.BytesIO(content)).worksheets[0]
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def saved(user, *given, **more) -> list[list]:
    """The rows of a table as they are saved."""
    return sheet_of(work.made_now(asked(user, *given, **more), by=user).content)


def report(user, what: Asked, *, whom="City office", key=None):
    """Report a small table."""
    made = work.made_now(what, by=user, frozen=True)
    return work.keep_copy(what, made, by=user, key=key or uuid4(), whom=whom, reason="Half-year")
