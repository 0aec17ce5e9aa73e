"""Opening and closing follow-ups."""

from django.utils.translation import gettext as _

from core.audit.record import record
from core.errors import Refused
from core.ledger.models import Firm
from core.ledger.stages import Operation
from core.written import written
from workflows.engine.act import acting
from workflows.engine.models import Process
from workflows.engine.undo import undone
from workflows.engine.verbs import carry_out, in_place
from workflows.followups.findings import HANDOVER
from workflows.followups.flows import FollowUpFlow


def open_follow_up(firm, kind: str, *, by=None, whose=None, **data) -> Process | None:
    """Open a follow-up of a kind, unless one is open already (then None).

    `whose` is the user who gets the task; without one it goes to the firm's township queue.
    """
    with acting():
        firm = Firm.objects.held().get(pk=firm.pk)
        if firm.operation == Operation.CLOSED and kind != HANDOVER:
            return None  # closed since the night counted it
        if Process.objects.open().filter(firm=firm, subject=kind).exists():
            return None  # whoever opens one holds the firm, so nobody comes between
        process = FollowUpFlow.begin.run(finding={
            "firm": firm, "subject": kind, "county": firm.county, "area": firm.area,
            "line_id": firm.line_id, "opened_by": by, "whose": whose, "data": data,
        })  # fmt: skip
        record("finding.opened", by=by, firm=firm, finding=kind)
        return process


def close_by_facts(process: Process) -> None:
    """End a follow-up whose reason is gone, so that nobody looks into it in vain."""
    with acting():
        Firm.objects.held().get(pk=process.firm_id)
        FollowUpFlow.instance.cancel(process)
        record("finding.closed", by=None, firm=process.firm, finding=process.subject)


def handle(task, *, by, note: str):
    """Close a follow-up with a note of what was done. Raises Refused."""
    note = written(note, _("Say in a sentence what you found or did."))

    def act(activation):
        activation.process.data["note"] = note
        activation.process.save(update_fields=["data"])

    with acting():
        done = carry_out(task, by=by, act=act)
        record(
            "finding.closed", by=by, firm=done.firm, finding=done.process.subject,
            **in_place(by, done.in_place_of),
        )  # fmt: skip
        return done


def take_back(task, *, by, at):
    """Open a follow-up again that one closed oneself. Raises Refused."""
    with undone(task, by=by, at=at) as (old, again):
        if old.firm.operation == Operation.CLOSED and old.process.subject != HANDOVER:
            raise Refused(Refused.NOT_NOW, _("This firm is closed; there is nothing to look into."))
        record(
            "task.taken_back", by=by, firm=old.firm, task=old.step, **in_place(by, old.in_place_of)
        )  # fmt: skip
    return again
