"""The list of members. Membership is private: only who keeps members may send one, and nothing of it
stays behind but the members themselves."""

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.exchange.columns import one_of
from core.imports.fields import credit_code, opened_on, plain, words
from core.imports.kind_table import Column, ListKind, Look, Notes, declare, firm_of
from core.imports.verdicts import Verdict
from core.ledger.models import Branch
from core.people.acts import change_kind, record_member, record_member_of_branch
from core.people.models import Member


def member_name(said: str) -> str:
    return "".join(words(64)(said).split())


def match(row: dict, look: Look, notes: Notes) -> dict:
    """The firm by its code, or else the branch by its name; and who of this name is here now."""
    firm = branch = None
    if row["credit_code"]:
        firm = firm_of(row, look, notes)
        here = Member.objects.visible_to(look.by).here().filter(firm=firm)
    elif row["branch"]:
        branches = Branch.objects.visible_to(look.by).standing().filter(county=look.by.county)
        branch = branches.filter(name=row["branch"]).first()
        if branch is None:
            notes.wrong("branch", _("is no standing branch of the county."))
        here = Member.objects.visible_to(look.by).here().filter(firm__isnull=True, branch=branch)
    else:
        notes.wrong("credit_code", _("is missing: give the firm's code, or the branch."))
        return {}
    held = list(here.filter(name=row["name"])[:2])
    if len(held) > 1:
        notes.wrong("name", _("several members here have this name. Record the change on the page of "
                              "the firm."))  # fmt: skip
    return {"firm": firm, "branch": branch, "held": held[0] if held else None}


def judge(row: dict, matched: dict, look: Look, notes: Notes) -> str:
    held, firm = matched["held"], matched["firm"]
    if held and held.kind == row["kind"]:
        return Verdict.SAME
    if firm and row["kind"] == Member.Kind.FULL:
        have = firm.members.here().full().count() + look.tally[firm.pk, row["kind"]] + 1
        if have > firm.employees:
            notes.warn("kind", _("the firm would have %(have)d full members and has %(employees)d "
                                 "employees.")
                       % {"have": have, "employees": firm.employees})  # fmt: skip
    return Verdict.CHANGED if held else Verdict.NEW


def carry_out(row: dict, matched: dict, look: Look) -> tuple:
    said = {"kind": row["kind"], "since": date.fromisoformat(row["since"])}
    if held := matched["held"]:
        return change_kind(held, by=look.by, on=look.on, **said), {"was": held.pk}
    if matched["firm"]:
        made = record_member(matched["firm"], name=row["name"], by=look.by, on=look.on, **said)
        return made, None
    branch = matched["branch"]
    return record_member_of_branch(branch, name=row["name"], by=look.by, on=look.on, **said), None


def take_back(entry: Member, before: dict | None, *, by, on) -> None:
    if before:
        Member.objects.filter(pk=before["was"]).update(until=None)
    entry.delete()


MEMBERS = declare(ListKind(
    code="members", title=gettext_lazy("List of members"), verb="keep_members", model=Member,
    private=True,
    lead=gettext_lazy("One row, one person: of a firm by its credit code, or of a branch by its name. "
                      "Membership is private: each look at the rows is recorded, and the file is "
                      "deleted once the list is brought in or given up."),
    columns=(
        Column("credit_code", gettext_lazy("unified social credit code"), credit_code,
               ("统一社会信用代码", "信用代码", "社会信用代码", "企业信用代码", "credit code"), False,
               "91330100MA00000018"),
        Column("branch", gettext_lazy("Branch (for who belongs to no firm)"), words(128),
               ("党支部", "支部", "所在党支部", "支部名称", "branch")),
        Column("name", gettext_lazy("Name of the member"), member_name,
               ("姓名", "党员姓名", "名字", "name"), True, "Example Name"),
        Column("kind", gettext_lazy("Kind of membership"), plain(one_of(Member.Kind)),
               ("类别", "类型", "党员类别", "人员类别", "身份", "kind"), True, "", Member.Kind),
        Column("since", gettext_lazy("Here since"), opened_on,
               ("转入日期", "到岗日期", "转入时间", "起始日期", "since"), True, "2021-03-01"),
    ),
    once=("credit_code", "branch", "name"), tallied="kind",
    match=match, judge=judge, carry_out=carry_out, take_back=take_back,
    notes=(
        gettext_lazy("A person of the same name at the same firm is taken for the same person; another "
                     "kind becomes a change of kind from the given day on."),
        gettext_lazy("Give either the firm's credit code or the branch."),
    ),
))  # fmt: skip
