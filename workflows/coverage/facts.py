"""What is true of a firm on a day, as far as the chart asks. Plain numbers, counted once."""

from dataclasses import asdict, dataclass
from datetime import date

from core.ledger.models import Firm
from core.people.models import GuidanceRecord
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
    """Count the facts of one firm on a day (5 statements)."""
    members = firm.members.here(on)
    assignment = firm.assignments.current().select_related("instructor").first()
    last_visit = (
        GuidanceRecord.objects.filter(firm=firm, on__lte=on)
        .on_site()
        .order_by("-on")
        .values_list("on", flat=True)
        .first()
    )
    floor = rule("contact_floor", on=on).value
    kinds = list(members.values_list("kind", flat=True))
    branch = firm.branch
    return Facts(
        on=on,
        full_members=kinds.count("full"),
        probationary=kinds.count("probationary"),
        mass_organisations=firm.mass_organisations.standing().count(),
        instructor=assignment.instructor.name if assignment else "",
        last_visit=last_visit,
        worked_in=bool(assignment and last_visit and (on - last_visit).days <= floor),
        employees=firm.employees,
        branch=branch.name if branch else "",
        branch_firms=branch.firms.counted().count() if branch else 0,
    )
