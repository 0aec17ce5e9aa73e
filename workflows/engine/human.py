"""The human step: who may take it, who may carry it out, by when."""

from datetime import timedelta

from django.utils.timezone import localdate, now
from viewflow.workflow.nodes import View, ViewActivation
from viewflow.workflow.status import STATUS

from core.accounts.absence import stood_in_for
from core.rulebook import rule
from workflows.engine.flow import Raises, this
from workflows.engine.queries import hands, has_power


class HumanActivation(Raises, ViewActivation):
    @classmethod
    def create(cls, flow_task, prev_activation, token, data=None, seed=None):
        """As stock, without a row for what it came from: steps follow one another in a process."""
        task = flow_task.flow_class.task_class(
            process=prev_activation.process, flow_task=flow_task, token=token, data=data or {}
        )
        activation = cls(task)
        task.owner_permission = flow_task.calc_owner_permission(activation) or None
        if owner := flow_task.calc_owner(activation):
            task.owner, task.status = owner, STATUS.ASSIGNED
        if flow_task.until is not None:
            task.due_at = this.resolve(flow_task.flow_class.instance, flow_task.until)(activation)
        task.save()
        return activation

    @ViewActivation.status.super()
    def assign(self, user):
        self.task.assigned = now()  # stock never writes it
        super().assign.original(user)

    @ViewActivation.status.super()
    def unassign(self):
        self.task.assigned = None
        super().unassign.original()

    @ViewActivation.status.super()
    def reassign(self, user=None):
        self.task.assigned = now()
        super().reassign.original(user)

    def prepare_revived_task(self, task):
        """Stock drops the permission, so that anybody could take the revived task."""
        task.owner_permission = self.task.owner_permission
        owner = None if task.owner_permission else self.flow_task.calc_owner(self)
        if owner:
            task.owner, task.status, task.assigned = owner, STATUS.ASSIGNED, now()


class HumanTask(View):
    """A step that a person carries out, on our own pages.

    `.Permission("desk.verb")` names who may take it, `.Assign(…)` gives it to one person at
    once, `.Due("rulebook_key")` sets its deadline in days from the rulebook, `.Until(…)` to a moment.
    """

    activation_class = HumanActivation

    def __init__(self):
        super().__init__(view=None)
        self._due_rule = None
        self.until = None
        self.heir = None
        self.guide_inherits = True
        self.late_queue = None
        self.handed_by = "propose"

    def Due(self, key):  # noqa: N802 - spelt as viewflow's own
        self._due_rule = key
        return self

    def Until(self, moment):  # noqa: N802
        """The deadline is what `this.method` says of the activation, and not a rule's days."""
        self.until = moment
        return self

    def Heir(self, permission, *, then_guide=True):  # noqa: N802
        """The queue that gets a task given to one person, when that person goes; with `then_guide`
        it follows the firm's instructors: a former one gives it up, the next one gets it."""
        self.heir, self.guide_inherits = permission, then_guide
        return self

    def Late(self, permission):  # noqa: N802
        """The queue that gets a task given to one person, once it is overdue."""
        self.late_queue = permission
        return self

    def Handed(self, verb):  # noqa: N802
        """The verb that a person needs to be handed a task given to one person."""
        self.handed_by = verb
        return self

    def due_at(self, since):
        """The deadline of a task that begins at `since`; None without a rule."""
        if self._due_rule is None:
            return None
        return since + timedelta(days=rule(self._due_rule, on=localdate(since)).value)

    def calc_owner_permission(self, activation):
        """As stock, and `this.method` is resolved here as everywhere else."""
        permission = this.resolve(self.flow_class.instance, self._owner_permission)
        return permission(activation) if callable(permission) else permission

    def can_assign(self, user, task):
        """Whether this person may take a task that nobody has, by their own powers or by those of
        somebody for whom they stand in."""
        if not (user and user.is_authenticated) or task.owner_id or user.pk in task.process.authors:
            return False
        return any(has_power(person, task) for person in (user, *stood_in_for(user)))

    def can_execute(self, user, task):
        """Stock asks for the owner only; a role or an area may be lost while one holds a task, and
        who only helps with it, or stands in for its owner, is asked as the owner would be."""
        if task.owner_id not in hands(user) or not user.is_active or task.delegated_by_id:
            return False
        if not task.owner_permission:
            return True
        if {user.pk, task.owner_id} & set(task.process.authors):
            return False  # nobody decides on their own proposal
        return any(has_power(person, task) for person in (user, *stood_in_for(user)))
