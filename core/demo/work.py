"""What was done in the firms: mass organisations and guidance records."""

from datetime import timedelta

from core.ledger.models import MassOrganisation
from core.ledger.stages import Stage
from core.people.models import GuidanceRecord
from core.rulebook import rule

KINDS = (
    (MassOrganisation.Kind.UNION, "工会委员会", "工发"),
    (MassOrganisation.Kind.WOMEN, "妇女委员会", "妇发"),
    (MassOrganisation.Kind.YOUTH, "团支部", "团发"),
)
VISITS = (
    "到企业走访，向负责人介绍党建工作要求，了解职工和党员情况。",
    "与职工座谈，宣传“亮身份、找组织”，发放联系卡。",
    "查看生产情况，帮助企业对接惠企政策，商议组织活动的时间。",
    "走访车间，了解职工困难，与负责人商定下月活动安排。",
    "与企业负责人谈心，说明党组织作用，征求意见建议。",
    "核对职工花名册中的党员线索，动员流动党员亮明身份。",
)
OTHERS = (
    (GuidanceRecord.Kind.CALL, "电话了解近期生产和用工情况。"),
    (GuidanceRecord.Kind.MEETING, "组织职工学习座谈，讲解政策。"),
    (GuidanceRecord.Kind.HELP, "协助企业联系主管部门，办理用工补贴申请。"),
    (GuidanceRecord.Kind.HELP, "帮助困难职工申请救助。"),
)
FOLLOW_UPS = (
    "联系税务部门答复企业提出的问题。",
    "协助起草组建群团组织的申请。",
    "核实两名职工的党员身份。",
)


def organise(county, plans, firms) -> None:
    """Mass organisations with the number under which the next-higher one approved them."""
    for plan, firm in zip(plans, firms, strict=True):
        if plan.stage == Stage.BLANK:
            day = county.ago(8, 30)
        else:  # the first change of such a firm is that it was organised
            day = county.organised.get(firm.pk, county.on) - timedelta(days=county.rng.randint(4, 25))
        for place in range(plan.organisations):
            # Large enough firms have a union; the second organisation is the women's.
            which = place or (2 if county.rng.random() < 0.2 else 0)
            kind, name, sign = KINDS[which]
            number = len(county.rows[MassOrganisation]) + 1
            county.new(
                MassOrganisation, firm=firm, county=county.code, kind=kind, name=firm.name + name,
                approval_number=f"{county.name[0]}{sign}〔{day.year}〕{number}号", approved_on=day,
                members=max(3, plan.employees * county.rng.randint(30, 80) // 100),
            )  # fmt: skip


def guide(county, plans, firms, sent) -> None:
    """Visits that fit the stage: the one that it rests on, some between, and the last one."""
    floor = rule("contact_floor", on=county.on).value
    for plan, firm, instructor in zip(plans, firms, sent, strict=True):
        if not instructor:
            continue
        rng = county.rng
        days = set()
        if plan.stage == Stage.WORK_COVERED:
            days.add(firm.stage_since - timedelta(days=rng.randint(1, 9)))
        if plan.visited == "lately":
            # Where a proposal may rest on it, the visit is some days old and stays fresh a week.
            newest = 1 if plan.stage == Stage.WORK_COVERED else 8
            days.add(county.ago(newest, floor - 7))
            days.update(county.ago(floor + 1, 150) for _ in range(rng.randrange(3)))
        elif plan.visited == "lapsed":
            days.add(county.ago(floor + 6, 75))
        for day in sorted(days):
            _record(county, firm, instructor, day, GuidanceRecord.Kind.VISIT, rng.choice(VISITS))
        if rng.random() < 0.4:
            kind, done = rng.choice(OTHERS)
            _record(county, firm, instructor, county.ago(3, 160), kind, done)


def _record(county, firm, instructor, day, kind, done):
    follow = county.rng.random() < 0.12
    county.new(
        GuidanceRecord, key=county.key(), firm_id=firm.pk, county=county.code,
        instructor_id=instructor.pk,
        by_id=instructor.user_id, on=day, kind=kind, done=done,
        follow_up=county.rng.choice(FOLLOW_UPS) if follow else "",
        follow_up_on=day + timedelta(days=14) if follow else None,
    )  # fmt: skip
