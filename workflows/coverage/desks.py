"""The desks of the transition flow: review and decide, give an opinion, correct."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from workflows.coverage.acts import Decision, correct, decide, give_opinion
from workflows.coverage.forms import DecisionForm, OpinionForm, ProposalForm
from workflows.coverage.pages import dossier
from workflows.engine.desk import Desk, desk


class RequestDesk(Desk):
    def context(self, task, user):
        return dossier(task.process.coerced, user)

    def page(self, task) -> str:
        return reverse("coverage:request", args=[task.process_id])


@desk("township_review", "line_review", "county_decision")
class ReviewDesk(RequestDesk):
    template = "coverage/desk_review.html"
    form_class = DecisionForm

    def given(self, task, user):
        return {"firm": task.firm, "user": user}

    def said(self, form):
        return {
            Decision.APPROVE: _("You approved; everybody concerned is told."),
            Decision.RETURN: _("It is back with the proposer, with what you wrote."),
            Decision.REJECT: _("You rejected it; everybody concerned is told."),
            Decision.ASK: _("Asked; the answer comes back to you."),
        }[form.cleaned_data["decision"]]

    def act(self, task, form, *, by, on, at):
        data = form.cleaned_data
        decide(task, data["decision"], by=by, at=at, comment=data["comment"], asked=data["asked"])
        return self.page(task)


@desk("opinion")
class OpinionDesk(RequestDesk):
    template = "coverage/desk_opinion.html"
    form_class = OpinionForm
    done = _("Your opinion went back to the reviewer who asked for it.")

    def act(self, task, form, *, by, on, at):
        give_opinion(task, by=by, at=at, comment=form.cleaned_data["comment"])
        return self.page(task)


@desk("correct")
class CorrectDesk(RequestDesk):
    template = "coverage/desk_correct.html"
    form_class = ProposalForm
    done = _("The corrected proposal is on its way.")

    def given(self, task, user):
        request = task.process.coerced
        initial = {
            "reason": request.reason, "branch": request.branch_id,
            "branch_name": request.branch_name, "resumes_on": request.resumes_on,
        }  # fmt: skip
        return {"firm": task.firm, "move": request.move, "user": user, "initial": initial}

    def act(self, task, form, *, by, on, at):
        correct(task, by=by, on=on, at=at, **form.wishes())
        return self.page(task)


__all__ = ["CorrectDesk", "OpinionDesk", "ReviewDesk"]
