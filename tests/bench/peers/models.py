from django.conf import settings
from django.db import models
from django_fsm import ConcurrentTransitionMixin, FSMField, transition
from viewflow.workflow.models import Process


class Case(ConcurrentTransitionMixin, models.Model):
    """A firm with its stage, bound to django-fsm as that library's own pages show it."""

    name = models.CharField(max_length=128)
    area = models.CharField(max_length=12)
    members = models.PositiveIntegerField(default=3)
    stage = FSMField(max_length=16, default="work_covered", protected=True)
    version = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return self.name

    @transition(field=stage, source=["work_covered", "affiliated"], target="standalone")
    def stand_alone(self):
        """Found a branch of its own."""


class Request(models.Model):
    """The proposal: what is asked, what was decided."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="requests")
    target = models.CharField(max_length=16)
    evidence = models.TextField(blank=True)
    township_decision = models.CharField(max_length=10, blank=True)
    township_note = models.TextField(blank=True)
    county_decision = models.CharField(max_length=10, blank=True)
    county_note = models.TextField(blank=True)
    returned_times = models.PositiveSmallIntegerField(default=0)
    outcome = models.CharField(max_length=12, default="open")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    process = models.OneToOneField(Process, models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=models.Q(outcome="open"), name="one_open_request_of_a_case"
            )
        ]

    def __str__(self) -> str:
        return f"{self.case_id} → {self.target}"


class StageLog(models.Model):
    case = models.ForeignKey(Case, models.CASCADE, related_name="log")
    source = models.CharField(max_length=16)
    target = models.CharField(max_length=16)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    request = models.ForeignKey(Request, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.case_id}: {self.source} → {self.target}"


class PlainTask(models.Model):
    """A human step and nothing else."""

    request = models.ForeignKey(Request, models.CASCADE, related_name="tasks")
    node = models.CharField(max_length=30)
    status = models.CharField(max_length=10, default="NEW", db_index=True)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    permission = models.CharField(max_length=100, blank=True)
    due = models.DateTimeField(null=True, db_index=True)
    created = models.DateTimeField(auto_now_add=True)
    finished = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.request_id} {self.node}"
