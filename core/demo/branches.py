"""Branches, and the dated moves that brought each firm to where it stands."""

from datetime import timedelta

from core.demo import names, printed
from core.demo.county import apportion
from core.demo.places import ASSOCIATION, PARK_AT
from core.demo.roster import TERRITORIAL
from core.ledger.models import Branch, StageChange
from core.ledger.stages import Operation, Stage, Verb
from core.people.models import Member

GATHERINGS = (
    "城关", "茗泉", "柳湾", "石磨", "云台", "杉坪", "双桥", "枫林", "河口", "梨树坪", "高岭",
    "农贸市场", "建材市场", "餐饮服务", "服装百货", "汽车维修", "交通运输", "美容美发", "茶叶经销",
    "家电数码", "住宿服务",
)  # fmt: skip


def found_affiliated(county) -> list[Branch]:
    """The 36 affiliated branches: the territorial ones first, then the association's."""
    branches, seen = [], {}
    for at, _firms in TERRITORIAL:
        area = county.areas[at]
        seen[at] = seen.get(at, 0) + 1
        which = f"第{'一二三'[seen[at] - 1]}" if at in (0, 1, PARK_AT) else ""
        name = f"{area.name}非公企业{which}联合党支部"
        branches.append(_branch(county, name, Branch.Kind.AFFILIATED, area.code))
    line = county.lines["association"]
    for where in GATHERINGS:
        name = f"{ASSOCIATION}{where}党支部"
        branches.append(_branch(county, name, Branch.Kind.AFFILIATED, county.code, line=line))
    shares = apportion(
        printed.SELF_EMPLOYED_MEMBERS, [county.rng.randint(7, 13) for _where in GATHERINGS]
    )
    for branch, number in zip(branches[len(TERRITORIAL) :], shares, strict=True):
        for _place in range(number):
            county.new(
                Member, county=county.code, name=names.person(county.rng), kind=Member.Kind.FULL,
                branch_id=branch.pk, since=county.ago(40, 1400),
            )  # fmt: skip
    return branches


def _branch(county, name, kind, area, *, line=None, founded_on=None):
    return county.new(
        Branch, county=county.code, area=area, line=line, name=name, kind=kind,
        secretary=names.person(county.rng), founded_on=founded_on or county.ago(1450, 2500),
    )  # fmt: skip


def move_firms(county, plans, firms) -> list:
    """Bring each firm to its stage. Returns the day from which on each has had full members."""
    joint = found_affiliated(county)
    joined = [None] * len(plans)
    steps = {Stage.BLANK: _rest, Stage.MASS_ORGANISED: _organise, Stage.WORK_COVERED: _cover}
    for i, (plan, firm) in enumerate(zip(plans, firms, strict=True)):
        firm.stage_since = firm.opened_on
        if plan.stage == Stage.AFFILIATED:
            joined[i] = _affiliate(county, plan, firm, joint[plan.joint])
        elif plan.stage == Stage.STANDALONE:
            joined[i] = _stand_alone(county, plan, firm)
        else:
            steps[plan.stage](county, plan, firm)
    return joined


def _change(county, plan, firm, verb, target, on, *, county_decides=False, reason):
    """One move: the row of history, and the firm as it is after it."""
    by = county.supervisors["county" if county_decides else plan.line or firm.area]
    operation = target in Operation.values
    source = Operation.OPERATING if operation else county.stands.get(firm.pk, Stage.BLANK)
    county.new(
        StageChange, firm_id=firm.pk, county=county.code, verb=verb, source=source,
        target=target, on=on,
        track=StageChange.Track.OPERATION if operation else StageChange.Track.STAGE, by=by,
        reason=reason,
    )  # fmt: skip
    firm.version += 1
    if not operation:
        county.stands[firm.pk] = target
        firm.stage_since = on
    if target == Stage.MASS_ORGANISED:
        county.organised[firm.pk] = on


def _rest(county, plan, firm):
    if plan.paused:
        _change(
            county, plan, firm, Verb.PAUSE, Operation.PAUSED, firm.paused_on,
            reason="季节性停产，下一季开工时恢复。",
        )  # fmt: skip


def _organise(county, plan, firm):
    _change(
        county, plan, firm, Verb.ORGANISE_MASS, Stage.MASS_ORGANISED, county.ago(120, 500),
        reason="群团组织已经上级批复成立。",
    )  # fmt: skip


def _cover(county, plan, firm):
    began = county.ago(80, 480)
    if plan.organisations:
        _change(
            county, plan, firm, Verb.ORGANISE_MASS, Stage.MASS_ORGANISED,
            began - timedelta(days=county.rng.randint(20, 300)),
            reason="群团组织已经上级批复成立。",
        )  # fmt: skip
    _change(
        county, plan, firm, Verb.COVER_WORK, Stage.WORK_COVERED, began,
        reason="指导员已到企业开展工作，走访有记录。",
    )  # fmt: skip


def _affiliate(county, plan, firm, branch):
    day = county.ago(150, 620)
    firm.branch_id = branch.pk
    _change(
        county, plan, firm, Verb.AFFILIATE, Stage.AFFILIATED, day,
        reason="正式党员不足三名，按地域相邻、行业相近挂靠组建。",
    )  # fmt: skip
    return day


def _stand_alone(county, plan, firm):
    day = county.ago(5, 18) if plan.new else county.ago(60, 980)
    joined = day
    if plan.grew:
        joined = day - timedelta(days=county.rng.randint(100, 400))
        _change(
            county, plan, firm, Verb.AFFILIATE, Stage.AFFILIATED, joined,
            reason="先行挂靠联合党支部。",
        )  # fmt: skip
    own = _branch(
        county, f"{firm.name}党支部", Branch.Kind.STANDALONE, firm.area, line=firm.line, founded_on=day
    )
    firm.branch_id = own.pk
    _change(
        county, plan, firm, Verb.STAND_ALONE, Stage.STANDALONE, day, county_decides=True,
        reason="正式党员三名以上，具备单独组建条件。",
    )  # fmt: skip
    return joined
