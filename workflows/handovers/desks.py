"""The desks of a handover: hand the firm over, take it over."""

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from workflows.engine.desk import Desk, desk
from workflows.handovers import acts
from workflows.handovers.forms import HandOverForm, TakeOverForm
from workflows.handovers.models import Handover
from workflows.handovers.pack import shown, suggested


class HandoverDesk(Desk):
    def context(self, task, user):
        """The pack is for who may read it: a task may be seen by more."""
        rows = Handover.objects.visible_to(user).of_page()
        handover = rows.filter(pk=task.process_id).first()
        pack = shown(handover, user, on=timezone.localdate()) if handover else {}
        return {"handover": handover, **pack}

    def why(self, task):
        ended = task.process.coerced.assignment
        return _("%(name)s guided %(firm)s until %(day)s (%(why)s).") % {
            "name": ended.instructor.name, "firm": task.firm.name, "day": date_format(ended.until),
            "why": ended.get_ended_as_display(),
        }  # fmt: skip

    def page(self, task, by) -> str:
        if Handover.objects.visible_to(by).filter(pk=task.process_id).exists():
            return reverse("handovers:handover", args=[task.process_id])
        return reverse("inbox:mine")


@desk("hand_over")
class HandOverDesk(HandoverDesk):
    template = "handovers/desk.html"
    form_class = HandOverForm
    done = _("Signed: the firm is handed over.")

    def given(self, task, user):
        return {"initial": suggested(task.process.coerced, on=timezone.localdate())}

    def asks(self, task):
        if task.owner_permission:
            return _("The instructor cannot or did not hand over: do it in their place.")
        return _("Say what the next one needs to know. What the desk knows is filled in already.")

    def follows(self, task):
        return _("Who follows reads it and signs. Until somebody is assigned, it waits at the office.")

    def act(self, task, form, *, by, on, at):
        data = form.cleaned_data
        acts.hand_over(
            task, by=by, at=at, promises=data["promises"], whom_to_call=data["whom_to_call"],
            what_next=data["what_next"],
        )  # fmt: skip
        return self.page(task, by)


@desk("take_over")
class TakeOverDesk(HandoverDesk):
    template = "handovers/desk.html"
    form_class = TakeOverForm
    done = _("Signed: the firm is taken over, and the pack is filed.")

    def asks(self, task):
        if task.owner_permission:
            return _("Nobody follows yet. Assign an instructor, or take over for the office.")
        return _("Read what is handed over, and sign that you take over.")

    def follows(self, task):
        return _("The pack is filed as it was signed; both sides can print it.")

    def act(self, task, form, *, by, on, at):
        acts.take_over(task, by=by, at=at, remark=form.cleaned_data["remark"])
        return self.page(task, by)
