"""Undoing a decision about a transition while nothing has followed from it."""

from datetime import datetime

from django.utils.translation import gettext as _

from core.audit.record import record
from core.errors import Refused
from workflows.coverage.acts import tell_all
from workflows.coverage.door import find
from workflows.coverage.models import Opinion, TransitionRequest
from workflows.engine.act import acting
from workflows.engine.models import Task
from workflows.engine.undo import undone
from workflows.engine.verbs import in_place

Decision = Opinion.Decision


def take_back(task, *, by, at: datetime) -> Task:
    """Undo one's own decision while nothing has followed from it: the step is in one's hands
    again, with its old deadline. What was said stays on record, marked. Raises Refused."""
    with acting():
        with undone(task, by=by, at=at) as (old, again):
            request = old.process
            if request.outcome == TransitionRequest.Outcome.APPROVED:
                raise Refused(
                    Refused.NOT_NOW, _("The firm has moved; propose the way back if this was wrong.")
                )
            find(request.firm, request.verb)  # or what was asked for is no longer possible
            said = Opinion.objects.get(task=old)
            said.taken_back_at = at
            said.save(update_fields=["taken_back_at"])
            if said.decision == Decision.RETURN:
                request.returned_times -= 1
            if said.decision == Decision.CORRECT:
                request.opened_by = again.owner
            request.outcome = TransitionRequest.Outcome.OPEN
            request.save(update_fields=["outcome", "returned_times", "opened_by"])
        event = record(
            "task.taken_back", by=by, firm=request.firm, task=old.step, **in_place(by, old.in_place_of)
        )  # fmt: skip
        tell_all(event, request)
        return again
