"""The figures told apart: by township, line, industry or size; or at the end of each quarter."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.accounts.models import Area, LineDepartment
from core.figures.facts import NO_LINE
from core.figures.ledger import Ledger
from core.ledger.kinds import Industry, Size

PERIOD = "period"
QUARTERS = 8  # so many ends of quarters are shown
# What one may choose; and the filter of the list of firms that narrows it to one part.
WAYS = {
    "town": gettext_lazy("Township"), "line": gettext_lazy("Line department"),
    "industry": gettext_lazy("Industry"), "size": gettext_lazy("Size"),
    PERIOD: gettext_lazy("Quarter"),
}  # fmt: skip
FILTER = {"town": "township", "line": "line", "industry": "industry", "size": "size"}


def quarter_ends(on: date, many: int = QUARTERS) -> list[date]:
    """The last days of the quarters that are over on a day, the latest first."""
    ends = []
    first = date(on.year, (on.month - 1) // 3 * 3 + 1, 1)
    while len(ends) < many:
        last = first - timedelta(days=1)
        ends.append(last)
        first = date(last.year, last.month - 2, 1)
    return ends


def parts(ledger: Ledger) -> Iterable[tuple[str, str, Ledger]]:
    """Code, name and ledger of each part."""
    found = ledger.parts()
    names = _names(ledger.by, found)
    codes = found if ledger.by in ("town", "line") else [code for code in names if code in found]
    return [(code, str(names.get(code, code)), found[code]) for code in codes]


def _names(by: str, codes) -> dict:
    if by == "town":
        return dict(Area.objects.filter(code__in=codes).values_list("code", "name"))
    if by == "line":
        lines = LineDepartment.objects.filter(pk__in=[code for code in codes if code != NO_LINE])
        named = {str(key): name for key, name in lines.values_list("pk", "name")}
        return named | {NO_LINE: _("no line department")}
    return dict(Industry.choices if by == "industry" else Size.choices)


def periods(user, on: date) -> list[tuple[date, str, Ledger]]:
    """The ends of the last quarters, and today or the past day that is asked for before them."""
    return [(day, date_format(day), Ledger(user, day, past=True)) for day in quarter_ends(on)]
