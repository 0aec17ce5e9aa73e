"""When a task is worked on: put off, come back to, hurried."""

from datetime import date, datetime

from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.audit.record import record
from core.errors import Refused
from core.people.who import sees
from workflows.engine.changes import changed
from workflows.engine.models import Task
from workflows.engine.queries import hands
from workflows.engine.verbs import held, in_place
from workflows.notices.tell import tell


def hold(task: Task, *, by, until: date, on: date) -> Task:
    """Put a task of one's own off until a day: it leaves the list until then. Its deadline runs
    on, so a day behind that is refused. Raises Refused."""
    with held(task) as activation:
        task = activation.task
        _in_hand(task, by)
        if until <= on:
            raise Refused(Refused.BAD_INPUT, _("Choose a day after today."))
        if task.due_at and until > timezone.localdate(task.due_at):
            raise Refused(
                Refused.NOT_NOW,
                _("It is due on %(due)s: it cannot rest longer than that. Choose an earlier day.")
                % {"due": date_format(timezone.localdate(task.due_at))},
            )
        task.held_until = until
        _write(task, "task.held", by=by, until=until.isoformat())
        return task


def resume(task: Task, *, by) -> Task:
    """Take up a task before its day. Raises Refused."""
    with held(task) as activation:
        task = activation.task
        _in_hand(task, by)
        if task.held_until is None:
            return task
        task.held_until = None
        _write(task, "task.resumed", by=by)
        return task


def follow_up(task: Task, *, by, day: date | None, on: date) -> Task:
    """Note on which day one wants to come back to a task; None takes the note away. It is one's
    own reminder and moves no deadline. Raises Refused."""
    with held(task) as activation:
        task = activation.task
        _in_hand(task, by)
        if day is not None and day < on:
            raise Refused(Refused.BAD_INPUT, _("Choose today or a later day."))
        if task.follow_up_on == day:
            return task
        task.follow_up_on = day
        if day is None:
            _write(task, "task.follow_up_ended", by=by)
        else:
            _write(task, "task.follow_up", by=by, on=day.isoformat())
        return task


def _in_hand(task, by) -> None:
    if task.owner_id is None or task.owner_id not in hands(by):
        raise Refused(Refused.NOT_YOURS, _("Take the task first: only who has it may do this."))


def _write(task, code: str, *, by, **words) -> None:
    task.save(update_fields=["held_until", "follow_up_on"])
    changed(task, "changed")
    record(code, by=by, firm=task.firm, task=task.step, **words, **in_place(by, task.owner))


def nudge(task: Task, *, by, at: datetime) -> Task:
    """Ask whoever has a task, or its queue, to hurry: once a day for each task. Raises Refused."""
    with held(task) as activation:
        task = activation.task
        if task.owner_id in hands(by) and not task.delegated_by_id:
            raise Refused(Refused.NOT_NOW, _("You have this task yourself."))
        if not (by.may("propose") or by.may("reassign")):
            raise Refused(Refused.NOT_YOURS, _("You only read this; others ask to hurry."))
        today = timezone.localdate(at)
        if task.nudged_at and timezone.localdate(task.nudged_at) == today:
            raise Refused(
                Refused.NOT_NOW, _("Somebody asked to hurry today already; try again tomorrow.")
            )
        task.nudged_at = at
        task.save(update_fields=["nudged_at"])
        changed(task, "nudged")
        event = record("task.nudged", by=by, firm=task.firm, task=task.step)
        tell(event, **at_hand(task))
        return task


def at_hand(task) -> dict:
    """Whom to tell about an open task: who has it, or those who may take it."""
    if task.owner_id:
        return {"people": [task.owner_id]}
    verb = (task.owner_permission or "").removeprefix("desk.")
    condition = sees(task.firm, verb=verb)
    if task.escalated_at:
        condition |= sees(task.firm, verb="take_escalated")
    authors = [pk for pk in task.process.authors if pk]
    return {"among": condition & ~Q(pk__in=authors)}
