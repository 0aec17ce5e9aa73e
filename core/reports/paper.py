"""A table as a PDF, A4 across, laid out by static/core/report.css."""

from core.papers.paper import Sheaf
from core.reports.layouts import Layout
from core.reports.shown import shown
from core.reports.tables import DAY, Column

UNBROKEN = ("credit_code", "phone")


def printed(layout: Layout, chunks, day: str, *, language: str) -> bytes:
    """Raises PaperError as `core.papers.paper.render` does."""
    widths = [_width(column) for column in layout.columns]
    facts = {
        "layout": layout, "day": day,
        "widths": [f"{width / sum(widths):.2%}" for width in widths],
        "rows": [shown(row, layout) for chunk in chunks for row in chunk],
    }  # fmt: skip
    sheaf = Sheaf(language=language)
    sheaf.add("report", facts, style="report")
    return sheaf.pdf()


def _width(column: Column) -> float:
    """Its part of the line. Days and codes are not broken, so they get the room that they need."""
    return column.width * (1.35 if column.kind == DAY or column.code in UNBROKEN else 1)
