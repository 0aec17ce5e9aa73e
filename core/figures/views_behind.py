"""The page of the rows behind a number that counts no firms."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Sum
from django.http import Http404
from django.shortcuts import render
from django.utils import timezone

from core.figures.behind import BEHIND
from core.figures.forms import DayForm
from core.figures.ledger import Ledger
from core.figures.shown import BY_KEY
from core.figures.views import no_guest

PAGE = 50


@login_required
def behind(request, key: str):
    """The rows of today or of a past day, and what they come to: the number itself."""
    no_guest(request.user)
    if key not in BEHIND:
        raise Http404
    today = timezone.localdate()
    asked = DayForm(request.GET or None, on=today)
    day = asked.day("on")
    ledger, number = Ledger(request.user, day or today, past=day is not None), BEHIND[key]
    rows = number.rows(ledger).order_by("name", "pk")
    shown = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    for row in shown:
        row.leads_to = number.leads_to(row)
    page = {
        "number": BY_KEY[key], "title": number.title, "shown": shown, "day": ledger.on,
        "past": ledger.past, "whole": rows.aggregate(whole=Sum("many"))["whole"] or 0,
        "sums": any(row.many > 1 for row in shown), "asked": asked,
    }  # fmt: skip
    return render(request, "figures/behind.html", page, status=422 if asked.errors else 200)
