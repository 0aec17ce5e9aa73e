"""The firms behind a number of a past day, by the same filters by which today's list is found."""

from datetime import date

from django.db.models import Q
from django.http import QueryDict
from django.utils.translation import gettext as _

from core.accounts.models import Area, LineDepartment
from core.figures.facts import NO_LINE
from core.ledger.filters import FILTERS, HAS
from core.ledger.kinds import Industry, Size
from core.ledger.models import Firm
from core.ledger.spells import Spell
from core.ledger.stages import Operation, Stage

# The filters of the list of firms that the numbers use, as conditions on a spell.
CONDITIONS = {
    "has": lambda value, on: HAS[value].condition(on, "firm_id") if value in HAS else None,
    "stage": lambda value, on: Q(stage=value) if value in Stage.values else None,
    "operation": lambda value, on: Q(operation=value) if value in Operation.values else None,
    "township": FILTERS["township"].condition,
    "line": FILTERS["line"].condition,
    "size": FILTERS["size"].condition,
    "industry": FILTERS["industry"].condition,
}


def spells_where(user, given: QueryDict, *, on: date):
    """The spells of a day, within a person's reach and not closed, that meet every filter of an
    address as the list of firms has it: `has=organised&stage=standalone`. Others are passed over."""
    rows = Spell.objects.visible_to(user).on(on).counted()
    for name, values in given.lists():
        for value in values if name in CONDITIONS else ():
            if (condition := CONDITIONS[name](value, on)) is not None:
                rows = rows.filter(condition)
    return rows


def in_reach(user, firms: list[int]) -> set[int]:
    """Those of some firms whose page a person opens today: a firm may lie elsewhere by now."""
    return set(Firm.objects.visible_to(user).filter(pk__in=firms).values_list("pk", flat=True))


def described(given: QueryDict) -> list[str]:
    """What the filters ask, in the reader's language."""
    towns = Area.objects.filter(code__in=given.getlist("township"))
    known = {
        "has": {key: has.label for key, has in HAS.items()}, "stage": dict(Stage.choices),
        "operation": dict(Operation.choices), "size": dict(Size.choices),
        "industry": dict(Industry.choices),
        "township": dict(towns.values_list("code", "name")),
        "line": _lines(given.getlist("line")),
    }  # fmt: skip
    return [
        str(known[name][value])
        for name, values in given.lists()
        for value in values
        if value in known.get(name, {})
    ]


def _lines(values: list[str]) -> dict[str, str]:
    keys = [int(value) for value in values if value.isascii() and value.isdigit() and len(value) < 10]
    lines = dict(LineDepartment.objects.filter(pk__in=keys).values_list("pk", "name")) if keys else {}
    return {str(key): name for key, name in lines.items()} | {NO_LINE: _("no line department")}
