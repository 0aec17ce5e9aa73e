"""Taking a task and carrying it out. Each act locks, asks, writes and records, or refuses."""

from contextlib import contextmanager

from django.utils import timezone
from django.utils.translation import gettext as _
from viewflow.workflow.status import STATUS

from core.accounts.absence import stood_in_for
from core.audit.record import head_was, record
from core.errors import Refused
from workflows.engine.act import acting, this_act
from workflows.engine.models import Task
from workflows.engine.queries import OPEN_TASK, hands, has_power


@contextmanager
def held(task):
    """The task's activation under the locks of its firm, its process and itself, in that order,
    freshly read, as one act.

    Raises Refused when the task is no longer open, naming who was faster where that is known.
    """
    with acting():
        now = Task.objects.held(task)
        head_was(now.firm_id, now._place, now._digest)
        now.process = process = now.process.coerced
        process.firm = now.firm
        now.firm.held_in = this_act()
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
    with held(task) as activation:
        _claim(activation, by)
        return activation.task


def _claim(activation, by):
    task = activation.task
    if task.owner_id in hands(by):
        return
    if task.owner_id:
        raise _taken(task)
    if not activation.assign.has_perm(by):
        raise Refused(Refused.NOT_YOURS, _why_not(task, by))
    whose = _by_whose_powers(task, by)
    activation.assign(whose)
    record("task.claimed", by=by, firm=task.firm, task=task.step, **in_place(by, whose))


def _by_whose_powers(task, by):
    """The person themselves, or one on leave for whom they stand in: then it is that one's task."""
    return next((person for person in (by, *stood_in_for(by)) if has_power(person, task)), by)


def in_place(by, whose) -> dict:
    """The words of an event that name the absent person too, where a substitute acts."""
    return {} if whose is None or whose.pk == by.pk else {"in_place_of": whose.name}


def _why_not(task, by) -> str:
    if by.pk in task.process.authors:
        return _("This is your own proposal: somebody else decides on it.")
    return _("This task is for another role or area.")


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

    All in one act under the locks. A substitute's name and the absent person's both stay with the
    task. Raises Refused; then nothing is changed.
    """
    with held(task) as activation:
        task = activation.task
        if task.owner_id is None:
            _claim(activation, by)
        elif task.owner_id not in hands(by):
            raise _taken(task)
        if task.delegated_by_id:
            raise Refused(Refused.NOT_NOW, _out_of_hands(task))
        if not activation.flow_task.can_execute(by, task):
            raise Refused(Refused.NOT_YOURS, _why_not(task, by))
        if task.owner_id != by.pk:
            task.in_place_of, task.owner = task.owner, by
        act(activation)
        activation.start(None)
        activation.execute()
        return task


def carry_out_for_guest(task: Task, *, act):
    """Do a task on the word of somebody without an account, who proved otherwise that it is theirs.
    Whoever has it is set free of it. Raises Refused; then nothing is changed."""
    with held(task) as activation:
        task = activation.task
        task.owner = task.delegated_by = None
        act(activation)
        task.status, task.started = STATUS.STARTED, timezone.now()
        activation.execute()
        return task


def lapse(activation) -> None:
    """End a step that nobody carries out any more, and go on with what follows it."""
    activation.cancel()
    following = activation.flow_task._next
    activation._activate_next({following._create(activation, activation.task.token)})


def _out_of_hands(task) -> str:
    return _("%(name)s was asked to work on this and gives it back; call it back to go on at once.") % {
        "name": task.owner.name
    }
