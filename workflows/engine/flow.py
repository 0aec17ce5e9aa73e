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

from django.utils.translation import gettext as _
from viewflow import this
from viewflow.workflow import nodes
from viewflow.workflow.base import Flow
from viewflow.workflow.lock import SelectForUpdateLock

from core.errors import Refused
from workflows.engine.models import Process, Task


class Raises:
    """Mixin for activations: a failing step fails, it never becomes a finished ERROR task."""

    def exception_guard(self):
        return _Nothing()


class _Nothing:
    def __enter__(self):
        return self

    def __exit__(self, *exception):
        return False


class _Function(Raises, nodes.func.FunctionActivation):
    pass


class _Switch(Raises, nodes.switch.SwitchActivation):
    pass


class _End(Raises, nodes.end.EndActivation):
    pass


class StartHandle(nodes.StartHandle):
    """Begins a conversation from an act."""


class Function(nodes.Function):
    activation_class = _Function


class Switch(nodes.Switch):
    activation_class = _Switch


class End(nodes.End):
    activation_class = _End


class DeskFlow(Flow):
    """Subclass it with nodes of this room only. `process_class` may add a table below Process."""

    process_class = Process
    task_class = Task
    lock_impl = SelectForUpdateLock(nowait=False)

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


__all__ = ["DeskFlow", "End", "Function", "StartHandle", "Switch", "this"]
