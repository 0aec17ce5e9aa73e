"""The acts of a handover: open it, hand over, take over. Each is one transaction, asks who may, and
records; what is handed over is in no event."""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from core.accounts.verbs import Role
from core.audit.record import record
from core.errors import Refused
from core.ledger.models import Firm
from core.people.assigning import End
from core.people.models import Assignment, GuidanceRecord
from core.written import written
from workflows.engine.act import acting
from workflows.engine.models import Process
from workflows.engine.verbs import carry_out, in_place
from workflows.handovers.flows import HandoverFlow
from workflows.handovers.models import Handover
from workflows.handovers.pack import pack_of
from workflows.notices.tell import tell

SUBJECT = "handover"


def open_handover(assignment: Assignment, *, by, on) -> Handover | None:
    """Open the handover of an ended assignment; None when it is open already, or was entered by
    mistake and nothing was done there. Call it in the transaction that ends the assignment."""
    with acting():
        firm = Firm.objects.held().get(pk=assignment.firm_id)
        if Handover.objects.filter(assignment=assignment).exists() or _was_nothing(assignment):
            return None
        leaves = assignment.instructor.user
        handover = HandoverFlow.begin.run(handover={
            "firm": firm, "subject": f"{SUBJECT}_{assignment.pk}", "county": firm.county,
            "area": firm.area, "line_id": firm.line_id, "assignment": assignment,
            "data": {"verb": SUBJECT}, "wrote": _with("", leaves),
        })  # fmt: skip
        _say("handover.opened", handover, by=by, people=[leaves.pk if leaves else None])
        return handover


def _was_nothing(assignment: Assignment) -> bool:
    done = GuidanceRecord.objects.filter(
        firm=assignment.firm_id, instructor=assignment.instructor_id, on__gte=assignment.since
    )
    return assignment.ended_as == End.MISTAKE and not done.exists()


def _with(wrote: str, *people) -> str:
    """The list of a process's further authors with these people added: see `Process.wrote`."""
    ids = [pk for pk in wrote.split(",") if pk]
    ids += [str(one.pk) for one in people if one is not None]
    return f",{','.join(dict.fromkeys(ids))}," if ids else ""


def hand_over(task, *, by, at: datetime, promises="", whom_to_call="", what_next="") -> Handover:
    """Who leaves, or the office in their place, writes down what the next one needs, and signs.
    Raises Refused."""
    said = {"promises": promises, "whom_to_call": whom_to_call, "what_next": what_next}
    said = {name: written(text, "") if text.strip() else "" for name, text in said.items()}
    if not any(said.values()):
        raise Refused(
            Refused.BAD_INPUT,
            _("Write at least what is next; if nothing is open, say so in a sentence."),
        )

    def act(activation):
        handover, whose = activation.process, activation.task.in_place_of
        for name, text in said.items():
            setattr(handover, name, text)
        leaves = handover.assignment.instructor.user_id
        handover.handed_by, handover.handed_for, handover.handed_at = by, whose, at
        handover.handed_office = leaves is None or (whose or by).pk != leaves
        handover.wrote = _with(handover.wrote, by, whose)
        handover.save(update_fields=[
            *said, "handed_by", "handed_for", "handed_at", "handed_office", "wrote"
        ])  # fmt: skip

    with acting():
        done = carry_out(task, by=by, act=act)
        next_ = Process.objects.get(pk=done.process_id).task_set.filter(finished__isnull=True)
        owner = next_.values_list("owner_id", flat=True).first()
        levels = [] if owner else [Role.TOWNSHIP]
        words = in_place(by, done.in_place_of)
        _say("handover.handed", done.process, by=by, people=[owner], levels=levels, **words)
        return done.process


def take_over(task, *, by, at: datetime, remark="") -> Handover:
    """Who follows, or the office where nobody does, has read it and signs; from then on the pack
    stays as it is. Raises Refused for who signed the other side."""
    remark = written(remark, "") if remark.strip() else ""

    def act(activation):
        handover, whose = activation.process, activation.task.in_place_of
        if {by.pk, whose.pk if whose else by.pk} & set(handover.authors):
            raise Refused(
                Refused.NOT_YOURS,
                _("You belong to the side that hands over. Somebody else takes over."),
            )
        handover.taken_by, handover.taken_for, handover.taken_at = by, whose, at
        handover.taken_office = (whose or by).role != Role.INSTRUCTOR
        handover.remark = remark
        handover.pack = pack_of(handover, on=timezone.localdate(at))
        handover.save(update_fields=[
            "taken_by", "taken_for", "taken_at", "taken_office", "remark", "pack"
        ])  # fmt: skip

    with acting():
        done = carry_out(task, by=by, act=act)
        handover = done.process
        _say(
            "handover.taken", handover, by=by, levels=[Role.TOWNSHIP],
            people=[handover.assignment.instructor.user_id, handover.handed_by_id],
            **in_place(by, done.in_place_of),
        )  # fmt: skip
        return handover


def _say(code: str, handover, *, by, people, levels=(), **words) -> None:
    event = record(
        code, by=by, firm=handover.firm, firm_name=handover.firm.name,
        instructor=handover.assignment.instructor.name, **words,
    )  # fmt: skip
    tell(event, people=people, area=handover.area, levels=levels)
