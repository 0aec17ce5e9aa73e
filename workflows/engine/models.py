from django.conf import settings
from django.db import models
from django.db.models import Exists, ExpressionWrapper, F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Cast, Concat, Substr
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from viewflow.workflow.managers import ProcessQuerySet as ViewflowProcessQuerySet
from viewflow.workflow.managers import TaskQuerySet as ViewflowTaskQuerySet
from viewflow.workflow.models import AbstractProcess, AbstractTask
from viewflow.workflow.status import STATUS

from core.accounts.verbs import VERBS, Role
from core.audit.models import ChainHead
from core.audit.sentences import VOCABULARY
from core.ledger.models import Firm
from core.ledger.scope import reach
from core.people.models import Assignment
from core.people.who import who_sees
from workflows.engine.changes import between, changed

def related_path(process_class) -> str:
    """From a process to the table that its flow adds: "transitionrequest", "" for none."""
    link = process_class._meta.get_ancestor_link(Process)
    return link.remote_field.get_accessor_name() if link else ""


def chain_head(firm: str = "firm_id") -> dict:
    """Where the chain of a row's firm ends: see `head_was`."""
    chain = Concat(Value("firm:"), Cast(firm, models.CharField()))
    heads = ChainHead.objects.filter(chain=OuterRef("_chain"))
    return {
        "_chain": chain,
        "_place": Subquery(heads.values("place")),
        "_digest": Subquery(heads.values("digest")),
    }


OPEN_TASK = (STATUS.NEW, STATUS.ASSIGNED, STATUS.STARTED)


class ProcessQuerySet(ViewflowProcessQuerySet):
    def visible_to(self, user):
        """Processes of the firms within reach, those that the person opened, and for who does not
        read the record (a firm's contact) those in which something was asked of them."""
        if not user.is_authenticated:
            return self.none()
        if user.may("read_record"):
            return self.filter(reach(user) | Q(opened_by=user))
        asked = Task.objects.human().filter(owner=user).values("process_id")
        return self.filter(Q(pk__in=asked) | Q(opened_by=user))

    def open(self):
        return self.filter(finished__isnull=True)


class Process(AbstractProcess):
    """One conversation about one firm. Each flow adds its own table below this one.

    `area` and `line` are copied from the firm when it begins, so that no list needs a join.
    """

    firm = models.ForeignKey(Firm, models.PROTECT, related_name="processes")
    subject = models.CharField(max_length=32)  # at most one open of each subject for each firm
    county = models.CharField(max_length=6)
    area = models.CharField(max_length=12)
    line = models.ForeignKey("core.LineDepartment", models.PROTECT, null=True, related_name="+")
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="opened_processes"
    )  # null: the nightly check
    begun_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )  # who opened it first, when somebody else answers for it now
    data = models.JSONField(default=dict, blank=True)

    # Viewflow's default tables have these; nothing here uses them, but its nodes read them.
    parent_task = parent_task_id = seed = artifact = None

    objects = ProcessQuerySet.as_manager()

    @property
    def authors(self) -> tuple:
        """The ids of those who wrote it, or None: nobody decides on what they wrote."""
        return self.opened_by_id, self.begun_by_id

    class Meta:
        verbose_name = _("process")
        verbose_name_plural = _("processes")
        constraints = [
            models.UniqueConstraint(
                fields=["firm", "subject"],
                condition=Q(finished__isnull=True),
                name="one_open_process_of_a_subject_per_firm",
            )
        ]
        indexes = [models.Index(fields=["area", "-created"], name="process_area_created")]


def may_take(user) -> Q:
    """The condition of the queue: what is listed and what is allowed are the same rows."""
    verbs = [f"desk.{verb}" for verb in VERBS.get(user.role, ())]
    may = Q(owner_permission__in=verbs)
    if user.may("take_escalated"):
        may |= Q(escalated_at__isnull=False)
    free = Q(flow_task_type="HUMAN", status=STATUS.NEW, owner__isnull=True)
    own = Q(process__opened_by=user) | Q(process__begun_by=user)
    return free & may & reach(user) & ~own


class TaskQuerySet(ViewflowTaskQuerySet):
    """The four lists of the inbox, and who may see a task at all. All of it in SQL."""

    def human(self):
        return self.filter(flow_task_type="HUMAN")

    def open(self):
        return self.filter(status__in=OPEN_TASK)

    def visible_to(self, user):
        if not user.is_authenticated:
            return self.none()
        theirs = Q(owner=user) | Q(process__opened_by=user)
        return self.human().filter(theirs | reach(user) if user.may("read_record") else theirs)

    def held(self, task, *, by=None):
        """The row of a task as it is now, with its firm and its process, all three locked in the
        house's order; and what `by` may do with it (`may_take`, `in_reach`), asked of the rows as
        locked. One statement."""
        flow = task.flow_task.flow_class
        path = "__".join(filter(None, ("process", related_path(flow.process_class))))
        rows = self.select_related("firm", path).filter(**{f"{path}__isnull": False})
        if by is not None:
            said = models.BooleanField()
            rows = rows.annotate(
                may_take=ExpressionWrapper(may_take(by), said),
                in_reach=ExpressionWrapper(reach(by), said),
            )
        locked = ("firm", "process", "self", path) if path != "process" else ("firm", path, "self")
        return rows.annotate(**chain_head()).select_for_update(of=locked, no_key=True)

    def mine(self, user):
        """Open tasks in the person's own hands."""
        return self.human().open().filter(owner=user)

    def queue(self, user):
        """Open tasks that nobody has taken and this person may take."""
        return self.filter(may_take(user))

    def waiting(self, user):
        """Open tasks of others, in conversations that this person began or took part in, as far
        as the person still sees them."""
        took_part = self.model.objects.done_by(user).values("process_id")
        return (
            self.visible_to(user)
            .open()
            .exclude(owner=user)
            .filter(Q(process__opened_by=user) | Q(process__in=took_part))
        )

    def done_by(self, user):
        return self.human().filter(owner=user, status=STATUS.DONE)

    def orphaned(self, user):
        """Open tasks within reach whose holder can no longer carry them out: the account is
        closed, or the proposer has to correct and no longer guides the firm."""
        guides = Assignment.objects.current().filter(
            firm=OuterRef("firm"), instructor__user=OuterRef("owner")
        )
        lost = Q(owner__role=Role.INSTRUCTOR, process__opened_by=F("owner")) & ~Exists(guides)
        return self.human().open().filter(reach(user)).filter(Q(owner__is_active=False) | lost)

    def overdue(self, now):
        return self.open().filter(due_at__lt=now)


def task_indexes():
    """Each list of the inbox finds its first page with one of these, in either order."""
    human = Q(flow_task_type="HUMAN")
    lists = {
        "mine": (["owner"], human & Q(status__in=OPEN_TASK, owner__isnull=False)),
        "town": (["town", "owner_permission"], human & Q(status=STATUS.NEW)),
        "county": (["county", "owner_permission"], human & Q(status=STATUS.NEW)),
        "line": (["line", "owner_permission"], human & Q(status=STATUS.NEW, line__isnull=False)),
        "late": (["county"], human & Q(status=STATUS.NEW, escalated_at__isnull=False)),
    }
    for name, (fields, condition) in lists.items():
        for order, word in (("due_at", "due"), ("created", "age")):
            yield models.Index(
                fields=[*fields, order, "id"], condition=condition, name=f"task_{name}_{word}"
            )
    yield models.Index(
        fields=["owner", "-finished"], condition=human & Q(status=STATUS.DONE), name="task_done"
    )
    yield models.Index(
        fields=["due_at"], condition=human & Q(status__in=OPEN_TASK), name="task_due"
    )
    yield models.Index(
        fields=["firm"], condition=human & Q(status__in=OPEN_TASK), name="task_open_of_firm"
    )


class Task(AbstractTask):
    """One step of a conversation. Human steps carry what the inbox lists need, without a join."""

    process = models.ForeignKey(Process, models.CASCADE)
    data = models.JSONField(default=dict, blank=True)
    firm = models.ForeignKey(Firm, models.PROTECT, related_name="tasks")
    county = models.CharField(max_length=6)
    area = models.CharField(max_length=12)
    line = models.ForeignKey("core.LineDepartment", models.PROTECT, null=True, related_name="+")
    due_at = models.DateTimeField(_("due"), null=True, blank=True)
    escalated_at = models.DateTimeField(_("escalated"), null=True, blank=True)
    town = models.GeneratedField(
        expression=Substr("area", 1, 9), output_field=models.CharField(max_length=9), db_persist=True
    )  # so that the list of a township finds its rows by an index
    held_until = models.DateField(_("put off until"), null=True, blank=True)
    follow_up_on = models.DateField(_("follow up on"), null=True, blank=True)
    nudged_at = models.DateTimeField(null=True, blank=True)
    delegated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )  # who gets it back; while it is set, `owner` only helps
    in_place_of = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )  # on whose behalf a substitute carried it out

    # Named again only because viewflow's own Task would claim the same reverse names.
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="tasks"
    )
    owner_permission_content_type = models.ForeignKey(
        "contenttypes.ContentType", models.PROTECT, null=True, related_name="+"
    )

    seed = artifact = None
    _was = None  # status and owner as last read or saved
    asked_of = None  # the id of whose powers were read along with the row: see `held`

    objects = TaskQuerySet.as_manager()

    class Meta:
        verbose_name = _("task")
        verbose_name_plural = _("tasks")
        indexes = list(task_indexes())

    def save(self, *args, **kwargs):
        """Whatever makes a task, also a revived one: it belongs to its process's firm and area
        and has its deadline."""
        if self._state.adding:
            process = self.process
            self.firm_id, self.county = process.firm_id, process.county
            self.area, self.line_id = process.area, process.line_id
            if self.due_at is None and hasattr(self.flow_task, "due_at"):
                self.due_at = self.flow_task.due_at(self.created)
            if self.owner_id and self.assigned is None:
                self.assigned = self.created
        super().save(*args, **kwargs)
        self._say_what_changed()

    @classmethod
    def from_db(cls, db, field_names, values):
        task = super().from_db(db, field_names, values)
        if {"status", "owner_id"} <= task.__dict__.keys():
            task._was = (task.status, task.owner_id)
        return task

    def _say_what_changed(self) -> None:
        """Whoever follows tasks hears of every save of a human step, wherever it is made."""
        was, self._was = self._was, (self.status, self.owner_id)
        if self.flow_task_type == "HUMAN" and (what := between(was, self.status, self.owner_id)):
            changed(self, what, before=was[1] if was else None)

    def get_absolute_url(self) -> str:
        return reverse("inbox:task", args=[self.pk])

    @property
    def step(self) -> str:
        """The name of the node: township_review, county_decision, …"""
        return self.flow_task.name

    @property
    def headline(self) -> str:
        """What the task is about, in a few words: "Township review: Found a branch of its own"."""
        about = VOCABULARY["about"].get(self.process.data.get("verb") or self.process.subject, "")
        if not about:
            return str(self.title)
        return gettext("%(name)s: %(said)s") % {"name": self.title, "said": about}

    @property
    def overdue(self) -> bool:
        return bool(self.due_at and not self.finished and self.due_at < timezone.now())

    def candidates(self):
        """The people (a queryset of users) to whom this task can be handed.

        With a permission: who has it here, but never the proposer. Without, it was given to one
        person; it can go to anybody who sees the firm and has the verb that the step asks for.
        """
        if not self.owner_permission:
            verb = self.flow_task.handed_by
            people = who_sees(self.firm, verb=verb)
            own = verb == "propose"  # a correction is the proposer's own, an opinion is not
            return people if own else people.exclude(pk=self.process.opened_by_id)
        people = who_sees(self.firm, verb=self.owner_permission.removeprefix("desk."))
        if self.escalated_at:
            people |= who_sees(self.firm, verb="take_escalated")
        return people.exclude(pk__in=[pk for pk in self.process.authors if pk])
