"""The filters of the list of firms: one row each. The figures link to them by name.

A condition gets the value from the address and the day, and is a condition on Firm; or, with `of`,
on another table whose rows tell of a firm: the path from the row to the firm's key.
`/firms/?stage=affiliated&has=instructor` uses two rows of FILTERS; `has` takes the rows of HAS.
"""

from collections.abc import Callable
from datetime import date, timedelta
from typing import NamedTuple

from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.db.models.lookups import GreaterThanOrEqual
from django.utils.translation import gettext_lazy as _

from core.ledger.kinds import Industry, Size
from core.ledger.models import MassOrganisation
from core.ledger.search import people_named, tidy
from core.ledger.stages import ORGANISED, Operation, Stage
from core.people.models import Assignment, GuidanceRecord, Member
from core.rulebook import rule

NOBODY = {"none", "no", "无", "没有", "未派"}  # typed where an instructor's name may stand


class Has(NamedTuple):
    label: str
    condition: Callable[..., Q]  # of the day and, if it is not the firm's own, the path to its key


def _of_firm(rows, of: str) -> Q:
    return Q(Exists(rows.filter(firm=OuterRef(of))))


def _members_at_least(number: int, on: date, of: str) -> Q:
    have = (
        Member.objects.here(on)
        .full()
        .filter(firm=OuterRef(of))
        .order_by()
        .values("firm")
        .annotate(have=Count("pk"))
        .values("have")
    )
    return Q(GreaterThanOrEqual(Coalesce(Subquery(have), 0), number))


def _members(on: date, of="pk") -> Q:
    return _of_firm(Member.objects.here(on).full(), of)


def enough_members(on: date) -> int:
    """Full members from which a firm should have a branch of its own, by the rule of the day."""
    return rule("standalone_branch_members", on=on).value


def visits_within_floor(on: date):
    """The visits on site by which a firm with an instructor counts as really worked in on a day."""
    since = on - timedelta(days=rule("contact_floor", on=on).value)
    return GuidanceRecord.objects.on_site().filter(on__gte=since, on__lte=on)


def _enough(on: date, of="pk") -> Q:
    return _members_at_least(enough_members(on), on, of)


def _instructor(on: date, of="pk") -> Q:
    return _of_firm(Assignment.objects.on(on), of)


def _worked_in(on: date, of="pk") -> Q:
    return _instructor(on, of) & _of_firm(visits_within_floor(on), of)


def _mass(on: date, of="pk") -> Q:
    return _of_firm(MassOrganisation.objects.standing(on), of)


def _organised(on: date, of="pk") -> Q:
    return Q(stage__in=ORGANISED)


HAS = {
    "members": Has(_("has full members"), _members),
    "no_members": Has(_("has no full member"), lambda on, of="pk": ~_members(on, of)),
    "3_members": Has(_("has enough full members for a branch of its own"), _enough),
    "few_members": Has(
        _("has full members, too few for a branch of its own"),
        lambda on, of="pk": _members(on, of) & ~_enough(on, of),
    ),
    "no_own_branch": Has(_("has no branch of its own"), lambda on, of="pk": ~Q(stage=Stage.STANDALONE)),
    "organised": Has(_("belongs to a branch"), _organised),
    "not_organised": Has(_("belongs to no branch"), lambda on, of="pk": ~_organised(on, of)),
    "mass_organisation": Has(_("has a mass organisation"), _mass),
    "no_mass_organisation": Has(_("has no mass organisation"), lambda on, of="pk": ~_mass(on, of)),
    "instructor": Has(_("has an instructor"), _instructor),
    "no_instructor": Has(_("has no instructor"), lambda on, of="pk": ~_instructor(on, of)),
    "worked_in": Has(_("was really worked in"), _worked_in),
    "not_worked_in": Has(
        _("has an instructor, but no recent visit"),
        lambda on, of="pk": _instructor(on, of) & ~_worked_in(on, of),
    ),
    "covered": Has(
        _("work covered: in a branch, or really worked in"),
        lambda on, of="pk": _organised(on, of) | _worked_in(on, of),
    ),
    "above_scale": Has(_("is above scale"), lambda on, of="pk": Q(above_scale=True)),
    "seasonal": Has(_("works by season"), lambda on, of="pk": Q(seasonal=True)),
}


class Filter(NamedTuple):
    label: str
    condition: Callable[[str, date], Q | None]  # None: a value that means nothing


def _township(value: str, on: date) -> Q | None:
    return Q(area__startswith=value) if value.isascii() and value.isdigit() else None


def _line(value: str, on: date) -> Q | None:
    if value == "none":
        return Q(line__isnull=True)
    return Q(line=int(value)) if value.isascii() and value.isdigit() and len(value) < 10 else None


def _one_of(field: str, choices) -> Callable[[str, date], Q | None]:
    return lambda value, on: Q(**{field: value}) if value in choices.values else None


def _operation(value: str, on: date) -> Q | None:
    if value == "all":
        return Q()
    return Q(operation=value) if value in Operation.values else None


def _guided_by(value: str, on: date) -> Q | None:
    if tidy(value).lower() in NOBODY:
        return ~_instructor(on)
    named = people_named(value, path="instructor__")
    return _of_firm(Assignment.objects.current().filter(named), "pk") if named else None


FILTERS = {
    "township": Filter(_("Township"), _township),
    "line": Filter(_("Line"), _line),
    "stage": Filter(_("Stage"), _one_of("stage", Stage)),
    "size": Filter(_("Size"), _one_of("size", Size)),
    "industry": Filter(_("Industry"), _one_of("industry", Industry)),
    "operation": Filter(_("Operation"), _operation),
    "instructor": Filter(_("Instructor"), _guided_by),
    "has": Filter(
        _("Only firms that"), lambda value, on: HAS[value].condition(on) if value in HAS else None
    ),
}

# A list that says nothing about operation leaves closed firms out, as the figures do.
NOT_CLOSED = ~Q(operation=Operation.CLOSED)


def firms_where(firms, given, *, on: date):
    """The firms that meet every filter in `given` (a QueryDict), and the values that count.

    Returns the narrowed queryset and a list of (filter name, value).
    """
    in_force = []
    for name, row in FILTERS.items():
        for value in given.getlist(name):
            condition = row.condition(value, on) if value else None
            if condition is not None:
                firms = firms.filter(condition)
                in_force.append((name, value))
    if not any(name == "operation" for name, _value in in_force):
        firms = firms.filter(NOT_CLOSED)
    return firms, in_force
