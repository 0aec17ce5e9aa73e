"""What people do with tasks. Each act locks the process, asks, writes and records, or refuses."""

from contextlib import contextmanager

from django.utils import timezone
from django.utils.translation import gettext as _

from core.audit.record import head_was, record
from core.errors import Refused
from workflows.engine.act import acting, this_act
from workflows.engine.models import OPEN_TASK, Task


@contextmanager
def held(task, *, by=None):
    """The task's activation under the locks of its firm, its process and itself, in that order,
    freshly read, as one act. With `by` what that person may do is read along with it.

    Raises Refused when the task is no longer open, naming who was faster where that is known.
    """
    with acting():
        now = Task.objects.held(task, by=by).get(pk=task.pk)
        head_was(now.firm_id, now._place, now._digest)
        now.process = process = now.process.coerced
        process.firm = now.firm
        now.firm.held_in = this_act()
        now.asked_of = by and by.pk
        if now.status not in OPEN_TASK:
            raise Refused(Refused.FASTER, _over(now))
        yield now.flow_task.activation_class(now)


def _over(task) -> str:
    if task.status == "DONE" and task.owner:
        return _("%(name)s already did this on %(day)s. Nothing of yours was saved.") % {
            "name": task.owner.name,
            "day": timezone.localtime(task.finished).strftime("%Y-%m-%d %H:%M"),
        }
    return _("This task is over: the proposal was withdrawn or closed. Nothing was saved.")


def _taken(task) -> Refused:
    return Refused(Refused.FASTER, _("%(name)s has this task now.") % {"name": task.owner.name})


def claim(task: Task, *, by) -> Task:
    """Take a task from the queue. Taking one's own task again changes nothing."""
    with held(task, by=by) as activation:
        _claim(activation, by)
        return activation.task


def _claim(activation, by):
    task = activation.task
    if task.owner_id == by.pk:
        return
    if task.owner_id:
        raise _taken(task)
    if not activation.assign.has_perm(by):
        raise Refused(Refused.NOT_YOURS, _why_not(task, by))
    activation.assign(by)
    record("task.claimed", by=by, firm=task.firm, task=task.step)


def _why_not(task, by) -> str:
    if by.pk in task.process.authors:
        return _("This is your own proposal: somebody else decides on it.")
    return _("This task is for another role or area.")


def release(task: Task, *, by) -> Task:
    """Give a task back to its queue. A task that was given to one person has no queue."""
    with held(task) as activation:
        task = activation.task
        if task.owner_id is None:
            return task
        if task.owner_id != by.pk and not supervises(by, task):
            raise Refused(Refused.NOT_YOURS, _("Only the person who has the task gives it back."))
        if not task.owner_permission:
            raise Refused(
                Refused.NOT_NOW, _("This task is meant for one person; it can only be handed on.")
            )
        activation.unassign()
        record("task.released", by=by, firm=task.firm, task=task.step)
        return task


def reassign(task: Task, *, by, to) -> Task:
    """Hand a task to another person who may carry it out."""
    with held(task) as activation:
        task = activation.task
        if task.owner_id == to.pk:
            return task
        if not supervises(by, task) and task.owner_id != by.pk:
            raise Refused(Refused.NOT_YOURS, _("You may not hand on this task."))
        if not task.candidates().filter(pk=to.pk).exists():
            raise Refused(
                Refused.NOT_YOURS,
                _("%(name)s may not carry out this task.") % {"name": to.name},
            )
        if task.owner_id is None:
            activation.assign(to)
        else:
            activation.reassign(to)
        record("task.reassigned", by=by, firm=task.firm, to=to.name, task=task.step)
        return task


def supervises(user, task) -> bool:
    """Whether somebody disposes of a task in other hands: their own level's and those below, but
    no decision of a higher level, and none on what they wrote."""
    if not (user.may("reassign") and Task.objects.visible_to(user).filter(pk=task.pk).exists()):
        return False
    if not task.owner_permission:
        return True
    own = task.owner_permission.removeprefix("desk.")
    above = any(user.may(verb) for verb in (own, "take_escalated", "manage_users"))
    return above and user.pk not in task.process.authors


def carry_out(task: Task, *, by, act):
    """Do a task: take it if it still lies in the queue, `act(activation)`, finish it, go on.

    All in one transaction under the lock of the process. Raises Refused; then nothing is changed.
    """
    with held(task, by=by) as activation:
        if activation.task.owner_id is None:
            _claim(activation, by)
        elif activation.task.owner_id != by.pk:
            raise _taken(activation.task)
        if not activation.flow_task.can_execute(by, activation.task):
            raise Refused(Refused.NOT_YOURS, _why_not(activation.task, by))
        act(activation)
        activation.start(None)
        activation.execute()
        return activation.task
