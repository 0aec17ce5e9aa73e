"""The rows of the tables that count: each number is one of core.figures, none is counted here."""

from datetime import date, timedelta

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.figures import coverage
from core.figures.bridge import Why, differences, table
from core.figures.coverage import NUMBERS, Share
from core.figures.ledger import Ledger
from core.figures.parts import parts
from core.figures.shown import BY_KEY
from core.reports.asked import Asked

# What the quarterly report says of its end, and of the quarter before.
OF_A_QUARTER = (
    "firms", "firms_above_scale", "paused_firms", "firms_with_members", "organisation_coverage",
    "standalone_rate", "affiliated_firms", "should_have_rate", "work_coverage",
    "work_coverage_of_unorganised", "with_instructor", "really_worked_in",
)  # fmt: skip
APART = (
    "employees", "full_members", "instructors", "affiliated_branches", "association_branches",
    "mass_organisations",
)  # fmt: skip


# Where a number of the figures is a share, its row counts the part: named as what is counted.
COUNTED = {
    "organisation_coverage": gettext_lazy("Organised"),
    "standalone_rate": gettext_lazy("Firms with a branch of their own"),
    "should_have_rate": gettext_lazy("Should have a branch of their own, and have it"),
    "work_coverage": gettext_lazy("Work covered: in a branch, or really worked in"),
    "work_coverage_of_unorganised": gettext_lazy("In no branch, and really worked in"),
}


class Heading(str):
    """A row that says what the rows below it are about."""

    __slots__ = ()


def numbers(ledger: Ledger) -> dict:
    """Every number of the figures as it is kept: counts, a share as [part, whole], never percent."""
    found = {number.key: number.counts(ledger) for number in NUMBERS}
    return {key: list(value) if isinstance(value, Share) else value for key, value in found.items()}


def cell(code: str, ledger: Ledger) -> "int | Share | None":
    """A cell of the coverage table: "firms", "work_coverage:part", ":whole" or ":share"."""
    key, _colon, part = code.partition(":")
    value = BY_KEY[key].counts(ledger)
    return value if part in ("", "share") else getattr(value, part)


def coverage_rows(asked: Asked, codes: list[str]):
    """The whole, then each township, line, industry and size."""
    yield _row(asked.place, asked.ledger, codes)
    for way, title in (
        ("town", _("By township and park")), ("line", _("By line department")),
        ("industry", _("By industry")), ("size", _("By size")),
    ):  # fmt: skip
        yield Heading(title)
        for _code, name, part in parts(asked.ledger.told_apart(way)):
            yield _row(name, part, codes)


def _row(name: str, ledger: Ledger, codes: list[str]) -> list:
    return [name if code == "name" else cell(code, ledger) for code in codes]


def quarter_before(day: date) -> date:
    """The last day of the quarter before the one that a day lies in."""
    return date(day.year, (day.month - 1) // 3 * 3 + 1, 1) - timedelta(days=1)


def quarterly_rows(asked: Asked, codes: list[str]):
    """The figures of both ends, what the bridge between them says, and what is counted apart."""
    first = quarter_before(asked.on)
    before = Ledger(asked.reader, first, past=True)
    days = [date_format(first), date_format(asked.on)]
    yield Heading(_("Coverage on %(last)s, beside %(first)s") % {"first": days[0], "last": days[1]})
    for key in OF_A_QUARTER:
        yield _arranged(codes, _of_number(key, before, asked.ledger))
    yield Heading(_("What changed from %(first)s to %(last)s") % {"first": days[0], "last": days[1]})
    rows = table(asked.reader, first, asked.on, differences(asked.reader, first, asked.on))
    for row in _movements(rows, asked.ledger):
        yield _arranged(codes, row)
    yield Heading(_("Why firms came to a stage or left it, all stages together"))
    for row in _reasons(rows):
        yield _arranged(codes, row)
    yield Heading(_("People and organisations"))
    for key in APART:
        yield _arranged(codes, _of_number(key, before, asked.ledger))


def _arranged(codes: list[str], row: dict) -> list:
    return [row.get(code) for code in codes]


def _of_number(key: str, before: Ledger, now: Ledger) -> dict:
    number = BY_KEY[key]
    was, has = number.counts(before), number.counts(now)
    share = has if isinstance(has, Share) else None
    return {
        "item": str(COUNTED.get(key, number.label)),
        "before": _count(was),
        "now": _count(has),
        "share": share,
    }


def _count(value):
    return value.part if isinstance(value, Share) else value


def _movements(rows: list[dict], ledger: Ledger):
    """Every stage, and all firms, with what came and left."""
    whole = coverage.firms(ledger)
    for row in rows:
        stage, ended = row["stage"], row["ended"]
        yield {
            "item": str(stage.label) if stage else _("All firms"), "before": row["began"],
            "came": sum(row["came"].values()), "left": sum(row["left"].values()), "now": ended,
            "share": Share(ended, whole),
        }  # fmt: skip


def _reasons(rows: list[dict]):
    """Each reason with its firms over all stages: who moves up leaves one and comes to another."""
    for why in Why:
        side = "left" if why in (Why.CLOSED, Why.WENT) else "came"
        yield {
            "item": str(why.label), side: sum(row[side].get(why, 0) for row in rows if row["stage"])
        }  # fmt: skip
