"""The conversation of a handover: who leaves writes down and signs, who follows reads and signs."""

from django.utils.translation import gettext_lazy as _

from core.accounts.verbs import Role
from core.audit.sentences import teach
from core.people.models import Assignment
from workflows.engine.flow import DeskFlow, End, StartHandle, this
from workflows.engine.human import HumanTask
from workflows.handovers.models import Handover

OFFICE = "desk.follow_up"  # does it where an instructor cannot


class HandoverFlow(DeskFlow):
    """Who leaves hands over → who follows takes over → done. Without somebody who follows it waits
    with the office, which passes it on as soon as an instructor is assigned."""

    process_class = Handover
    process_title = _("Handover")

    begin = StartHandle(this.fill_in).Next(this.hand_over)
    hand_over = (
        HumanTask()
        .Annotation(title=_("Hand the firm over"))
        .Permission(this.office_for_who_leaves)
        .Assign(this.who_leaves)
        .Heir(OFFICE, then_guide=False)
        .Late(OFFICE)
        .Handed("follow_up")
        .Due("handover_deadline")
        .Next(this.take_over)
    )
    take_over = (
        HumanTask()
        .Annotation(title=_("Take the firm over"))
        .Permission(this.office_for_who_follows)
        .Assign(this.who_follows)
        .Heir(OFFICE)
        .Late(OFFICE)
        .Handed("record_guidance")
        .Due("handover_deadline")
        .Next(this.done)
    )
    done = End()

    def fill_in(self, activation, *, handover):
        for name, value in handover.items():
            setattr(activation.process, name, value)
        return activation.process

    def who_leaves(self, activation):
        account = activation.process.assignment.instructor.user
        return account if _there(account) else None

    def office_for_who_leaves(self, activation):
        return None if self.who_leaves(activation) else OFFICE

    def who_follows(self, activation):
        """The present instructor, but nobody signs for both sides."""
        process = activation.process
        now = Assignment.objects.current().filter(firm=process.firm_id)
        guide = now.select_related("instructor__user").first()
        account = guide.instructor.user if guide else None
        return account if _there(account) and account.pk not in process.authors else None

    def office_for_who_follows(self, activation):
        return None if self.who_follows(activation) else OFFICE


def _there(account) -> bool:
    return account is not None and account.is_active and account.role == Role.INSTRUCTOR


TITLES = {
    node.name: node.task_title for node in HandoverFlow.instance.nodes() if node.task_type == "HUMAN"
}
teach("task", TITLES)
