"""What each row of a list of firms would do, compared with the ledger; some rows at a time."""

import json
from collections import Counter

from django.db.models import Count
from django.utils.translation import gettext as _

from core.accounts.models import Area
from core.exchange.columns import Slip
from core.imports.fields import BY_CODE, FIELDS, PLACE
from core.imports.verdicts import Verdict
from core.ledger.forms import lines
from core.ledger.models import Firm
from core.ledger.stages import Operation, Stage
from core.people.models import Member

TOTALS = ("合计", "总计", "小计", "共计", "total")
COMPARED = [field.code for field in FIELDS if field.code != "stage"]
ON_RECORD = ("pk", "area", "version", "operation", "stage", "county",
             *("line_id" if code == "line" else code for code in COMPARED))  # fmt: skip


class Judge:
    """Judges the rows of one file for one person. `counts` says how many of each verdict."""

    def __init__(self, by, headings: list[str], *, on) -> None:
        self.by, self.on = by, on.isoformat()
        self.columns = [(at, BY_CODE[code]) for at, code in enumerate(headings) if code]
        self.known: dict[str, dict] = {field.code: {} for field in FIELDS if field.repeats}
        self.codes: dict[str, int] = {}  # credit code → the row in which it stood first
        self.named: dict[str, str] = {}  # name → its credit code, in the file
        self.counts: Counter = Counter()
        self.areas: dict[str, set] = {}
        for code, name in Area.objects.filter(code__startswith=by.county).exclude(
            kind=Area.Kind.COUNTY
        ).values_list("code", "name"):  # fmt: skip
            self.areas.setdefault(code, set()).add(code)
            self.areas.setdefault(name, set()).add(code)
        self.lines = {name: pk for pk, name in lines(by).values_list("pk", "name")}
        self.on_record = dict(
            Firm.objects.filter(county=by.county).values_list("name", "credit_code").iterator()
        )

    def judge(self, chunk: list) -> list[tuple]:
        """Staged rows: row, verdict, warned, firm, its version, values and findings as JSON."""
        read = [(number, *self._read(cells)) for number, cells in chunk if not self._total(cells)]
        at = PLACE["credit_code"]
        held = self._held([values[at] for _row, values, _found in read])
        return [self._judged(*one, held.get(one[1][at])) for one in read]

    def _total(self, cells: list[str]) -> bool:
        first = next(cell for cell in cells if cell).replace(" ", "").casefold()
        if first.startswith(TOTALS) and len(first) < 12:
            self.counts["totals"] += 1
            return True
        return False

    def _held(self, codes) -> dict:
        rows = Firm.objects.filter(county=self.by.county, credit_code__in=[c for c in codes if c])
        found = {row[ON_RECORD.index("credit_code")]: row for row in rows.values_list(*ON_RECORD)}
        if not found:
            return {}
        full = Member.objects.here().filter(
            kind=Member.Kind.FULL, firm_id__in=[row[0] for row in found.values()]
        ).order_by()  # fmt: skip
        self.full = dict(full.values_list("firm_id").annotate(have=Count("pk")))
        return found

    def _read(self, cells: list[str]) -> tuple[list, list]:
        values, found = [None] * len(FIELDS), []
        for at, field in self.columns:
            said = cells[at]
            if not said:
                continue
            known = self.known.get(field.code)
            if known is None:
                value, slip = self._cell(field, said)
            elif (value_and_slip := known.get(said)) is None:
                value, slip = known[said] = self._cell(field, said)
            else:
                value, slip = value_and_slip
            values[PLACE[field.code]] = value
            if slip:
                found.append([field.code, slip, True])
        return values, found

    def _cell(self, field, said: str) -> tuple:
        """What a cell means, and what is wrong with it. What is wrong keeps its text."""
        try:
            value = field.read(said)
            if field.code == "area":
                value = self._area(value)
            elif field.code == "line":
                value = self._line(value)
            elif field.code == "opened_on" and value > self.on:
                raise Slip(_("is in the future. Give a day up to today."))
        except Slip as slip:
            return said[:200].lstrip("\x01"), str(slip)
        return value, ""

    def _area(self, said: str) -> str:
        codes = self.areas.get(said) or set()
        if len(codes) > 1:
            raise Slip(
                _("“%(said)s” names several divisions. Write the division code.") % {"said": said}
            )
        if not codes:
            raise Slip(_("“%(said)s” is no township, park or village of the county.") % {"said": said})
        (code,) = codes
        if not code.startswith(self.by.area):
            raise Slip(_("“%(said)s” is outside your area.") % {"said": said})
        return code

    def _line(self, said: str) -> int:
        if said not in self.lines:
            raise Slip(_("“%(said)s” is no line department of the county.") % {"said": said})
        return self.lines[said]

    def _judged(self, number: int, values: list, found: list, held) -> tuple:
        code, name = values[PLACE["credit_code"]], values[PLACE["name"]]
        if not code:
            found.append(["credit_code", _("is missing: without it no firm can be told."), True])
        elif (first := self.codes.setdefault(code, number)) != number:
            found.append(["credit_code", _("stands in row %(row)d already.") % {"row": first}, True])
        if name:
            twin = self.named.setdefault(name, code)
            if twin != code or self.on_record.get(name, code) != code:
                found.append(["name", _("is also the name of a firm with another credit code."), False])
        verdict, pk, version = self._against(values, found, held) if held else self._new(values, found)
        if any(wrong for _field, _said, wrong in found):
            verdict = Verdict.ERROR.value
        warned = bool(found) and verdict != Verdict.ERROR.value
        self.counts[verdict] += 1
        self.counts["warned"] += warned
        return (
            number, verdict, warned, pk, version, json.dumps(values, ensure_ascii=False),
            json.dumps(found, ensure_ascii=False) if found else "[]",
        )  # fmt: skip

    def _new(self, values: list, found: list) -> tuple:
        for field in FIELDS:
            if field.needed and values[PLACE[field.code]] is None and field.code != "credit_code":
                found.append([field.code, _("is missing: a new firm needs it."), True])
        if values[PLACE["stage"]] not in (None, Stage.BLANK.value, Stage.BLANK):
            said = _("a new firm enters without a stage; propose the move once it is in the ledger.")
            found.append(["stage", said, False])
        return Verdict.NEW.value, None, None

    def _against(self, values: list, found: list, held) -> tuple:
        now = dict(zip(ON_RECORD, held, strict=True)) | {"line": held[ON_RECORD.index("line_id")]}
        if not now["area"].startswith(self.by.area):
            found.append(["credit_code", _("belongs to a firm outside your area."), True])
            return Verdict.ERROR.value, None, None
        differs = [
            code for code in COMPARED
            if values[PLACE[code]] is not None and values[PLACE[code]] != kept(now[code])
        ]  # fmt: skip
        if differs and now["operation"] == Operation.CLOSED:
            found.append(
                ["name", _("is closed: its entry stays as it is. Reopen the firm first."), True]
            )
        if values[PLACE["stage"]] not in (None, now["stage"]):
            found.append(["stage", _("another stage goes through a proposal on the firm's page; the "
                                     "import leaves it as it is."), False])  # fmt: skip
        people, full = values[PLACE["employees"]], self.full.get(now["pk"], 0)
        if isinstance(people, int) and full > people:
            found.append(["employees", _("fewer than the %(have)d full members on record.")
                          % {"have": full}, False])  # fmt: skip
        verdict = Verdict.CHANGED if differs else Verdict.SAME
        return verdict.value, now["pk"], now["version"]


def kept(value):
    """A value of the ledger as a row of a file has it."""
    return value if value is None or isinstance(value, bool | int | str) else str(value)
