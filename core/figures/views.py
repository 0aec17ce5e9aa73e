"""The page of figures: each with its definition, and the firms behind it one click away."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.accounts.models import Area
from core.accounts.verbs import GUESTS
from core.figures import coverage as numbers
from core.figures.coverage import NUMBERS, Share
from core.figures.ledger import Ledger
from core.ledger.stages import Stage

TITLES = {
    numbers.COVERAGE: _("Double coverage"),
    numbers.FIRMS: _("Firms"),
    numbers.PEOPLE: _("People"),
    numbers.ORGANISATIONS: _("Organisations"),
}
# Columns of the table by township, by key.
COLUMNS = (
    "firms", "firms_with_members", "standalone_rate", "organisation_coverage", "with_instructor",
    "really_worked_in", "work_coverage",
)  # fmt: skip


def _shown(number, ledger, **also):
    """A number as the template needs it. `also` narrows the list of firms that it links to."""
    value = number.counts(ledger)
    link = ""
    if number.lists:
        more = "".join(f"&{name}={code}" for name, code in also.items())
        link = f"{reverse('ledger:firms')}?{number.lists}{more}"
    share = value if isinstance(value, Share) else None
    return {"number": number, "value": value, "share": share, "link": link}


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
                "link": f"{reverse('ledger:firms')}?stage={stage}",
            }
        )
    return rows


def _towns(ledger, columns):
    by_town = ledger.by_town()
    names = dict(Area.objects.filter(code__in=by_town).values_list("code", "name"))
    return [
        {
            "code": code,
            "name": names.get(code, code),
            "cells": [_shown(number, town, township=code) for number in columns],
        }
        for code, town in by_town.items()
    ]


@login_required
def coverage(request):
    if request.user.role in GUESTS or not request.user.may("see"):
        # Counted over a single firm, the figures would tell its owner who is a member.
        raise PermissionDenied
    today = timezone.localdate()
    ledger = Ledger(request.user, today)
    columns = [number for key in COLUMNS for number in NUMBERS if number.key == key]
    page = {
        "today": today,
        "groups": [
            {
                "kind": kind,
                "title": title,
                "numbers": [_shown(number, ledger) for number in NUMBERS if number.kind == kind],
            }
            for kind, title in TITLES.items()
        ],
        "stages": _stages(ledger),
        "columns": columns,
        "towns": _towns(ledger, columns),
    }
    return render(request, "figures/coverage.html", page)
