"""What is true of a firm on a day, as far as the chart asks. Plain numbers, counted once."""

from dataclasses import asdict, dataclass
from datetime import date

from django.db.models import Count, Max

from core.ledger.models import Branch, Firm, MassOrganisation
from core.people.models import Assignment, GuidanceRecord, Member
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


def facts_of(firm: Firm, *, on: date) -> Facts:
    """The facts of one firm on a day."""
    return facts_in_bulk([firm], on=on)[firm.pk]


def facts_in_bulk(firms, *, on: date) -> dict[int, Facts]:
    """The facts of many firms on a day, by firm id. Six statements, however many firms."""
    pks = [firm.pk for firm in firms]
    members = _counts(Member.objects.here(on).filter(firm__in=pks), "firm_id", "kind")
    mass = _counts(
        MassOrganisation.objects.standing().filter(firm__in=pks, approved_on__lte=on), "firm_id"
    )
    instructors = dict(
        Assignment.objects.current()
        .filter(firm__in=pks, since__lte=on)
        .values_list("firm_id", "instructor__name")
    )
    visits = dict(
        GuidanceRecord.objects.on_site()
        .filter(firm__in=pks, on__lte=on)
        .order_by()
        .values("firm_id")
        .annotate(last=Max("on"))
        .values_list("firm_id", "last")
    )
    branches = {b.pk: b for b in Branch.objects.filter(pk__in={f.branch_id for f in firms})}
    in_branch = _counts(Firm.objects.counted().filter(branch__in=branches), "branch_id")
    floor = rule("contact_floor", on=on).value
    facts = {}
    for firm in firms:
        last, instructor = visits.get(firm.pk), instructors.get(firm.pk, "")
        branch = branches.get(firm.branch_id)
        facts[firm.pk] = Facts(
            on=on,
            full_members=members.get((firm.pk, Member.Kind.FULL), 0),
            probationary=members.get((firm.pk, Member.Kind.PROBATIONARY), 0),
            mass_organisations=mass.get((firm.pk,), 0),
            instructor=instructor,
            last_visit=last,
            worked_in=bool(instructor and last and (on - last).days <= floor),
            employees=firm.employees,
            branch=branch.name if branch else "",
            branch_firms=in_branch.get((firm.branch_id,), 0),
        )
    return facts


def _counts(rows, *by) -> dict[tuple, int]:
    """How many rows there are for each combination of the columns `by`."""
    counted = rows.order_by().values(*by).annotate(count=Count("pk"))
    return {tuple(row[name] for name in by): row["count"] for row in counted}
