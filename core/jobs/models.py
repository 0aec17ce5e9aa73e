from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.accounts.verbs import Role
from core.jobs.kinds import KINDS, titled
from core.ledger.scope import within


class Job(models.Model):
    """One piece of long work, from the press of a button to the file that it leaves.

    Who works on it holds its `token`. Whoever finds the holder dead may take another: what was
    kept with the last checkpoint is gone on with, and the old holder can write nothing any more.
    """

    class State(models.TextChoices):
        QUEUED = "queued", pgettext_lazy("job", "Waiting")
        RUNNING = "running", _("Running")
        DONE = "done", _("Finished")
        FAILED = "failed", _("Failed")
        CANCELLED = "cancelled", _("Cancelled")

    OVER = (State.DONE, State.FAILED, State.CANCELLED)

    key = models.UUIDField(unique=True, default=uuid4)  # of the form that asked for it
    kind = models.CharField(max_length=40)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="jobs")
    county = models.CharField(max_length=6)
    area = models.CharField(max_length=12)
    line = models.ForeignKey("core.LineDepartment", models.PROTECT, null=True, related_name="+")
    words = models.JSONField(default=dict)  # what its title is filled with
    given = models.JSONField(default=dict)  # what it works from
    language = models.CharField(max_length=10)  # of the person who started it
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.QUEUED)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)  # 0: not known yet
    checkpoint = models.JSONField(default=dict)
    attempts = models.PositiveSmallIntegerField(default=0)  # at what follows the checkpoint
    token = models.UUIDField(null=True)  # of who works on it now
    holder = models.CharField(max_length=120, blank=True)  # machine and process
    beat_at = models.DateTimeField(null=True)  # the holder's last sign of life
    cancel_asked_at = models.DateTimeField(null=True)
    cancel_asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    error = models.TextField(blank=True)  # a sentence for the owner, in their language
    trouble = models.CharField(max_length=200, blank=True)  # for the administrator: what broke, where
    result = models.CharField(max_length=200, blank=True)  # below MEDIA_ROOT; empty once expired
    result_name = models.CharField(max_length=200, blank=True)
    content_type = models.CharField(max_length=100, blank=True)
    expires_at = models.DateTimeField(null=True)
    created = models.DateTimeField(auto_now_add=True)
    started = models.DateTimeField(null=True)
    finished = models.DateTimeField(null=True)

    class JobQuerySet(models.QuerySet):
        def visible_to(self, user):
            """One's own; those of the area, or line, for who oversees the work of others there."""
            if not user.is_authenticated:
                return self.none()
            if not user.may("oversee_jobs"):
                return self.filter(by=user)
            reach = Q(line=user.line_id) if user.role == Role.LINE else within(user.area)
            return self.filter(Q(by=user) | reach)

        def over(self):
            return self.filter(state__in=Job.OVER)

        def not_over(self):
            return self.exclude(state__in=Job.OVER)

    objects = JobQuerySet.as_manager()

    class Meta:
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        ordering = ["-created", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(total=0) | Q(done__lte=F("total")), name="job_does_no_more_than_all"
            ),
            models.CheckConstraint(
                condition=Q(state__in=("queued", "running"), finished__isnull=True)
                | Q(state__in=("done", "failed", "cancelled"), finished__isnull=False),
                name="job_that_is_over_has_its_day",
            ),
            models.CheckConstraint(
                condition=~Q(state="failed") | ~Q(error=""), name="job_that_failed_says_why"
            ),
        ]
        indexes = [
            models.Index(fields=["by", "-created"], name="job_by_created"),
            models.Index(fields=["area", "-created"], name="job_area_created"),
            models.Index(fields=["state", "-created"], name="job_state_created"),
        ]

    def __str__(self) -> str:
        return str(titled(self.kind, self.words))

    def get_absolute_url(self) -> str:
        return reverse("jobs:job", args=[self.pk])

    @property
    def label(self):
        return KINDS[self.kind].label if self.kind in KINDS else self.kind

    @property
    def over(self) -> bool:
        return self.state in self.OVER

    @property
    def expired(self) -> bool:
        return self.state == self.State.DONE and bool(self.expires_at) and not self.result

    @property
    def page(self) -> str:
        """Where one sees what came of work that leaves no file; "" for any other."""
        kind = KINDS.get(self.kind)
        return kind.page(self.given) if kind and kind.page else ""

    @property
    def stopping(self) -> bool:
        return not self.over and self.cancel_asked_at is not None
