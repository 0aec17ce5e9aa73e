"""Judging the rows of a list that is not of firms. What the acts themselves would refuse is found by
trying: the row is carried out and rolled back, so that no rule stands in two places."""

from collections import Counter

from django.db import transaction
from django.db.models import Count, Q
from django.utils.translation import gettext as _

from core.errors import Refused
from core.exchange.columns import Slip
from core.imports.judging import TOTALS
from core.imports.kind_table import ListKind, Look, Notes
from core.imports.models import Import, StagedRow
from core.imports.verdicts import Verdict

WRITES = (Verdict.NEW.value, Verdict.CHANGED.value)


class _Tried(Exception):
    """Rolls a trial back."""


class ListJudge:
    """Judges the rows of one file, in their order."""

    def __init__(self, kind: ListKind, by, *, on) -> None:
        self.kind, self.look = kind, Look(by, on, Counter())
        self.seen: dict[tuple, int] = {}  # what tells a row → the row in which it stood first
        self.totals = 0

    def judge(self, number: int, cells: dict[str, str]) -> StagedRow | None:
        """The row to be staged; None for a row of totals. `cells`: texts by column."""
        first = next((cell for cell in cells.values() if cell), "").replace(" ", "").casefold()
        if first.startswith(TOTALS) and len(first) < 12:
            self.totals += 1
            return None
        notes = Notes()
        values = [self._cell(column, cells.get(column.code, ""), notes) for column in self.kind.columns]
        row = self.kind.row(values)
        verdict, firm = self._verdict(number, row, notes)
        if verdict in WRITES:
            self.look.tally[firm, row.get(self.kind.tallied)] += 1
        return StagedRow(
            row=number, verdict=verdict, warned=bool(notes.said) and not notes.bad, firm_id=firm,
            values=values, findings=notes.said,
        )  # fmt: skip

    def _cell(self, column, said: str, notes: Notes):
        if not said:
            if column.needed:
                notes.wrong(column.code, _("is missing."))
            return None
        try:
            return column.read(said)
        except Slip as slip:
            notes.wrong(column.code, str(slip))
            return said[:200].lstrip("\x01")

    def _verdict(self, number: int, row: dict, notes: Notes) -> tuple[str, int | None]:
        first = self.seen.setdefault(told_by(self.kind, row), number)
        if first != number:
            notes.wrong(self.kind.once[0], _("stands in row %(row)d already.") % {"row": first})
        firm, verdict = None, Verdict.ERROR.value
        if not notes.bad:
            matched = self.kind.match(row, self.look, notes)
            firm = matched["firm"].pk if matched.get("firm") else None
            if not notes.bad:
                verdict = str(self.kind.judge(row, matched, self.look, notes))
            if not notes.bad and verdict in WRITES and (refused := self._refused(row, matched)):
                notes.wrong("", refused)
        return (Verdict.ERROR.value if notes.bad else verdict), firm

    def _refused(self, row: dict, matched: dict) -> str:
        """What the act says against a row; nothing is left of it."""
        try:
            with transaction.atomic():
                self.kind.carry_out(row, matched, self.look)
                raise _Tried
        except _Tried:
            return ""
        except Refused as refusal:
            return refusal.sentence


def told_by(kind: ListKind, row: dict) -> tuple:
    return tuple(str(row[code] or "") for code in kind.once)


def judge_again(kind: ListKind, one: Import, number: int, sent: dict[str, str], *, by, on) -> None:
    """Judge one staged row with other cells, and those that it stood in the way of. The import is
    held. Raises StagedRow.DoesNotExist for a row that is not there."""
    rows = {row.row: row for row in one.staged.order_by("row")}
    if number not in rows:
        raise StagedRow.DoesNotExist
    was = told_by(kind, kind.row(rows[number].values))
    cells = {at: _texts(kind, row.values) for at, row in rows.items()}
    cells[number] |= {code: said.strip() for code, said in sent.items() if kind.column(code)}
    judge = ListJudge(kind, by, on=on)
    now = told_by(kind, kind.row([_tried(c, cells[number][c.code]) for c in kind.columns]))
    again = [at for at, row in rows.items()
             if at == number or told_by(kind, kind.row(row.values)) in (was, now)]  # fmt: skip
    for at, row in rows.items():
        if at not in again and row.verdict in WRITES:
            judge.look.tally[row.firm_id, kind.row(row.values).get(kind.tallied)] += 1
    one.staged.filter(row__in=again).delete()
    for at in again:
        if made := judge.judge(at, cells[at]):
            made.imported = one
            made.save()
    one.counts = counts_of(one) | {"totals": one.counts.get("totals", 0) + judge.totals}
    one.save(update_fields=["counts"])


def _texts(kind: ListKind, values: list) -> dict[str, str]:
    return {code: "" if value is None else str(value) for code, value in kind.row(values).items()}


def _tried(column, said: str):
    try:
        return column.read(said) if said else None
    except Slip:
        return said[:200]


def counts_of(one: Import) -> dict:
    """How many staged rows of each verdict, and how many with a warning."""
    have = dict(one.staged.order_by().values_list("verdict").annotate(have=Count("pk")))
    return have | one.staged.aggregate(warned=Count("pk", filter=Q(warned=True)))
