"""A task changes hands: given back, handed on, lent to a helper, called back."""

from django.utils.translation import gettext as _

from core.audit.record import record
from core.errors import Refused
from core.people.who import who_sees
from core.written import written
from workflows.engine.models import Task
from workflows.engine.queries import hands
from workflows.engine.verbs import held, in_place, supervises


def release(task: Task, *, by) -> Task:
    """Give a task back to its queue. A task that was given to one person has no queue."""
    with held(task) as activation:
        task = activation.task
        if task.owner_id is None:
            return task
        if task.owner_id not in hands(by) and not supervises(by, task):
            raise Refused(Refused.NOT_YOURS, _("Only the person who has the task gives it back."))
        if task.delegated_by_id and not supervises(by, task):
            raise Refused(Refused.NOT_NOW, _("This was lent to you; give it back with the result."))
        if not task.owner_permission:
            raise Refused(
                Refused.NOT_NOW, _("This task is meant for one person; it can only be handed on.")
            )
        words = _whose(task, by)
        task.delegated_by = task.held_until = task.follow_up_on = None
        activation.unassign()
        record("task.released", by=by, firm=task.firm, task=task.step, **words)
        return task


def reassign(task: Task, *, by, to) -> Task:
    """Hand a task to another person who may carry it out."""
    with held(task) as activation:
        task = activation.task
        if task.owner_id == to.pk and not task.delegated_by_id:
            return task
        if not supervises(by, task) and (task.owner_id not in hands(by) or task.delegated_by_id):
            raise Refused(Refused.NOT_YOURS, _("You may not hand on this task."))
        if not task.candidates().filter(pk=to.pk).exists():
            raise Refused(
                Refused.NOT_YOURS,
                _("%(name)s may not carry out this task.") % {"name": to.name},
            )
        words = _whose(task, by)
        task.delegated_by = task.held_until = task.follow_up_on = None
        if task.owner_id is None:
            activation.assign(to)
        else:
            activation.reassign(to)
        record("task.reassigned", by=by, firm=task.firm, to=to.name, task=task.step, **words)
        return task


def _whose(task, by) -> dict:
    """The words that name the absent owner, where a substitute gives their task away."""
    return in_place(by, task.owner) if task.owner_id in hands(by) else {}


def helpers(task):
    """The people (a queryset of users) who may be asked to work on a task and give it back: who
    sees the firm and answers questions about it."""
    return who_sees(task.firm, verb="give_opinion")


def delegate(task: Task, *, by, to, wish: str) -> Task:
    """Lend a task to somebody who works on it and gives it back with a result; the owner keeps
    the decision and the deadline. Raises Refused."""
    written(wish, _("Say in a sentence what you would like to have done."))
    with held(task) as activation:
        task = activation.task
        owner = _owner(task, by)
        if task.delegated_by_id:
            raise Refused(Refused.NOT_NOW, _("This was lent to you; give it back with the result."))
        if to.pk == owner.pk or not helpers(task).filter(pk=to.pk).exists():
            raise Refused(Refused.BAD_INPUT, _("Choose somebody else who sees this firm."))
        task.delegated_by, task.held_until = owner, None
        activation.reassign(to)
        record("task.delegated", by=by, firm=task.firm, to=to.name, task=task.step,
               **in_place(by, owner))  # fmt: skip
        return task


def _owner(task, by):
    """Who has the task, when that is `by` or somebody for whom they stand in. Raises Refused."""
    if task.owner_id is None or task.owner_id not in hands(by):
        raise Refused(Refused.NOT_YOURS, _("Take the task first: only who has it may do this."))
    return task.owner


def give_back(task: Task, *, by) -> Task:
    """The helper gives the task back to who lent it. Raises Refused."""
    with held(task) as activation:
        task = activation.task
        helper = _owner(task, by)
        if not task.delegated_by_id:
            raise Refused(Refused.NOT_NOW, _("This task is your own; nobody waits for it back."))
        owner = return_to_lender(activation)
        record("task.returned", by=by, firm=task.firm, to=owner.name, task=task.step,
               **in_place(by, helper))  # fmt: skip
        return task


def return_to_lender(activation):
    """Put a lent task into its owner's hands again; who that is."""
    task = activation.task
    owner, task.delegated_by = task.delegated_by, None
    task.held_until = task.follow_up_on = None  # those were the helper's
    activation.reassign(owner)
    return owner


def call_back(task: Task, *, by) -> Task:
    """The owner takes a lent task back before the helper is done. Raises Refused."""
    with held(task) as activation:
        task = activation.task
        if not task.delegated_by_id or task.delegated_by_id not in hands(by):
            raise Refused(Refused.NOT_YOURS, _("Only who lent the task calls it back."))
        name = task.owner.name
        owner = return_to_lender(activation)
        record("task.called_back", by=by, firm=task.firm, name=name, task=task.step,
               **in_place(by, owner))  # fmt: skip
        return task
