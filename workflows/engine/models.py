from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Substr
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from viewflow.workflow.managers import ProcessQuerySet as ViewflowProcessQuerySet
from viewflow.workflow.models import AbstractProcess, AbstractTask

from core.audit.sentences import VOCABULARY
from core.ledger.models import Firm
from core.ledger.scope import reach
from core.people.who import who_sees
from workflows.engine.changes import between, changed
from workflows.engine.queries import TaskQuerySet, task_indexes


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


def not_kept_from(user, process: str = "process_id") -> Q:
    """The condition that a row's process is not kept from a person by its own flow's table: some
    are read by fewer people than the firm is, and what stands beside their steps is so too."""
    rows = Q()
    for table in Process.__subclasses__():
        if table._default_manager._queryset_class.visible_to is not ProcessQuerySet.visible_to:
            of_table = table._default_manager.filter(pk=OuterRef(process))
            rows &= ~Exists(of_table) | Exists(of_table.visible_to(user))
    return rows


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
    wrote = models.CharField(max_length=250, blank=True)  # ",3,12,": further authors' ids
    data = models.JSONField(default=dict, blank=True)

    # Viewflow's default tables have these; nothing here uses them, but its nodes read them.
    parent_task = parent_task_id = seed = artifact = None

    objects = ProcessQuerySet.as_manager()

    @property
    def authors(self) -> tuple:
        """The ids of those who wrote it, or None: nobody decides on what they wrote."""
        further = (int(pk) for pk in self.wrote.split(",") if pk)
        return self.opened_by_id, self.begun_by_id, *further

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


CHANGING = (
    "status", "owner_id", "owner_permission", "assigned", "started", "finished", "due_at",
    "escalated_at", "held_until", "follow_up_on", "nudged_at", "delegated_by_id", "in_place_of_id",
    "left_behind",
)  # fmt: skip


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
    left_behind = models.BooleanField(default=False)  # noted: see `TaskQuerySet.stuck`
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
    _read = None  # what a step changes, as it was read

    objects = TaskQuerySet.as_manager()

    class Meta:
        verbose_name = _("task")
        verbose_name_plural = _("tasks")
        indexes = list(task_indexes())

    def save(self, *args, **kwargs):
        """Whatever makes a task, also a revived one: it belongs to its process's firm and area
        and has its deadline. Later only what a step changed is written, and as it was read."""
        if self._state.adding:
            self._begin()
        else:
            if self._was and self._was[1] != self.owner_id:
                self.left_behind = False
            if self._read is not None and not {"update_fields", "force_update"} & kwargs.keys():
                kwargs["update_fields"] = self._differs()
        super().save(*args, **kwargs)
        if self._read is not None:
            self._note_what_is_read()
        self._say_what_changed()

    def refresh_from_db(self, *args, **kwargs):
        super().refresh_from_db(*args, **kwargs)
        self._was = (self.status, self.owner_id)
        self._note_what_is_read()

    def _note_what_is_read(self) -> None:
        self._read = {name: self.__dict__[name] for name in CHANGING if name in self.__dict__}

    def _begin(self) -> None:
        process = self.process
        self.firm_id, self.county = process.firm_id, process.county
        self.area, self.line_id = process.area, process.line_id
        if self.due_at is None and hasattr(self.flow_task, "due_at"):
            self.due_at = self.flow_task.due_at(self.created)
        if self.owner_id and self.assigned is None:
            self.assigned = self.created

    @classmethod
    def from_db(cls, db, field_names, values):
        task = super().from_db(db, field_names, values)
        if {"status", "owner_id"} <= task.__dict__.keys():
            task._was = (task.status, task.owner_id)
            task._note_what_is_read()
        return task

    def _differs(self) -> list[str]:
        """The columns that a step changes, as far as they are others than was read."""
        return [name for name, was in self._read.items() if getattr(self, name) != was]

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
            asks = [*self.process.authors, self.process.data.get("asker")]  # not of oneself
            return people if own else people.exclude(pk__in=[pk for pk in asks if pk])
        people = who_sees(self.firm, verb=self.owner_permission.removeprefix("desk."))
        if self.escalated_at:
            people |= who_sees(self.firm, verb="take_escalated")
        return people.exclude(pk__in=[pk for pk in self.process.authors if pk])
