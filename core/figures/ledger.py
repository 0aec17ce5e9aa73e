"""The firms within a person's reach, counted once in all the ways that the figures ask for.

Every number is a sum over groups of firms of which the same is true. Today's groups of an area or a
line are kept and only read (core.figures.keeping); those of a past day come from one statement that
reads each table once (core.figures.gathered), those of a few firms from the rows. What "worked in"
or "has full members" means stands once, in core.ledger.filters: so a number and the list of firms
that it links to cannot differ.
"""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.db.models import Count, Exists, OuterRef, Q, Sum

from core.accounts.verbs import BY_FIRM, Role
from core.figures.facts import BY, FACTS, counted_mass, counted_members, whether
from core.figures.gathered import groups_of_day
from core.figures.keeping import kept_groups
from core.ledger.filters import HAS
from core.ledger.models import Branch, Firm
from core.ledger.spells import Spell
from core.ledger.stages import ORGANISED, Operation
from core.people.models import Assignment, Instructor, Member

COUNTY = 6  # digits of a county's division code


@dataclass(frozen=True, kw_only=True)
class Group:
    """Firms of which the same things are true: how many, and what they add up to."""

    of: str  # the township, line, industry or size by which they are told apart
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
    mass_organisations: int

    @property
    def organised(self) -> bool:
        return self.stage in ORGANISED

    @property
    def covered(self) -> bool:
        return self.organised or self.worked_in


class Ledger:
    """What one person sees of the ledger on a day. Each table is counted when first asked for.

    `past`: rebuilt from the records as it was on that day, by the rules of that day; otherwise the
    ledger as it stands now, and `on` is today. `by`: by what `parts` tells it apart.
    """

    def __init__(
        self, user, on: date, groups: list[Group] | None = None, *, past: bool = False, by: str = "town"
    ):
        self.user, self.on, self.past, self.by = user, on, past, by
        if groups is not None:
            self.groups = groups

    @cached_property
    def groups(self) -> list[Group]:
        ask = groups_of_day if self.past else kept_groups
        found = ask(self.user, self.on, self.by)
        return self.counted() if found is None else [Group(**row) for row in found]

    def facts(self):
        """The firms that are counted, one row each, with what is true of it under the names of a
        Group; its full members are `full`, its mass organisations `mass`."""
        rows, of = self.rows()
        flags = {name: whether(HAS[has].condition(self.on, of)) for name, has in FACTS.items()}
        return rows.order_by().annotate(
            of=BY[self.by], paused=whether(Q(operation=Operation.PAUSED)),
            full=counted_members(self.on, of),
            mass=counted_mass(self.on if self.past else None, of), **flags,
        )  # fmt: skip

    def counted(self) -> list[Group]:
        """Counted from the rows themselves, firm by firm."""
        rows = self.facts().values("of", "stage", "above_scale", "paused", *FACTS)
        rows = rows.annotate(
            firms=Count("pk"), all_employees=Sum("employees"), full_members=Sum("full"),
            mass_organisations=Sum("mass"),
        )  # fmt: skip
        return [Group(employees=row.pop("all_employees"), **row) for row in rows]

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

    def parts(self) -> dict[str, "Ledger"]:
        """The same for each township, or whatever it is told apart by, in the order of the codes."""
        parts: dict[str, list[Group]] = {}
        for group in self.groups:
            parts.setdefault(group.of, []).append(group)
        return {
            code: Ledger(self.user, self.on, groups, past=self.past, by=self.by)
            for code, groups in sorted(parts.items())
        }

    def told_apart(self, by: str) -> "Ledger":
        """The same firms of the same day, told apart by something else."""
        return self if by == self.by else Ledger(self.user, self.on, past=self.past, by=by)

    @cached_property
    def instructors(self) -> int:
        """Those who serve: see `serving`."""
        return self.serving().count()

    def serving(self):
        """The instructors of the person's own area, and those who guide one of these firms."""
        firms, of = self.rows()
        guiding = Assignment.objects.on(self.on).filter(instructor=OuterRef("pk"))
        elsewhere = Exists(guiding.filter(firm__in=firms.values(of)))
        serving = Instructor.objects.active(self.on)
        if not self.user.area or self.user.role in (Role.LINE, *BY_FIRM):
            return serving.filter(elsewhere)
        own = Q(area__startswith=self.user.area)
        if len(self.user.area) <= COUNTY:  # nobody guides a firm of another county
            return serving.filter(own)
        return serving.filter(own | Q(elsewhere), county=self.user.county)

    @cached_property
    def affiliated_branches(self) -> dict[str, int]:
        """All of them and the associations'."""
        return self.branches().aggregate(
            all=Count("pk"), association=Count("pk", filter=Q(line__association=True))
        )

    def branches(self):
        """The standing affiliated branches. A township's are those in it or with firms of it."""
        user, then = self.user, self.on if self.past else None
        within = Q(Exists(self.rows()[0].filter(branch=OuterRef("pk"))))
        if user.role == Role.LINE:
            within |= Q(line_id=user.line_id)
        elif user.role not in BY_FIRM:
            within |= Q(area__startswith=user.area)
        branches = Branch.objects.visible_to(user).standing(then).filter(within)
        return branches.filter(kind=Branch.Kind.AFFILIATED)

    @cached_property
    def self_employed(self) -> int | None:
        """None for those who do not keep the associations' branches."""
        if self.user.role != Role.COUNTY:
            return None
        apart = Member.objects.visible_to(self.user).here(self.on).full()
        return apart.filter(firm__isnull=True).count()
