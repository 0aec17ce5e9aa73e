"""What each row of a file would do to the register: somebody new, a change, nothing, or a problem
with its sentence. Asked anew each time, of the register as it is; the same door decides later."""

from collections import Counter
from typing import NamedTuple

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.exchange.columns import Slip
from core.exchange.reading import SLIPS
from core.exchange.register import BY_CODE, COLUMNS, context_for
from core.people.models import Instructor

NEW, CHANGED, SAME, PROBLEM = "new", "changed", "same", "problem"
VERDICTS = {
    PROBLEM: gettext_lazy("With a problem"),
    NEW: gettext_lazy("New"),
    CHANGED: gettext_lazy("Changed"),
    SAME: gettext_lazy("As on record"),
}


class Judged(NamedTuple):
    """One row. `problems` and `changes` are told by column: (heading, sentence) and (heading, now,
    then); `values` is what would be written, for `pk` or for somebody new."""

    row: int
    name: str
    unit: str
    verdict: str
    problems: list[tuple[str, str]]
    changes: list[tuple[str, str, str]]
    values: dict
    pk: int | None


def judge(rows: list[dict], user) -> list[Judged]:
    """Every row of a file, against what this person may write. A handful of statements."""
    judging = _Judging(rows, user)
    return [judging.of(row) for row in rows]


def tally(judged: list[Judged]) -> dict[str, int]:
    have = Counter(one.verdict for one in judged)
    return {verdict: have[verdict] for verdict in VERDICTS}


class _Judging:
    """The register as far as a file speaks of it, and what rows before have claimed."""

    def __init__(self, rows: list[dict], user) -> None:
        self.user, self.context = user, context_for(user)
        self.claimed: dict = {}  # person → the row that speaks of them
        numbers = {row["cells"].get("number", "") for row in rows}
        numbers = {int(n) for n in numbers if n.isascii() and n.isdigit() and len(n) < 19}
        names = {_as_name(row["cells"].get("name", "")) for row in rows}
        county = Instructor.objects.filter(county=user.county or "-").select_related("unit")
        county = county.prefetch_related("further_areas").order_by("pk")
        self.by_number = {one.pk: one for one in county.filter(pk__in=numbers)}
        self.active, self.left = {}, {}
        for one in county.filter(name__in=names):
            (self.left if one.left_on else self.active)[one.name, one.unit.name] = one

    def of(self, row: dict) -> Judged:
        values, problems = self._values(row)
        one = None
        one, more = self._whose(values)
        problems += more or self._once(row["row"], one, values)
        if one is None:
            problems += _lacking(row, problems)
        if "further_areas" in values:  # where somebody works anyway is no further area
            home = values.get("area") or (one and one.area)
            values["further_areas"] = [code for code in values["further_areas"] if code != home]
        changes = [] if problems else _changes(one, values, self.context)
        problems += _whole(one, values) if not problems else []
        cells = row["cells"]
        verdict = PROBLEM if problems else NEW if one is None else CHANGED if changes else SAME
        return Judged(
            row["row"], cells.get("name", ""), cells.get("sending_unit", ""), verdict, problems,
            changes, values, one and one.pk,
        )  # fmt: skip

    def _values(self, row: dict) -> tuple[dict, list]:
        """What the cells say; an empty one says nothing, and leaves what is on record."""
        said = {tuple(slip) for slip in row["slips"]}
        problems = [(_heading(code), SLIPS[why]()) for code, why in sorted(said)]
        values, bad = {}, {code for code, _why in said}
        for code, text in row["cells"].items():
            if code in bad or code not in BY_CODE:
                continue
            try:
                values[code] = BY_CODE[code].read(text, self.context)
            except Slip as slip:
                problems.append((_heading(code), str(slip)))
        return values, problems

    def _whose(self, values: dict) -> tuple[Instructor | None, list]:
        """The entry that a row speaks of, None for somebody new."""
        number = values.get("number")
        if number is not None:
            one = self.by_number.get(number)
            if one is None or not self._own(one):
                return None, [(_heading("number"), _("No entry within your area has this number."))]
        else:
            who = values.get("name", ""), values.get("sending_unit", "")
            one = self.active.get(who)
            if one is None and who in self.left:
                one = self.left[who]
            if one and not self._own(one):
                sentence = _("is on record in another township: %(place)s.")
                place = self.context.names.get(one.area, one.area)
                return None, [(_heading("name"), sentence % {"place": place})]
        if one and one.left_on:
            sentence = _("stopped on %(day)s. Renew the term on the instructor's page first.")
            return one, [(_heading("name"), sentence % {"day": date_format(one.left_on)})]
        return one, []

    def _own(self, one: Instructor) -> bool:
        return bool(self.user.area) and one.area.startswith(self.user.area)

    def _once(self, row: int, one: Instructor | None, values: dict) -> list:
        who = one.pk if one else (values.get("name"), values.get("sending_unit"))
        if None in (who if isinstance(who, tuple) else (who,)):
            return []
        first = self.claimed.setdefault(who, row)
        if first == row:
            return []
        return [(_heading("name"), _("stands in row %(row)d already.") % {"row": first})]


def _lacking(row: dict, problems: list) -> list:
    """What somebody new needs and the row does not say."""
    said = {heading for heading, _sentence in problems}
    return [
        (_heading(c.code), _("is needed for somebody new."))
        for c in COLUMNS
        if c.required and c.code not in row["cells"] and str(c.heading) not in said
    ]


def _whole(one: Instructor | None, values: dict) -> list:
    """What does not fit together in a row, with what is on record."""
    found = []
    begins = values.get("term_from") or (one and one.term_from)
    ends = values.get("term_until") or (one and one.term_until)
    if begins and ends and ends <= begins:
        found.append((_heading("term_until"), _("is not after the term's first day.")))
    good = values.get("full_member")
    if one is None and good is False:
        found.append((_heading("full_member"),
                      _("Only a full member in good standing may be an instructor.")))  # fmt: skip
    elif one and good is not None and good != one.full_member:
        found.append((_heading("full_member"), _("Standing is changed with its reason on the "
                                                 "instructor's page, not by a file.")))  # fmt: skip
    return found


def _changes(one: Instructor | None, values: dict, context) -> list[tuple[str, str, str]]:
    """What the row says otherwise than the entry, as the file would write both."""
    if one is None:
        return []
    changes = []
    for code, value in values.items():
        if code in ("number", "full_member") or _now(one, code) == value:
            continue
        now = str(BY_CODE[code].write(one, context) or "–")
        changes.append((_heading(code), now, _as_written(code, value, context)))
    return changes


def _now(one: Instructor, code: str):
    if code == "further_areas":
        return sorted(area.code for area in one.further_areas.all())
    return one.unit.name if code == "sending_unit" else getattr(one, code)


def _as_written(code: str, value, context) -> str:
    if code == "further_areas":
        return "、".join(context.names.get(each, each) for each in value)
    if code == "area":
        return context.names.get(value, value)
    field = Instructor._meta.get_field(code) if code != "sending_unit" else None
    return str(dict(field.choices)[value]) if field and field.choices else str(value)


def _as_name(said: str) -> str:
    return "".join(said.split()) if not said.isascii() else " ".join(said.split())


def _heading(code: str) -> str:
    return str(BY_CODE[code].heading) if code in BY_CODE else ""
