"""Every table of this app, by room."""

from workflows.assignments.models import AssignmentAnswer, AssignmentList, AssignmentRequest
from workflows.coverage.case import Case
from workflows.coverage.models import Opinion, TransitionRequest
from workflows.engine.models import Process, Task
from workflows.evaluations.models import Evaluation, Round, Sheet
from workflows.handovers.models import Handover
from workflows.inbox.models import BulkRun, Comment, SavedFilter
from workflows.live.models import Outbox, Signal, SignalCount
from workflows.mailroom.models import CalendarLink, Delivery, Robot, Wishes
from workflows.matching.models import Board, BoardRow
from workflows.morning.models import Sighting
from workflows.notices.models import Notice
from workflows.recalls.models import RecallRequest
from workflows.reconciling.models import AuthorityList, FormerName, KeptDecision, ListRow
from workflows.surveys.models import LateAnswer, SurveyFirm, SurveyRound

__all__ = [
    "AssignmentAnswer",
    "AssignmentList",
    "AssignmentRequest",
    "AuthorityList",
    "Board",
    "BoardRow",
    "BulkRun",
    "CalendarLink",
    "Case",
    "Comment",
    "Delivery",
    "Evaluation",
    "FormerName",
    "Handover",
    "KeptDecision",
    "LateAnswer",
    "ListRow",
    "Notice",
    "Opinion",
    "Outbox",
    "Process",
    "RecallRequest",
    "Robot",
    "Round",
    "SavedFilter",
    "Sheet",
    "Sighting",
    "Signal",
    "SignalCount",
    "SurveyFirm",
    "SurveyRound",
    "Task",
    "TransitionRequest",
    "Wishes",
]
