"""Which firms wait for an instructor, and who of the instructors may take one: read once, for all."""

from collections import Counter
from collections.abc import Mapping
from datetime import date, timedelta
from typing import NamedTuple

from django.utils.translation import gettext_lazy

from core.accounts.models import Area
from core.ledger.stages import Operation
from core.people.fitness import fullness, hindrances
from core.people.models import Assignment, Instructor
from core.people.pairs import FirmRow, GuideRow, Pairs
from core.people.ties import Tie
from core.rulebook import rule

LONG_TERM = 365  # days that are left: no change soon

# Why an instructor takes no further firm now; how many are kept by each is shown beside a board.
BARS = {
    "left": gettext_lazy("no instructor any more"),
    "not_full_member": gettext_lazy("not a full member in good standing"),
    "term_over": gettext_lazy("term over"),
    "term_ahead": gettext_lazy("term not begun"),
    "term_short": gettext_lazy("term ends soon"),
    "takes_more_later": gettext_lazy("takes further firms later"),
    "single": gettext_lazy("sent to one firm, and has it"),
    "hard_cap": gettext_lazy("as many firms as is allowed"),
    "cap": gettext_lazy("the usual number of firms"),
}


class Limits(NamedTuple):
    """How many firms an instructor has usually and at most, and up to which number this time."""

    usual: int
    hard: int
    up_to: int


def limits(*, on: date, above_usual: bool) -> Limits:
    usual, hard = rule("instructor_firms", on=on).value, rule("instructor_firms_hard", on=on).value
    return Limits(usual, hard, hard if above_usual else min(usual, hard))


def waiting(firms, under_way=()):
    """Of a queryset of firms, those in operation that have no instructor, and for whom none is
    proposed (`under_way`: their keys)."""
    guided = Assignment.objects.current().values("firm_id")
    return firms.filter(operation=Operation.OPERATING).exclude(pk__in=guided).exclude(pk__in=under_way)


def bar(guide: Instructor, have: int, bounds: Limits, *, on: date) -> str:
    """Why a board gives this instructor no further firm on a day (a word of BARS), or ""."""
    full = fullness(guide, have, on=on)
    if full == "cap" and have < bounds.up_to:
        full = ""
    return next(iter(hindrances(guide, on=on)), full)


class Free(NamedTuple):
    """Firms and instructors who may come together, and how many instructors are kept by what."""

    pairs: Pairs
    barred: dict[str, int]


def gather(firms, guides, *, on: date, taken: Mapping[int, int], above_usual=False) -> Free:
    """What a plan is made from: querysets of waiting firms and of instructors. Five statements.

    `taken` says how many firms are proposed for an instructor and not yet theirs. In the order of
    the keys, so that the same facts give the same plan.
    """
    bounds = limits(on=on, above_usual=above_usual)
    barred, free = Counter(), []
    for guide in guides.with_load().prefetch_related("further_areas").order_by("pk"):
        have = guide.load + taken.get(guide.pk, 0)
        if code := bar(guide, have, bounds, on=on):
            barred[code] += 1
        else:
            free.append(_guide_row(guide, have, bounds))
    rows = [_firm_row(row) for row in firms.order_by("pk").values_list(*OF_FIRM)]
    keys = {"firm__in": firms.values("pk"), "instructor__in": guides.values("pk")}
    pairs = Pairs(
        rows, free, usual=bounds.usual, stays_until=on + timedelta(days=LONG_TERM),
        ties=Tie.objects.standing().filter(**keys).values_list("firm_id", "instructor_id"),
        known=Assignment.objects.filter(**keys, until__isnull=False)
        .values_list("firm_id", "instructor_id"),
        places=_names(rows),
    )  # fmt: skip
    return Free(pairs, dict(barred))


OF_FIRM = ("pk", "area", "industry", "languages", "line__name")


def _firm_row(row) -> FirmRow:
    return FirmRow(*row[:4], row[4] or "")


def _guide_row(guide: Instructor, have: int, bounds: Limits) -> GuideRow:
    single = guide.mode == Instructor.Mode.SINGLE
    return GuideRow(
        guide.pk, guide.area, guide.trade, guide.languages, guide.unit.name, have,
        1 if single else bounds.up_to - have, guide.term_until,
        tuple(sorted(area.code for area in guide.further_areas.all())),
    )  # fmt: skip


def _names(rows: list[FirmRow]) -> dict[str, str]:
    """The names of all divisions of the counties that the firms lie in."""
    names = {}
    for county in sorted({row.area[:6] for row in rows}):
        names |= dict(Area.objects.filter(code__startswith=county).values_list("code", "name"))
    return names
