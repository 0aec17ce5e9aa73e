"""The conversation of an evaluation: two sealed forms, opened together; opinion, answer, grade.
Read it as text."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from core.accounts.models import User
from core.accounts.verbs import Role
from core.audit.sentences import teach
from core.days import midnight
from workflows.engine.flow import (
    DeskFlow,
    End,
    Function,
    Join,
    Split,
    StartHandle,
    this,
)
from workflows.engine.human import HumanTask
from workflows.evaluations.models import Evaluation, Sheet
from workflows.evaluations.rounds import day_after
from workflows.evaluations.sheets import open_sheets

KEY_IN = "desk.follow_up"  # a queue that townships have: one more would cost every list a statement
SIDE_OF = {"firm_form": Sheet.Side.FIRM, "instructor_form": Sheet.Side.INSTRUCTOR}
FORMS = tuple(SIDE_OF)


class EvaluationFlow(DeskFlow):
    """Both forms side by side → opened → supervisor's opinion → instructor's answer → grade."""

    process_class = Evaluation
    process_title = _("Two-way evaluation")

    begin = StartHandle(this.fill_in).Next(this.both)
    both = Split().Always(this.firm_form).Always(this.instructor_form)

    # A form is personal. Whoever has no account answers by a link or on paper, and the office keys
    # it in: that queue also gets the form of somebody whose account was closed. It does not follow
    # the firm's instructors, since it is about the one who was there.
    firm_form = (
        HumanTask()
        .Annotation(title=_("The firm's form"))
        .Permission(this.office_for_firm)
        .Assign(this.contact_of_firm)
        .Heir(KEY_IN, then_guide=False)
        .Handed("key_in_evaluation")
        .Until(this.end_of_round)
        .Next(this.all_in)
    )
    instructor_form = (
        HumanTask()
        .Annotation(title=_("The instructor's form"))
        .Permission(this.office_for_instructor)
        .Assign(this.instructor_to_answer)
        .Heir(KEY_IN, then_guide=False)
        .Handed("key_in_evaluation")
        .Until(this.end_of_round)
        .Next(this.all_in)
    )
    all_in = Join().Next(this.unseal)
    unseal = Function(this.open_both).Next(this.supervisor_opinion)
    supervisor_opinion = (
        HumanTask()
        .Annotation(title=_("Supervisor's opinion"))
        .Permission(this.level)
        .Due("evaluation_opinion_deadline")
        .Next(this.right_to_answer)
    )
    right_to_answer = (
        HumanTask()
        .Annotation(title=_("The instructor's right to answer"))
        .Permission(this.office_for_instructor)
        .Assign(this.instructor_to_answer)
        .Heir(KEY_IN, then_guide=False)
        .Handed("key_in_evaluation")
        .Due("evaluation_answer_deadline")
        .Next(this.settle_grade)
    )
    settle_grade = (
        HumanTask()
        .Annotation(title=_("Settle the grade"))
        .Permission("desk.decide_county")
        .Due("evaluation_grade_deadline")
        .Next(this.filed)
    )
    filed = End()

    # -- who is asked

    def contact_of_firm(self, activation):
        people = User.objects.filter(role=Role.CONTACT, is_active=True)
        return people.filter(contact_of__firm=activation.process.firm_id).first()

    def instructor_to_answer(self, activation):
        account = activation.process.instructor.user
        there = account is not None and account.is_active and account.role == Role.INSTRUCTOR
        return account if there else None

    def end_of_round(self, activation):
        """The last moment of its last day, so that this day is shown."""
        return midnight(day_after(activation.process.round.closes_on)) - timedelta(microseconds=1)

    def office_for_firm(self, activation):
        return None if self.contact_of_firm(activation) else KEY_IN

    def office_for_instructor(self, activation):
        return None if self.instructor_to_answer(activation) else KEY_IN

    def level(self, activation):
        return _level(activation.process)

    def misplaced(self, task):
        """A firm that came to a line department, or left it, is judged by the other one."""
        if task.step == "supervisor_opinion" and task.owner_permission != _level(task):
            return "supervisor_opinion"
        return None

    # -- where it goes, and what happens

    def fill_in(self, activation, *, evaluation):
        for name, value in evaluation.items():
            setattr(activation.process, name, value)
        return activation.process

    def open_both(self, activation):
        open_sheets(activation.process)


def _level(of) -> str:
    return "desk.review_line" if of.line_id else "desk.review_township"


TITLES = {
    node.name: node.task_title for node in EvaluationFlow.instance.nodes() if node.task_type == "HUMAN"
}
teach("task", TITLES)
teach("about", {"evaluation": _("Two-way evaluation")})
teach("sheet", dict(Sheet.Side.choices))
teach("how", dict(Sheet.Source.choices))
