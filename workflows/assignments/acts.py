"""The acts about a proposed assignment: propose, answer, choose again, withdraw. Each is one
transaction, asks who may, and records."""

from datetime import datetime

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from core.accounts.absence import stood_in_for
from core.accounts.models import User
from core.accounts.verbs import Role
from core.audit.record import record
from core.audit.sentences import teach
from core.errors import Refused
from core.ledger.models import Firm, FirmContact
from core.ledger.permits import allow, locked
from core.people.assigning import refuse_unfit
from core.people.models import Instructor
from core.written import written
from workflows.assignments.flows import SUBJECT, AssignmentFlow
from workflows.assignments.models import AssignmentAnswer, AssignmentRequest
from workflows.engine.act import acting
from workflows.engine.verbs import carry_out, in_place
from workflows.notices.tell import tell

Party, How, Outcome = AssignmentAnswer.Party, AssignmentAnswer.How, AssignmentRequest.Outcome

PARTIES = {
    "unit_answer": Party.UNIT,
    "instructor_answer": Party.INSTRUCTOR,
    "firm_answer": Party.FIRM,
    "issue_assignment": Party.COUNTY,
}
teach("party", dict(Party.choices))


def open_requests():
    """Every proposed assignment that is under way."""
    return AssignmentRequest.objects.filter(finished__isnull=True)


def open_pairs(county: str) -> list[tuple[int, int]]:
    """The keys (firm, instructor) of what is under way in a county."""
    return list(open_requests().filter(county=county).values_list("firm_id", "instructor_id"))


def propose_assignment(
    firm: Firm, instructor: Instructor, *, by, at: datetime, reasons: str = "", all_the_same=True
) -> AssignmentRequest:
    """Propose an instructor for a firm without one. Raises Refused: when somebody proposed already,
    and when something stands against it (a warning only, unless `all_the_same`)."""
    _fits_the_column(reasons)
    allow(by, "propose_assignment")
    with acting():
        firm = locked(firm, by=by, verb="propose_assignment")
        if under_way := open_requests().filter(firm=firm).select_related("instructor").first():
            raise Refused(
                Refused.FASTER,
                _("%(name)s is proposed for this firm already; see there first.")
                % {"name": under_way.instructor.name},
            )
        instructor = _fit(firm, instructor, by=by, at=at, all_the_same=all_the_same)
        request = AssignmentFlow.begin.run(proposal={
            "firm": firm, "subject": SUBJECT, "county": firm.county, "area": firm.area,
            "line_id": firm.line_id, "opened_by": by, "instructor": instructor,
            "proposed_on": timezone.localdate(at), "reasons": reasons.strip(),
        })  # fmt: skip
        note(request, Party.PROPOSER, True, by=by, at=at, reason=reasons)
        say("assignment.proposed", request, by=by)
        return request


def _fits_the_column(text: str) -> None:
    if text.strip():
        written(text, "")


def _fit(firm, instructor, *, by, at, all_the_same) -> Instructor:
    """The instructor as they are now, held, so that two firms do not fill the last place."""
    rows = Instructor.objects.visible_to(by).select_related("unit", "user")
    now = rows.select_for_update(of=("self",)).filter(pk=instructor.pk).first()
    if now is None:
        raise Refused(Refused.NOT_YOURS, _("This instructor is not within your reach."))
    refuse_unfit(firm, now, on=timezone.localdate(at), all_the_same=all_the_same)
    return now


def note(request, party, agrees, *, by, at, reason="", how=How.SELF, task=None) -> AssignmentAnswer:
    """Keep what one side said, and let the flow see it as the process's `verdict`."""
    request.verdict = AssignmentAnswer.objects.create(
        request=request, task=task, instructor=request.instructor, party=party, agrees=agrees,
        reason=reason.strip(), how=how, by=by, at=at,
        in_place_of=task.in_place_of if task else None,
    )  # fmt: skip
    return request.verdict


def answers_itself(task, party, user) -> bool:
    """Whether somebody who answers a step is the side that is asked (or stands in for it), and not
    an office that records what it heard."""
    request = task.process.coerced
    for person in (user, *stood_in_for(user)):
        if party == Party.UNIT and person.role == Role.UNIT:
            return person.unit_id == request.instructor.unit_id
        if party == Party.INSTRUCTOR and person.pk == request.instructor.user_id:
            return True
        if party == Party.FIRM and person.role == Role.CONTACT:
            return FirmContact.objects.filter(user=person, firm=request.firm_id).exists()
    return party == Party.COUNTY


def answer_assignment(task, *, by, at: datetime, agrees: bool, reason: str = "", how: str = ""):
    """Answer for one side: the unit, the instructor, the firm; or turn it down for the county
    office. A no needs a reason. An office that records what it heard says `how`. Raises Refused."""
    party = PARTIES[task.step]
    if not agrees:
        written(reason, _("Say why, so that the proposer knows what to do."))
    _fits_the_column(reason)
    if agrees and party == Party.COUNTY:
        raise Refused(Refused.NOT_NOW, _("An assignment begins with the list that is issued."))

    def act(activation):
        own = answers_itself(activation.task, party, by)
        if not own and how not in (How.PAPER, How.PHONE):
            raise Refused(Refused.BAD_INPUT, _("Say how the answer was given: on paper or by phone."))
        note(activation.process, party, agrees, by=by, at=at, reason=reason,
             how=How.SELF if own else how, task=activation.task)  # fmt: skip

    with acting():
        done = carry_out(task, by=by, act=act)
        code = "assignment.agreed" if agrees else "assignment.declined"
        say(code, done.process, by=by, party=str(party), **in_place(by, done.in_place_of))
        return done.process


def choose_again(
    task, *, by, at: datetime, instructor: Instructor | None, reasons: str = "", all_the_same=True
):
    """After a no: propose another instructor, or give up (`instructor` None), with the reason.

    Who chooses in the proposer's place answers for it from now on. Raises Refused.
    """
    if instructor is None:
        written(reasons, _("Say why you give up, for whoever looks after this firm."))
    _fits_the_column(reasons)

    def act(activation):
        request = activation.process
        allow(by, "propose_assignment")
        if instructor is not None:
            firm = locked(request.firm, by=by, verb="propose_assignment")
            request.instructor = _fit(firm, instructor, by=by, at=at, all_the_same=all_the_same)
            request.proposed_on, request.reasons = timezone.localdate(at), reasons.strip()
            request.agreed_by_unit = False
        else:
            request.outcome = Outcome.GIVEN_UP
        if request.opened_by_id != by.pk:
            if request.begun_by_id:
                request.wrote = f"{request.wrote or ','}{request.opened_by_id},"
            request.begun_by_id = request.begun_by_id or request.opened_by_id
            request.opened_by = by
        note(request, Party.PROPOSER, instructor is not None, by=by, at=at, reason=reasons,
             task=activation.task)  # fmt: skip
        request.save()

    with acting():
        done = carry_out(task, by=by, act=act)
        code = "assignment.proposed" if instructor else "assignment.given_up"
        say(code, done.process, by=by, **in_place(by, done.in_place_of))
        return done.process


def may_withdraw(request, user) -> bool:
    """Who takes a proposal back: who proposed, and the office that issues."""
    return request.finished is None and (
        request.opened_by_id == user.pk
        or (user.may("issue_assignments") and request.read_wholly_by(user))
    )


def withdraw_assignment(request, *, by, at: datetime, reason: str) -> AssignmentRequest:
    """Take a proposal back while no list is issued, with the reason. Raises Refused."""
    if not may_withdraw(request, by) and request.finished is None:
        raise Refused(Refused.NOT_YOURS, _("Only the proposer withdraws a proposal."))
    written(reason, _("Say why: those who were asked are told."))
    with acting():
        Firm.objects.held().get(pk=request.firm_id)
        _end(request, Outcome.WITHDRAWN)
        note(request, Party.PROPOSER, False, by=by, at=at, reason=reason)
        say("assignment.withdrawn", request, by=by)
        return request


def overtake(request, *, by) -> None:
    """End a proposal because the firm closed or got an instructor in another way. The firm is
    held by the caller, in whose act this is."""
    _end(request, Outcome.OVERTAKEN)
    say("assignment.overtaken", request, by=by)


def _end(request, outcome) -> None:
    AssignmentFlow.instance.cancel(request)
    request.outcome = outcome
    request.save(update_fields=["outcome"])


def say(code: str, request, *, by, **words) -> None:
    """Record what happened and tell everybody concerned: the proposer, the instructor and their
    unit, the township and the county; the firm once its unit agreed."""
    event = record(
        code, by=by, firm=request.firm, firm_name=request.firm.name,
        instructor=request.instructor.name, **words,
    )  # fmt: skip
    who = request.instructor
    among = Q(role=Role.UNIT, unit=who.unit_id)
    if request.agreed_by_unit:
        among |= Q(role=Role.CONTACT, contact_of__firm=request.firm_id)
    among = Q(pk__in=User.objects.filter(among).order_by().values("pk"))
    tell(
        event, people=[request.opened_by_id, who.user_id], among=among, area=request.area,
        levels=[Role.TOWNSHIP, Role.COUNTY],
    )  # fmt: skip
