"""The desks of the transition flow: review and decide, give an opinion, correct."""

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from workflows.coverage.acts import Decision, correct, decide, give_opinion
from workflows.coverage.chart import COUNTY
from workflows.coverage.forms import DecisionForm, OpinionForm, ProposalForm
from workflows.coverage.models import TransitionRequest
from workflows.coverage.pages import dossier
from workflows.coverage.taking_back import take_back
from workflows.engine.desk import Desk, desk


class RequestDesk(Desk):
    def context(self, task, user):
        return dossier(task.process.coerced, user)

    def why(self, task):
        request = task.process.coerced
        return _("%(name)s proposed on %(day)s: %(move)s.") % {
            "name": request.opened_by.name,
            "day": date_format(timezone.localdate(request.created)),
            "move": request.get_verb_display(),
        }

    def can_undo(self, task):
        request = task.process.coerced
        moved = request.outcome == TransitionRequest.Outcome.APPROVED
        stands = getattr(task.firm, request.track) == request.source
        return stands and not moved and super().can_undo(task)

    def undo(self, task, *, by, at):
        return take_back(task, by=by, at=at)

    def page(self, task) -> str:
        return reverse("coverage:request", args=[task.process_id])


@desk("township_review", "line_review", "county_decision")
class ReviewDesk(RequestDesk):
    template = "coverage/desk_review.html"
    form_class = DecisionForm

    def given(self, task, user):
        return {"firm": task.firm, "user": user}

    def asks(self, task):
        return _("Compare the proposal with the facts; approve, return it, or reject it.")

    def follows(self, task):
        request = task.process.coerced
        county_next = request.move.decides == COUNTY and task.step != "county_decision"
        if task.escalated_at and county_next:
            return _("It went up when it was overdue. If you approve, the county's decision follows.")
        if task.escalated_at and task.step != "county_decision":
            return _("It went up when it was overdue. If you approve, the firm moves at once.")
        if county_next:
            return _("If you approve, the county office decides. Overdue, it takes over this step.")
        if task.step == "county_decision":
            return _("If you approve, the firm moves at once and everybody concerned is told.")
        return _("If you approve, the firm moves at once. Overdue, it goes to the county office.")

    def approve(self, task, *, comment, by, on, at):
        decide(task, Decision.APPROVE, by=by, at=at, comment=comment)

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

    def why(self, task):
        whose = {task.owner_id, task.delegated_by_id, task.in_place_of_id} - {None}
        asked = task.process.coerced.opinions.filter(asked__in=whose)
        asker = asked.select_related("by").last()
        if asker is None:
            return super().why(task)
        return _("%(name)s asked for an opinion: “%(words)s”") % {
            "name": asker.by.name, "words": asker.comment
        }  # fmt: skip

    def asks(self, task):
        return _("Say in a sentence or two what you know of it.")

    def follows(self, task):
        return _("Your answer goes back to the reviewer, who then decides.")

    def act(self, task, form, *, by, on, at):
        give_opinion(task, by=by, at=at, comment=form.cleaned_data["comment"])
        return self.page(task)


@desk("correct")
class CorrectDesk(RequestDesk):
    template = "coverage/desk_correct.html"
    form_class = ProposalForm
    done = _("The corrected proposal is on its way.")

    def why(self, task):
        returned = task.process.coerced.opinions.filter(decision=Decision.RETURN)
        said = returned.select_related("by").last()
        if said is None:
            return super().why(task)
        return _("%(name)s returned it: “%(words)s”") % {"name": said.by.name, "words": said.comment}

    def context(self, task, user):
        """Who does not read the record is not told why it was returned."""
        page = super().context(task, user)
        return page if page["reads_record"] else page | {"why": super().why(task)}

    def asks(self, task):
        return _("Put right what was asked and send it again, or withdraw it.")

    def follows(self, task):
        return _("It goes to the reviewers again, from the first one.")

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
