"""The conversation about an assignment: propose, agree on all sides, issue. Read it as text."""

from django.utils.translation import gettext_lazy as _

from core.accounts.models import User
from core.accounts.verbs import Role
from core.audit.sentences import teach
from core.ledger.scope import reaches
from workflows.assignments.models import AssignmentRequest
from workflows.engine.flow import (
    DeskFlow,
    End,
    Function,
    Join,
    Split,
    StartHandle,
    Switch,
    end_other_branches,
    this,
)
from workflows.engine.human import HumanTask

SUBJECT = "assignment"
RECORD = "desk.follow_up"  # who records what somebody said on paper or by phone


class AssignmentFlow(DeskFlow):
    """An instructor is proposed for a firm: the unit lends, the instructor accepts and the firm
    confirms side by side, the county office issues the list. A no goes back to the proposer."""

    process_class = AssignmentRequest
    process_title = _("Assignment")

    begin = StartHandle(this.fill_in).Next(this.unit_answer)

    # Each side is asked by its own account. Where it has none the proposer, or the office, records
    # what was said on paper or by phone; so does the office when an answer is overdue.
    unit_answer = (
        HumanTask()
        .Annotation(title=_("The sending unit's answer"))
        .Permission(this.office_for_unit)
        .Assign(this.whom_for_unit)
        .Heir(RECORD, then_guide=False)
        .Late(RECORD)
        .Handed("propose_assignment")
        .Due("unit_answer_deadline")
        .Next(this.unit_said)
    )
    unit_said = Switch().Case(this.turned_down, this.is_a_no).Default(this.unit_agreed)
    unit_agreed = Function(this.note_the_unit).Next(this.both)
    both = Split().Always(this.instructor_answer).Always(this.firm_answer)
    instructor_answer = (
        HumanTask()
        .Annotation(title=_("The instructor's answer"))
        .Permission(this.office_for_instructor)
        .Assign(this.whom_for_instructor)
        .Heir(RECORD, then_guide=False)
        .Late(RECORD)
        .Handed("propose_assignment")
        .Due("instructor_answer_deadline")
        .Next(this.instructor_said)
    )
    instructor_said = Switch().Case(this.turned_down, this.is_a_no).Default(this.agreed)
    firm_answer = (
        HumanTask()
        .Annotation(title=_("The firm's answer"))
        .Permission(this.office_for_firm)
        .Assign(this.whom_for_firm)
        .Heir(RECORD, then_guide=False)
        .Late(RECORD)
        .Handed("propose_assignment")
        .Due("firm_answer_deadline")
        .Next(this.firm_said)
    )
    firm_said = Switch().Case(this.turned_down, this.is_a_no).Default(this.agreed)
    agreed = Join().Next(this.issue_assignment)
    issue_assignment = (
        HumanTask()
        .Annotation(title=_("Issue the assignment"))
        .Permission("desk.decide_county")
        .Due("issue_deadline")
        .Next(this.issued)
    )
    issued = Switch().Case(this.turned_down, this.is_a_no).Default(this.begun)
    turned_down = Function(this.end_the_rest).Next(this.choose_again)
    choose_again = (
        HumanTask()
        .Annotation(title=_("Choose another instructor"))
        .Permission(this.office_to_choose)
        .Assign(this.whom_to_choose)
        .Heir(RECORD, then_guide=False)
        .Late(RECORD)
        .Handed("propose_assignment")
        .Due("choose_again_deadline")
        .Next(this.chosen)
    )
    chosen = Switch().Case(this.given_up, this.is_a_no).Default(this.unit_answer)
    begun = End()
    given_up = End()

    # -- who is asked: a person, or the office where there is none

    def whom_for_unit(self, activation):
        people = User.objects.filter(role=Role.UNIT, is_active=True).order_by("pk")
        lends = people.filter(unit=activation.process.instructor.unit_id).first()
        return lends or self.whom_to_choose(activation)

    def whom_for_instructor(self, activation):
        account = activation.process.instructor.user
        own = account is not None and account.is_active and account.role == Role.INSTRUCTOR
        return account if own else self.whom_to_choose(activation)

    def whom_for_firm(self, activation):
        """The firm's contact; else the township that proposed, or its office."""
        people = User.objects.filter(role=Role.CONTACT, is_active=True)
        contact = people.filter(contact_of__firm=activation.process.firm_id).first()
        if contact:
            return contact
        proposer = self.whom_to_choose(activation)
        return proposer if proposer and proposer.role == Role.TOWNSHIP else None

    def whom_to_choose(self, activation):
        """The proposer, as long as they may still propose for this firm."""
        request = activation.process
        near = {"area": request.area, "line_id": request.line_id, "firm_id": request.firm_id}
        who = request.opened_by
        return who if who.may("propose_assignment") and reaches(who, **near) else None

    def office_for_unit(self, activation):
        return None if self.whom_for_unit(activation) else RECORD

    def office_for_instructor(self, activation):
        return None if self.whom_for_instructor(activation) else RECORD

    def office_for_firm(self, activation):
        return None if self.whom_for_firm(activation) else RECORD

    def office_to_choose(self, activation):
        return None if self.whom_to_choose(activation) else RECORD

    # -- where the conversation goes, and what happens

    def is_a_no(self, activation):
        return not activation.process.verdict.agrees

    def end_the_rest(self, activation):
        end_other_branches(activation)

    def note_the_unit(self, activation):
        activation.process.agreed_by_unit = True
        activation.process.save(update_fields=["agreed_by_unit"])

    def fill_in(self, activation, *, proposal):
        for name, value in proposal.items():
            setattr(activation.process, name, value)
        return activation.process


TITLES = {
    node.name: node.task_title for node in AssignmentFlow.instance.nodes() if node.task_type == "HUMAN"
}
teach("task", TITLES)
teach("about", {SUBJECT: _("Assignment of an instructor")})
