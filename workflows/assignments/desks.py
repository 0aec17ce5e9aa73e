"""The desks of the conversation about an assignment: answer for a side, issue, choose again."""

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from workflows.assignments.acts import (
    PARTIES,
    Party,
    answer_assignment,
    answers_itself,
    choose_again,
)
from workflows.assignments.forms import AnswerForm, ChooseForm
from workflows.assignments.issuing import issue_list
from workflows.assignments.pages import dossier
from workflows.engine.desk import Desk, desk

ASKS = {
    Party.UNIT: _("Say whether the unit sends its person to this firm."),
    Party.INSTRUCTOR: _("Say whether you take on this firm. You may decline, with a reason."),
    Party.FIRM: _("Say whether this instructor suits the firm, or ask for another."),
}
RECORDS = {
    Party.UNIT: _("Ask the sending unit, and record what it says on paper or by phone."),
    Party.INSTRUCTOR: _("Ask the instructor, and record what they say."),
    Party.FIRM: _("Ask the firm, and record what it says."),
}
FOLLOWS = {
    Party.UNIT: _("After a yes, the instructor and the firm are asked side by side."),
    Party.INSTRUCTOR: _("When the firm has said yes too, the county office issues the list."),
    Party.FIRM: _("When the instructor has said yes too, the county office issues the list."),
}


class AssignmentDesk(Desk):
    template = "assignments/desk.html"

    def why(self, task):
        request = task.process.coerced
        return _("%(name)s proposed on %(day)s: %(instructor)s for %(firm)s.") % {
            "name": request.opened_by.name,
            "day": date_format(request.proposed_on),
            "instructor": request.instructor.name,
            "firm": request.firm.name,
        }

    def context(self, task, user):
        return dossier(task.process.coerced, user)

    def page(self, task) -> str:
        return reverse("assignments:request", args=[task.process_id])


@desk("unit_answer", "instructor_answer", "firm_answer")
class AnswerDesk(AssignmentDesk):
    form_class = AnswerForm
    done = _("The answer is on record; everybody concerned is told.")

    def given(self, task, user):
        party = PARTIES[task.step]
        return {"party": party, "recording": not answers_itself(task, party, user)}

    def context(self, task, user):
        """Who looks at an overdue step may record the answer, so it is said what to do."""
        party = PARTIES[task.step]
        page = super().context(task, user)
        own = answers_itself(task, party, user)
        return page | {"asks": ASKS[party] if own else RECORDS[party]}

    def asks(self, task):
        return ASKS[PARTIES[task.step]]

    def follows(self, task):
        return FOLLOWS[PARTIES[task.step]]

    def act(self, task, form, *, by, on, at):
        answer_assignment(task, by=by, at=at, **form.wishes())
        return self.page(task)


@desk("issue_assignment")
class IssueDesk(AssignmentDesk):
    form_class = AnswerForm

    def given(self, task, user):
        return {"party": Party.COUNTY, "recording": False}

    def asks(self, task):
        return _("All sides agreed. Issue the list on the page of assignments, or turn this one down.")

    def follows(self, task):
        return _("The assignment begins on the day of the list; everybody concerned is told.")

    def said(self, form):
        if form.wishes()["agrees"]:
            return _("The list is issued; everybody concerned is told.")
        return _("Turned down; the proposer chooses another instructor or gives up.")

    def act(self, task, form, *, by, on, at):
        wish = form.wishes()
        if wish["agrees"]:
            made = issue_list([task.process], by=by, at=at)
            return reverse("assignments:issued", args=[made.pk])
        answer_assignment(task, by=by, at=at, agrees=False, reason=wish["reason"])
        return self.page(task)


@desk("choose_again")
class ChooseDesk(AssignmentDesk):
    form_class = ChooseForm

    def given(self, task, user):
        return {"firm": task.firm, "user": user, "on": timezone.localdate()}

    def why(self, task):
        request = task.process.coerced
        no = next((one for one in reversed(request.answers.all()) if not one.agrees), None)
        if no is None:
            return super().why(task)
        return _("%(party)s said no to %(instructor)s: “%(words)s”") % {
            "party": no.get_party_display(), "instructor": no.instructor.name, "words": no.reads,
        }  # fmt: skip

    def asks(self, task):
        return _("Propose another instructor for this firm, or give up with a reason.")

    def follows(self, task):
        return _("Another one is asked as the first was, from the sending unit on.")

    def said(self, form):
        if form.cleaned_data["instructor"]:
            return _("The proposal is on its way.")
        return _("The proposal is given up; everybody concerned is told.")

    def act(self, task, form, *, by, on, at):
        choose_again(task, by=by, at=at, **form.wishes())
        return self.page(task)


__all__ = ["AnswerDesk", "ChooseDesk", "IssueDesk"]
