"""Proposals follow the facts: a firm that closes or gets its instructor in another way, an
instructor who may no longer be sent."""

from contextlib import suppress
from datetime import date, datetime

from django.db import transaction

from core.errors import Refused
from core.ledger.acts import WHEN_CLOSES
from core.people.assigning import WHEN_GUIDE_CHANGES
from core.people.fitness import BLOCK, UNDER_WAY, objections
from workflows.assignments.acts import Party, note, open_requests, overtake, say
from workflows.assignments.flows import AssignmentFlow
from workflows.engine.flow import end_other_branches
from workflows.engine.models import Task
from workflows.engine.rehouse import send_again
from workflows.engine.verbs import held


def proposed_elsewhere(instructor, firm) -> int:
    """How many other firms are proposed to an instructor now."""
    return open_requests().filter(instructor=instructor).exclude(firm=firm).count()


def end_for_closed(firm, *, by) -> None:
    for request in open_requests().filter(firm_id=firm.pk).select_related("firm", "instructor"):
        overtake(request, by=by)


def end_for_assigned(assignment, *, by) -> None:
    """Somebody recorded an instructor past the proposal; a list that is being issued is none."""
    if assignment.until is None:
        asked = open_requests().filter(firm_id=assignment.firm_id, issued_in__isnull=True)
        for request in asked.select_related("firm", "instructor"):
            overtake(request, by=by)


def look_again(on: date, at: datetime) -> int:
    """At night: where the facts now stand against the instructor who is asked or about to be sent,
    the proposer chooses again, and is told why. Returns how many."""
    asked = open_requests().select_related("firm", "instructor__unit").order_by("firm_id")
    moved = 0
    for request in asked.iterator(chunk_size=200):
        against = objections(request.firm, request.instructor, on=on, proposals=False)
        if any(one.treat == BLOCK for one in against):
            with suppress(Refused):  # decided by somebody between the list and the lock
                moved += _choose_again(request, against[0].code, at)
    return moved


@transaction.atomic
def _choose_again(request, code: str, at) -> bool:
    steps = Task.objects.human().open().filter(process_id=request.pk).order_by("pk")
    task = steps.exclude(flow_task=AssignmentFlow.choose_again).first()
    if task is None:
        return False
    with held(task) as activation:
        process = activation.process
        end_other_branches(activation)
        note(process, Party.FACTS, False, by=None, at=at, reason=code)
        send_again(activation, "choose_again")
        say("assignment.no_longer_fits", process, by=None)
    return True


UNDER_WAY.append(proposed_elsewhere)
WHEN_CLOSES.append(end_for_closed)
WHEN_GUIDE_CHANGES.append(end_for_assigned)
