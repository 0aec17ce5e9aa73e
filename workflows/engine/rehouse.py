"""Open work follows the facts: a firm that moves, a person who goes, a firm's new instructor."""

from contextlib import suppress

from django.db import transaction
from django.db.models import Q

from core.accounts.acts import WHEN_MOVED
from core.accounts.models import User
from core.audit.record import record
from core.errors import Refused
from core.ledger.acts import WHEN_REHOUSED
from core.ledger.models import Firm
from core.people.assigning import WHEN_GUIDE_CHANGES
from core.people.models import Assignment
from workflows.engine.act import acting
from workflows.engine.handing import return_to_lender
from workflows.engine.models import Process, Task
from workflows.engine.verbs import held


def follow_the_firm(firm: Firm, *, by) -> None:
    """A firm came to another township or line: its open tasks are now theirs, also those that
    somebody of the old place had taken. What is finished stays with those who did it."""
    home = {"county": firm.county, "area": firm.area, "line_id": firm.line_id}
    Process.objects.open().filter(firm=firm).update(**home)
    Task.objects.open().filter(firm=firm).update(**home)
    for task in Task.objects.human().open().filter(firm=firm).order_by("pk"):
        if again := task.flow_task.flow_class.instance.misplaced(task):
            with held(task) as activation:
                send_again(activation, again)
        elif task.owner and not task.flow_task.can_execute(task.delegated_by or task.owner, task):
            _back_to_queue(task, by=by)


def send_again(activation, node: str) -> None:
    """End a step that belongs elsewhere now, and go on from the node that chooses where."""
    activation.cancel()
    chooser = activation.flow_class.instance.node(node)
    activation._activate_next({chooser._create(activation, activation.task.token)})


def free_the_work_of(person: User, *, by) -> None:
    """A person went, or got another role or area: what they may no longer do lies in its queue
    again, what they helped with goes back to whose it is, and what they lent out is nobody's any
    more. What is meant for this one person stays, for a supervisor to hand on: see `orphaned`."""
    held_by = Q(owner=person) | Q(delegated_by=person)
    for task in Task.objects.human().open().filter(held_by).order_by("firm_id", "pk"):
        own = not task.owner_permission
        if task.owner_id == person.pk and task.delegated_by_id:
            _back_to_lender(task, by=by)
        elif own and person.is_active and Firm.objects.visible_to(person).filter(pk=task.firm_id):
            continue
        elif own or task.delegated_by_id or not task.flow_task.can_execute(person, task):
            _back_to_queue(task, by=by)
    note_left_behind(Task.objects.human().open().filter(owner=person))


def _back_to_lender(task: Task, *, by) -> None:
    with suppress(Refused), transaction.atomic(), held(task) as activation:
        if activation.task.delegated_by_id:
            owner = return_to_lender(activation)
            record("task.returned", by=by, firm=task.firm, to=owner.name, task=task.step)


def note_left_behind(among=None) -> None:
    """Note on open tasks (`among`, or all) whether they wait for somebody who cannot carry them
    out. Acts do it where they make it so; the night looks at all."""
    rows = Task.objects.human().open() if among is None else among
    stuck = rows.stuck().values("pk")
    rows.filter(left_behind=False, pk__in=stuck).update(left_behind=True)
    rows.filter(left_behind=True).exclude(pk__in=stuck).update(left_behind=False)


def free_what_nobody_can_do() -> int:
    """The open tasks of closed accounts, however they were closed: back into their queues. Tells
    how many; what has no queue stays for a supervisor, on the list of what was left behind."""
    gone = User.objects.filter(is_active=False)
    lost = Task.objects.human().open().filter(Q(owner__in=gone) | Q(delegated_by__in=gone))
    people = User.objects.filter(Q(pk__in=lost.values("owner")) | Q(pk__in=lost.values("delegated_by")))
    before = lost.count()
    for person in people.filter(is_active=False):
        with acting():
            free_the_work_of(person, by=None)
    note_left_behind()
    return before - lost.count()


def follow_the_guide(assignment: Assignment, *, by) -> None:
    """What an instructor was to look into at a firm goes to the office when they leave the firm,
    and from its queue to the next instructor."""
    guide = assignment.instructor.user
    if guide is None:
        return
    tasks = Task.objects.human().open().filter(firm_id=assignment.firm_id).order_by("pk")
    if assignment.until:
        for task in tasks.filter(owner=guide, owner_permission__isnull=True):
            if task.flow_task.guide_inherits:
                _back_to_queue(task, by=by)
    elif guide.is_active:
        for task in tasks.filter(owner__isnull=True):
            node = task.flow_task
            if node.guide_inherits and node.heir and task.owner_permission == node.heir:
                _give(task, guide, by=by)
    note_left_behind(tasks.order_by())


def _back_to_queue(task: Task, *, by) -> None:
    """Finished between the list and the lock, there is nothing to free."""
    with suppress(Refused), transaction.atomic(), held(task) as activation:
        task = activation.task
        queue = task.owner_permission or activation.flow_task.heir
        whose = task.delegated_by or task.owner
        if whose is None:
            return
        if task.delegated_by and not queue:
            return_to_lender(activation)  # found on the list of what was left behind
            return
        if not queue:
            return
        record("task.queued", by=by, firm=task.firm, name=whose.name, task=task.step)
        task.owner_permission = queue
        task.delegated_by = task.held_until = task.follow_up_on = None
        activation.unassign()


def _give(task: Task, to: User, *, by) -> None:
    with suppress(Refused), transaction.atomic(), held(task) as activation:
        if activation.task.owner_id:
            return  # somebody of the office took it
        activation.task.owner_permission = None
        activation.assign(to)
        record("task.reassigned", by=by, firm=task.firm, to=to.name, task=task.step)


WHEN_REHOUSED.append(follow_the_firm)
WHEN_MOVED.append(free_the_work_of)
WHEN_GUIDE_CHANGES.append(follow_the_guide)
