"""The ledger for platforms, paged by key: firms and how they stand, nobody's name, no member."""

from datetime import date

from django.db.models import Prefetch
from django.utils.translation import gettext_noop
from ninja import Field, Schema

from core.accounts.models import Area
from core.ledger.models import Firm, MassOrganisation
from core.people.models import Assignment

AT_MOST = 200  # firms in one answer


class FirmOut(Schema):
    id: int = Field(description=gettext_noop("The firm's lasting number here."))
    name: str
    credit_code: str = Field(description=gettext_noop("Unified social credit code."))
    area: str = Field(description=gettext_noop("Division code of the place."))
    township: str = Field(description=gettext_noop("Name of the township or park."))
    line: str | None = Field(description=gettext_noop("The line department that manages it, if any."))
    industry: str = Field(description=gettext_noop("Section of GB/T 4754-2017."))
    size: str = Field(description=gettext_noop("large, medium, small or micro."))
    above_scale: bool = Field(description=gettext_noop("On the list of the statistics office."))
    employees: int
    opened_on: date
    stage: str = Field(description=gettext_noop("Where it stands: the code of a stage."))
    stage_since: date = Field(description=gettext_noop("At this stage since."))
    operation: str = Field(description=gettext_noop("operating, paused or closed."))
    closed_on: date | None
    branch: str | None = Field(description=gettext_noop("The branch that it belongs to, if any."))
    has_instructor: bool = Field(description=gettext_noop("Whether an instructor is assigned now."))
    mass_organisations: list[str] = Field(description=gettext_noop("union, youth or women."))


class Firms(Schema):
    firms: list[FirmOut]
    after: str | None = Field(
        description=gettext_noop("What to ask for to get the firms after these; none at the end.")
    )


def page_of_firms(reader, *, after: int, many: int, closed: bool) -> Firms:
    """Firms in the order of their numbers, after a number. Five statements."""
    rows = Firm.objects.visible_to(reader).filter(pk__gt=after)
    rows = rows if closed else rows.counted()
    rows = rows.select_related("line", "branch").order_by("pk")
    rows = rows.prefetch_related(
        Prefetch("assignments", Assignment.objects.current(), to_attr="guided_now"),
        Prefetch("mass_organisations", MassOrganisation.objects.standing(), to_attr="standing_now"),
    )
    found = list(rows[: many + 1])
    more, found = len(found) > many, found[:many]
    towns = {firm.area[:9] for firm in found}
    names = dict(Area.objects.filter(code__in=towns).values_list("code", "name"))
    told = [_told(firm, names) for firm in found]
    return Firms(firms=told, after=str(found[-1].pk) if more else None)


def _told(firm: Firm, names: dict) -> FirmOut:
    held = {name: getattr(firm, name) for name in FirmOut.model_fields if hasattr(firm, name)}
    return FirmOut(
        **held
        | {
            "township": names.get(firm.area[:9], firm.area), "line": firm.line and firm.line.name,
            "branch": firm.branch and firm.branch.name, "has_instructor": bool(firm.guided_now),
            "mass_organisations": sorted({one.kind for one in firm.standing_now}),
        }
    )  # fmt: skip
