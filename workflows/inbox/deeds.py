"""What can be done with one task besides answering it: one row each, read by the page and by the
one view that does them."""

from collections.abc import Callable
from datetime import date, datetime
from typing import NamedTuple

from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.accounts.models import User
from core.forms import KeyedForm
from workflows.engine import handing, pace, verbs
from workflows.engine.desk import DESKS
from workflows.engine.models import Task
from workflows.engine.queries import OPEN_TASK, hands
from workflows.inbox import comments
from workflows.inbox.forms import (
    CommentForm,
    FollowUpForm,
    HandOnForm,
    HoldForm,
    LendForm,
    ReportForm,
    TaskButton,
)


class Now(NamedTuple):
    by: User
    on: date
    at: datetime


class Deed(NamedTuple):
    form_class: type[KeyedForm]
    do: Callable  # (task, what was typed, Now) → the task, or the one that takes its place
    said: Callable  # (what was typed) → what the person is told afterwards
    leaves: bool = False  # it takes the task out of one's hands, so that the next one opens


DEEDS = {
    "claim": Deed(
        TaskButton, lambda task, given, now: verbs.claim(task, by=now.by),
        lambda given: _("The task is yours now."),
    ),
    "release": Deed(
        TaskButton, lambda task, given, now: handing.release(task, by=now.by),
        lambda given: _("The task is back in the queue."), leaves=True,
    ),
    "reassign": Deed(
        HandOnForm, lambda task, given, now: handing.reassign(task, by=now.by, to=given["to"]),
        lambda given: _("%(name)s has the task now.") % {"name": given["to"].name}, leaves=True,
    ),
    "lend": Deed(
        LendForm,
        lambda task, given, now: comments.lend(
            task, by=now.by, to=given["to"], wish=given["wish"], at=now.at
        ),
        lambda given: _("%(name)s works on it and gives it back to you.")
        % {"name": given["to"].name},
        leaves=True,
    ),
    "report": Deed(
        ReportForm,
        lambda task, given, now: comments.report(task, by=now.by, text=given["text"], at=now.at),
        lambda given: _("The task is back with its owner, with what you wrote."), leaves=True,
    ),
    "call_back": Deed(
        TaskButton, lambda task, given, now: handing.call_back(task, by=now.by),
        lambda given: _("The task is in your hands again."),
    ),
    "hold": Deed(
        HoldForm,
        lambda task, given, now: pace.hold(task, by=now.by, until=given["until"], on=now.on),
        lambda given: _("Put off until %(day)s.") % {"day": date_format(given["until"])},
        leaves=True,
    ),
    "resume": Deed(
        TaskButton, lambda task, given, now: pace.resume(task, by=now.by),
        lambda given: _("The task is on your list again."),
    ),
    "follow_up": Deed(
        FollowUpForm,
        lambda task, given, now: pace.follow_up(task, by=now.by, day=given["day"], on=now.on),
        lambda given: _("The reminder is set.") if given["day"] else _("The reminder is taken away."),
    ),
    "nudge": Deed(
        TaskButton, lambda task, given, now: pace.nudge(task, by=now.by, at=now.at),
        lambda given: _("Asked to hurry."),
    ),
    "comment": Deed(
        CommentForm,
        lambda task, given, now: comments.comment(
            task, by=now.by, text=given["text"], at=now.at
        ).task,
        lambda given: _("Your comment is there for everybody who works on this."),
    ),
    "undo": Deed(
        TaskButton, lambda task, given, now: DESKS[task.step].undo(task, by=now.by, at=now.at),
        lambda given: _("Your decision is taken back; the task is in your hands again."),
    ),
}  # fmt: skip


def form_of(name: str, task: Task, user, make=None):
    """The form of a deed; `make` builds it with what was posted."""
    given = {"task": task, "user": user, "auto_id": f"{name}_%s"}
    form_class = DEEDS[name].form_class
    return make(form_class, **given) if make else form_class(**given)


def offered(task: Task, user, *, on: date) -> set[str]:
    """The deeds that the page offers this person; each asks again when it is done."""
    own = task.owner_id in hands(user)
    lent = task.delegated_by_id is not None
    can = {"comment"} if user.may("read_record") else set()
    if task.status not in OPEN_TASK:
        mine = {task.owner_id, task.in_place_of_id} & set(hands(user))
        return can | ({"undo"} if mine and DESKS[task.step].can_undo(task) else set())
    free = task.owner_id is None and Task.objects.queue(user).filter(pk=task.pk).exists()
    may = {
        "claim": free,
        "release": own and not lent and bool(task.owner_permission),
        "reassign": not (own and lent) and (own or verbs.supervises(user, task)),
        "lend": own and not lent,
        "report": own and lent,
        "call_back": lent and not own and task.delegated_by_id in hands(user),
        "hold": own and not _rests(task, on),
        "resume": own and _rests(task, on),
        "follow_up": own,
        "nudge": not own and not free and _waits_for(task, user),
    }
    return can | {name for name, fits in may.items() if fits}


def _waits_for(task: Task, user) -> bool:
    """Whether somebody waits for a task in other hands: it is about what they wrote, it is lent by
    them, they did a step before it, or they dispose of it. Not who only reads."""
    own = hands(user)
    if {*task.process.authors, task.delegated_by_id} & set(own) or verbs.supervises(user, task):
        return True
    if not (user.may("propose") or user.may("reassign")):
        return False
    before = Task.objects.human().filter(process_id=task.process_id, status="DONE")
    return before.filter(Q(owner__in=own) | Q(in_place_of__in=own)).exists()


def _rests(task: Task, on: date) -> bool:
    """The same as on the lists: on its day it is there again."""
    return task.held_until is not None and task.held_until > on
