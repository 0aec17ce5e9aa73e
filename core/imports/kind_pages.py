"""What the page of a list shows that is not of firms: its rows in words."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.imports.child import bare
from core.imports.kind_table import KINDS, ListKind
from core.imports.models import Import
from core.imports.verdicts import Verdict
from core.ledger.models import Firm

PAGE = 50
WARNED = "warned"
LABELS = {
    Verdict.ERROR.value: gettext_lazy("Errors"), WARNED: gettext_lazy("Warnings"),
    Verdict.NEW.value: gettext_lazy("New entries"),
    Verdict.CHANGED.value: gettext_lazy("Changed entries"),
    Verdict.SAME.value: gettext_lazy("As on record"),
}  # fmt: skip


def findings_page(one: Import, user, asked) -> dict:
    """The words of the page for a reader; `asked` is the query of the address."""
    kind = KINDS[one.kind]
    tabs = [(code, label, one.counts[code]) for code, label in LABELS.items() if one.counts.get(code)]
    show = asked.get("show", "")
    if show not in [code for code, _label, _many in tabs]:
        show = tabs[0][0] if tabs else ""
    rows = one.staged.filter(**({"warned": True} if show == WARNED else {"verdict": show}))
    after = asked.get("after", "")
    after = int(after) if after.isascii() and after.isdigit() and len(after) < 9 else 0
    found = list(rows.filter(row__gt=after).order_by("row")[: PAGE + 1])
    firms = Firm.objects.visible_to(user).in_bulk([row.firm_id for row in found if row.firm_id])
    return {
        "tabs": tabs, "show": show, "choices": list(_choices(one, kind)),
        "rows": [_shown(kind, row, firms) for row in found[:PAGE]],
        "first": after > 0, "later": found[PAGE - 1].row if len(found) > PAGE else None,
    }  # fmt: skip


def _choices(one: Import, kind: ListKind):
    """Each heading of the file with the column that it is taken for."""
    taken = set()
    for heading in one.headings:
        if heading:
            code = one.mapping.get(bare(heading), "")
            yield heading, "" if code in taken else code
            taken.add(code)


def _shown(kind: ListKind, row, firms: dict) -> dict:
    """One row: its cells in words, and as they may be typed anew."""
    values = kind.row(row.values)
    return {
        "row": row.row, "verdict": row.verdict, "firm": firms.get(row.firm_id),
        "cells": [(column.heading, word(column, values[column.code]))
                  for column in kind.columns if values[column.code] is not None],
        "typed": [(column, word(column, values[column.code])) for column in kind.columns],
        "findings": told(kind, row.findings),
    }  # fmt: skip


def told(kind: ListKind, findings: list) -> list[tuple]:
    """Heading, sentence, and whether it is an error."""
    heads = {column.code: column.heading for column in kind.columns}
    return [(heads.get(code, ""), said, wrong) for code, said, wrong in findings]


def word(column, value) -> str:
    """A value as a reader knows it; it can be read back."""
    if value is None:
        return ""
    return str(dict(column.choices.choices).get(value, value)) if column.choices else str(value)


def offered(kind: ListKind) -> list[tuple[str, str]]:
    return [("", _("leave aside")), *((column.code, column.heading) for column in kind.columns)]
