"""The rows behind a number that counts no firms: the instructors, the branches, the organisations; or
the firms that a sum adds up, each with its part. The rows' count, or their sum, is the number.

Of members only how many each firm or branch has is told; who they are stands where members are kept.
"""

from collections.abc import Callable
from typing import NamedTuple

from django.db.models import Count, F, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.figures.facts import counted_members
from core.figures.ledger import Ledger
from core.ledger.models import Branch, Firm, MassOrganisation
from core.people.models import Member


class Behind(NamedTuple):
    """What stands behind a number: what a row is, the rows with `many`, and the page of one row."""

    title: str
    rows: Callable
    leads_to: Callable


def _one(rows):
    return rows.annotate(many=Value(1))


def _instructors(ledger: Ledger):
    return _one(ledger.serving())


def _branches(ledger: Ledger):
    return _one(ledger.branches())


def _of_associations(ledger: Ledger):
    return _one(ledger.branches().filter(line__association=True))


def _mass_organisations(ledger: Ledger):
    firms, of = ledger.rows()
    then = ledger.on if ledger.past else None
    standing = MassOrganisation.objects.standing(then).filter(firm__in=firms.values(of))
    return _one(standing.select_related("firm"))


def _firms(ledger: Ledger, many):
    """The firms that the ledger counts, each with a number of its own that is not nought."""
    rows, of = ledger.rows()
    told = Coalesce(Subquery(rows.filter(**{of: OuterRef("pk")}).annotate(n=many(of)).values("n")), 0)
    counted = Firm.objects.filter(pk__in=rows.values(of)).annotate(many=told)
    return counted.filter(many__gt=0)


def _employees(ledger: Ledger):
    return _firms(ledger, lambda of: F("employees"))


def _full_members(ledger: Ledger):
    return _firms(ledger, lambda of: counted_members(ledger.on, of))


def _self_employed(ledger: Ledger):
    """The branches in which members of no firm are kept, each with how many; none for those who do
    not keep them."""
    if ledger.self_employed is None:
        return Branch.objects.none().annotate(many=Value(0))
    apart = Member.objects.visible_to(ledger.user).here(ledger.on).full().filter(
        firm__isnull=True, branch=OuterRef("pk")
    )  # fmt: skip
    many = apart.order_by().values("branch").annotate(n=Count("pk")).values("n")
    return Branch.objects.annotate(many=Coalesce(Subquery(many), 0)).filter(many__gt=0)


def _page(name: str, field: str = "pk") -> Callable:
    return lambda row: reverse(name, args=[getattr(row, field)])


BRANCH, CASE = _page("ledger:branch"), _page("coverage:case")
BEHIND = {
    "instructors": Behind(_("Instructor"), _instructors, _page("people:instructor")),
    "affiliated_branches": Behind(_("Branch"), _branches, BRANCH),
    "association_branches": Behind(_("Branch"), _of_associations, BRANCH),
    "mass_organisations": Behind(
        _("Mass organisation"), _mass_organisations, _page("coverage:case", "firm_id")
    ),
    "employees": Behind(_("Firm"), _employees, CASE),
    "full_members": Behind(_("Firm"), _full_members, CASE),
    "full_members_share": Behind(_("Firm"), _full_members, CASE),
    "self_employed_members": Behind(_("Branch"), _self_employed, BRANCH),
}  # fmt: skip
