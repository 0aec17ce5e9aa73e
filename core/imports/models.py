from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.imports.verdicts import Verdict
from core.jobs.models import Job
from core.ledger.scope import within


class Import(models.Model):
    """One file on its way into the ledger, from the upload to the receipt, or to its being undone."""

    class State(models.TextChoices):
        UPLOADED = "uploaded", _("being read")
        JUDGED = "judged", _("to be looked at")
        APPLIED = "applied", _("brought in")
        UNDONE = "undone", _("taken back")
        DROPPED = "dropped", _("given up")
        FAILED = "failed", _("could not be read")

    RUNNING = (State.UPLOADED, State.JUDGED)

    key = models.UUIDField(unique=True, default=uuid4)  # of the form that brought it
    kind = models.CharField(max_length=20, default="firms")
    area = models.CharField(_("area"), max_length=12)  # of the office
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    name = models.CharField(max_length=200)  # of the file
    digest = models.CharField(max_length=64)  # SHA-256 of the file
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.UPLOADED)
    sheet = models.CharField(max_length=200, blank=True)  # the one that was chosen, or fits best
    sheets = models.JSONField(default=list)
    headings = models.JSONField(default=list)  # as they stand in the file
    mapping = models.JSONField(default=dict)  # bare heading → field, "" for left aside
    counts = models.JSONField(default=dict)  # verdict → rows, and what was left out
    job = models.ForeignKey(Job, models.SET_NULL, null=True, related_name="+")
    error = models.TextField(blank=True)
    applied_at = models.DateTimeField(null=True)
    applied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    undone_at = models.DateTimeField(null=True)
    rows_digest = models.CharField(max_length=64, blank=True)  # SHA-256 over the rows applied

    class ImportQuerySet(models.QuerySet):
        def visible_to(self, user):
            """Those of one's own office and the offices below it."""
            if not (user.is_authenticated and user.may("register")):
                return self.none()
            return self.filter(within(user.area))

    objects = ImportQuerySet.as_manager()

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "area"], condition=Q(state__in=("uploaded", "judged")),
                name="one_import_of_a_kind_runs_in_an_office",
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        page = "imports:import" if self.kind == "firms" else "imports:list"
        return reverse(page, args=[self.pk])


class StagedRow(models.Model):
    """One row of a file as it was understood. Kept until the office sends its next file."""

    imported = models.ForeignKey(Import, models.CASCADE, related_name="staged")
    row = models.PositiveIntegerField()
    verdict = models.CharField(max_length=8, choices=Verdict)
    warned = models.BooleanField(default=False)
    firm_id = models.BigIntegerField(null=True)  # matched in the ledger
    version = models.PositiveIntegerField(null=True)  # of that firm when it was compared
    values = models.JSONField()  # in the order of the kind's fields; null: says nothing
    findings = models.JSONField(default=list)  # [[field, sentence, is an error]]

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["imported", "row"], name="row_of_a_file_staged_once")
        ]
        indexes = [
            models.Index(fields=["imported", "verdict", "row"], name="staged_by_verdict"),
            models.Index(fields=["imported", "firm_id"], name="staged_by_firm"),
        ]

    def __str__(self) -> str:
        return f"{self.imported_id}: {self.row}"


class AppliedRow(models.Model):
    """What an import did to one firm. It stays when the import is undone and the firm is no more."""

    imported = models.ForeignKey(Import, models.PROTECT, related_name="applied")
    firm_id = models.BigIntegerField(db_index=True)
    version = models.PositiveIntegerField()  # of the firm afterwards
    before = models.JSONField(null=True)  # null: the firm was new
    after = models.JSONField()

    def __str__(self) -> str:
        return f"{self.imported_id}: {self.firm_id}"
