"""The list of mass organisations: each is told by its approval number, and has none without it."""

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.exchange.columns import one_of
from core.imports.fields import credit_code, name, opened_on, people, plain, words
from core.imports.kind_table import Column, ListKind, Look, Notes, declare, firm_of
from core.imports.verdicts import Verdict
from core.ledger.acts import change_mass_organisation, record_mass_organisation
from core.ledger.models import MassOrganisation

OF_ENTRY = ("kind", "name", "approved_on", "members", "dissolved_on")
DAYS = ("approved_on", "dissolved_on")


def entry_of(row: dict) -> dict:
    """What a row says, as the acts take it; empty cells say nothing."""
    return {
        code: date.fromisoformat(row[code]) if code in DAYS else row[code]
        for code in OF_ENTRY
        if row[code] is not None
    }


def match(row: dict, look: Look, notes: Notes) -> dict:
    firm = firm_of(row, look, notes)
    held = MassOrganisation.objects.filter(
        county=look.by.county, approval_number=row["approval_number"]
    ).first()  # fmt: skip
    if firm and held and held.firm_id != firm.pk:
        notes.wrong("approval_number", _("belongs to an organisation of another firm."))
    return {"firm": firm, "held": held}


def judge(row: dict, matched: dict, look: Look, notes: Notes) -> str:
    held, said = matched["held"], entry_of(row)
    if held is None:
        return Verdict.NEW
    differs = [code for code, value in said.items() if getattr(held, code) != value]
    if "kind" in differs:
        notes.wrong("kind", _("on record as: %(kind)s.") % {"kind": held.get_kind_display()})
    return Verdict.CHANGED if differs else Verdict.SAME


def carry_out(row: dict, matched: dict, look: Look) -> tuple:
    held, said = matched["held"], entry_of(row)
    if held:
        before = {
            code: _kept(getattr(held, code)) for code in said if getattr(held, code) != said[code]
        }
        said.pop("kind")
        return change_mass_organisation(held, by=look.by, on=look.on, **said), before
    dissolved = said.pop("dissolved_on", None)
    made = record_mass_organisation(
        matched["firm"], approval_number=row["approval_number"], by=look.by, on=look.on,
        **({"members": 0} | said),
    )  # fmt: skip
    if dissolved:
        made = change_mass_organisation(made, by=look.by, on=look.on, dissolved_on=dissolved)
    return made, None


def _kept(value):
    return value.isoformat() if isinstance(value, date) else value


def take_back(entry: MassOrganisation, before: dict | None, *, by, on) -> None:
    if before is None:
        entry.delete()
        return
    back = {code: date.fromisoformat(v) if code in DAYS and v else v for code, v in before.items()}
    change_mass_organisation(entry, by=by, on=on, **back)


MASS = declare(ListKind(
    code="mass", title=gettext_lazy("Mass organisations"), verb="register", model=MassOrganisation,
    lead=gettext_lazy("One row, one trade union, youth league branch or women's organisation. Without "
                      "its approval number a row is not taken."),
    columns=(
        Column("credit_code", gettext_lazy("unified social credit code"), credit_code,
               ("统一社会信用代码", "信用代码", "社会信用代码", "企业信用代码", "credit code"), True,
               "91330100MA00000018"),
        Column("kind", gettext_lazy("Kind of organisation"), plain(one_of(MassOrganisation.Kind)),
               ("类型", "类别", "组织类型", "组织类别", "群团类型", "kind"), True, "",
               MassOrganisation.Kind),
        Column("name", gettext_lazy("Name of the organisation"), name,
               ("名称", "组织名称", "群团组织名称", "name"), True, "Trade union of Example Tea"),
        Column("approval_number", gettext_lazy("Approval number"), words(64),
               ("批准文号", "文号", "批复文号", "approval number"), True, "2021-15"),
        Column("approved_on", gettext_lazy("Approved on"), opened_on,
               ("批准日期", "批复日期", "成立日期", "批准时间", "approved on"), True, "2021-03-01"),
        Column("members", gettext_lazy("Number of members"), people,
               ("会员数", "人数", "成员数", "会员人数", "members"), False, "28"),
        Column("dissolved_on", gettext_lazy("Dissolved on"), opened_on,
               ("撤销日期", "解散日期", "撤销时间", "dissolved on")),
    ),
    once=("approval_number",), match=match, judge=judge, carry_out=carry_out, take_back=take_back,
    notes=(gettext_lazy("Organisations are found by their approval number; an empty cell leaves what "
                        "is on record as it is."),),
))  # fmt: skip
