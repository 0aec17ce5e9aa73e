"""The instructors of an area at a glance, for who supervises them: what needs a decision, counted,
each number with the list behind it. People are named in the order of their names, never ranked."""

from collections.abc import Callable
from datetime import date
from typing import NamedTuple

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from core.accounts.absence import Leave
from core.ledger.filters import HAS, NOT_CLOSED
from core.ledger.models import Firm
from core.ledger.stages import Operation
from core.people.models import Instructor
from core.people.register import STATES
from core.rulebook import rule

NAMED = 8  # people of a group who are named; the others are on its list

# Called with who looks: how many open tasks lie with somebody who can no longer do them, and where
# they are listed. Motion knows of tasks, so it puts its function here; None for who may not see it.
LEFT_WORK: list[Callable[..., tuple[int, str] | None]] = []


class Number(NamedTuple):
    """A count with the list behind it. `tone`: warn where something is to be done if it is not 0."""

    key: str
    label: str
    many: int
    url: str
    says: str = ""
    tone: str = ""


# What is counted of instructors, in this order, with the rule that is told beside it.
OF_PEOPLE = (
    ("ends_soon", _("Terms that end soon"), "term_reminder"),
    ("ended", _("Terms that are over"), "instructor_term"),
    ("above_usual", _("More firms than usual"), "instructor_firms"),
    ("suspended_guides", _("Standing suspended, still guide firms"), ""),
    ("training", _("Training missing this year"), "instructor_training_days"),
    ("away", _("On leave today"), ""),
    ("no_firm", _("Instructors without a firm"), ""),
)
# Who of them are named on the page: a decision about the person is due.
NAMES = ("ends_soon", "ended", "above_usual", "suspended_guides")


def glance(user, *, on: date) -> dict:
    """The numbers and names within a person's reach. At most a dozen statements at any size."""
    people = Instructor.objects.visible_to(user).active()
    numbers = [*_of_firms(user, on), *_of_people(people, on)]
    for count in LEFT_WORK:
        if (found := count(user)) is not None:
            many, url = found
            numbers.append(Number("left_work", _("Tasks in the hands of somebody who left"), many, url))
    have = {number.key: number.many for number in numbers}
    return {
        "numbers": [number._replace(tone="warn" if number.many else "") for number in numbers],
        "spread": _spread(people, on),
        "named": [_named(people, key, label, have[key], on) for key, label, _rule in OF_PEOPLE
                  if key in NAMES and have[key]],
        "away": _away(people, on) if have["away"] else [],
    }  # fmt: skip


def _of_firms(user, on: date) -> list[Number]:
    firms = Firm.objects.visible_to(user).filter(NOT_CLOSED)
    running = Q(operation=Operation.OPERATING)
    have = firms.aggregate(
        without=Count("pk", filter=running & HAS["no_instructor"].condition(on)),
        due=Count("pk", filter=running & HAS["not_worked_in"].condition(on)),
    )
    url = reverse("ledger:firms")
    operating = f"operation={Operation.OPERATING}"
    return [
        Number("without", _("Firms without an instructor"), have["without"],
               f"{url}?has=no_instructor&{operating}"),
        Number("due", _("Firms where a visit is due"), have["due"],
               f"{url}?has=not_worked_in&{operating}", rule("contact_floor", on=on).says),
    ]  # fmt: skip


def _of_people(people, on: date) -> list[Number]:
    asked = {key: Count("pk", filter=STATES[key].condition(on)) for key, _label, _rule in OF_PEOPLE}
    have = people.aggregate(**asked)
    return [
        Number(key, label, have[key], _list(which=key), rule(code, on=on).says if code else "")
        for key, label, code in OF_PEOPLE
    ]


def _list(**given) -> str:
    return f"{reverse('people:instructors')}?{urlencode(given)}"


def _spread(people, on: date) -> dict:
    """How many instructors guide how many firms, against the cap."""
    rows = people.with_load().order_by().values("load").annotate(many=Count("pk")).order_by("load")
    have = {row["load"]: row["many"] for row in rows}
    usual, hard = rule("instructor_firms", on=on), rule("instructor_firms_hard", on=on)
    most = max(have.values(), default=0)
    return {
        "rows": [
            {
                "firms": firms, "many": have.get(firms, 0), "url": _list(firms=firms),
                "width": f"{100 * have.get(firms, 0) // most}%" if most else "0%",
                "above": firms > usual.value, "hard": firms >= hard.value,
            }
            for firms in range(max([*have, usual.value]) + 1)
        ],
        "usual": usual, "hard_rule": hard, "people": sum(have.values()),
        "firms": sum(firms * many for firms, many in have.items()),
    }  # fmt: skip


def _named(people, key: str, label: str, many: int, on: date) -> dict:
    rows = people.filter(STATES[key].condition(on)).with_load().order_by("pinyin", "pk")[:NAMED]
    return {
        "key": key, "label": label, "rows": list(rows), "url": _list(which=key),
        "more": max(0, many - NAMED),
    }  # fmt: skip


def _away(people, on: date) -> list[Leave]:
    """Leaves of today, in the order of names, each with who stands in."""
    leaves = Leave.objects.on(on).filter(person__in=people.values("user"))
    leaves = leaves.select_related("person__instructor", "substitute")
    return list(leaves.order_by("person__instructor__pinyin", "pk")[:NAMED])
