"""The list of guidance records: what instructors did for firms, as it was written down elsewhere.
Nothing is ever entered twice."""

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.exchange.columns import one_of
from core.imports.child import LETTERS
from core.imports.fields import credit_code, opened_on, plain, words
from core.imports.kind_table import Column, ListKind, Look, Notes, declare, firm_of
from core.imports.verdicts import Verdict
from core.people.acts import record_guidance
from core.people.models import Assignment, GuidanceRecord, Instructor


def match(row: dict, look: Look, notes: Notes) -> dict:
    firm = firm_of(row, look, notes)
    people = Instructor.objects.filter(county=look.by.county, name=row["instructor"])
    if row["unit"]:
        people = people.filter(unit__name=row["unit"])
    found = list(people[:2])
    if not found:
        notes.wrong("instructor", _("is no instructor of the county."))
    elif len(found) > 1:
        notes.wrong(
            "instructor", _("is the name of several instructors. Give the sending unit as well.")
        )
    who = found[0] if found else None
    held = GuidanceRecord.objects.filter(
        firm=firm, instructor=who, on=row["day"], kind=row["kind"], done=row["done"]
    ).first()  # fmt: skip
    return {"firm": firm, "instructor": who, "held": held}


def judge(row: dict, matched: dict, look: Look, notes: Notes) -> str:
    if matched["held"]:
        return Verdict.SAME
    day, firm, who = date.fromisoformat(row["day"]), matched["firm"], matched["instructor"]
    theirs = Assignment.objects.filter(firm=firm, instructor=who, since__lte=day)
    if not (theirs.filter(until__isnull=True) | theirs.filter(until__gte=day)).exists():
        notes.warn("instructor", _("was not assigned to this firm on that day."))
    return Verdict.NEW


def carry_out(row: dict, matched: dict, look: Look) -> tuple:
    made = record_guidance(
        matched["firm"], day=date.fromisoformat(row["day"]), kind=row["kind"], done=row["done"],
        instructor=matched["instructor"], by=look.by, on=look.on,
    )  # fmt: skip
    return made, None


def take_back(entry: GuidanceRecord, before: None, *, by, on) -> None:
    entry.delete()


GUIDANCE = declare(ListKind(
    code="guidance", title=gettext_lazy("Guidance records"), verb="record_guidance",
    model=GuidanceRecord,
    lead=gettext_lazy("One row, one thing that an instructor did for a firm on a day. A record that is "
                      "there already is never entered twice."),
    columns=(  # the reader cuts cells at LETTERS: a text of that length is refused, never shortened
        Column("instructor", gettext_lazy("Name of the instructor"), words(64),
               ("指导员", "指导员姓名", "姓名", "instructor"), True, "Example Name"),
        Column("unit", gettext_lazy("Sending unit"), words(128),
               ("派出单位", "选派单位", "所在单位", "sending unit")),
        Column("credit_code", gettext_lazy("unified social credit code"), credit_code,
               ("统一社会信用代码", "信用代码", "社会信用代码", "企业信用代码", "credit code"), True,
               "91330100MA00000018"),
        Column("day", gettext_lazy("Day of the guidance"), opened_on,
               ("日期", "指导日期", "走访日期", "时间", "day"), True, "2026-03-01"),
        Column("kind", gettext_lazy("Kind of guidance"), plain(one_of(GuidanceRecord.Kind)),
               ("方式", "指导方式", "类型", "形式", "kind"), True, "", GuidanceRecord.Kind),
        Column("done", gettext_lazy("What was done"), words(LETTERS - 1),
               ("内容", "指导内容", "工作内容", "走访内容", "what was done"), True,
               "Talked with the owner."),
    ),
    once=("credit_code", "instructor", "unit", "day", "kind", "done"),
    match=match, judge=judge, carry_out=carry_out, take_back=take_back,
    notes=(gettext_lazy("Where two instructors have the same name, the sending unit tells them "
                        "apart."),),
))  # fmt: skip
