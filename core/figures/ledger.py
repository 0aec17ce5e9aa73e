"""The firms within a person's reach, counted once in all the ways that the figures ask for.

One statement groups the firms by what is true of them; every number is a sum over its groups. What
"worked in" or "has full members" means stands once, in core.ledger.filters: so a number and the
list of firms that it links to cannot differ.
"""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.db.models import BooleanField, Case, Count, OuterRef, Q, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce, Left

from core.accounts.verbs import BY_FIRM, Role
from core.ledger.filters import HAS
from core.ledger.models import Branch, Firm, MassOrganisation
from core.ledger.spells import Spell
from core.ledger.stages import ORGANISED, Operation
from core.people.models import Assignment, Instructor, Member

TOWN = 9  # digits of a township's division code
# What is asked of a firm, and the filter of the list of firms that says what it means.
FACTS = {
    "with_members": "members", "enough": "3_members", "guided": "instructor", "worked_in": "worked_in"
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Group:
    """Firms of which the same things are true: how many, and what they add up to."""

    town: str
    stage: str
    above_scale: bool
    paused: bool
    with_members: bool  # has full members
    enough: bool  # has enough of them for a branch of its own
    guided: bool  # has an instructor
    worked_in: bool  # was visited within the contact floor
    firms: int
    employees: int
    full_members: int

    @property
    def organised(self) -> bool:
        return self.stage in ORGANISED

    @property
    def covered(self) -> bool:
        return self.organised or self.worked_in


class Ledger:
    """What one person sees of the ledger on a day. Each table is counted when first asked for.

    `past`: rebuilt from the records as it was on that day, by the rules of that day; otherwise the
    ledger as it stands now, and `on` is today.
    """

    def __init__(self, user, on: date, groups: list[Group] | None = None, *, past: bool = False):
        self.user, self.on, self.past = user, on, past
        if groups is not None:
            self.groups = groups

    @cached_property
    def groups(self) -> list[Group]:
        return [_group(row) for row in self._grouped()]

    def facts(self):
        """The firms that are counted, one row each, with what is true of it under the names of a
        Group; its full members are `full`."""
        rows, of = self.rows()
        whether = {name: _whether(HAS[has].condition(self.on, of)) for name, has in FACTS.items()}
        full = (
            Member.objects.here(self.on).full().filter(firm=OuterRef(of)).order_by()
            .values("firm").annotate(have=Count("pk")).values("have")
        )  # fmt: skip
        return rows.order_by().annotate(
            town=Left("area", TOWN), paused=_whether(Q(operation=Operation.PAUSED)),
            full=Coalesce(Subquery(full), 0), **whether,
        )  # fmt: skip

    def _grouped(self, *also: str):
        rows = self.facts().values(*also, "town", "stage", "above_scale", "paused", *FACTS)
        return rows.annotate(
            firms=Count("pk"), all_employees=Sum("employees"), full_members=Sum("full")
        )

    def rows(self):
        """The firms that are counted, one row each, and the path from a row to its firm's key."""
        if self.past:
            return Spell.objects.visible_to(self.user).on(self.on).counted(), "firm_id"
        return Firm.objects.visible_to(self.user).counted(), "pk"

    def firms(self, **true) -> int:
        """How many firms of which all this is true."""
        return self.total("firms", **true)

    def total(self, what: str, **true) -> int:
        return sum(
            getattr(group, what)
            for group in self.groups
            if all(getattr(group, name) == value for name, value in true.items())
        )

    def by_town(self) -> dict[str, "Ledger"]:
        """The same for each township, by division code."""
        towns: dict[str, list[Group]] = {}
        for group in self.groups:
            towns.setdefault(group.town, []).append(group)
        return {
            code: Ledger(self.user, self.on, groups, past=self.past)
            for code, groups in sorted(towns.items())
        }

    def by(self, column: str) -> dict:
        """The same for each value of a column that firms and spells have: "line_id", "size"."""
        parts: dict = {}
        for row in self._grouped(column):
            parts.setdefault(row.pop(column), []).append(_group(row))
        return {
            value: Ledger(self.user, self.on, groups, past=self.past) for value, groups in parts.items()
        }

    @cached_property
    def instructors(self) -> int:
        """Those who serve: of the person's own area, and those who guide one of these firms."""
        firms, of = self.rows()
        guiding = Assignment.objects.on(self.on).filter(firm__in=firms.values(of))
        theirs = Q(pk__in=guiding.values("instructor_id"))
        if self.user.area and self.user.role not in (Role.LINE, *BY_FIRM):
            theirs |= Q(area__startswith=self.user.area)
        return Instructor.objects.active(self.on).filter(theirs).count()

    @cached_property
    def mass_organisations(self) -> int:
        firms, of = self.rows()
        then = self.on if self.past else None
        return MassOrganisation.objects.standing(then).filter(firm__in=firms.values(of)).count()

    @cached_property
    def affiliated_branches(self) -> dict[str, int]:
        """All of them and the associations'. A township's are those in it or with firms of it."""
        user, then = self.user, self.on if self.past else None
        within = Q(pk__in=self.rows()[0].values("branch_id"))
        if user.role == Role.LINE:
            within |= Q(line_id=user.line_id)
        elif user.role not in BY_FIRM:
            within |= Q(area__startswith=user.area)
        branches = Branch.objects.visible_to(user).standing(then).filter(within)
        return branches.filter(kind=Branch.Kind.AFFILIATED).aggregate(
            all=Count("pk"), association=Count("pk", filter=Q(line__association=True))
        )

    @cached_property
    def self_employed(self) -> int | None:
        """None for those who do not keep the associations' branches."""
        if self.user.role != Role.COUNTY:
            return None
        apart = Member.objects.visible_to(self.user).here(self.on).full()
        return apart.filter(firm__isnull=True).count()


def _group(row: dict) -> Group:
    return Group(employees=row.pop("all_employees"), **row)


def _whether(condition: Q):
    return Case(When(condition, then=Value(True)), default=Value(False), output_field=BooleanField())
