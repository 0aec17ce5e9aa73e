"""What the page of an import shows: its rows by what they would do, page after page at one price."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.accounts.models import Area
from core.imports.child import bare
from core.imports.fields import BY_CODE, FIELDS, PLACE
from core.imports.judging import COMPARED, kept
from core.imports.models import Import, StagedRow
from core.imports.verdicts import Verdict
from core.ledger.forms import lines
from core.ledger.models import Firm
from core.ledger.paging import page_of
from core.ledger.scope import within
from core.ledger.stages import Stage

PAGE = 50
WARNED, MISSING = "warned", "missing"
TABS = {
    Verdict.ERROR.value: Verdict.ERROR.label, WARNED: gettext_lazy("Warnings"),
    Verdict.NEW.value: Verdict.NEW.label, Verdict.CHANGED.value: Verdict.CHANGED.label,
    Verdict.SAME.value: Verdict.SAME.label,
}  # fmt: skip


def findings_page(one: Import, user, asked) -> dict:
    """The words of the page for a reader; `asked` is the query of the address."""
    tabs = [(code, label, one.counts[code]) for code, label in TABS.items() if one.counts.get(code)]
    show = asked.get("show", "")
    if show not in (*TABS, MISSING):
        show = tabs[0][0] if tabs else MISSING
    page = {"tabs": tabs, "show": show, "choices": list(_choices(one))}
    if show == MISSING:
        return page | {"missing": _missing(one, user, asked)}
    rows = StagedRow.objects.filter(imported=one)
    rows = rows.filter(warned=True) if show == WARNED else rows.filter(verdict=show)
    after = asked.get("after", "")
    after = int(after) if after.isascii() and after.isdigit() and len(after) < 9 else 0
    found = list(rows.filter(row__gt=after).order_by("row")[: PAGE + 1])
    more = len(found) > PAGE
    shown = _Shown(user, found[:PAGE])
    return page | {
        "rows": [shown.row(row) for row in found[:PAGE]],
        "first": after > 0, "later": found[PAGE - 1].row if more else None,
    }  # fmt: skip


def _choices(one: Import):
    """Each heading of the file with the field that it is taken for."""
    taken = set()
    for heading in one.headings:
        if heading:
            code = one.mapping.get(bare(heading), "")
            yield heading, "" if code in taken else code
            taken.add(code)


def _missing(one: Import, user, asked):
    """Firms of the office's area that stand in the ledger and not in the file."""
    there = StagedRow.objects.filter(imported=one, firm_id__isnull=False).values("firm_id")
    firms = Firm.objects.visible_to(user).counted().filter(within(one.area)).exclude(pk__in=there)
    return page_of(
        firms, by="pinyin", down=False, before=asked.get("before", ""), after=asked.get("after", "")
    )


class _Shown:
    """Rows in words, each compared with its firm as that is now."""

    def __init__(self, user, rows: list[StagedRow]) -> None:
        wanted = [row.firm_id for row in rows if row.firm_id]
        self.firms = Firm.objects.visible_to(user).in_bulk(wanted)
        self.areas = dict(Area.objects.filter(code__startswith=user.county).values_list("code", "name"))
        self.lines = dict(lines(user).values_list("pk", "name"))

    def row(self, row: StagedRow) -> dict:
        firm = self.firms.get(row.firm_id)
        return {
            "row": row.row, "firm": firm, "verdict": row.verdict,
            "name": row.values[PLACE["name"]] or (firm.name if firm else ""),
            "code": row.values[PLACE["credit_code"]] or "",
            "findings": [(BY_CODE[code].heading, said, wrong) for code, said, wrong in row.findings],
            "changes": self._changes(row, firm) if firm else [],
        }  # fmt: skip

    def _changes(self, row: StagedRow, firm: Firm) -> list[tuple]:
        found = []
        for code in COMPARED:
            value = row.values[PLACE[code]]
            now = kept(firm.line_id if code == "line" else getattr(firm, code))
            if value is not None and value != now:
                found.append((BY_CODE[code].heading, self.word(code, now), self.word(code, value)))
        return found

    def word(self, code: str, value) -> str:
        """A value as a reader knows it."""
        if value in (None, ""):
            return "–"
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        if code in ("area", "line"):
            return {"area": self.areas, "line": self.lines}[code].get(value, str(value))
        labels = dict(Stage.choices if code == "stage" else Firm._meta.get_field(code).choices or ())
        return str(labels.get(value, value))


def words_of(user, rows):
    """Rows for a table: number, the texts of their cells, and what is to be said of them."""
    shown = _Shown(user, [])
    for row in rows:
        cells = [
            "" if value is None else shown.word(field.code, value)
            for field, value in zip(FIELDS, row.values, strict=True)
        ]
        said = [f"{BY_CODE[code].heading}: {said}" for code, said, _wrong in row.findings]
        yield row.row, str(Verdict(row.verdict).label), "\n".join(said), cells
