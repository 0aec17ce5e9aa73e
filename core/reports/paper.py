"""A table as a PDF, A4 across, laid out by static/core/report.css."""

from core.papers.paper import Sheaf
from core.reports.layouts import Layout
from core.reports.shown import shown


def printed(layout: Layout, chunks, day: str, *, language: str) -> bytes:
    """Raises PaperError as `core.papers.paper.render` does."""
    whole = sum(column.width for column in layout.columns)
    facts = {
        "layout": layout, "day": day,
        "widths": [f"{column.width / whole:.2%}" for column in layout.columns],
        "rows": [shown(row, layout) for chunk in chunks for row in chunk],
    }  # fmt: skip
    sheaf = Sheaf(language=language)
    sheaf.add("report", facts, style="report")
    return sheaf.pdf()
