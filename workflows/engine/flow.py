"""The base of every flow: locked, scoped, and honest about failure.

Viewflow runs the conversation; its own pages, queues and default locks are not used, because each
of them has a hole that this product cannot have. What is closed where:

* the lock: every flow takes a row lock on its process (stock takes none and doubles tasks);
* addresses: no URL of viewflow is mounted, a task is found by its own number only, so that no
  lock can be slipped by naming another process;
* errors: an exception always rolls the whole step back, in the background too (stock keeps a
  half-done process there, and the frame's local variables with it);
* ending: a finished process cannot be cancelled any more.
"""

from contextlib import nullcontext

from django.db import transaction
from django.utils.functional import cached_property
from django.utils.timezone import now
from django.utils.translation import gettext as _
from viewflow import this
from viewflow.workflow import nodes
from viewflow.workflow.activation import Activation
from viewflow.workflow.base import Flow, Node
from viewflow.workflow.lock import SelectForUpdateLock
from viewflow.workflow.status import PROCESS, STATUS

from core.errors import Refused
from workflows.engine.models import Process, Task


class Raises:
    """Mixin for activations: a failing step fails, it never becomes a finished ERROR task."""

    def exception_guard(self):
        return nullcontext()


class Passing(Raises):
    """Mixin for steps that nobody carries out: they are passed within an act and leave no row.

    What was decided, by whom and when, stands in the tasks of people and in the events; a row for
    each switch between them cost four statements and told nothing.
    """

    @classmethod
    def create(cls, flow_task, prev_activation, token, data=None, seed=None):
        task = flow_task.flow_class.task_class(
            process=prev_activation.process, flow_task=flow_task, token=token,
            flow_task_type=flow_task.task_type, data=data or {},
        )  # fmt: skip
        return cls(task)

    __hash__ = object.__hash__  # stock asks the task, which has no number here
    __eq__ = object.__eq__

    @Activation.status.transition(source=STATUS.NEW, target=STATUS.DONE)
    def complete(self):
        self.task.finished = now()


class _Start(Passing, nodes.start.StartHandleActivation):
    @classmethod
    def create(cls, flow_task, prev_activation, token, data=None, seed=None):
        flow_class = flow_task.flow_class
        process = flow_class.process_class(flow_class=flow_class)
        task = flow_class.task_class(
            process=process, flow_task=flow_task, started=now(), data=data or {}
        )
        return cls(task)

    @Activation.status.transition(source=STATUS.NEW)
    def execute(self):
        """The caller holds the firm, so that nobody else sees the process before it is whole."""
        with transaction.atomic(savepoint=False):
            self.process.save(force_insert=True)
            self.complete()
            self.activate_next()


class _Function(Passing, nodes.func.FunctionActivation):
    @Activation.status.super()
    def activate(self):
        self.flow_task._func(self)


class _Switch(Passing, nodes.switch.SwitchActivation):
    @Activation.status.super()
    def activate(self):
        branches = self.flow_task._branches
        self.next_task = next(node for node, cond in branches if cond is None or cond(self))


class _Split(Passing, nodes.split.SplitActivation):
    @Activation.status.super()
    def create_next(self):
        """All branches begin at once. Nothing tells them apart but their steps: what joins them asks
        for open ones, and the lock on the process lets one act after the other arrive."""
        for node, data in self.next_tasks:
            yield node._create(self, self.task.token, data=data)


class _Join(Passing, nodes.mixins.NextNodeActivationMixin, Activation):
    type = "join"  # viewflow activates these last, when all that an act opens is there

    def __hash__(self):  # branches that arrive in the same act arrive once
        return hash((self.process.pk, self.flow_task.name))

    def __eq__(self, other):
        return type(other) is _Join and hash(other) == hash(self)

    @Activation.status.transition(source=STATUS.NEW)
    def activate(self):
        """Nothing to do; whether it goes on is asked by `complete`."""

    @Activation.status.transition(
        source=STATUS.NEW, target=STATUS.DONE, conditions=[this.no_branch_is_open]
    )
    def complete(self):
        self.task.finished = now()

    def no_branch_is_open(self):
        return not _open_steps(self).exists()


class _End(Passing, nodes.end.EndActivation):
    @Activation.status.super()
    def activate(self):
        """The process is over when no branch of it is still under way."""
        if self.flow_class.instance.forks and _open_steps(self).exists():
            return
        self.process.status, self.process.finished = PROCESS.DONE, now()
        self.process.save(update_fields=["status", "finished"])


def _open_steps(activation):
    """The steps of people that are under way in a conversation; other steps leave no row."""
    tasks = activation.flow_class.task_class._default_manager
    return tasks.filter(process=activation.process, finished__isnull=True)


def end_other_branches(activation) -> None:
    """Close what is still open beside the step that is being carried out: its answer has made it
    needless. Call it from a step's act or from a Function."""
    for task in _open_steps(activation).exclude(pk=activation.task.pk).order_by("pk"):
        task.process = activation.process
        task.flow_task.activation_class(task).cancel()


class StartHandle(nodes.StartHandle):
    """Begins a conversation from an act."""

    activation_class = _Start


class Function(nodes.Function):
    activation_class = _Function


class Switch(nodes.Switch):
    activation_class = _Switch


class Split(nodes.Split):
    """Branches side by side. Each begins with a step of a person."""

    activation_class = _Split


class Join(nodes.mixins.NextNodeMixin, Node):
    """Goes on once no step of a person is open in the conversation, so within one split at a time."""

    activation_class = _Join
    task_type = "JOIN"


class End(nodes.End):
    activation_class = _End


class DeskFlow(Flow):
    """Subclass it with nodes of this room only. `process_class` may add a table below Process."""

    process_class = Process
    task_class = Task
    lock_impl = SelectForUpdateLock(nowait=False)

    @cached_property
    def forks(self) -> bool:
        """Whether branches of this flow run side by side."""
        return any(isinstance(node, nodes.Split) for node in self.nodes())

    def misplaced(self, task) -> str | None:
        """The node to go on from when an open step no longer belongs where the firm is now."""
        return None

    def has_view_permission(self, user, obj=None):
        """Rows are asked by `visible_to`; without a row nobody sees anything."""
        rows = Process.objects.visible_to(user)
        return obj is not None and rows.filter(pk=obj.pk).exists()

    def has_manage_permission(self, user, obj=None):
        return user.is_authenticated and user.may("reassign")

    def cancel(self, process):
        """End an open process with all its tasks. Raises Refused when it is over already."""
        with self.lock(process.pk):
            process.refresh_from_db()
            if process.finished:
                raise Refused(Refused.FASTER, _("This was decided meanwhile; it is over."))
            super().cancel(process)


def queue_verbs() -> set[str]:
    """The verbs whose holders find tasks in a queue, over all flows that are loaded."""
    nodes_ = [node for flow in _flows() for node in flow.instance.nodes()]
    asked = {getattr(node, "_owner_permission", None) for node in nodes_}
    asked |= {getattr(node, "heir", None) for node in nodes_}
    return {said.removeprefix("desk.") for said in asked if isinstance(said, str)}


def _flows():
    found, ask = [], [DeskFlow]
    while ask:
        ask += (below := ask.pop().__subclasses__())
        found += below
    return found


__all__ = [
    "DeskFlow", "End", "Function", "Join", "Split", "StartHandle", "Switch", "end_other_branches",
    "queue_verbs", "this",
]  # fmt: skip
