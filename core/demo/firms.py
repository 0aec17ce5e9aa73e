"""The firms' own entries: name, credit code, size, owner, address."""

from datetime import timedelta

from core.demo import names
from core.demo.trades import size_of
from core.ledger.credit_code import ALPHABET, check_character
from core.ledger.models import Firm
from core.ledger.names import searchable
from core.ledger.stages import Operation

ORGANISATION = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"  # values of the characters in GB 11714
WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)


def credit_code(county, taken: set) -> str:
    """A valid code of an enterprise (91) registered in the county, never given twice."""
    while True:
        body = "MA" + "".join(county.rng.choices(ALPHABET, k=6))
        if body not in taken:
            break
    taken.add(body)
    total = sum(ORGANISATION.index(c) * w for c, w in zip(body, WEIGHTS, strict=True))
    check = "0123456789X0"[11 - total % 11]
    first = f"91{county.code}{body}{check}"
    return first + check_character(first)


def register(county, plans) -> list[Firm]:
    """One firm for each plan, in the same order. How it came to its stage is told later."""
    codes, called, firms = set(), set(), []
    for plan in plans:
        firms.append(_firm(county, plan, codes, called))
    return firms


def _firm(county, plan, codes, called):
    rng, trade, area = county.rng, plan.trade, county.areas[plan.at]
    while (name := county.name + names.brand(rng) + trade.word + trade.form) in called:
        pass
    called.add(name)
    pinyin, initials = searchable(name)
    turnover = _turnover(rng, plan)
    owner = names.person(rng)
    road = f"{area.name}{rng.choice(names.ROADS)}{rng.randint(1, 268)}号"
    return county.new(
        Firm,
        county=county.code, area=area.code,
        line=county.lines[plan.line] if plan.line else None,
        credit_code=credit_code(county, codes), name=name, pinyin=pinyin, initials=initials,
        industry=trade.industry, trade=trade.trade, seasonal=trade.seasonal,
        size=size_of(trade, plan.employees, turnover), above_scale=plan.above_scale,
        employees=plan.employees, turnover=turnover,
        assets=int(turnover * rng.uniform(0.4, 1.3)) + 5,
        owner_name=owner,
        contact_name=names.person(rng) if plan.employees > 12 else owner,
        contact_phone=names.phone(rng), address=county.name + road,
        opened_on=county.ago(1430, 6200),
        paused_on=county.on - timedelta(days=38) if plan.paused else None,
        resumes_on=county.on + timedelta(days=75) if plan.paused else None,
        stage=plan.stage,
        operation=Operation.PAUSED if plan.paused else Operation.OPERATING,
    )  # fmt: skip


def _turnover(rng, plan) -> int:
    """In 10,000 yuan, on the right side of the line that "above scale" draws."""
    turnover = int(plan.employees * plan.trade.yields * rng.uniform(0.6, 1.5))
    line = plan.trade.scale_from
    if plan.above_scale:
        return max(turnover, line + rng.randint(20, 900))
    return min(turnover, line - rng.randint(5, line // 5))
