"""The desk of a recall: the county office decides."""

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from workflows.engine.desk import Desk, desk
from workflows.recalls.acts import decide_recall
from workflows.recalls.forms import RecallDecisionForm


@desk("recall_decision")
class RecallDesk(Desk):
    template = "recalls/desk.html"
    form_class = RecallDecisionForm

    def why(self, task):
        request = task.process.coerced
        return _("%(name)s proposed on %(day)s to recall %(instructor)s from %(firm)s.") % {
            "name": request.opened_by.name,
            "day": date_format(timezone.localdate(request.created)),
            "instructor": request.assignment.instructor.name,
            "firm": request.firm.name,
        }

    def asks(self, task):
        return _("Approve the recall, or reject it with a reason.")

    def follows(self, task):
        return _("If you approve, the assignment ends today, and what is open is handed over.")

    def context(self, task, user):
        return {"asked": task.process.coerced}

    def said(self, form):
        if form.cleaned_data["decision"] == "approve":
            return _("The instructor is recalled; everybody concerned is told.")
        return _("You rejected it; everybody concerned is told.")

    def act(self, task, form, *, by, on, at):
        data = form.cleaned_data
        approve = data["decision"] == "approve"
        decide_recall(task, by=by, at=at, approve=approve, comment=data["comment"])
        return reverse("recalls:request", args=[task.process_id])
