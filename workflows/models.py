"""Every table of this app, by room."""

from workflows.coverage.case import Case
from workflows.coverage.models import Opinion, TransitionRequest
from workflows.engine.models import Process, Task
from workflows.inbox.models import BulkRun, Comment, SavedFilter
from workflows.morning.models import Sighting
from workflows.notices.models import Notice

__all__ = [
    "BulkRun",
    "Case",
    "Comment",
    "Notice",
    "Opinion",
    "Process",
    "SavedFilter",
    "Sighting",
    "Task",
    "TransitionRequest",
]
