"""One page: how far the path is walked, how it went, where, what moved and what stands still."""

from datetime import timedelta

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from core.accounts.verbs import GUESTS, Role
from core.figures.coverage import Share
from core.figures.ledger import Ledger
from core.figures.parts import parts, quarter_ends
from core.figures.shown import BY_KEY, address, shown
from core.figures.trend import month_ends, trend
from core.ledger.models import Firm, StageChange
from core.ledger.stages import Operation, Stage, Verb
from workflows.dashboard.standstill import SHOWN, WINDOW, open_tasks, stuck, waiting

FIRST = (
    "organisation_coverage", "work_coverage", "with_instructor", "really_worked_in",
    "should_have_own_branch", "firms",
)  # fmt: skip
MOVES = 8  # of the latest
SHADES = 5  # of a tile: every 20 percent


@login_required
def dashboard(request):
    """Everything counted within the reader's own reach, on today's ledger."""
    user, now = request.user, timezone.now()
    if user.role in GUESTS or not user.may("see"):
        raise PermissionDenied
    on = timezone.localdate(now)
    ledger, began = Ledger(user, on), quarter_ends(on, 1)[0]
    months = month_ends(on)
    before = trend(user, sorted({*months, began}), on=on)
    tasks = open_tasks(user, on)
    page = {
        "today": on, "now": now, "began": began, "since": began + timedelta(days=1),
        "first": [shown(BY_KEY[key], ledger) for key in FIRST],
        "stages": _stages(ledger, before[began]),
        "months": [(day, [before[day][stage] for stage in Stage.values]) for day in months]
        + [(on, [ledger.firms(stage=stage) for stage in Stage.values])],
        "labels": Stage.choices, "tiles": _tiles(ledger), "moves": _moves(user, began),
        "stuck": stuck(tasks, now=now, on=on)[:SHOWN], "roles": dict(Role.choices),
        "waiting": waiting(tasks), "window": WINDOW, "more": len(tasks) == WINDOW,
        "may_look": user.may("reassign"),
    }  # fmt: skip
    return render(request, "dashboard/dashboard.html", page)


def _stages(ledger, before) -> list[dict]:
    """The path by stage: firms now, and how many more or fewer than when the quarter began."""
    rows = []
    for stage in Stage:
        firms = ledger.firms(stage=stage)
        rows.append({
            "stage": stage, "firms": firms, "net": firms - before[stage],
            "share": Share(firms, ledger.firms()), "link": address(ledger, f"stage={stage}"),
        })  # fmt: skip
    return rows


def _tiles(ledger) -> list[dict]:
    """The townships in the order of their codes, each shaded by its organisation coverage."""
    number = BY_KEY["organisation_coverage"]
    tiles = []
    for code, name, part in parts(ledger):
        share = number.counts(part)
        shade = min(SHADES - 1, int(share.percent * SHADES / 100)) if share.whole else 0
        link = address(ledger, "sort=name", township=code)
        tiles.append({"name": name, "share": share, "shade": shade, "link": link})
    return tiles


def _moves(user, began) -> list[dict]:
    """The latest moves of this quarter, with their firms."""
    changes = StageChange.objects.filter(on__gt=began).order_by("-on", "-pk")
    if user.county:
        changes = changes.filter(county=user.county)
    latest = changes.filter(firm__in=Firm.objects.visible_to(user).values("pk"))
    words = dict(Stage.choices) | dict(Operation.choices)
    return [
        {
            "on": move.on, "firm": move.firm, "link": reverse("coverage:case", args=[move.firm_id]),
            "verb": Verb(move.verb).label, "from": words[move.source], "to": words[move.target],
        }
        for move in latest.select_related("firm")[:MOVES]
    ]  # fmt: skip
