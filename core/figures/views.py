"""The page of figures: each with its definition, and the firms behind it one click away."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.accounts.models import Area
from core.accounts.verbs import GUESTS
from core.figures import coverage as numbers
from core.figures.bridge import Why, differences, table
from core.figures.bridge_page import SHOWN, chosen_of, in_words, laid_out
from core.figures.coverage import NUMBERS, Share
from core.figures.forms import DayForm, SpanForm
from core.figures.ledger import Ledger
from core.figures.parts import FILTER, PERIOD, WAYS, parts, periods
from core.figures.rows import described, in_reach, spells_where
from core.figures.shown import BY_KEY, address, shown
from core.ledger.paging import page_of
from core.ledger.stages import Stage

TITLES = {
    numbers.COVERAGE: _("Double coverage"),
    numbers.FIRMS: _("Firms"),
    numbers.PEOPLE: _("People"),
    numbers.ORGANISATIONS: _("Organisations"),
}
# Columns of the table of parts, by key.
COLUMNS = (
    "firms", "firms_with_members", "standalone_rate", "organisation_coverage", "with_instructor",
    "really_worked_in", "work_coverage",
)  # fmt: skip


def _stages(ledger):
    """How the firms spread over the stages, for the bars."""
    whole = ledger.firms()
    rows = []
    for stage in Stage:
        share = Share(ledger.firms(stage=stage), whole)
        rows.append(
            {
                "stage": stage,
                "share": share,
                "width": f"{share.percent or 0}%",
                "link": address(ledger, f"stage={stage}"),
            }
        )
    return rows


def _rows(ledger, columns, way):
    """The parts of a ledger, each with its numbers."""
    if way == PERIOD:
        return [
            {"name": name, "cells": [shown(number, then) for number in columns]}
            for _day, name, then in periods(ledger.user, ledger.on)
        ]
    return [
        {
            "name": name,
            "cells": [shown(number, part, **{FILTER[ledger.by]: code}) for number in columns],
        }
        for code, name, part in parts(ledger)
    ]


def no_guest(user) -> None:
    """Counted over a single firm, the figures would tell its owner who is a member."""
    if user.role in GUESTS or not user.may("see"):
        raise PermissionDenied


@login_required
def coverage(request):
    """The figures of today; or of a past day, rebuilt from the records by the rules of that day."""
    no_guest(request.user)
    today = timezone.localdate()
    asked = DayForm(request.GET or None, on=today)
    day = asked.day("on")
    by = request.GET.get("by", "")
    by = by if by in WAYS else "town"
    ledger = Ledger(request.user, day or today, past=day is not None, by="town" if by == PERIOD else by)
    columns = [BY_KEY[key] for key in COLUMNS]
    page = {
        "today": ledger.on,
        "past": ledger.past,
        "asked": asked,
        "groups": [
            {
                "kind": kind,
                "title": title,
                "numbers": [shown(number, ledger) for number in NUMBERS if number.kind == kind],
            }
            for kind, title in TITLES.items()
        ],
        "stages": _stages(ledger),
        "columns": columns,
        "by": by,
        "ways": WAYS.items(),
        "parts": _rows(ledger, columns, by),
    }
    return render(request, "figures/coverage.html", page, status=422 if asked.errors else 200)


@login_required
def rows(request):
    """The firms behind a number of a past day, as they were then."""
    no_guest(request.user)
    today = timezone.localdate()
    asked = DayForm(request.GET or None, on=today)
    day, given = asked.day("on"), request.GET
    found = spells_where(request.user, given, on=day or today)
    listed = page_of(
        found.select_related("firm"), by="firm__pinyin", down=False,
        before=given.get("before", ""), after=given.get("after", ""),
    )  # fmt: skip
    codes = {row.area[:9] for row in listed.rows}
    names = dict(Area.objects.filter(code__in=codes).values_list("code", "name"))
    now = in_reach(request.user, [row.firm_id for row in listed.rows])
    for row in listed.rows:
        row.place, row.open = names.get(row.area[:9], row.area), row.firm_id in now
    page = {
        "shown": listed, "many": found.count(), "day": day or today, "asked": asked,
        "what": described(given),
    }  # fmt: skip
    return render(request, "figures/rows.html", page, status=422 if asked.errors else 200)


@login_required
def bridge(request):
    """Why the figures of two days differ, firm by firm."""
    no_guest(request.user)
    today = timezone.localdate()
    asked = SpanForm(request.GET or None, on=today)
    first, last = asked.span()
    found = differences(request.user, first, last)
    chosen = chosen_of(found, request.GET)
    page = {
        "asked": asked, "first": first, "last": last, "chosen": in_words(request.user, chosen[:SHOWN]),
        "more": max(0, len(chosen) - SHOWN), "many": len(chosen),
        "table": laid_out(table(request.user, first, last, found), request.GET),
        "heads": [Why(why).label for why in Why],
    }  # fmt: skip
    return render(request, "figures/bridge.html", page, status=422 if asked.errors else 200)
