"""The figures of double coverage: one function for each number, with its definition.

Counts are counted, shares are computed from counts when they are shown; no share is ever stored.
Firms, organisations and people are different kinds of count and never added up.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.figures.ledger import Ledger
from core.ledger.stages import Stage

COVERAGE, FIRMS, PEOPLE, ORGANISATIONS = "coverage", "firms", "people", "organisations"


class Share(NamedTuple):
    """A part of a whole, both counted."""

    part: int
    whole: int

    @property
    def percent(self) -> Decimal | None:
        """To two places, halves rounded up; None when there is nothing to share."""
        if not self.whole:
            return None
        hundredfold = Decimal(self.part) * 100 / Decimal(self.whole)
        return hundredfold.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)

    @property
    def text(self) -> str:
        return "–" if self.percent is None else f"{self.percent}%"


@dataclass(frozen=True)
class Number:
    """A number of the page: what it is called, what it means, how it is counted."""

    key: str
    label: str
    says: str  # the definition, as a sentence for the reader
    kind: str
    counts: Callable[[Ledger], "int | Share | None"]
    lists: str = ""  # the filter of the list of firms that shows the firms behind it

    @property
    def countable(self) -> bool:
        """Whether it may be what a printed figure counts."""
        counts_itself = self.kind in (PEOPLE, ORGANISATIONS) and not self.key.endswith("_share")
        return bool(self.lists) or counts_itself


NUMBERS: list[Number] = []


def number(label, says, kind, lists=""):
    """Put a function up as a number of the page."""

    def put_up(counts):
        NUMBERS.append(Number(counts.__name__, label, says, kind, counts, lists))
        return counts

    return put_up


@number(
    _("Organisation coverage"),
    _("Firms with a branch of their own or in an affiliated branch, of all firms not closed."),
    COVERAGE, "has=organised",
)  # fmt: skip
def organisation_coverage(ledger) -> Share:
    """Standalone and affiliated firms ÷ firms. Firms are counted, not branches."""
    return Share(ledger.firms(organised=True), ledger.firms())


@number(
    _("Work coverage"),
    _("Firms that belong to a branch or were really worked in, of all firms not closed."),
    COVERAGE, "has=covered",
)  # fmt: skip
def work_coverage(ledger) -> Share:
    """Organised firms ∪ firms worked in ÷ firms. A firm that is both counts once."""
    return Share(ledger.firms(covered=True), ledger.firms())


@number(
    _("Work coverage of the unorganised"),
    _("Firms really worked in, of the firms that belong to no branch."),
    COVERAGE, "has=not_organised&has=worked_in",
)  # fmt: skip
def work_coverage_of_unorganised(ledger) -> Share:
    """Unorganised firms worked in ÷ unorganised firms."""
    return Share(ledger.firms(organised=False, worked_in=True), ledger.firms(organised=False))


@number(
    _("Branches of their own"),
    _("Firms with a branch of their own, of all firms not closed."),
    COVERAGE, f"stage={Stage.STANDALONE}",
)  # fmt: skip
def standalone_rate(ledger) -> Share:
    """Standalone firms ÷ firms."""
    return Share(ledger.firms(stage=Stage.STANDALONE), ledger.firms())


@number(
    _("Branches of their own, of those that should have one"),
    _("Firms with a branch of their own, of the firms with enough full members for one."),
    COVERAGE, f"has=3_members&stage={Stage.STANDALONE}",
)  # fmt: skip
def should_have_rate(ledger) -> Share:
    """Of the firms that meet the rulebook's `standalone_branch_members`: the standalone ones."""
    return Share(ledger.firms(enough=True, stage=Stage.STANDALONE), ledger.firms(enough=True))


@number(
    _("Has an instructor"),
    _("Firms to which an instructor is assigned now, visited or not."),
    COVERAGE, "has=instructor",
)  # fmt: skip
def with_instructor(ledger) -> Share:
    """Coverage in form (有形): firms with a current assignment ÷ firms."""
    return Share(ledger.firms(guided=True), ledger.firms())


@number(
    _("Was really worked in"),
    _("Of the firms with an instructor: those visited on site within the contact floor."),
    COVERAGE, "has=worked_in",
)  # fmt: skip
def really_worked_in(ledger) -> Share:
    """Coverage in effect (有效): guided firms with a visit within `contact_floor` ÷ guided firms."""
    return Share(ledger.firms(worked_in=True), ledger.firms(guided=True))


@number(
    _("Firms in affiliated branches"), _("Firms that belong to an affiliated branch."), FIRMS,
    f"stage={Stage.AFFILIATED}",
)  # fmt: skip
def affiliated_firms(ledger) -> int:
    """Affiliated firms."""
    return ledger.firms(stage=Stage.AFFILIATED)


@number(_("Firms"), _("All firms that are not closed; paused ones count."), FIRMS, "sort=name")
def firms(ledger) -> int:
    """Firms not closed."""
    return ledger.firms()


@number(
    _("Firms above scale"), _("Firms on the list of the statistics office."), FIRMS,
    "has=above_scale",
)  # fmt: skip
def firms_above_scale(ledger) -> int:
    """Firms with the flag `above_scale`."""
    return ledger.firms(above_scale=True)


@number(
    _("Firms at rest"), _("Firms that paused work for a season or a time."), FIRMS,
    "operation=paused",
)  # fmt: skip
def paused_firms(ledger) -> int:
    """Paused firms; they are among the firms counted."""
    return ledger.firms(paused=True)


@number(_("Firms with full members"), _("Firms with at least one full member."), FIRMS, "has=members")
def firms_with_members(ledger) -> int:
    """Firms with one full member or more here on the day."""
    return ledger.firms(with_members=True)


@number(
    _("Firms without full members"), _("Firms with no full member."), FIRMS, "has=no_members"
)  # fmt: skip
def firms_without_members(ledger) -> int:
    """Firms without a full member here on the day."""
    return ledger.firms(with_members=False)


@number(
    _("Should have a branch of their own"),
    _("Firms with enough full members that have no branch of their own yet."),
    FIRMS, "has=3_members&has=no_own_branch",
)  # fmt: skip
def should_have_own_branch(ledger) -> int:
    """Firms of any stage but standalone that meet the rulebook's `standalone_branch_members`."""
    return ledger.firms(enough=True) - ledger.firms(enough=True, stage=Stage.STANDALONE)


@number(_("Employees"), _("Employees of all firms not closed."), PEOPLE)
def employees(ledger) -> int:
    """Sum of the firms' employees."""
    return ledger.total("employees")


@number(_("Full members"), _("Full members in these firms. Others are not counted."), PEOPLE)
def full_members(ledger) -> int:
    """Full members of firms not closed, here on the day."""
    return ledger.total("full_members")


@number(_("Full members of the employees"), _("Full members for each hundred employees."), PEOPLE)
def full_members_share(ledger) -> Share:
    """Full members ÷ employees."""
    return Share(ledger.total("full_members"), ledger.total("employees"))


@number(
    _("Self-employed members"),
    _("Full members in the associations' branches who belong to no firm; counted apart."),
    PEOPLE,
)
def self_employed_members(ledger) -> int | None:
    """Full members without a firm. Seen by the county, which keeps their branches."""
    return ledger.self_employed


@number(_("Instructors"), _("Instructors who serve now."), PEOPLE)
def instructors(ledger) -> int:
    """Instructors who have not left."""
    return ledger.instructors


@number(
    _("Affiliated branches"),
    _("Standing branches that gather several small firms or self-employed members."),
    ORGANISATIONS,
)
def affiliated_branches(ledger) -> int:
    """Affiliated branches that are not dissolved."""
    return ledger.affiliated_branches["all"]


@number(
    _("Affiliated branches of associations"),
    _("Those of them that an association keeps."),
    ORGANISATIONS,
)
def association_branches(ledger) -> int:
    """Affiliated branches whose line is an association."""
    return ledger.affiliated_branches["association"]


@number(
    _("Mass organisations"),
    _("Standing trade unions, youth league and women's organisations of these firms."),
    ORGANISATIONS,
)
def mass_organisations(ledger) -> int:
    """Mass organisations that are not dissolved, of firms not closed."""
    return ledger.total("mass_organisations")


def figures(user, on: date | None = None) -> dict[str, "int | Share | None"]:
    """Every number by its key, as far as this person sees: now, or as it was `on` a past day."""
    ledger = Ledger(user, on or timezone.localdate(), past=on is not None)
    return {number.key: number.counts(ledger) for number in NUMBERS}
