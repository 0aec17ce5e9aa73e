"""The filters of the list of instructors: one row each. The page "at a glance" counts by them and
links to them, so that a number and the list behind it are the same question."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import NamedTuple

from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.db.models.lookups import Exact, GreaterThan
from django.utils.translation import gettext_lazy as _

from core.accounts.absence import Leave
from core.ledger.kinds import Industry
from core.ledger.search import people_named, tidy
from core.people.models import Assignment, Instructor
from core.people.training import short_of_training
from core.rulebook import rule


class State(NamedTuple):
    label: str
    condition: Callable[[date], Q]


def firms_now():
    """How many firms an instructor guides, as an expression. No join: it may stand in any query."""
    now = Assignment.objects.current().filter(instructor=OuterRef("pk")).order_by()
    have = now.values("instructor").annotate(have=Count("pk")).values("have")
    return Coalesce(Subquery(have), 0)


def _ends_soon(on: date) -> Q:
    soon = on + timedelta(days=rule("term_reminder", on=on).value)
    return Q(term_until__gte=on, term_until__lte=soon)


def _above_usual(on: date) -> Q:
    return Q(GreaterThan(firms_now(), rule("instructor_firms", on=on).value))


def _suspended_with_firms(on: date) -> Q:
    return Q(full_member=False) & Q(GreaterThan(firms_now(), 0))


def _away(on: date) -> Q:
    return Q(Exists(Leave.objects.on(on).filter(person=OuterRef("user")).order_by()))


STATES = {
    "ends_soon": State(_("term ends soon"), _ends_soon),
    "ended": State(_("term over"), lambda on: Q(term_until__lt=on)),
    "above_usual": State(_("more firms than usual"), _above_usual),
    "no_firm": State(_("without a firm"), lambda on: Q(Exact(firms_now(), 0))),
    "suspended": State(_("standing suspended"), lambda on: Q(full_member=False)),
    "suspended_guides": State(_("standing suspended, guides firms"), _suspended_with_firms),
    "training": State(_("training missing this year"), lambda on: short_of_training(on=on)),
    "away": State(_("on leave today"), _away),
    "left": State(_("stopped"), lambda on: Q(left_on__isnull=False)),
}


class Filter(NamedTuple):
    label: str
    condition: Callable[[str, date], Q | None]  # None: a value that means nothing


def _area(value: str, on: date) -> Q | None:
    if not (value.isascii() and value.isdigit()):
        return None
    further = Instructor.further_areas.through.objects.filter(
        instructor=OuterRef("pk"), area__code__startswith=value
    )
    return Q(area__startswith=value) | Q(Exists(further))


def _one_of(field: str, choices) -> Callable[[str, date], Q | None]:
    return lambda value, on: Q(**{field: value}) if value in choices.values else None


def _firms(value: str, on: date) -> Q | None:
    if not (value.isascii() and value.isdigit() and len(value) < 4):
        return None
    return Q(Exact(firms_now(), int(value)))


def _typed(value: str, on: date) -> Q | None:
    typed = tidy(value)
    if not typed:
        return None
    return people_named(typed) | Q(unit__name__icontains=typed) | Q(specialty__icontains=typed)


FILTERS = {
    "q": Filter(_("Search"), _typed),
    "area": Filter(_("Township or park"), _area),
    "kind": Filter(_("Kind"), _one_of("kind", Instructor.Kind)),
    "trade": Filter(_("Trade"), _one_of("trade", Industry)),
    "firms": Filter(_("Firms"), _firms),
    "which": Filter(
        _("Show"), lambda value, on: STATES[value].condition(on) if value in STATES else None
    ),
}


def instructors_where(people, given, *, on: date):
    """The instructors that meet every filter in `given` (a QueryDict), and the filters that count:
    (name, value). Those who stopped are left out, unless they are asked for."""
    in_force = []
    for name, row in FILTERS.items():
        value = given.get(name, "")
        condition = row.condition(value, on) if value else None
        if condition is not None:
            people = people.filter(condition)
            in_force.append((name, value))
    if ("which", "left") not in in_force:
        people = people.active()
    return people, in_force
