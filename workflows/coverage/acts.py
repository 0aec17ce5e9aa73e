"""The acts of the conversation about a transition: propose, decide, give an opinion, correct,
withdraw. Each is one transaction, asks who may, and records."""

from datetime import datetime

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from core.accounts.verbs import Role
from core.audit.record import head_was, record
from core.errors import Refused
from core.ledger.files import keep_file
from core.ledger.models import Firm
from core.ledger.scope import reaches
from core.people.models import Assignment
from core.people.who import sees_at
from core.written import written
from workflows.coverage.chart import COUNTY
from workflows.coverage.consequences import name_taken
from workflows.coverage.door import find, objection
from workflows.coverage.facts import facts_of
from workflows.coverage.flows import StageTransitionFlow, is_last_word
from workflows.coverage.models import Opinion, TransitionRequest
from workflows.coverage.standing import TRANSITION, standing_of
from workflows.engine.act import acting
from workflows.engine.queries import chain_head
from workflows.engine.verbs import carry_out, in_place
from workflows.notices.tell import Among, tell

Decision = Opinion.Decision
SUBJECT = TRANSITION

EVENTS = {
    Decision.APPROVE: "request.approved_on",
    Decision.RETURN: "request.returned",
    Decision.REJECT: "request.rejected",
    Decision.ASK: "request.opinion_asked",
    Decision.OPINION: "request.opinion_given",
    Decision.CORRECT: "request.corrected",
}


def open_request(firm: Firm) -> TransitionRequest | None:
    """The one open proposal about a firm, if there is one."""
    return _open_requests(firm).first()


def _open_requests(firm):
    return TransitionRequest.objects.filter(firm=firm, subject=SUBJECT, finished__isnull=True)


def _asked(branch, branch_name, resumes_on) -> dict:
    return {"branch": branch, "branch_name": branch_name, "resumes_on": resumes_on}


def _checked(firm, verb, *, by, on, reason, branch, branch_name, resumes_on, beside=0):
    """The move and the facts of a proposal that may be made. `firm` is held; `beside` is the
    number of the proposal under way to which this one belongs. Raises Refused."""
    branch_name = branch_name.strip()
    facts, asked = standing_of(firm, on=on, branch_name=branch_name, beside=beside)
    guides = by.role == Role.INSTRUCTOR and asked["guide_account"] == by.pk
    if not by.may("propose") or not (
        guides or reaches(by, area=firm.area, line_id=firm.line_id, firm_id=firm.pk)
    ):
        raise Refused(Refused.NOT_YOURS, _("You may not propose a change for this firm."))
    move = find(firm, verb)
    written(reason, _("Say why: the reviewers need a reason."))
    if move.needs == "branch" and not (branch and branch.kind == "affiliated"):
        raise Refused(Refused.BAD_INPUT, _("Choose the affiliated branch that the firm joins."))
    if move.needs == "new_branch" and not branch_name:
        raise Refused(Refused.BAD_INPUT, _("Name the new branch."))
    if move.needs == "new_branch" and asked["name_taken"]:
        raise name_taken(branch_name)
    if sentence := objection(move, facts, _asked(branch, branch_name, resumes_on)):
        raise Refused(Refused.NOT_NOW, sentence)
    if asked["under_way"]:
        raise Refused(
            Refused.FASTER, _("A proposal about this firm is already under way; see there first.")
        )
    return move, facts


def propose(
    firm: Firm, verb: str, *, by, on, reason, branch=None, branch_name="", resumes_on=None, files=()
) -> TransitionRequest:
    """Ask for a move of the chart. What is true now is written down with it. Raises Refused."""
    with acting():
        firm = Firm.objects.held().annotate(**chain_head("pk")).get(pk=firm.pk)
        head_was(firm.pk, firm._place, firm._digest)
        move, facts = _checked(
            firm, verb, by=by, on=on, reason=reason,
            branch=branch, branch_name=branch_name, resumes_on=resumes_on,
        )  # fmt: skip
        request = StageTransitionFlow.begin.run(proposal={
            "firm": firm, "subject": SUBJECT, "county": firm.county, "area": firm.area,
            "line_id": firm.line_id, "opened_by": by, "verb": verb, "track": move.track,
            "source": getattr(firm, move.track), "target": move.target, "reason": reason,
            "branch": branch if move.needs == "branch" else None,
            "branch_name": branch_name.strip() if move.needs == "new_branch" else "",
            "resumes_on": resumes_on if move.needs == "resumes_on" else None,
            "facts": facts.as_json(),
            "data": {"verb": verb, "proposed_at": _level(by)},
        })  # fmt: skip
        if files:
            request.files.add(*[keep_file(firm, upload, by=by) for upload in files])
        Opinion.objects.create(
            request=request, step="begin", decision=Decision.PROPOSE, comment=reason, by=by,
            at=timezone.now(),
        )  # fmt: skip
        event = record("request.proposed", by=by, firm=firm, firm_name=firm.name, move=verb)
        tell_all(event, request)
        return request


def _level(by) -> str:
    """From which level a proposal comes: a first reviewer's own goes on to the county at once."""
    return "first" if by.role in (Role.TOWNSHIP, Role.LINE) else "below"


def decide(task, decision: str, *, by, at: datetime, comment: str = "", asked=None):
    """Answer a review: approve, return, reject, or ask somebody for an opinion. Raises Refused.

    Returning and rejecting need a comment. An approval asks the facts again: when the chart's
    condition no longer holds it is refused with the shortfall, and the reviewer may return or
    reject instead.
    """
    if decision in (Decision.RETURN, Decision.REJECT):
        written(comment, _("Say why, so that the proposer knows what to do."))
    elif comment.strip():
        written(comment, "")

    def act(activation):
        request = activation.process
        if decision == Decision.ASK:
            _ask(activation, asked, by=by, at=at)
        if decision == Decision.APPROVE and is_last_word(request, by):
            # The door asks the facts, and what it found is kept: see the flow's `move_the_firm`.
            _write(activation, decision, by=by, at=at, comment=comment, kept=())
            return
        facts = facts_of(request.firm, on=timezone.localdate(at))
        if decision == Decision.APPROVE:
            find(request.firm, request.verb)
            wanted = _asked(request.branch, request.branch_name, request.resumes_on)
            if sentence := objection(request.move, facts, wanted):
                raise Refused(Refused.NOT_NOW, sentence)
        request.decided_facts = facts.as_json()
        _write(activation, decision, by=by, at=at, comment=comment, asked=asked)

    return _answer(task, decision, by=by, act=act, asked=asked)


def _ask(activation, asked, *, by, at):
    if asked is None or asked == by or not asked.is_active or not asked.may("give_opinion"):
        raise Refused(Refused.BAD_INPUT, _("Choose the person whose opinion you ask."))
    if not Firm.objects.visible_to(asked).filter(pk=activation.process.firm_id).exists():
        raise Refused(Refused.BAD_INPUT, _("This person does not see this firm."))
    task, data = activation.task, activation.process.data
    left = (task.due_at - at).total_seconds() if task.due_at else 0
    data.update(
        asked_at=task.step, asker=by.pk, seconds_left=max(left, 24 * 3600),
        escalated=task.escalated_at is not None,
    )  # fmt: skip


def give_opinion(task, *, by, at: datetime, comment: str):
    """Answer the reviewer who asked. The step goes back to that reviewer. Raises Refused."""
    written(comment, _("Write your opinion in a sentence or two."))

    def act(activation):
        _write(activation, Decision.OPINION, by=by, at=at, comment=comment)

    return _answer(task, Decision.OPINION, by=by, act=act)


def correct(task, *, by, on, at, reason, branch=None, branch_name="", resumes_on=None, files=()):
    """Send a returned proposal again, with what was put right. Raises Refused.

    Who corrects it in the proposer's place answers for it from now on, and so does not decide on
    it; nor does who began it.
    """

    def act(activation):
        request = activation.process
        if request.opened_by_id != by.pk:
            if request.begun_by_id:
                request.wrote = f"{request.wrote or ','}{request.opened_by_id},"
            request.begun_by_id = request.begun_by_id or request.opened_by_id
            request.opened_by = by
        if _level(by) == "first":  # never back: or a supervisor's own would come to their desk
            request.data["proposed_at"] = "first"
        move, facts = _checked(
            request.firm, request.verb, by=by, on=on, reason=reason,
            branch=branch, branch_name=branch_name, resumes_on=resumes_on, beside=request.pk,
        )  # fmt: skip
        request.reason, request.facts = reason, facts.as_json()
        request.branch = branch if move.needs == "branch" else None
        request.branch_name = branch_name.strip() if move.needs == "new_branch" else ""
        request.resumes_on = resumes_on if move.needs == "resumes_on" else None
        request.files.add(*[keep_file(request.firm, upload, by=by) for upload in files])
        _write(activation, Decision.CORRECT, by=by, at=at, comment=reason)

    return _answer(task, Decision.CORRECT, by=by, act=act)


def _write(activation, decision, *, by, at, comment, asked=None, kept=None):
    """Keep what was said, and let the flow see it as the process's `verdict`. `kept` names the
    columns of the request to save now; all without it."""
    request = activation.process
    request.verdict = Opinion.objects.create(
        request=request, task=activation.task, step=activation.task.step, decision=decision,
        comment=comment.strip(), asked=asked if decision == Decision.ASK else None, by=by, at=at,
        in_place_of=activation.task.in_place_of,
    )  # fmt: skip
    if decision == Decision.RETURN:
        request.returned_times += 1
    if kept is None and decision in (Decision.APPROVE, Decision.REJECT, Decision.RETURN):
        kept = ["decided_facts", "returned_times"]
    if kept != ():
        request.save(update_fields=kept)


def _answer(task, decision, *, by, act, asked=None):
    step = task.step
    with acting():
        done = carry_out(task, by=by, act=act)
        request = done.process
        words = {"move": request.verb, **in_place(by, done.in_place_of)}
        if decision == Decision.APPROVE:
            words["step"] = step
        elif decision == Decision.ASK:
            words["asked"] = asked.name
        elif decision == Decision.CORRECT:
            words["firm_name"] = request.firm.name
        event = record(EVENTS[decision], by=by, firm=request.firm, **words)
        tell_all(event, request)
        return request


def withdraw(request: TransitionRequest, *, by) -> TransitionRequest:
    """Take back one's own proposal, as long as it is not decided. Raises Refused."""
    if request.opened_by_id != by.pk:
        raise Refused(Refused.NOT_YOURS, _("Only the proposer withdraws a proposal."))
    with acting():
        Firm.objects.held().get(pk=request.firm_id)
        with StageTransitionFlow.lock(request.pk):
            request.refresh_from_db()
            StageTransitionFlow.instance.cancel(request)
            request.outcome = TransitionRequest.Outcome.WITHDRAWN
            request.save()
            Opinion.objects.create(
                request=request, step="begin", decision=Decision.WITHDRAW, by=by, at=timezone.now()
            )
            event = record("request.withdrawn", by=by, firm=request.firm, move=request.verb)
            tell_all(event, request)
    return request


def tell_all(event, request: TransitionRequest) -> None:
    """Everybody concerned hears: the proposer, the firm's instructor, who took part, and the
    levels that answer for the firm: its township also when a line department manages it, the
    county when it decides or when a decision is filed with it. Who took part and no longer sees
    the firm does not."""
    levels = [Role.TOWNSHIP, Role.LINE]
    if request.finished or request.move.decides == COUNTY:
        levels.append(Role.COUNTY)
    among = Among(_concerned, {"request": request.pk, "firm": request.firm_id})
    tell(
        event, people=[request.opened_by_id], among=among, area=request.area, line=request.line_id,
        levels=levels,
    )  # fmt: skip


def _concerned(*, areas, line, request, firm) -> Q:
    took_part = Opinion.objects.filter(request=request).order_by().values("by_id")
    guides = Assignment.objects.current().filter(firm=firm).order_by().values("instructor__user_id")
    concerned = Q(pk__in=took_part) | Q(pk__in=guides)
    return concerned & sees_at(firm, areas=areas, line=line, verb="see")
