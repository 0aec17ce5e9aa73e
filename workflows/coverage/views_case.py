from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from core.audit.sentences import sentence
from core.audit.timeline import timeline
from core.imports.told import told_of
from core.ledger.case_parts import case_parts
from core.ledger.models import Firm, StageChange
from workflows.assignments.pages import of_firm
from workflows.coverage.chart import OPERATION, STAGE
from workflows.coverage.drawing import stage_path
from workflows.coverage.facts import facts_of
from workflows.coverage.models import TransitionRequest
from workflows.coverage.outlook import best_of, ground_lost, ways_from
from workflows.coverage.words import STATES, VERBS
from workflows.engine.models import Task
from workflows.handovers.pages import handovers_of_firm
from workflows.reconciling.former import former_names

EVENTS = 30  # the newest ones on the case page; the whole trail is the auditor's


def _under_way(firm, user):
    """The open proposal about a firm, and the step at which it stands."""
    asked = (
        TransitionRequest.objects.visible_to(user)
        .open()
        .filter(firm=firm)
        .select_related("opened_by")
        .first()
    )
    if asked is None:
        return None, None
    steps = Task.objects.visible_to(user).open().filter(process_id=asked.pk)
    return asked, steps.select_related("owner").first()


def _events(firm, user) -> list[tuple]:
    """The newest of what happened, with its sentence: events, and what imports did to the firm."""
    told = [(event, sentence(event)) for event in timeline(firm, user, limit=EVENTS)]
    told += told_of(firm, user, limit=EVENTS)
    return sorted(told, key=lambda one: one[0].at, reverse=True)[:EVENTS]


def _ways(firm, facts):
    """The moves in the three groups in which a reader looks for them."""
    ways = ways_from(firm, facts)
    on_stage = [way for way in ways if way.move.track == STAGE]
    return {
        "forward": [way for way in on_stage if not way.back],
        "back": [way for way in on_stage if way.back],
        "beside": [way for way in ways if way.move.track == OPERATION],
    }


def _changes(firm, user):
    rows = StageChange.objects.visible_to(user).filter(firm=firm).select_related("by")
    return [
        (row, VERBS[row.verb], STATES[row.source], STATES[row.target])
        for row in rows.order_by("-on", "-pk")
    ]


@login_required
def case(request, pk):
    user, today = request.user, timezone.localdate()
    firms = Firm.objects.visible_to(user).select_related("line", "branch")
    firm = get_object_or_404(firms, pk=pk)
    facts = facts_of(firm, on=today)
    ways = _ways(firm, facts)
    possible = [way for way in ways["forward"] if way.lack is None]
    asked, step = _under_way(firm, user)
    page = {
        "firm": firm,
        "facts": facts,
        "former": former_names(firm, user),
        "today": today,
        **ways,
        "possible": possible,
        "best": best_of(ways["forward"]),
        "lost": ground_lost(firm, facts),
        "fallen": next((way for way in ways["back"] if way.lack is None), None),
        "path": stage_path(firm.stage, {way.move.target for way in possible}),
        "asked": asked,
        "step": step,
        "may_propose": user.may("propose") and asked is None,
        "parts": case_parts(firm, user),
        **of_firm(firm, user),
        "handovers": handovers_of_firm(firm, user),
        "changes": _changes(firm, user),
        "reads_record": user.may("read_record"),
        "events": _events(firm, user),
    }
    return render(request, "coverage/case.html", page)
