"""What is true of a firm on a day, as far as the chart asks. Plain numbers, counted once."""

from dataclasses import asdict, dataclass
from datetime import date

from django.db.models import Count, F, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce

from core.ledger.models import Firm, MassOrganisation
from core.people.models import Assignment, GuidanceRecord, Member
from core.prepared import Prepared
from core.rulebook import rule


@dataclass(frozen=True, kw_only=True)
class Facts:
    """The facts that guards judge. Counts of people and organisations; days are whole days."""

    on: date
    full_members: int
    probationary: int
    mass_organisations: int
    instructor: str  # name, "" when none is assigned
    last_visit: date | None
    worked_in: bool  # an instructor is assigned and was on site within the contact floor
    employees: int
    branch: str
    branch_firms: int  # firms of that branch, this one included

    def as_json(self) -> dict:
        return {
            key: value.isoformat() if isinstance(value, date) else value
            for key, value in asdict(self).items()
        }

    @classmethod
    def from_json(cls, kept: dict) -> "Facts":
        """The facts as `as_json` kept them."""
        days = {name: kept[name] and date.fromisoformat(kept[name]) for name in ("on", "last_visit")}
        return cls(**(kept | days))


def facts_of(firm: Firm, *, on: date) -> Facts:
    """The facts of one firm on a day."""
    [row] = _of_one(firm=firm.pk, on=on)
    return facts_from(row, on)


def facts_in_bulk(firms, *, on: date) -> dict[int, Facts]:
    """The facts of many firms on a day, by firm id. One statement, however many firms."""
    rows = counted_on(Firm.objects.filter(pk__in=[firm.pk for firm in firms]), on).values(*READ)
    return {row["pk"]: facts_from(row, on) for row in rows}


READ = (
    "pk", "employees", "full_members", "probationary", "standing_organisations", "guide",
    "last_visit", "branch_title", "branch_firms",
)  # fmt: skip


def counted_on(firms, on: date):
    """Firms (a queryset), each with what its facts are made of."""
    of_firm = OuterRef("pk")
    kinds, here = Member.Kind, Member.objects.here(on).filter(firm=of_firm)
    guides = Assignment.objects.current().filter(firm=of_firm, since__lte=on)
    visits = GuidanceRecord.objects.on_site().filter(firm=of_firm, on__lte=on).order_by("-on")
    mass = MassOrganisation.objects.standing().filter(firm=of_firm, approved_on__lte=on)
    in_branch = Firm.objects.counted().filter(branch=OuterRef("branch"))
    return firms.annotate(
        full_members=_count(here.filter(kind=kinds.FULL)),
        probationary=_count(here.filter(kind=kinds.PROBATIONARY)),
        standing_organisations=_count(mass),
        guide=Subquery(guides.order_by().values("instructor__name")[:1]),
        last_visit=Subquery(visits.values("on")[:1]),
        branch_title=F("branch__name"),
        branch_firms=_count(in_branch),
    )


_of_one = Prepared(
    lambda firm, on: counted_on(Firm.objects.filter(pk=firm), on).values(*READ), firm=int, on=date
)


def _count(rows):
    """How many rows a sub-query has, 0 for none."""
    counted = rows.order_by().annotate(one=Value(1)).values("one").annotate(count=Count("pk"))
    return Coalesce(Subquery(counted.values("count")), 0)


def facts_from(row: dict, on: date) -> Facts:
    """The facts in a row that was read with `counted_on` and `READ`."""
    last, instructor = row["last_visit"], row["guide"] or ""
    return Facts(
        on=on,
        full_members=row["full_members"],
        probationary=row["probationary"],
        mass_organisations=row["standing_organisations"],
        instructor=instructor,
        last_visit=last,
        worked_in=bool(instructor and last and (on - last).days <= rule("contact_floor", on=on).value),
        employees=row["employees"],
        branch=row["branch_title"] or "",
        branch_firms=row["branch_firms"],
    )
