"""A row of a table as words, for screen and paper."""

from datetime import date

from django.contrib.humanize.templatetags.humanize import intcomma

from core.figures.coverage import Share
from core.reports.counts import Heading
from core.reports.layouts import Layout
from core.reports.lists import EPOCH
from core.reports.tables import DAY, TEXT


def shown(row, layout: Layout) -> dict:
    """`heading` of a row that is one; else its `cells`, each with its column."""
    if isinstance(row, Heading):
        return {"heading": str(row)}
    pairs = zip(row, layout.columns, strict=True)
    return {
        "cells": [
            {
                "word": _word(cell, column.kind),
                "column": column,
                "right": column.kind not in (TEXT, DAY),
            }
            for cell, column in pairs
        ]
    }


def _word(cell, kind: str) -> str:
    if cell is None:
        return ""
    if isinstance(cell, Share):
        return cell.text
    if kind == DAY:
        return date.fromordinal(cell + EPOCH).isoformat()
    return intcomma(cell) if isinstance(cell, int) else cell
