"""The firms behind a number of a past day, by the same filters by which today's list is found."""

from datetime import date

from django.db.models import Q
from django.http import QueryDict

from core.ledger.filters import HAS
from core.ledger.models import Firm
from core.ledger.spells import Spell
from core.ledger.stages import Operation, Stage

# The filters of the list of firms that the numbers use, as conditions on a spell.
CONDITIONS = {
    "has": lambda value, on: HAS[value].condition(on, "firm_id") if value in HAS else None,
    "stage": lambda value, on: Q(stage=value) if value in Stage.values else None,
    "operation": lambda value, on: Q(operation=value) if value in Operation.values else None,
    "township": lambda value, on: Q(area__startswith=value) if value.isdigit() else None,
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
    words = []
    for name, values in given.lists():
        for value in values:
            if name == "has" and value in HAS:
                words.append(str(HAS[value].label))
            elif name == "stage" and value in Stage.values:
                words.append(str(Stage(value).label))
            elif name == "operation" and value in Operation.values:
                words.append(str(Operation(value).label))
    return words
