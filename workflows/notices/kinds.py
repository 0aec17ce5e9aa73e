"""What a notice is about, for whoever chooses what reaches them outside of the desk."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    TASK = "task", _("Tasks for me or my office")
    DECISION = "decision", _("Decisions on proposals I have to do with")
    OVERDUE = "overdue", _("What is overdue")
    MENTION = "mention", _("Comments in which I am mentioned")
    NUDGE = "nudge", _("Somebody asks me to look at a task")
    OTHER = "other", _("Everything else")


# The first part that an event's code begins with says the kind.
BEGINNINGS = (
    ("task.escalated", Kind.OVERDUE),
    ("task.overdue", Kind.OVERDUE),
    ("task.nudged", Kind.NUDGE),
    ("task.mentioned", Kind.MENTION),
    ("comment.", Kind.MENTION),
    ("task.", Kind.TASK),
    ("finding.opened", Kind.TASK),
    ("evaluation.begun", Kind.TASK),
    ("evaluation.", Kind.DECISION),
    ("assignment.proposed", Kind.TASK),
    ("assignment.no_longer_fits", Kind.TASK),
    ("assignment.", Kind.DECISION),
    ("handover.taken", Kind.DECISION),
    ("handover.", Kind.TASK),
    ("survey.late", Kind.OVERDUE),
    ("survey.opened", Kind.TASK),
    ("survey.reminder", Kind.TASK),
    ("survey.not_found", Kind.TASK),
    ("recall.proposed", Kind.TASK),
    ("recall.", Kind.DECISION),
    ("request.proposed", Kind.TASK),
    ("request.corrected", Kind.TASK),
    ("request.opinion_asked", Kind.TASK),
    ("request.", Kind.DECISION),
    ("case.moved", Kind.DECISION),
)


def kind_of(code: str) -> Kind:
    """The kind of an event's code; OTHER for one that nobody has sorted."""
    return next((kind for start, kind in BEGINNINGS if code.startswith(start)), Kind.OTHER)
