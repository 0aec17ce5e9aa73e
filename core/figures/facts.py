"""What figures ask of one firm, as expressions of a statement; each meaning stands in
core.ledger.filters, under the name that the list of firms has for it."""

from datetime import date

from django.db.models import (
    BooleanField,
    Case,
    CharField,
    Count,
    F,
    OuterRef,
    Q,
    Subquery,
    Value,
    When,
)  # fmt: skip
from django.db.models.functions import Cast, Coalesce, Left

from core.ledger.models import MassOrganisation
from core.people.models import Member

TOWN = 9  # digits of a township's division code
NO_LINE = "none"  # as a line: a firm that no line department manages
# A firm's facts by the row of HAS that says when they hold.
FACTS = {"with_members": "members", "enough": "3_members", "guided": "instructor",
         "worked_in": "worked_in"}  # fmt: skip

# By what a ledger is told apart, and where a row of it says that.
BY = {
    "town": Left("area", TOWN),
    "line": Coalesce(Cast("line_id", CharField()), Value(NO_LINE)),
    "industry": F("industry"),
    "size": F("size"),
}


def whether(condition: Q):
    return Case(When(condition, then=Value(True)), default=Value(False), output_field=BooleanField())


def counted_members(on: date, of: str):
    """How many full members a row's firm has on a day; `of` is the path to the firm's key."""
    return _many(Member.objects.here(on).full(), of)


def counted_mass(on: date | None, of: str):
    """How many standing mass organisations a row's firm has, now or on a day."""
    return _many(MassOrganisation.objects.standing(on), of)


def _many(rows, of: str):
    of_firm = rows.filter(firm=OuterRef(of)).order_by().values("firm")
    return Coalesce(Subquery(of_firm.annotate(have=Count("pk")).values("have")), 0)
