"""Which firms the county has, before they have names: where each stands and what it lacks."""

from dataclasses import dataclass
from typing import NamedTuple

from core.demo import printed, trades
from core.demo.county import apportion
from core.demo.places import PARK_AT, TOWN
from core.ledger.stages import Stage


@dataclass
class Plan:
    """One firm to be. Days and rows come later."""

    stage: str
    at: int | None = None  # place in the county's list of areas
    line: str | None = None  # key of the line department, "" for none; None: as it comes
    members: int = 0
    visited: str = ""  # "" never lately, "lately" within the contact floor, "lapsed" before it
    organisations: int = 0
    paused: bool = False
    guided: bool = True
    guide: str = ""  # user name of a visitor's account, when that is the instructor
    contact: bool = False  # the firm of the visitor's account "contact"
    joint: int | None = None  # place in the list of affiliated branches
    grew: bool = False  # standalone: it was affiliated before
    new: bool = False  # standalone: approved in the last days
    trade: trades.Trade | None = None
    above_scale: bool = False
    employees: int = 0


class Grown(NamedTuple):
    """An affiliated firm with enough full members for a branch of its own."""

    at: int
    line: str
    joint: int
    guide: str = ""


# The first is left for the visitor to propose; the second is in the visitor's hands, returned.
GROWN = (
    Grown(TOWN, "", 0, "instructor"),
    Grown(TOWN, "", 0, "instructor"),
    Grown(PARK_AT, "trade", PARK_AT),
    Grown(3, "", 3),
    Grown(TOWN, "", 12),
)
# Territorial affiliated branches: where each is, and how many firms it gathers. The first has
# more than the five units that are usual.
TERRITORIAL = (
    *zip(range(12), (6, 3, 2, 2, 2, 2, 2, 2, 2, 2, 2, 4), strict=True),
    (TOWN, 4), (PARK_AT, 3), (1, 2),
)  # fmt: skip
# Firms in the association's branches; the rest of those branches is self-employed members.
ASSOCIATED = (2,) * 3 + (1,) * 14 + (0,) * 4


def roster(county) -> list[Plan]:
    plans = [*_standalone(county), *_affiliated(county), *_without_members(county)]
    rng = county.rng
    for plan in plans:
        if plan.at is None:
            plan.at = rng.choices(range(len(county.areas)), county.shares)[0]
    _give_trades(county, plans)
    _give_employees(county, plans)
    return plans


def _standalone(county):
    rng = county.rng
    spare = printed.STANDALONE_MEMBERS - 3 * printed.STANDALONE_FIRMS
    extra = [0] * printed.STANDALONE_FIRMS
    for _ in range(spare):
        extra[rng.randrange(len(extra))] += 1
    for i, more in enumerate(extra):
        at = (TOWN, PARK_AT, PARK_AT)[i % 3] if i < 12 else None
        yield Plan(
            Stage.STANDALONE, at, members=3 + more, guided=False, grew=i % 2 == 0, new=i in (4, 10)
        )


def _affiliated(county):
    grown = list(zip(GROWN, printed.GROWN_MEMBERS, strict=True))
    for it, members in grown:
        yield Plan(Stage.AFFILIATED, it.at, it.line, members, "lately", guide=it.guide, joint=it.joint)
    homes = []
    for joint, (at, firms) in enumerate(TERRITORIAL):
        taken = sum(it.joint == joint for it in GROWN)
        homes += [(at, None, joint)] * (firms - taken)
    for joint, firms in enumerate(ASSOCIATED, start=len(TERRITORIAL)):
        homes += [(county.rng.randrange(PARK_AT), "association", joint)] * firms
    twos = printed.AFFILIATED_MEMBERS - sum(printed.GROWN_MEMBERS) - len(homes)
    members = [2] * twos + [1] * (len(homes) - twos)
    county.rng.shuffle(members)
    for (at, line, joint), number in zip(homes, members, strict=True):
        yield Plan(Stage.AFFILIATED, at, line, number, guided=False, joint=joint)


def _without_members(county):
    yield Plan(Stage.MASS_ORGANISED, TOWN, "", visited="lately", organisations=1, guide="instructor")
    yield Plan(Stage.MASS_ORGANISED, TOWN, "", visited="lately", organisations=1, contact=True)
    yield Plan(Stage.MASS_ORGANISED, PARK_AT, "trade", visited="lately", organisations=1)
    yield Plan(Stage.MASS_ORGANISED, TOWN, "trade", visited="lately", organisations=1)
    for i in range(4, printed.MASS):
        visited = "lately" if i < printed.MASS_VISITED else ("lapsed" if i % 3 else "")
        yield Plan(Stage.MASS_ORGANISED, visited=visited, organisations=1)
    for i in range(printed.BLANK):
        plan = Plan(Stage.BLANK)
        if i < printed.BLANK_VISITED:
            plan.visited = "lately"
        elif i < printed.BLANK_VISITED + printed.BLANK_WITH_ORGANISATION:
            plan.organisations = 1
        elif i < printed.BLANK_VISITED + printed.BLANK_WITH_ORGANISATION + printed.PAUSED:
            plan.paused = True
        elif i % 2:
            plan.visited = "lapsed"
        if plan.visited == "lately" or plan.organisations:
            plan.at, plan.line = ((TOWN, ""), (1, ""), (TOWN, "trade"), (6, ""))[i % 4]
        yield plan
    for i in range(printed.COVERED):
        organisations = 0
        if i < printed.COVERED_WITH_ORGANISATION:
            organisations = 2 if i < printed.SECOND_ORGANISATION else 1
        lapsed = printed.COVERED - i <= printed.COVERED_LAPSED
        yield Plan(
            Stage.WORK_COVERED,
            visited="lapsed" if lapsed else "lately",
            organisations=organisations,
        )


def _give_trades(county, plans):
    rng = county.rng
    weights = [trade.weight for trade in trades.TRADES]
    seasonal = [trade for trade in trades.TRADES if trade.seasonal]
    big = [p for p in plans if p.stage == Stage.STANDALONE][:9]
    big += [p for p in plans if p.stage == Stage.AFFILIATED and p.line is None][:3]
    big += [p for p in plans if p.stage == Stage.WORK_COVERED][: printed.ABOVE_SCALE - len(big)]
    for plan in big:
        plan.above_scale = True
    for plan in plans:
        if plan.above_scale:
            plan.trade = rng.choice(trades.MAKERS)
        elif plan.paused:
            plan.trade = rng.choice(seasonal)
        elif plan.line == "trade":
            plan.trade = rng.choice([trade for trade in trades.TRADES if trade.line == "trade"])
        else:
            plan.trade = rng.choices(trades.TRADES, weights)[0]
        if plan.line is None:
            managed = rng.random() < (0.8 if plan.above_scale else 0.22)
            plan.line = plan.trade.line if managed and plan.joint is None else ""


def _give_employees(county, plans):
    """Employees that add up to the printed figure; a firm has more people than members."""
    least = [
        60 if plan.above_scale
        else 16 if plan.stage == Stage.STANDALONE
        else 8 if plan.stage == Stage.AFFILIATED
        else 3
        for plan in plans
    ]  # fmt: skip
    weights = [
        least[i] * min(county.rng.paretovariate(1.6), 6) - least[i] * 0.9 for i in range(len(plans))
    ]
    more = apportion(printed.EMPLOYEES - sum(least), weights)
    for plan, floor, extra in zip(plans, least, more, strict=True):
        plan.employees = floor + extra
