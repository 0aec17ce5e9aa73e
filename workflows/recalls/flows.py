"""The conversation about a recall: proposed with a reason, decided by the county office."""

from django.utils.translation import gettext_lazy as _

from core.audit.sentences import teach
from workflows.engine.flow import DeskFlow, End, StartHandle, this
from workflows.engine.human import HumanTask
from workflows.recalls.models import RecallRequest

SUBJECT = "recall"


class RecallFlow(DeskFlow):
    """An instructor is taken away from a firm, or stays."""

    process_class = RecallRequest
    process_title = _("Recall")

    begin = StartHandle(this.fill_in).Next(this.recall_decision)
    recall_decision = (
        HumanTask()
        .Annotation(title=_("Decision on the recall"))
        .Permission("desk.decide_county")
        .Due("recall_deadline")
        .Next(this.decided)
    )
    decided = End()

    def fill_in(self, activation, *, proposal):
        for name, value in proposal.items():
            setattr(activation.process, name, value)
        return activation.process


teach("task", {"recall_decision": RecallFlow.recall_decision.task_title})
teach("about", {SUBJECT: _("Recall of an instructor")})
