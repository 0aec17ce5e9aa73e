"""A follow-up: one finding about one firm, looked into by one person, then closed."""

from django.utils.translation import gettext_lazy as _

from core.audit.sentences import teach
from workflows.engine.flow import DeskFlow, End, StartHandle, this
from workflows.engine.human import HumanTask


class FollowUpFlow(DeskFlow):
    """Found at night or entailed by a move → somebody looks into it → closed."""

    process_title = _("Follow-up")

    begin = StartHandle(this.fill_in).Next(this.look_into)
    look_into = (
        HumanTask()
        .Annotation(title=_("Look into it"))
        .Permission(this.whose_office)
        .Assign(this.whose_firm)
        .Heir("desk.follow_up")
        .Due("follow_up_deadline")
        .Next(this.closed)
    )
    closed = End()

    def fill_in(self, activation, *, finding):
        for name, value in finding.items():
            setattr(activation.process, name, value)
        return activation.process

    def whose_firm(self, activation):
        """The instructor, who is there; the office only where there is none."""
        return getattr(activation.process, "whose", None)

    def whose_office(self, activation):
        return None if self.whose_firm(activation) else "desk.follow_up"


teach("task", {"look_into": FollowUpFlow.look_into.task_title})
