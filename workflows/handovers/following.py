"""Handovers follow the facts: each assignment that ends opens one, and who comes to the firm is told
of the one that waits for them (the task itself follows by the flow's `Heir`)."""

from core.audit.record import record
from core.people.assigning import WHEN_ENDED, WHEN_GUIDE_CHANGES
from workflows.engine.models import Task
from workflows.handovers.acts import open_handover
from workflows.handovers.flows import HandoverFlow
from workflows.notices.tell import tell


def open_for_ended(assignment, *, by, on) -> None:
    open_handover(assignment, by=by, on=on)


def tell_who_follows(assignment, *, by) -> None:
    """Call it after the task was passed on."""
    guide = assignment.instructor.user_id
    if assignment.until or guide is None:
        return
    waits = Task.objects.human().open().filter(firm=assignment.firm_id, owner=guide)
    for task in waits.filter(flow_task=HandoverFlow.take_over).select_related("firm"):
        left = task.process.coerced.assignment.instructor.name
        event = record(
            "handover.passed_on", by=by, firm=task.firm, firm_name=task.firm.name,
            instructor=left, to=assignment.instructor.name,
        )  # fmt: skip
        tell(event, people=[guide])


WHEN_ENDED.append(open_for_ended)
WHEN_GUIDE_CHANGES.append(tell_who_follows)
