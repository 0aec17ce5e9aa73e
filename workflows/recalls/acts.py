"""The acts about a recall: propose, decide, withdraw. Each is one transaction, asks who may, and
records."""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from core.accounts.verbs import Role
from core.audit.record import record
from core.errors import Refused
from core.ledger.models import Firm
from core.ledger.permits import locked
from core.people.assigning import WHEN_ENDED, unassign
from core.written import written
from workflows.engine.act import acting
from workflows.engine.verbs import carry_out, in_place
from workflows.notices.tell import tell
from workflows.recalls.flows import SUBJECT, RecallFlow
from workflows.recalls.models import RecallRequest

Outcome, Reason = RecallRequest.Outcome, RecallRequest.Reason


def open_recalls():
    """Every recall that is under way."""
    return RecallRequest.objects.filter(finished__isnull=True)


def propose_recall(firm: Firm, *, reason: str, words: str, by) -> RecallRequest:
    """Propose that the firm's instructor is recalled. Raises Refused."""
    words = written(words, _("Say what happened: whoever decides needs it."))
    if reason not in Reason.values:
        raise Refused(Refused.BAD_INPUT, _("Choose the reason of the recall."))
    with acting():
        firm = locked(firm, by=by, verb="propose_assignment")
        now = firm.assignments.current().select_related("instructor").first()
        if now is None:
            raise Refused(Refused.FASTER, _("No instructor is assigned to this firm any more."))
        if open_recalls().filter(firm=firm).exists():
            raise Refused(Refused.FASTER, _("A recall from this firm is under way already."))
        request = RecallFlow.begin.run(proposal={
            "firm": firm, "subject": SUBJECT, "county": firm.county, "area": firm.area,
            "line_id": firm.line_id, "opened_by": by, "assignment": now, "reason": reason,
            "words": words,
        })  # fmt: skip
        _say("recall.proposed", request, by=by)
        return request


def decide_recall(task, *, by, at: datetime, approve: bool, comment: str = "") -> RecallRequest:
    """Approve a recall: the assignment ends today; or let the instructor stay, with a reason.
    Nobody decides on their own proposal. Raises Refused."""
    if not approve or comment.strip():
        comment = written(comment, _("Say why, so that the proposer knows what to do."))

    def act(activation):
        request = activation.process
        request.outcome = Outcome.APPROVED if approve else Outcome.REJECTED
        request.decided_by, request.decided_at, request.comment = by, at, comment.strip()
        request.save(update_fields=["outcome", "decided_by", "decided_at", "comment"])
        if approve:
            day = timezone.localdate(at)
            why = _("recalled: %(reason)s") % {"reason": request.get_reason_display()}
            unassign(request.firm, until=day, why=why, by=by, on=day)

    with acting():
        done = carry_out(task, by=by, act=act)
        code = "recall.approved" if approve else "recall.rejected"
        _say(code, done.process, by=by, **in_place(by, done.in_place_of))
        return done.process


def withdraw_recall(request: RecallRequest, *, by) -> RecallRequest:
    """Take back one's own proposal, as long as it is not decided. Raises Refused."""
    if request.opened_by_id != by.pk:
        raise Refused(Refused.NOT_YOURS, _("Only the proposer withdraws a proposal."))
    with acting():
        Firm.objects.held().get(pk=request.firm_id)
        _end(request, Outcome.WITHDRAWN)
        _say("recall.withdrawn", request, by=by)
    return request


def end_with_the_assignment(assignment, *, by, on) -> None:
    """What a recall asks for came in another way: the firm closed, the assignment was ended."""
    asked = open_recalls().filter(assignment=assignment, outcome=Outcome.OPEN)
    for request in asked.select_related("firm", "assignment__instructor"):
        _end(request, Outcome.OVERTAKEN)
        _say("recall.overtaken", request, by=by)


def _end(request, outcome) -> None:
    RecallFlow.instance.cancel(request)
    request.outcome = outcome
    request.save(update_fields=["outcome"])


def _say(code: str, request, *, by, **words) -> None:
    """The proposer and the offices hear of it at once; the instructor when it is approved."""
    who = request.assignment.instructor
    event = record(
        code, by=by, firm=request.firm, firm_name=request.firm.name, instructor=who.name, **words
    )  # fmt: skip
    told = [request.opened_by_id, who.user_id if request.outcome == Outcome.APPROVED else None]
    tell(event, people=told, area=request.area, levels=[Role.TOWNSHIP, Role.COUNTY])


WHEN_ENDED.append(end_with_the_assignment)
