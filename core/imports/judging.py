"""What each row of a list of firms would do, compared with the ledger; some rows at a time."""

import json
from collections import Counter
from operator import itemgetter

from django.db.models import Count
from django.utils.translation import gettext as _

from core.accounts.models import Area
from core.exchange.columns import Slip
from core.imports.fields import BY_CODE, FIELDS, PLACE
from core.imports.verdicts import Verdict
from core.ledger.forms import lines
from core.ledger.models import Firm
from core.ledger.sizes import MEASURES, fitting
from core.ledger.stages import Operation, Stage
from core.people.models import Member

TOTALS = ("合计", "总计", "小计", "共计", "total")
TOTALS_BEGIN = frozenset(word[0] for word in TOTALS) | {"T"}
COMPARED = [field.code for field in FIELDS if field.code != "stage"]
ON_RECORD = ("pk", "area", "version", "operation", "stage", "county",
             *("line_id" if code == "line" else code for code in COMPARED))  # fmt: skip


ENCODE = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
AT_CODE, AT_NAME, AT_STAGE = PLACE["credit_code"], PLACE["name"], PLACE["stage"]
NEEDED = [field.code for field in FIELDS if field.needed and field.code != "credit_code"]
NEEDS = itemgetter(*(PLACE[code] for code in NEEDED))
FIGURES = ("size", "industry", *MEASURES)
AT_FIGURES = [PLACE[code] for code in FIGURES]
HELD_FIGURES = [ON_RECORD.index(code) for code in FIGURES]
ERROR, NEW = Verdict.ERROR.value, Verdict.NEW.value


class Judge:
    """Judges the rows of one file for one person. `counts` says how many of each verdict."""

    def __init__(self, by, headings: list[str], *, on) -> None:
        self.by, self.day, self.on = by, on, on.isoformat()
        self.sizes: dict[tuple, list] = {}  # by industry and figures: the classes that fit
        self.columns = [(at, BY_CODE[code]) for at, code in enumerate(headings) if code]
        self.known: dict[str, dict] = {field.code: {} for field in FIELDS if field.repeats}
        self.slips: dict[str, dict] = {code: {} for code in self.known}
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
        self.on_record, self.own = {}, set()  # name → credit code; the codes of the ledger
        firms = Firm.objects.filter(county=by.county).values_list("name", "credit_code")
        for name, code in firms.iterator(chunk_size=10_000):
            self.on_record[name] = code
            self.own.add(code)

    def judge(self, chunk: list) -> list[tuple]:
        """Staged rows: row, verdict, warned, firm, its version, values and findings as JSON."""
        read = self._read([row for row in chunk if not self._total(row[1])])
        held = self._held([values[AT_CODE] for _row, values, _found in read])
        return [self._judged(*one, held.get(one[1][AT_CODE])) for one in read]

    def _total(self, cells: list[str]) -> bool:
        first = next(filter(None, cells))
        if first[0] not in TOTALS_BEGIN:
            return False
        first = first.replace(" ", "").casefold()
        if first.startswith(TOTALS) and len(first) < 12:
            self.counts["totals"] += 1
            return True
        return False

    def _held(self, codes) -> dict:
        if not (codes := self.own.intersection(codes)):
            return {}
        rows = Firm.objects.filter(county=self.by.county, credit_code__in=codes)
        found = {row[ON_RECORD.index("credit_code")]: row for row in rows.values_list(*ON_RECORD)}
        if not found:
            return {}
        full = Member.objects.here().filter(
            kind=Member.Kind.FULL, firm_id__in=[row[0] for row in found.values()]
        ).order_by()  # fmt: skip
        self.full = dict(full.values_list("firm_id").annotate(have=Count("pk")))
        return found

    def _read(self, rows: list) -> list[tuple]:
        """Number, values and findings of each row; read by columns, each text of one only once."""
        if not rows:
            return []
        across = list(zip(*(cells for _number, cells in rows), strict=True))
        values, found = [[None] * len(rows)] * len(FIELDS), [[] for _row in rows]
        for at, field in self.columns:
            known = self.known.get(field.code, {})
            slips = self.slips[field.code] if field.repeats else {}
            for said in set(across[at]).difference(known):
                known[said], slip = self._cell(field, said) if said else (None, "")
                if slip:
                    slips[said] = slip
            values[PLACE[field.code]] = list(map(known.__getitem__, across[at]))
            if slips:
                for place, said in enumerate(across[at]):
                    if said in slips:
                        found[place].append([field.code, slips[said], True])
        numbers = (number for number, _cells in rows)
        return list(zip(numbers, map(list, zip(*values, strict=True)), found, strict=True))

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
        code, name = values[AT_CODE], values[AT_NAME]
        if not code:
            found.append(["credit_code", _("is missing: without it no firm can be told."), True])
        elif (first := self.codes.setdefault(code, number)) != number:
            found.append(["credit_code", _("stands in row %(row)d already.") % {"row": first}, True])
        if name:
            twin = self.named.setdefault(name, code)
            if twin != code or self.on_record.get(name, code) != code:
                found.append(["name", _("is also the name of a firm with another credit code."), False])
        verdict, pk, version = self._against(values, found, held) if held else self._new(values, found)
        if found and any(wrong for _field, _said, wrong in found):
            verdict = ERROR
        else:
            self._size(values, found, held)
        warned = bool(found) and verdict != ERROR
        self.counts[verdict] += 1
        self.counts["warned"] += warned
        return (
            number, verdict, warned, pk, version, ENCODE(values), ENCODE(found) if found else "[]",
        )  # fmt: skip

    def _size(self, values: list, found: list, held) -> None:
        """Warn of a size that the firm's figures contradict; what the file does not say is as on
        record."""
        said = [values[place] for place in AT_FIGURES]
        if held:
            said = [
                held[at] if one is None else one for one, at in zip(said, HELD_FIGURES, strict=True)
            ]
        size, industry, people, turnover, assets = said
        figures = (people, *(None if one is None else float(one) for one in (turnover, assets)))
        if (industry, figures) not in self.sizes:
            self.sizes[industry, figures] = fitting(
                industry, on=self.day, **dict(zip(MEASURES, figures, strict=True))
            )
        if size not in self.sizes[industry, figures]:
            classes = _(", ").join(str(one.label) for one in self.sizes[industry, figures])
            found.append(["size", _("does not fit the firm's figures: by the statistical classes it "
                                    "is %(classes)s.") % {"classes": classes}, False])  # fmt: skip

    def _new(self, values: list, found: list) -> tuple:
        if None in NEEDS(values):
            for code in NEEDED:
                if values[PLACE[code]] is None:
                    found.append([code, _("is missing: a new firm needs it."), True])
        if values[AT_STAGE] not in (None, Stage.BLANK):
            said = _("a new firm enters without a stage; propose the move once it is in the ledger.")
            found.append(["stage", said, False])
        return NEW, None, None

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
